/** A caller rings the phone of an agent who has an open line and a free seat. */
import { describe, expect, test } from 'vitest'
import { step } from '../machine.ts'
import { desk } from './desk.ts'
import type { DeskEffect, DeskInput, DeskState } from './state.ts'
import { readyDesk } from './testing.ts'
import type { InboundRing } from './view.ts'

const CALL = 'w_a.call_1'
const ROOM = 'w_a.d_ada.4'
const OF = { kind: 'transfer' as const, id: CALL, offerId: 'ring-1' }
const READY = readyDesk('Ada')
const ring: InboundRing = {
  ...{ callId: CALL, from: '+14155551234', fromShown: '', to: '', contact: null, sinceMs: 0, accepted: false },
}
const rang: DeskInput = { type: 'inbound.rang', at: 1, ring }
const accepted: DeskInput = { type: 'inbound.accepted', at: 2, callId: CALL }
const pickedUp: DeskInput = { type: 'inbound.picked-up', at: 3, callId: CALL }
const answered: DeskInput = { type: 'inbound.answered', at: 4, callId: CALL }
const ended: DeskInput = { type: 'inbound.ended', at: 9, callId: CALL }

function after(state: DeskState, ...inputs: DeskInput[]): { state: DeskState; effects: DeskEffect[] } {
  let effects: DeskEffect[] = []
  for (const input of inputs) ({ state, effects } = step(desk, state, input))
  return { state, effects }
}

describe('the agent accepts', () => {
  test('the caller has the seat from now on and comes to the open line; the phone stops when the call says so [S4-2]', () => {
    const taken = after(READY, rang, accepted)
    expect(taken.effects).toMatchObject([{ type: 'answer-offer', of: OF, answer: 'accepted', room: ROOM }])
    expect(taken.state.lease?.for).toEqual(OF)
    expect(taken.state.inbound).toMatchObject({ accepted: true, transfer: { of: OF } })
    expect(taken.state.inbound?.pickedUp).toBeUndefined()
    const stops = after(taken.state, pickedUp, pickedUp)
    expect(stops.state.inbound?.pickedUp).toBe(true)
    const talks = after(stops.state, answered)
    expect(talks.state.conversation).toMatchObject({ callId: CALL, offer: { of: OF } })
    expect(talks.state.guests).toEqual([CALL])
  })

  test('a line that is away keeps the caller, with music, and its end gives them back', () => {
    const left: DeskInput = {
      ...{ type: 'room.reported', at: 5, room: ROOM },
      facts: [{ type: 'participant-left', at: 5, callId: 'w_a.d_ada.l1', role: 'agent', providerId: 'CA9' }],
    } as DeskInput
    const away = after(READY, rang, accepted, pickedUp, answered, left)
    expect(away.effects).toContainEqual(expect.objectContaining({ type: 'ask-room', callId: CALL, held: true }))
    const due = desk.deadline(away.state) ?? 0
    const lost = step(desk, away.state, { type: 'clock.struck', at: due })
    expect(lost.effects).toContainEqual(expect.objectContaining({ type: 'answer-offer', of: OF, answer: 'left' }))
    // The call has them elsewhere by now, and the desk believes in nobody.
    const over = after(lost.state, { type: 'offer.over', at: due + 1, of: OF, callId: null, pause: false })
    expect(over.state).toMatchObject({ conversation: null, leaving: null, inbound: null, guests: [] })
  })

  test('a caller who is gone, or leaves a message already, has left no seat behind', () => {
    expect(after(READY, rang, accepted, ended).state).toMatchObject({ lease: null, inbound: null })
    const talked = after(READY, rang, accepted, pickedUp, answered, ended).state
    expect(talked).toMatchObject({ lease: null, inbound: null, conversation: null, guests: [] })
  })
})

test.each<[string, Partial<DeskState>]>([
  ['no open line', { line: { ...READY.line, state: 'closed' } }],
  ['somebody in the room', { guests: ['w_a.call_0'] }],
  ['a seat that is promised', { lease: { leaseId: 'l', for: { kind: 'batch', id: 'w_a.c_1.b1' } } }],
])('an agent with %s has the call at the phone itself, apart from the room', (_why, change) => {
  const { state, effects } = after({ ...READY, ...change }, rang, accepted)
  expect(state.inbound).toMatchObject({ accepted: true })
  expect(state.inbound?.transfer ?? null).toBeNull()
  expect(effects.filter(({ type }) => type === 'answer-offer')).toEqual([])
  expect(after(state, answered).state.guests).not.toContain(CALL)
})
