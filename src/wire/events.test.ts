import { expect, test } from 'vitest'
import { EVENT_NAMES } from '../core/events/names.ts'
import type { CallRow } from './api.ts'
import { DESCRIBED, EVENT_TYPES, eventsNamed, wants } from './events.ts'
import { callAt } from './logged-call.ts'
import { newWebhook } from './webhook.ts'

test('every event has a schema, and an example that is as the schema says', () => {
  expect(DESCRIBED.map(({ event }) => event)).toEqual(EVENT_NAMES)
  for (const { event, schema, example } of DESCRIBED) {
    const read = schema.strict().safeParse(example)
    expect(read.error?.issues, event).toBeUndefined()
    expect(schema.strict().safeParse({ ...example, id: 7 }).success, event).toBe(false)
  }
})

test('a name of either vocabulary names its event, and a list of types wants it under both', () => {
  expect(eventsNamed('call_hangup')).toEqual(['call_hungup'])
  expect(eventsNamed('call_hungup')).toEqual(['call_hungup'])
  expect(eventsNamed('call_flown')).toEqual([])
  expect(EVENT_TYPES).toContain('call_progressing')
  expect(wants(['call_hangup'], { type: 'call_hungup', data: {} })).toBe(true)
  expect(wants(['call_answered'], { type: 'call_hungup', data: {} })).toBe(false)
  const finished = { type: 'recording_finished', data: { status: 'completed' } }
  expect(wants(['call_recording'], finished)).toBe(true)
  expect(wants(['recording_started'], finished)).toBe(false)
})

const row: CallRow = {
  ...{ callId: 'w_demo.call_1f', direction: 'outbound' as const, kind: 'api' as const, status: 'hangup' as const },
  providerStatus: 'completed',
  ...{ hangupReason: 'normal', contactId: null, name: 'Ada', number: '+14155550100', from: '+14155550001' },
  ...{ agentId: null, agentName: null, campaignId: null, answeredBy: null, result: null, outcome: null, note: '' },
  ...{ quality: null, needsFollowUp: false, createdMs: 1_000, answeredMs: 3_000, endedMs: 9_000, talkedMs: 6_000 },
}

test('an event has the call as it was then, however late it is read', () => {
  const ringing = callAt(row, 2_000, 'ringing')
  expect(ringing).toMatchObject({ status: 'ringing', tm_progressing: null, tm_hangup: null, hangup_reason: null })
  expect(callAt(row, 3_000, 'progressing')).toMatchObject({ status: 'progressing', tm_hangup: null })
  expect(callAt(row, 9_000, 'hangup')).toMatchObject({ status: 'hangup', hangup_reason: 'normal' })
  // A recording that is ready after the call changes no status of it.
  expect(callAt(row, 12_000, null).status).toBe('hangup')
  expect(callAt(row, 4_000, null).status).toBe('progressing')
})

test('a secret of a wrong form, an unknown type and an empty list are refused with their field', () => {
  const fieldsOf = (body: object) => newWebhook.safeParse(body).error?.issues.map(({ path }) => path.join('.'))
  const url = 'https://example.com/hooks'
  expect(fieldsOf({ url, secret: `whsec_${btoa('x'.repeat(24))}` })).toBeUndefined()
  for (const secret of ['', 'secret', 'whsec_', `whsec_${btoa('x'.repeat(23))}`, `whsec_${btoa('x'.repeat(66))}`])
    expect(fieldsOf({ url, secret }), secret).toEqual(['secret'])
  expect(fieldsOf({ url, types: ['call_flown'] })).toEqual(['types.0'])
  expect(fieldsOf({ url, types: [] })).toEqual(['types'])
})
