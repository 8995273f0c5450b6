import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { COMPANY_WATCH_MS, MISSED_ASKS_MAX, MISSED_WATCH_MS, ROOM_WATCH_MS, SETTLE_MS } from './check.ts'
import { room } from './room.ts'
import type { Listed, RoomInput, RoomState } from './state.ts'

const ROOM = 'w_a.d_ada.4'
const LINE: Listed = { callId: 'w_a.d_ada.l1', role: 'agent', providerId: 'CA1', muted: false, held: false }
const PAT: Listed = { callId: 'w_a.call_1', role: 'customer', providerId: 'CA2', muted: false, held: false }
const START = 1_000

type Timeless<T> = T extends unknown ? Omit<T, 'at'> : never

function after(state: RoomState, ...inputs: (Timeless<RoomInput> & { at: number })[]): RoomState {
  return inputs.reduce((now, input) => step(room, now, input as RoomInput).state, state)
}
function joins({ callId, role, providerId }: Listed, at: number) {
  return { type: 'participant.joined' as const, at, callId, role, providerId, conferenceId: 'CF1' }
}
function listed(participants: Listed[], askedMs: number, conferenceId: string | null = 'CF1'): RoomInput {
  return { type: 'room.listed', at: askedMs + 100, askedMs, conferenceId, participants }
}
const named: RoomInput = { type: 'room.named', at: 0, room: ROOM, owner: { kind: 'desk', id: 'w_a.d_ada' } }
const open = after(room.initial, named, joins(LINE, START))
const LATER = START + ROOM_WATCH_MS

test('the carrier is asked who is in, when nothing has happened for long, and again when it has been asked', () => {
  expect(room.deadline(room.initial)).toBeNull()
  expect(room.deadline(open)).toBe(LATER)
  expect(step(room, open, { type: 'clock.struck', at: LATER - 1 }).facts).toEqual([])
  const { state, facts, effects } = step(room, open, { type: 'clock.struck', at: LATER })
  expect(facts).toEqual([{ type: 'check-wanted', at: LATER }])
  expect(effects).toMatchObject([{ type: 'check-room', class: 'outbox', delivery: 'repeat', policy: 'carrier' }])
  expect(room.deadline(state)).toBe(LATER + ROOM_WATCH_MS)
})

test('whose leave is told twice, by the list and by a late callback, comes back into the room later', () => {
  const both = after(open, joins(PAT, START + 1))
  const left = { type: 'participant.left' as const, providerId: PAT.providerId, conferenceId: 'CF1' }
  const gone = after(both, { ...left, at: LATER }, { ...left, at: LATER + 1 })
  expect(gone.participants.map(({ callId }) => callId)).toEqual([LINE.callId])
  expect(after(gone, joins(PAT, LATER + 2)).participants.map(({ callId }) => callId)).toContain(PAT.callId)
})

test('whose word of joining was lost is in, on hold as at the carrier, and a word that comes later changes nothing', () => {
  const { state, facts } = step(room, open, listed([LINE, { ...PAT, held: true }], LATER))
  expect(facts.map(({ type }) => type)).toEqual(['participant-joined', 'call-held'])
  expect(state.participants).toMatchObject([{ callId: LINE.callId }, { callId: PAT.callId, held: true }])
  expect(step(room, state, joins(PAT, LATER + 500)).facts).toEqual([])
})

test('whose word of leaving was lost is out, and with the last one the conference', () => {
  const both = after(open, joins(PAT, START + 1))
  const { state, facts } = step(room, both, listed([LINE], LATER))
  expect(facts).toMatchObject([{ type: 'participant-left', callId: PAT.callId }])
  const { facts: end, state: empty } = step(room, state, listed([], LATER * 2, null))
  expect(end.map(({ type }) => type)).toEqual(['participant-left', 'conference-ended'])
  expect(room.deadline(empty)).toBeNull()
})

test('a list that agrees says nothing', () => {
  expect(step(room, open, listed([LINE], LATER)).facts).toEqual([])
})

test('whoever has just joined may be missing in a list, and is not put out for it', () => {
  const fresh = after(open, joins(PAT, LATER - SETTLE_MS + 1))
  expect(step(room, fresh, listed([LINE], LATER)).facts).toEqual([])
})

