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

test('a number that the carrier dials for a call is told of: its answer to the mask, its end with the number, of a mask with its first digits', () => {
  const told = (masked: object, number = '+447700900200') => {
    const links = { ...LINKS, kind: 'inbound', ...masked }
    const party = { to: '+14155550001', from: '+447700900100', name: '' }
    const inputs: Untimed[] = [
      { type: 'call.received', links, providerId: 'CA1', talk: null, party },
      { type: 'call.onward-answered', providerId: 'CA2' },
      { type: 'call.reported', providerId: 'CA1', status: 'completed' },
      { type: 'call.onward-ended', providerId: 'CA2', number, talkedMs: 9_000 },
      { type: 'call.onward-ended', providerId: 'CA3', number: '+447700900300', talkedMs: 0 },
    ]
    let state = call.initial
    return inputs.flatMap((input, index) => {
      const done = step(call, state, { at: 1_000 * (index + 1), ...input } as CallInput)
      state = done.state
      const ofMask = done.effects.filter(effect => effect.type === 'tell-mask')
      return [...done.facts.filter(fact => fact.type.startsWith('call-onward')), ...ofMask]
    })
  }
  const ended = (number: string) => ({
    type: 'call-onward-ended',
    providerId: 'CA2',
    talkedMs: 9_000,
    personal: { number },
  })
  expect(told({})).toMatchObject([{ type: 'call-onward-answered', maskId: null }, ended('+447700900200')])
  const maskId = 'w_a.m_14155550001'
  expect(told({ maskId })).toMatchObject([
    { type: 'call-onward-answered', maskId },
    { type: 'tell-mask', maskId },
    ended('+447700'),
  ])
  // Of a short number less is kept: the country and the first digits, and six are unknown.
  expect(told({ maskId }, '+6591234567').at(-1)).toMatchObject({ personal: { number: '+6591' } })
  expect(told({ maskId }, '+4930123').at(-1)).toMatchObject({ personal: { number: '+4930' } })
})
