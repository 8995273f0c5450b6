import { expect, test } from 'vitest'
import { type KnownCall, legacyEvent } from './legacy.ts'
import { EVENT_NAMES } from './names.ts'

const CALL: KnownCall = {
  callId: 'w_a.call_1',
  incoming: false,
  number: '+14155550100',
  ourNumber: '+14155550001',
  name: 'Pat',
  contactId: 'ct_7',
  agentId: 'ada',
  answeredBy: null,
  hangupReason: null,
}
const NOTHING = { agentId: null, verdict: undefined }
const status = (event: Parameters<typeof legacyEvent>[0], call: Partial<KnownCall> = {}, verdict?: string) =>
  legacyEvent(event, { agentId: null, verdict }, { ...CALL, ...call })?.payload

test('a call of an agent has the seed’s words for each status, and goes to that agent', () => {
  const to = CALL.number
  expect(status('call_dialing')).toEqual({ to, status: 'initiated' })
  expect(status('call_ringing')).toEqual({ to, status: 'ringing' })
  expect(status('call_answered')).toEqual({ to, status: 'in-progress' })
  expect(status('call_detected', {}, 'human')).toEqual({ to, status: 'in-progress', answeredBy: 'human' })
  for (const [reason, word] of [
    ['normal', 'completed'],
    ['busy', 'busy'],
    ['noanswer', 'no-answer'],
    ['cancel', 'canceled'],
    ['refused', 'failed'],
  ])
    expect(status('call_hungup', { hangupReason: reason ?? null })).toEqual({ to, status: word, reason })
  expect(status('call_hungup', { hangupReason: 'normal', answeredBy: 'machine' })).toMatchObject({
    answeredBy: 'machine',
  })
  expect(legacyEvent('call_ringing', NOTHING, CALL)).toMatchObject({ topic: 'call-status', agentId: 'ada' })
})

test('a call that rings at a desk is the agent’s inbound call, whoever has the call', () => {
  const call = { ...CALL, incoming: true, agentId: null }
  expect(legacyEvent('agent_call_ringing', { agentId: 'bo', verdict: undefined }, call)).toEqual({
    topic: 'inbound-call',
    agentId: 'bo',
    payload: { callId: 'w_a.call_1', from: '+14155550100', to: '+14155550001', contactId: 'ct_7', name: 'Pat' },
  })
})

test('nobody’s call, a caller’s status, an unknown call and every other event make none', () => {
  expect(legacyEvent('call_ringing', NOTHING, { ...CALL, agentId: null })).toBeNull()
  expect(legacyEvent('call_ringing', NOTHING, { ...CALL, incoming: true })).toBeNull()
  expect(legacyEvent('call_ringing', NOTHING, null)).toBeNull()
  expect(legacyEvent('agent_call_ringing', { agentId: 'bo', verdict: undefined }, CALL)).toBeNull()
  const some = EVENT_NAMES.filter(event => legacyEvent(event, { agentId: 'bo', verdict: 'human' }, CALL) !== null)
  expect(some).toEqual(['call_dialing', 'call_ringing', 'call_answered', 'call_hungup', 'call_detected'])
})
