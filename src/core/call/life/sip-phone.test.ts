/** A SIP or browser phone of ours has dialled through the carrier: what it hears, and how long the call was. */
import { expect, test } from 'vitest'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import { instructionsFor } from '../instruction.ts'
import type { CallInput, CallState } from '../state.ts'
import { clearanceAsk } from './clearance-ask.ts'

const SPOKEN = { safeHarbour: [], voicemail: [], apology: '', music: '' }
const URI = 'sip:102@desk.sip.carrier.example'
const LINKS = {
  ...{ kind: 'browser' as const, batchId: null, campaignId: null, contactId: null },
  ...{ deskId: null, agentName: 'Reception (101)' },
}
const clearance = { cleared: true, profile: 'uk', by: 'clear' }
type Untimed = { type: CallInput['type']; [field: string]: unknown }

function dialled(to: string, ...then: Untimed[]): { state: CallState; talkedMs: number | undefined } {
  const begin = { type: 'call.received' as const, links: LINKS, providerId: 'CA1', talk: null, clearance }
  const inputs: Untimed[] = [{ ...begin, party: { to, from: '101', name: 'Office' } }, ...then]
  let state = call.initial
  let talkedMs: number | undefined
  for (const [index, input] of inputs.entries()) {
    const done = step(call, state, { at: 1_000 * (index + 1), ...input } as CallInput)
    state = done.state
    for (const fact of done.facts) if (fact.type === 'call-hungup') talkedMs = fact.talkedMs
  }
  return { state, talkedMs }
}
const heard = (state: CallState) => instructionsFor(state, 'w_a.call_1', SPOKEN)
const over = (status: string, more: object = {}) => ({
  type: 'call.reported' as const,
  providerId: 'CA1',
  status,
  ...more,
})

test('an extension is rung by its address, and a number as a number', () => {
  expect(heard(dialled(URI).state)).toMatchObject([{ kind: 'dial', parties: [{ kind: 'sip', uri: URI }], from: '101' }])
  const number = '+14155550100'
  expect(heard(dialled(number).state)).toMatchObject([{ kind: 'dial', parties: [{ kind: 'number', number }] }])
})

test('whoever is not reached is told why', () => {
  const end = (status: string) =>
    dialled(URI, { type: 'call.dial-ended', providerId: 'CA1', end: { status, talkedMs: null } })
  expect(heard(end('busy').state)).toMatchObject([{ text: 'That number is busy.' }, { kind: 'hang-up' }])
  expect(heard(end('no-answer').state)).toMatchObject([{ text: 'Nobody answered.' }, { kind: 'hang-up' }])
})

test('the caller hangs up first: the carrier has told no answer, so it lasted as long as the carrier says', () => {
  expect(dialled(URI, over('completed', { lastedMs: 31_000 })).talkedMs).toBe(31_000)
  expect(dialled(URI, over('completed')).talkedMs).toBe(0)
  // An answer that was seen counts from then on.
  const seen = dialled(URI, over('in-progress'), over('completed', { lastedMs: 31_000 }))
  expect(seen.talkedMs).toBe(1_000)
})

test('the gate is asked about an extension for what is used up, and about a number in an address as a number', () => {
  const ask = (to: string) => {
    const { call: life } = dialled(to).state
    return life.phase === 'live' ? clearanceAsk(life, 'w_a.call_1') : null
  }
  expect(ask(URI)).toMatchObject({ to: '', phone: true })
  expect(ask('sip:+14155550100@trunk.example')).toMatchObject({ to: '+14155550100' })
})
