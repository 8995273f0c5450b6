import { describe, expect, test } from 'vitest'
import type { Instructions } from '../../instruction/instruction.ts'
import { step, tell } from '../../machine.ts'
import { call } from '../call.ts'
import { DIAL_RING_MS, INBOUND_RING_MS, instructionsFor } from '../instruction.ts'
import { deskTold } from '../life/life.ts'
import type { CallEffect, CallInput, CallState } from '../state.ts'
import { STREAMS_MAX, TRANSFER_WAIT_MS } from './talk.ts'

const LINKS = {
  kind: 'inbound' as const,
  batchId: null,
  campaignId: null,
  contactId: null,
  deskId: null,
  agentName: null,
}
const PARTY = { to: '+14155550010', from: '+14155551234', name: 'Ben' }
const TALK = { agentId: 'ai_1', version: 3, record: true, driver: 'stream' as const, language: 'en-US' }
const SPOKEN = {
  safeHarbour: [{ kind: 'say', text: 'who we are' }] satisfies Instructions,
  voicemail: [{ kind: 'say' as const, text: 'Leave a message.' }],
  apology: 'Sorry.',
  music: '',
}
const APOLOGY = [{ kind: 'say', text: 'Sorry.' }, { kind: 'hang-up' }]
const stream = (number: number) => [
  { kind: 'stream', to: 'agent', stream: number, driver: 'stream', language: 'en-US' },
]
const said = (state: CallState) => instructionsFor(state, 'w_a.call_1', SPOKEN)

type Word = CallInput extends infer One ? (One extends unknown ? Omit<One, 'at'> : never) : never

/** A call after some inputs, one each millisecond, and what the last one brought about. */
function after(...words: Word[]): { state: CallState; effects: CallEffect[] } {
  let state = call.initial
  let effects: CallEffect[] = []
  for (const [at, word] of words.entries()) ({ state, effects } = step(call, state, { ...word, at } as CallInput))
  return { state, effects }
}
const received: Word = { type: 'call.received', links: LINKS, party: PARTY, providerId: 'CA1', talk: TALK }
const answered: Word = { type: 'call.answer-seen', providerId: 'CA1' }
const opened = (stream: number): Word => ({ type: 'talk.stream-opened', stream })
const closed = (stream: number): Word => ({ type: 'talk.stream-closed', stream, why: 'dropped' })
const asked: Word = { type: 'talk.transfer-wanted', transferId: 't1', deskId: 'w_a.d_ada', summary: 'wants a price' }
const reply = (answer: 'accepted' | 'declined', transferId = 't1'): Word => ({
  type: 'talk.transfer-answered',
  transferId,
  answer,
  room: answer === 'accepted' ? 'w_a.d_ada.2' : '',
})
const types = (effects: CallEffect[]) => effects.map(effect => effect.type)

describe('the line', () => {
  test('each line may connect once, in order; the first one is recorded', () => {
    const first = after(received, answered, opened(1))
    expect(types(first.effects)).toEqual(['record-talk'])
    expect(said(first.state)).toEqual(stream(2))
    const again = after(received, answered, opened(1), opened(1))
    expect(again.effects).toEqual([])
    const second = after(received, answered, opened(1), closed(1), opened(2))
    expect(types(second.effects)).toEqual([])
    expect(second.state).toMatchObject({ talk: { stream: 3, open: true } })
  })

  test('a line that closes late does not close its successor', () => {
    const { state } = after(received, answered, opened(1), opened(2), closed(1))
    expect(state).toMatchObject({ talk: { open: true } })
  })

  test('lines that drop for ever end with the apology', () => {
    const words = Array.from({ length: STREAMS_MAX }, (_, at) => [opened(at + 1), closed(at + 1)]).flat()
    expect(said(after(received, answered, ...words).state)).toEqual(APOLOGY)
  })

  test('the carrier asks twice and gets the same answer; whoever calls nobody is asked for a message', () => {
    expect(said(after(received, answered).state)).toEqual(stream(1))
    expect(said(after(received, answered, answered).state)).toEqual(stream(1))
    expect(said(after({ ...received, talk: null } as Word).state)).toBe(SPOKEN.voicemail)
    expect(said(after(received, answered, { type: 'call.complete-wanted' }).state)).toEqual([{ kind: 'hang-up' }])
  })

  test('a person’s call: the desk is rung, and who reached nobody is asked for a message', () => {
    const ringing = { ...received, talk: null, links: { ...LINKS, deskId: 'w_a.d_ada' } } as Word
    const first = after(ringing)
    expect(types(first.effects)).toEqual(['ring-desk'])
    const parties = [{ kind: 'desk', deskId: 'w_a.d_ada', callId: 'w_a.call_1' }]
    const dial = [{ kind: 'dial', parties, from: '+14155551234', ringMs: INBOUND_RING_MS, record: true }]
    expect(said(first.state)).toEqual(dial)
    // The answer is stored, so facts that arrive later do not change it.
    const identified: Word = {
      type: 'call.identified',
      name: 'Ben Ek',
      contactId: 'p_1',
      agentName: 'Ada',
      crm: null,
    }
    expect(said(after(ringing, identified).state)).toEqual(dial)
    const unanswered: Word = { type: 'call.dial-ended', providerId: 'CA1', end: { status: 'busy', talkedMs: null } }
    const missed = after(ringing, unanswered)
    expect(said(missed.state)).toBe(SPOKEN.voicemail)
    expect(types(missed.effects)).toEqual(['tell-desk'])
    // The carrier asks again, and its own word for "the announcement runs" is no answer of a person.
    const during: Word = { type: 'call.reported', providerId: 'CA1', status: 'in-progress' }
    expect(said(after(ringing, unanswered, during, unanswered).state)).toBe(SPOKEN.voicemail)
    const gone: Word = { type: 'call.reported', providerId: 'CA1', status: 'completed' }
    expect(after(ringing, unanswered, during, gone).state.call).toMatchObject({
      phase: 'over',
      reason: 'noanswer',
      answeredAt: null,
    })
    const talked: Word = { type: 'call.dial-ended', providerId: 'CA1', end: { status: 'completed', talkedMs: null } }
    expect(said(after(ringing, answered, talked).state)).toEqual([{ kind: 'hang-up' }])
  })
})

