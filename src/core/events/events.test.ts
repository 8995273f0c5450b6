import { expect, test } from 'vitest'
import { EVENT_TABLES, factsBehind, mayBePublic, publicEvent } from './events.ts'
import { EVENT_NAMES, nameIn, namesIn, SEED_EVENTS, VOCABULARIES } from './names.ts'

const logged = (type: string, about: object, data: object = {}, personal: Record<string, unknown> | null = null) => ({
  id: 'w_demo.call_1f:7',
  at: 8_000,
  type,
  about,
  data: data as Record<string, unknown>,
  personal,
})

test('a fact becomes the event of its row, with the fields that the row names and no others', () => {
  const about = { call: 'w_demo.call_1f', desk: 'w_demo.d_ada', batch: 'w_demo.g_7' }
  const hungup = logged('call-hungup', about, { talkedMs: 4_000, code: null, by: 'us', providerStatus: 'completed' })
  expect(publicEvent(hungup)).toEqual({
    event: 'call_hungup',
    fields: {
      ...{ call_id: 'w_demo.call_1f', agent_id: 'ada', groupcall_id: 'w_demo.g_7' },
      ...{ talked_ms: 4_000, code: null, by: 'us' },
    },
  })
  const said = logged('talk-said', about, { who: 'caller', data: { confidence: 1 } }, { text: 'Hello.' })
  expect(publicEvent(said)?.fields).toMatchObject({ who: 'caller', text: 'Hello.' })
  expect(publicEvent(said)?.fields).not.toHaveProperty('data')
})

test('a message of a caller has the name of the inbox, never the one of the carrier', () => {
  const about = { call: 'w_demo.call_1f' }
  const left = (place: number) =>
    publicEvent(logged('voicemail-left', about, { recordingId: 'RE1', seconds: 4, place }))
  expect(left(1)?.fields).toMatchObject({ recording_id: 'w_demo.call_1f', seconds: 4 })
  expect(left(2)?.fields).toMatchObject({ recording_id: 'w_demo.call_1f~2' })
  const reported = { recordingId: 'RE1', status: 'completed', seconds: 4 }
  expect(publicEvent(logged('recording-reported', about, reported))?.fields).toMatchObject({ recording_id: 'RE1' })
  const ofMessage = publicEvent(logged('recording-reported', about, { ...reported, message: true }))
  expect(ofMessage?.fields).toEqual({ call_id: 'w_demo.call_1f', status: 'completed', seconds: 4 })
})

test('the actor that made a fact decides the table: one type may be public of one machine alone', () => {
  const ofRoom = { ...logged('caller-left', { room: 'w_demo.cf_1', call: 'w_demo.call_1f' }), id: 'w_demo.cf_1:3' }
  const ofQueue = { ...logged('caller-left', { queue: 'w_demo.q_1', call: 'w_demo.call_1f' }), id: 'w_demo.q_1:3' }
  expect(publicEvent(ofRoom)).toBeNull()
  expect(publicEvent(ofQueue)?.event).toBe('queuecall_abandoned')
})

test('an inner fact, an unknown one, and one whose maker is unknown are nobody’s business', () => {
  const about = { call: 'w_demo.call_1f' }
  for (const type of ['call-searched', 'flow-page-made', 'no-such-fact']) {
    expect(publicEvent(logged(type, about))).toBeNull()
    expect(mayBePublic(type)).toBe(false)
  }
  expect(publicEvent(logged('call-hungup', {}))).toBeNull()
  expect(mayBePublic('call-hungup')).toBe(true)
})

test('no row has a secret or a snapshot: what callers key, what flows say, prompts', () => {
  const fields = Object.values(EVENT_TABLES).flatMap(table =>
    Object.values(table).flatMap(row => (row === null ? [] : [...row.fields, ...row.personal])),
  )
  for (const secret of ['pin', 'actions', 'order', 'settings', 'option', 'variables', 'instructions'])
    expect(fields).not.toContain(secret)
})

test('every event has a fact, every name one meaning, and the usual ones are the seed’s [S1-48]', () => {
  for (const name of EVENT_NAMES) expect(factsBehind([name]).length, name).toBeGreaterThan(0)
  expect(SEED_EVENTS).toEqual([
    'call_created',
    'call_dialing',
    'call_ringing',
    'call_answered',
    'call_hungup',
    'call_recording',
    'call_transcribing',
  ])
  for (const name of SEED_EVENTS) expect(nameIn('seed', name, null)).toBe(name)
})

test('VoIPBIN’s names are a choice: call_progressing, call_hangup, recording_started and recording_finished', () => {
  expect(namesIn('voipbin', 'call_answered')).toEqual(['call_progressing'])
  expect(namesIn('voipbin', 'call_hungup')).toEqual(['call_hangup'])
  expect(nameIn('voipbin', 'call_recording', 'in-progress')).toBe('recording_started')
  expect(nameIn('voipbin', 'call_recording', 'completed')).toBe('recording_finished')
  for (const each of VOCABULARIES) expect(namesIn(each, 'call_ringing')).toEqual(['call_ringing'])
})
