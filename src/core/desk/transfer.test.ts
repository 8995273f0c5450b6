import { expect, test } from 'vitest'
import { step, tell } from '../machine.ts'
import { refusalOf } from './allowed.ts'
import { desk } from './desk.ts'
import type { DeskEffect, DeskInput, DeskState } from './state.ts'
import { readyDesk } from './testing.ts'

const RING = {
  callId: 'w_a.i_CA1',
  from: '+14155551234',
  fromShown: '(415) 555-1234',
  to: '+14155550010',
  contact: null,
  sinceMs: 0,
  accepted: false,
  transfer: { transferId: 't1', summary: 'wants a price' },
}
const READY = readyDesk('Ada')
const rang: DeskInput = { type: 'inbound.rang', at: 1, ring: RING }
const accepted: DeskInput = { type: 'inbound.accepted', at: 2, callId: RING.callId }
const joined: DeskInput = {
  type: 'room.reported',
  at: 3,
  room: 'w_a.d_ada.4',
  facts: [
    {
      type: 'participant-joined',
      at: 3,
      callId: RING.callId,
      role: 'customer',
      providerId: 'CA1',
      conferenceId: 'CF1',
    },
  ],
}
const ended: DeskInput = { type: 'inbound.ended', at: 4, callId: RING.callId }

function after(state: DeskState, ...inputs: DeskInput[]): { state: DeskState; effects: DeskEffect[] } {
  let effects: DeskEffect[] = []
  for (const input of inputs) ({ state, effects } = step(desk, state, input))
  return { state, effects }
}

test('a handed-over call is accepted into the open line, is a conversation when it is in, and then ends', () => {
  const taken = after(READY, rang, accepted)
  expect(taken.effects).toEqual([
    tell({ type: 'answer-transfer', callId: RING.callId, transferId: 't1', answer: 'accepted', room: 'w_a.d_ada.4' }),
  ])
  expect(taken.state.conversation).toBeNull()
  const talking = after(taken.state, joined)
  expect(talking.state.conversation).toMatchObject({ callId: RING.callId, kind: 'inbound' })
  expect(talking.state.guests).toEqual([RING.callId])
  const over = after(talking.state, ended)
  expect(over.state).toMatchObject({ conversation: null, inbound: null, guests: [] })
})

test('declined: the asker is told', () => {
  const { effects, state } = after(READY, rang, { type: 'inbound.declined', at: 2, callId: RING.callId })
  expect(effects).toMatchObject([{ type: 'answer-transfer', answer: 'declined', room: '' }])
  expect(state.inbound).toBeNull()
})

test('without an open line, or beside a parked call, it does not ring', () => {
  const closed = { ...READY, line: { ...READY.line, state: 'closed' as const } }
  expect(after(closed, rang).state.inbound).toBeNull()
  const rings = after(READY, rang).state
  const lost = { ...rings, line: { ...rings.line, state: 'away' as const } }
  expect(refusalOf(lost, accepted)).toBe('line-not-open')
})

test('while somebody was handed over nobody else gets the agent’s seat', () => {
  const { state } = after(READY, rang, accepted, joined)
  const asked = after(state, {
    type: 'seat.requested',
    at: 5,
    askId: 'a',
    asker: { kind: 'campaign', id: 'c' },
    for: { kind: 'batch', id: 'b' },
  })
  expect(asked.effects).toMatchObject([{ type: 'answer-seat', lease: null, reason: 'busy' }])
})
