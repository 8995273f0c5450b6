import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import type { RoomFact } from '../room/state.ts'
import { ARRIVAL_WATCH_MAX_MS, ARRIVAL_WATCH_MS } from './arrival.ts'
import { desk } from './desk.ts'
import type { DeskInput, DeskState } from './state.ts'
import { readyDesk } from './testing.ts'
import type { InboundRing } from './view.ts'

const CALL = 'w_a.call_1'
const ROOM = 'w_a.d_ada.4'
const READY = readyDesk('Ada')
const of = { kind: 'queue' as const, id: 'w_a.q_1', offerId: 'o1' }
const ring: InboundRing = {
  ...{ callId: CALL, from: '+14155551234', fromShown: '', to: '', contact: null, sinceMs: 0, accepted: false },
  transfer: { transferId: 'o1', summary: '', of },
}
const ACCEPTED_MS = 1_000

function after(...inputs: DeskInput[]): DeskState {
  return inputs.reduce((state, input) => step(desk, state, input).state, READY)
}
const taken = after(
  { type: 'offer.made', at: 500, of, ring },
  { type: 'inbound.accepted', at: ACCEPTED_MS, callId: CALL },
)
const strike = (at: number): DeskInput => ({ type: 'clock.struck', at })
const joined: RoomFact = {
  ...{ type: 'participant-joined', at: 5_000, callId: CALL, role: 'customer', providerId: 'CA1', conferenceId: 'CF1' },
}

test('the room is asked about somebody whom the agent has taken and of whom nobody says that they are in', () => {
  const due = ACCEPTED_MS + ARRIVAL_WATCH_MS
  expect(desk.deadline(taken)).toBe(due)
  expect(step(desk, taken, strike(due - 1)).facts).toEqual([])
  const { effects, facts } = step(desk, taken, strike(due))
  expect(facts).toEqual([{ type: 'arrival-asked-about', at: due, callId: CALL, room: ROOM }])
  expect(effects).toMatchObject([{ type: 'check-room', room: ROOM }])
})

test('it is asked more seldom from time to time, and never when they are in or gone', () => {
  let state = taken
  const pauses: number[] = []
  for (let due = desk.deadline(state) ?? 0; pauses.length < 7; ) {
    state = step(desk, state, strike(due)).state
    const next = desk.deadline(state) ?? 0
    pauses.push(next - due)
    due = next
  }
  expect(pauses[0]).toBe(2 * ARRIVAL_WATCH_MS)
  expect(pauses.at(-1)).toBe(ARRIVAL_WATCH_MAX_MS)
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))

  const told = step(desk, state, { type: 'room.reported', at: 600_000, room: ROOM, facts: [joined] }).state
  expect(told.conversation?.callId).toBe(CALL)
  expect(desk.deadline(told)).toBeNull()
  const gone = step(desk, state, { type: 'offer.over', at: 600_000, of, callId: CALL, pause: false }).state
  expect(desk.deadline(gone)).toBeNull()
})

test('whoever is only asked, or is connected to the phone itself, is not waited for', () => {
  expect(desk.deadline(after({ type: 'offer.made', at: 500, of, ring }))).toBeNull()
  const { transfer: _none, ...direct } = ring
  const beside = { ...READY, guests: ['w_a.call_0'] }
  const straight = [
    { type: 'inbound.rang' as const, at: 500, ring: direct },
    { type: 'inbound.accepted' as const, at: 600, callId: CALL },
  ].reduce((state, input) => step(desk, state, input).state, beside)
  expect(straight.inbound?.accepted).toBe(true)
  expect(desk.deadline(straight)).toBeNull()
})

test('whose line is on its way to a colleague’s room is missed there, and not any more when it is there', () => {
  const asked = after(
    {
      type: 'offer.made',
      at: 500,
      of: { ...of, kind: 'transfer' },
      ring: { ...ring, transfer: { ...ring.transfer, transferId: 'o1', summary: '' } },
    },
    { type: 'inbound.accepted', at: ACCEPTED_MS, callId: CALL },
  )
  const visit = { of: { ...of, kind: 'transfer' as const }, room: 'w_a.d_bo.2', stage: 'going' as const }
  const going = { ...asked, visit: { ...visit, sinceMs: 1, untilMs: 90_000, phase: null } } as unknown as DeskState
  const due = ACCEPTED_MS + ARRIVAL_WATCH_MS
  expect(step(desk, going, strike(due)).effects).toContainEqual(
    expect.objectContaining({ type: 'check-room', room: 'w_a.d_bo.2' }),
  )
  const there = { ...going, visit: { ...going.visit, stage: 'there' } } as unknown as DeskState
  expect(step(desk, there, strike(due)).effects).not.toContainEqual(expect.objectContaining({ type: 'check-room' }))
})