test('a list that is older than a word of the carrier is asked for again', () => {
  const changed = after(open, joins(PAT, LATER + 50))
  const { facts } = step(room, changed, listed([LINE], LATER))
  expect(facts).toEqual([{ type: 'check-wanted', at: LATER + 100 }])
})

test('another conference of the same name takes the place of the one that has ended unheard', () => {
  const again = { ...LINE, providerId: 'CA3' }
  const { state } = step(room, open, listed([again], LATER, 'CF2'))
  expect(state.carrier).toEqual({ conferenceId: 'CF2', legs: { [LINE.callId]: 'CA3' } })
})

test('a leg that was over is not taken in from an old list', () => {
  const over = after(open, { type: 'participant.left', at: START + 1, providerId: 'CA2', conferenceId: 'CF1' })
  expect(step(room, over, listed([LINE, PAT], LATER)).facts).toEqual([])
})

test('where somebody could be left alone, the carrier is asked sooner', () => {
  const both = after(open, joins(PAT, START + 1))
  expect(room.deadline(both)).toBe(START + 1 + COMPANY_WATCH_MS)
  expect(COMPANY_WATCH_MS).toBeLessThan(ROOM_WATCH_MS)
})

const NUMBER: Listed = { callId: 'w_a.call_2', role: 'guest', providerId: 'CA4', muted: false, held: false }

test('a number that is asked first and whose word of joining was lost is found after 3 s, and is held as it was wanted', () => {
  const both = after(open, joins(PAT, START + 1))
  // The call of the person says that agent and number speak, because the number has asked for its room.
  const spoken = after(both, { type: 'hold.wanted', at: 5_000, callId: NUMBER.callId, held: false })
  const due = 5_000 + MISSED_WATCH_MS
  expect(room.deadline(spoken)).toBe(due)
  expect(step(room, spoken, { type: 'clock.struck', at: due - 1 }).facts).toEqual([])
  const swapped = after(spoken, { type: 'hold.wanted', at: 6_000, callId: NUMBER.callId, held: true })
  expect(room.deadline(swapped)).toBe(due)
  const asked = step(room, swapped, { type: 'clock.struck', at: due })
  expect(asked.effects).toMatchObject([{ type: 'check-room' }])
  const found = step(room, asked.state, listed([LINE, PAT, NUMBER], due + 10))
  expect(found.facts).toMatchObject([{ type: 'participant-joined', callId: NUMBER.callId }])
  expect(found.effects).toContainEqual(
    expect.objectContaining({ type: 'hold-participant', providerId: NUMBER.providerId, held: true }),
  )
  expect(room.deadline(found.state)).toBe(due + 110 + COMPANY_WATCH_MS)
})

test('whoever is missed is asked about more and more seldom, and not for ever', () => {
  let state = after(open, { type: 'hold.wanted', at: 5_000, callId: NUMBER.callId, held: false })
  const asks: number[] = []
  for (let due = room.deadline(state) ?? 0; due < 5_000 + ROOM_WATCH_MS; due = room.deadline(state) ?? 0) {
    asks.push(due - 5_000)
    state = step(room, state, { type: 'clock.struck', at: due }).state
  }
  expect(asks).toEqual([3_000, 9_000, 21_000, 45_000, 93_000])
  expect(asks).toHaveLength(MISSED_ASKS_MAX)
  const again = after(state, { type: 'hold.wanted', at: 500_000, callId: NUMBER.callId, held: true })
  expect(again.missed).toEqual({ asked: 0, watchMs: 500_000 + MISSED_WATCH_MS })
})

test('whoever is in is not missed, nor whoever comes in time, nor anybody after the conference', () => {
  const held = after(open, { type: 'hold.wanted', at: 5_000, callId: LINE.callId, held: true })
  expect(room.deadline(held)).toBe(LATER)
  const wanted = after(open, { type: 'hold.wanted', at: 5_000, callId: PAT.callId, held: true })
  expect(room.deadline(wanted)).toBe(5_000 + MISSED_WATCH_MS)
  expect(room.deadline(after(wanted, joins(PAT, 6_000)))).toBe(6_000 + COMPANY_WATCH_MS)
  expect(room.deadline(after(wanted, { type: 'conference.ended', at: 6_000, conferenceId: 'CF1' }))).toBeNull()
})
