import { describe, expect, test } from 'vitest'
import { step, tell } from '../machine.ts'
import { call } from './call.ts'
import { instructionFor } from './instruction.ts'
import type { CallEffect, CallInput, CallState } from './state.ts'
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
const TALK = { agentId: 'ai_1', version: 3, record: true }

type Word = CallInput extends infer One ? (One extends unknown ? Omit<One, 'at'> : never) : never

/** A call after some inputs, one each millisecond, and what the last one brought about. */
function after(...words: Word[]): { state: CallState; effects: CallEffect[] } {
  let state = call.initial
  let effects: CallEffect[] = []
  for (const [at, word] of words.entries()) ({ state, effects } = step(call, state, { ...word, at } as CallInput))
  return { state, effects }
}
const received: Word = { type: 'call.received', links: LINKS, party: PARTY, providerId: 'CA1', talk: TALK }
const answered: Word = { type: 'answer.seen', providerId: 'CA1' }
const opened = (stream: number): Word => ({ type: 'talk.line-opened', stream })
const closed = (stream: number): Word => ({ type: 'talk.line-closed', stream, why: 'dropped' })
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
    expect(instructionFor(first.state)).toEqual({ kind: 'converse', stream: 2, driver: 'stream' })
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
    expect(instructionFor(after(received, answered, ...words).state)).toEqual({ kind: 'apology' })
  })

  test('the carrier asks twice and gets the same answer; a call without an agent is hung up', () => {
    expect(instructionFor(after(received, answered).state)).toEqual({ kind: 'converse', stream: 1, driver: 'stream' })
    expect(instructionFor(after(received, answered, answered).state)).toEqual({
      kind: 'converse',
      stream: 1,
      driver: 'stream',
    })
    expect(instructionFor(after({ ...received, talk: null } as Word, answered).state)).toEqual({ kind: 'hang-up' })
    expect(instructionFor(after(received, answered, { type: 'complete.wanted' }).state)).toEqual({ kind: 'hang-up' })
  })
})

// shows: S1-44
describe('the transfer', () => {
  test('a desk is asked, accepts, hears the summary, and the call joins its room', () => {
    expect(types(after(received, answered, opened(1), asked).effects)).toEqual(['offer-transfer'])
    const { state, effects } = after(received, answered, opened(1), asked, reply('accepted'))
    expect(types(effects)).toEqual(['whisper-summary', 'redirect-call'])
    expect(instructionFor(state)).toEqual({ kind: 'room', room: 'w_a.d_ada.2' })
    const over = after(received, answered, opened(1), asked, reply('accepted'), {
      type: 'provider.reported',
      providerId: 'CA1',
      status: 'completed',
    })
    expect(over.effects).toContainEqual(tell({ type: 'tell-desk', word: 'ended', untilMs: null }))
    expect(over.state).toMatchObject({ links: { deskId: 'w_a.d_ada' } })
  })

  test('declined, late, or of another question: the agent keeps the call', () => {
    for (const words of [[reply('declined')], [reply('accepted', 't9')]]) {
      const { state } = after(received, answered, opened(1), asked, ...words)
      expect(instructionFor(state)).toEqual({ kind: 'converse', stream: 2, driver: 'stream' })
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
    const gone: Word = { type: 'provider.reported', providerId: 'CA1', status: 'completed' }
    const { state, effects } = after(received, answered, opened(1), asked, gone)
    expect(effects).toContainEqual(tell({ type: 'tell-desk', word: 'ended', untilMs: null }))
    expect(state).toMatchObject({ phase: 'over', links: { deskId: 'w_a.d_ada' } })
  })

  test('handed back: the desk loses it, and the agent has a new line', () => {
    const { state, effects } = after(received, answered, opened(1), asked, reply('accepted'), closed(1), {
      type: 'talk.handed-back',
    })
    expect(types(effects)).toEqual(['withdraw-transfer', 'redirect-call'])
    expect(instructionFor(state)).toEqual({ kind: 'converse', stream: 2, driver: 'stream' })
    expect(state).toMatchObject({ links: { deskId: null } })
  })

  test('to a number: dialled from ours, and back when nobody is there', () => {
    const { state, effects } = after(received, answered, opened(1), {
      type: 'talk.dial-wanted',
      number: '+14155550123',
    })
    expect(types(effects)).toEqual(['redirect-call'])
    expect(instructionFor(state)).toEqual({ kind: 'dial', number: '+14155550123', from: '+14155550010' })
  })
})

test('last words come a moment after the call is over', () => {
  const gone: Word = { type: 'provider.reported', providerId: 'CA1', status: 'completed' }
  const said: Word = { type: 'talk.said', who: 'agent', text: 'Good', data: {} }
  let { state } = after(received, answered, opened(1), gone)
  const late = step(call, state, { ...said, at: 9 } as CallInput)
  expect(late.facts).toMatchObject([{ type: 'talk-said', personal: { text: 'Good' } }])
  state = late.state
  expect(step(call, state, { ...asked, at: 10 } as CallInput).facts).toEqual([])
})
