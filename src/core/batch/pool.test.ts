/** What a pool does beside the race, which `test/exhaustive` proves: it forgets, and it lives on. */
import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { batch, destinationOf, SOLO_POLICY } from './batch.ts'
import { batchGrowing } from './growing.ts'
import { type BatchInput, type BatchState, GONE_KEPT, isOpen, POOL_LEGS_MAX } from './state.ts'

const policy = { ...SOLO_POLICY, release: 'ring-out' as const, amd: 'off' as const, closed: false }
const seat = (n: number) => ({ seatId: `d1:${n}`, deskId: 'd1', place: { kind: 'room' as const, room: 'r' } })

function run(state: BatchState, ...inputs: BatchInput[]): BatchState {
  return inputs.reduce((one, input) => step(batch, one, input).state, state)
}
function open(): Extract<BatchState, { phase: 'open' | 'closing' }> {
  const state = run(batch.initial, { type: 'pool.joined', at: 1, policy, legIds: [], seats: [seat(1)] })
  if (!isOpen(state)) throw new Error('it did not open')
  return state
}
const join = (n: number, at = 2): BatchInput => ({ type: 'pool.joined', at, policy, legIds: [`b.${n}`], seats: [] })
const end = (n: number): BatchInput => ({ type: 'leg.ended', at: 3, legId: `b.${n}`, cause: 'busy' })

test('the oldest leg that is over is forgotten when there is no room, and a call of it hears who called', () => {
  let state: BatchState = open()
  for (let n = 1; n <= POOL_LEGS_MAX; n += 1) state = run(state, join(n), end(n))
  const full = step(batch, state, join(POOL_LEGS_MAX + 1))
  expect(full.facts.map(fact => fact.type)).toEqual(['leg-forgotten', 'leg-joined'])
  expect(isOpen(full.state) && full.state.legs).toHaveLength(POOL_LEGS_MAX)
  expect(destinationOf(full.state, 'b.1', 'CA-1')).toEqual({ kind: 'message' })
  expect(full.effects.filter(effect => effect.type === 'place-leg')).toHaveLength(1)
})

test('while all of them live, no leg joins', () => {
  let state: BatchState = open()
  for (let n = 1; n <= POOL_LEGS_MAX; n += 1) state = run(state, join(n))
  expect(step(batch, state, join(POOL_LEGS_MAX + 1)).facts).toEqual([])
})

test('a seat that has been here never comes again, and its late words change nothing', () => {
  const state = run(open(), { type: 'seat.withdrawn', at: 2, seatId: 'd1:1' })
  expect(isOpen(state) && state.seats).toEqual([])
  for (const late of ['seat.left', 'seat.paused', 'seat.resumed'] as const)
    expect(step(batch, state, { type: late, at: 3, seatId: 'd1:1' }).facts).toEqual([])
  expect(step(batch, state, { type: 'pool.joined', at: 3, policy, legIds: [], seats: [seat(1)] }).facts).toEqual([])
})

test('what is remembered of seats does not grow with the agents who come and go', () => {
  let state: BatchState = open()
  for (let n = 0; n < 3 * GONE_KEPT; n += 1) {
    const one = { ...seat(1), seatId: `x${n}:1`, deskId: `x${n}` }
    const joined: BatchInput = { type: 'pool.joined', at: 2, policy, legIds: [], seats: [one] }
    state = run(state, joined, { type: 'seat.withdrawn', at: 2, seatId: one.seatId })
  }
  expect(isOpen(state) && Object.keys(state.early ?? {}).length).toBeLessThanOrEqual(GONE_KEPT)
})

test('the legs of a pool are stored as rows, those of a round are a part of its state', () => {
  const pool = run(open(), join(1), join(2))
  const rows = batchGrowing.rowsOf(pool)
  expect([...rows.keys()]).toEqual(['b.1', 'b.2'])
  const rest = batchGrowing.rest(pool)
  expect([batchGrowing.grows?.(rest), isOpen(rest) && rest.legs]).toEqual([true, []])
  expect(batchGrowing.whole(rest, rows)).toEqual(pool)
  const round = run(batch.initial, {
    type: 'batch.opened',
    at: 1,
    policy: SOLO_POLICY,
    legIds: ['b.1'],
    seats: [seat(1)],
  })
  expect([batchGrowing.grows?.(round), batchGrowing.rowsOf(round).size]).toEqual([false, 0])
  expect(batchGrowing.rest(round)).toBe(round)
})

test('a desk hears of its own seat alone', () => {
  const two = run(open(), { type: 'pool.joined', at: 2, policy, legIds: ['b.1', 'b.2'], seats: [] })
  const held = step(batch, two, { type: 'leg.answered', at: 3, legId: 'b.1', providerId: 'CA', verdict: null })
  const told = (effects: readonly { type: string }[]) =>
    effects.flatMap(one => ('deskId' in one && 'fact' in one ? [(one.fact as { type: string }).type] : []))
  expect(told(held.effects)).toEqual(['leg-held', 'race-won'])
  expect(told(step(batch, held.state, end(2)).effects)).toEqual([])
  expect(told(step(batch, held.state, end(1)).effects)).toEqual(['leg-ended', 'seat-returned'])
})
