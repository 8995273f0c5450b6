import { expect, test } from 'vitest'
import { cutOf, stretchesOf } from './stretches.ts'

const HZ = 8_000
/** A tone at these times, in seconds; silence elsewhere. */
function sound(seconds: number, ...loud: [number, number][]): Int16Array {
  return Int16Array.from({ length: seconds * HZ }, (_, at) =>
    loud.some(([from, to]) => at >= from * HZ && at < to * HZ) ? Math.round(4_000 * Math.sin(at / 3)) : 0,
  )
}
const seconds = (samples: Int16Array) => stretchesOf(samples, HZ).map(({ from, to }) => [from / HZ, to / HZ])

test('each stretch is what somebody says with short pauses, and a little on both sides', () => {
  expect(seconds(sound(10, [1, 2], [2.5, 3], [6, 7]))).toEqual([
    [0.8, 3.2],
    [5.8, 7.2],
  ])
  expect(seconds(sound(2, [0, 2]))).toEqual([[0, 2]])
})

test('silence has none, a click is none, and two stretches never share a sample', () => {
  expect([seconds(sound(5)), seconds(sound(5, [2, 2.04])), seconds(new Int16Array(0))]).toEqual([[], [], []])
  const near = seconds(sound(6, [1, 2], [2.74, 4]))
  expect(near).toHaveLength(2)
  expect(near[1]?.[0]).toBeGreaterThanOrEqual(near[0]?.[1] ?? 9)
})

test('what is said without a pause comes in parts, and nothing between them is lost', () => {
  const parts = stretchesOf(sound(50, [0, 50]), HZ)
  expect(parts.map(({ from, to }) => [from / HZ, to / HZ])).toEqual([
    [0, 20.2],
    [20.2, 40.2],
    [40.2, 50],
  ])
})

test('a piece is cut where both are silent, in its second half, and else at its end', () => {
  const one = sound(30, [0, 20], [24, 30])
  const cut = cutOf([one, sound(30, [22, 23])], HZ) / HZ
  expect(cut).toBeGreaterThan(23)
  expect(cut).toBeLessThan(24)
  expect(cutOf([one, sound(30, [15, 30])], HZ) / HZ).toBe(30)
  expect(cutOf([sound(30, [0, 5], [8, 30])], HZ) / HZ).toBe(30)
})