describe('the transfer', () => {
  test('a desk is asked, accepts, hears the summary, and the call joins its room', () => {
    expect(types(after(received, answered, opened(1), asked).effects)).toEqual(['offer-transfer'])
    const { state, effects } = after(received, answered, opened(1), asked, reply('accepted'))
    expect(types(effects)).toEqual(['whisper-summary', 'redirect-call'])
    expect(said(state)).toEqual([{ kind: 'join-room', room: 'w_a.d_ada.2', callId: 'w_a.call_1', role: 'customer' }])
    const over = after(received, answered, opened(1), asked, reply('accepted'), {
      type: 'call.reported',
      providerId: 'CA1',
      status: 'completed',
    })
    expect(over.effects).toContainEqual(tell({ type: 'tell-desk', word: 'ended', untilMs: null }))
    expect(over.state).toMatchObject({ call: { links: { deskId: 'w_a.d_ada' } } })
  })

  test('declined, late, or of another question: the agent keeps the call', () => {
    for (const words of [[reply('declined')], [reply('accepted', 't9')]]) {
      const { state } = after(received, answered, opened(1), asked, ...words)
      expect(said(state)).toEqual(stream(2))
    }
    expect(after(received, answered, opened(1), asked, { ...asked, transferId: 't2' } as Word).effects).toEqual([])
  })

  test('nobody answers: the offer is taken back in time', () => {
    const { state } = after(received, answered, opened(1), asked)
    expect(call.deadline(state)).toBe(3 + TRANSFER_WAIT_MS)
    const struck = step(call, state, { type: 'clock.struck', at: 3 + TRANSFER_WAIT_MS })
    expect(struck.facts).toMatchObject([{ type: 'talk-transfer-answered', answer: 'timed-out' }])
    expect(types(struck.effects)).toEqual(['withdraw-transfer'])
    expect(step(call, struck.state, { ...reply('accepted'), at: 90_000 } as CallInput).facts).toEqual([])
  })

  test('a caller who hangs up while it rings is told to the desk', () => {
    const gone: Word = { type: 'call.reported', providerId: 'CA1', status: 'completed' }
    const { state, effects } = after(received, answered, opened(1), asked, gone)
    expect(effects).toContainEqual(tell({ type: 'tell-desk', word: 'ended', untilMs: null }))
    expect(state.call.phase).toBe('over')
    expect(deskTold(state.call, state.talk)).toBe('w_a.d_ada')
  })

  test('handed back: the desk loses it, and the agent has a new line', () => {
    const { state, effects } = after(received, answered, opened(1), asked, reply('accepted'), closed(1), {
      type: 'talk.handed-back',
    })
    expect(types(effects)).toEqual(['withdraw-transfer', 'redirect-call'])
    expect(said(state)).toEqual(stream(2))
    expect(state).toMatchObject({ call: { links: { deskId: null } } })
  })

  test('to a number: dialled from ours, and back when nobody is there', () => {
    const { state, effects } = after(received, answered, opened(1), {
      type: 'talk.dial-wanted',
      number: '+14155550123',
    })
    expect(types(effects)).toEqual(['redirect-call'])
    const parties = [{ kind: 'number', number: '+14155550123', told: true }]
    expect(said(state)).toEqual([{ kind: 'dial', parties, from: '+14155550010', ringMs: DIAL_RING_MS, record: false }])
    const dialled = { type: 'talk.dial-wanted', number: '+14155550123' } as const
    const back = after(received, answered, opened(1), dialled, { type: 'talk.dial-ended', reached: false })
    expect([said(back.state), back.effects]).toEqual([stream(2), []])
    const done = after(received, answered, opened(1), dialled, { type: 'talk.dial-ended', reached: true })
    expect(said(done.state)).toEqual([{ kind: 'hang-up' }])
  })
})

test('last words come a moment after the call is over', () => {
  const gone: Word = { type: 'call.reported', providerId: 'CA1', status: 'completed' }
  const said: Word = { type: 'talk.said', who: 'agent', text: 'Good', data: {} }
  let { state } = after(received, answered, opened(1), gone)
  const late = step(call, state, { ...said, at: 9 } as CallInput)
  expect(late.facts).toMatchObject([{ type: 'talk-said', personal: { text: 'Good' } }])
  state = late.state
  expect(step(call, state, { ...asked, at: 10 } as CallInput).facts).toEqual([])
})
