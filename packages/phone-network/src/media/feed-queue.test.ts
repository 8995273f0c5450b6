import { expect, test } from 'vitest'
import { FEED_LIMIT_MS, FeedQueue } from './feed-queue.ts'
import { FRAME_BYTES } from './mulaw.ts'

const frame = (value: number) => new Uint8Array(FRAME_BYTES).fill(value)
const out = new Uint8Array(FRAME_BYTES)
const next = (queue: FeedQueue) => (queue.pull(out) ? out[0] : null)

test('frames come out in order, whatever pieces they came in', () => {
  const queue = new FeedQueue()
  const bytes = new Uint8Array(FRAME_BYTES * 3)
  for (let i = 0; i < 3; i++) bytes.set(frame(i + 1), i * FRAME_BYTES)
  for (let at = 0; at < bytes.length; at += 70) queue.push(bytes.subarray(at, at + 70))
  expect([next(queue), next(queue), next(queue), next(queue)]).toEqual([1, 2, 3, null])
})

test('it never holds more than its limit: the oldest sound is dropped', () => {
  const queue = new FeedQueue()
  for (let value = 1; value <= 30; value++) queue.push(frame(value))
  expect(next(queue)).toBe(30 - FEED_LIMIT_MS / 20 + 1)
  expect(queue.droppedBytes).toBe(20 * FRAME_BYTES)
  queue.push(new Uint8Array(FRAME_BYTES * 40))
  expect(queue.droppedBytes).toBe(20 * FRAME_BYTES + 9 * FRAME_BYTES + 30 * FRAME_BYTES)
})

test('a gap makes it gather two frames before it goes on', () => {
  const queue = new FeedQueue()
  queue.push(frame(1))
  expect([next(queue), next(queue)]).toEqual([1, null])
  queue.push(frame(2))
  expect(next(queue)).toBe(null)
  queue.push(frame(3))
  expect([next(queue), next(queue)]).toEqual([2, 3])
  expect(queue.gaps).toBe(1)
})

test('needless delay is taken out again within a second', () => {
  const queue = new FeedQueue()
  for (let value = 0; value < 4; value++) queue.push(frame(0))
  for (let tick = 1; tick <= 200; tick++) {
    queue.push(frame(tick))
    queue.pull(out)
  }
  queue.push(frame(201))
  queue.pull(out)
  expect(201 - (out[0] ?? 0)).toBeLessThanOrEqual(1)
})

test('it counts as live until a second without a frame has passed', () => {
  const queue = new FeedQueue()
  expect(queue.live).toBe(false)
  queue.push(frame(1))
  for (let tick = 0; tick < 49; tick++) queue.pull(out)
  expect(queue.live).toBe(true)
  queue.pull(out)
  expect(queue.live).toBe(false)
})
