import { expect, test } from 'vitest'
import { NO_TALLY } from '../pacing/governor.ts'
import {
  floorView,
  newPool,
  POOL_AGENTS_MAX,
  POOL_LIVE_MAX,
  type Pool,
  type PoolLeg,
  poolToJoin,
  wishOf,
} from './pool.ts'

const seat = (n: number, callId: string | null = null) => ({
  ...{ deskId: `d${n}`, seatId: `d${n}:1`, callId },
  ...{ joined: true, paused: false },
})
const leg = (n: number, phase: PoolLeg['phase'] = 'dialing'): PoolLeg => ({
  ...{ callId: `b.${n}`, contactId: `p${n}`, number: '+1', attempts: 0, expected: 0 },
  ...{ phase, deskId: null, heldAt: null, outcomeIn: false },
})
const pool = (agents: number, legs: PoolLeg[] = [], batchId = 'b'): Pool => ({
  ...newPool(batchId),
  seats: Array.from({ length: agents }, (_, n) => seat(n)),
  legs,
})
/** Well under the limit, and one in ten people answers. */
const GOOD = { dialed: 20_000, answered: 2_000, abandoned: 5, expected: 60 }
const known = { day: NO_TALLY, month: GOOD }
const nobody = () => 0

test('an agent joins the fullest pool that has room, with those counted who are on their way', () => {
  const pools = [pool(3, [], 'a'), pool(9, [], 'b'), pool(POOL_AGENTS_MAX, [], 'c')]
  expect(poolToJoin(pools, nobody)?.batchId).toBe('b')
  expect(poolToJoin(pools, batchId => (batchId === 'b' ? POOL_AGENTS_MAX - 9 : 0))?.batchId).toBe('a')
  expect(poolToJoin([pool(POOL_AGENTS_MAX)], nobody)).toBeNull()
  expect(poolToJoin([{ ...pool(2), closing: true }], nobody)).toBeNull()
  expect(poolToJoin([{ ...pool(2), outdated: true }], nobody)).toBeNull()
})

test('as many lines are dialled as the governor allows, less those that ring', () => {
  const { pace, more } = wishOf(pool(4), known, 0.03, 'ring-out')
  expect(pace.lines).toBeGreaterThan(4)
  expect(more).toBe(Math.min(16, pace.lines))
  const ringing = Array.from({ length: 3 }, (_, n) => leg(n))
  expect(wishOf(pool(4, ringing), known, 0.03, 'ring-out').more).toBe(Math.min(16, pace.lines - 3))
  // Somebody who talks is no line that rings.
  expect(wishOf(pool(4, [leg(1, 'answered')]), known, 0.03, 'ring-out').more).toBe(Math.min(16, pace.lines))
})

test('nobody free: nothing is dialled, and the batch itself lets lines go', () => {
  const away = [
    { ...seat(1), paused: true },
    { ...seat(2), joined: false },
  ]
  const busy = { ...pool(0), seats: [seat(0, 'b.1'), ...away], legs: [leg(2), leg(3)] }
  expect(wishOf(busy, known, 0.03, 'ring-out')).toMatchObject({ more: 0, most: null, pace: { because: 'nobody-free' } })
})

test('with fewer free than before, lines beyond those that may ring are let go', () => {
  const many = Array.from({ length: 40 }, (_, n) => leg(n))
  const { pace, more, most } = wishOf(pool(1, many), known, 0.03, 'ring-out')
  expect([more, most]).toEqual([0, pace.lines])
  expect(pace.lines).toBeLessThan(40)
})

test('a pool never has more people on its lines than its batch keeps', () => {
  const full = Array.from({ length: POOL_LIVE_MAX - 1 }, (_, n) => leg(n, 'answered'))
  expect(wishOf(pool(16, full), known, 0.03, 'cut').more).toBe(1)
})

test('the pools of a campaign are shown as one, without those that close', () => {
  const paceOf = (one: Pool) => ({ ...wishOf(one, known, 0.03, 'cut').pace, lines: 10 * one.seats.length })
  expect(floorView([], paceOf)).toBeNull()
  expect(floorView([pool(0)], paceOf)).toBeNull()
  const other = { ...pool(0), seats: [seat(5, 'b.9')] }
  expect(floorView([pool(2, [leg(1)], 'a'), other, { ...pool(4), closing: true }], paceOf)).toMatchObject({
    agents: 3,
    free: 2,
    ringing: 1,
    lines: 30,
  })
})
