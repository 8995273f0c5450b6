import { expect, test } from 'vitest'
import { acknowledged, isOpen, type Offered, offer, WINDOW_BYTES, WINDOW_EVENTS, windowAt } from './window.ts'

const at = (n: number) => `2026-11~${n}`
const page = (from: number, count: number, bytes = 10): Offered[] =>
  Array.from({ length: count }, (_, index) => ({ cursor: at(from + index), bytes }))
const same = (one: Offered) => one

test('a socket is sent what is behind its place, and no event twice when pages overlap', () => {
  const first = offer(windowAt(at(3)), page(1, 6), at(6), same)
  expect(first.sent.map(({ cursor }) => cursor)).toEqual([at(4), at(5), at(6)])
  const again = offer(first.window, page(5, 4), at(9), same)
  expect(again.sent.map(({ cursor }) => cursor)).toEqual([at(7), at(8)])
  expect(again.window.at).toBe(at(9))
})

test('a full window ends right before the first event that does not fit, and goes on there when it is open again', () => {
  const { window, sent } = offer(windowAt(at(0)), page(1, WINDOW_EVENTS + 50), at(WINDOW_EVENTS + 50), same)
  expect([sent.length, window.at, isOpen(window)]).toEqual([WINDOW_EVENTS, at(WINDOW_EVENTS), false])
  expect(offer(window, page(WINDOW_EVENTS + 1, 5), at(WINDOW_EVENTS + 5), same)).toEqual({ window, sent: [] })
  const open = acknowledged(window, at(WINDOW_EVENTS / 2))
  expect(open && isOpen(open)).toBe(true)
  const more = offer(open ?? window, page(WINDOW_EVENTS + 1, 3), at(WINDOW_EVENTS + 3), same)
  expect(more.sent[0]?.cursor).toBe(at(WINDOW_EVENTS + 1))
})

test('bytes fill a window as well, and an event that is larger than a window is sent to an empty one', () => {
  const large = offer(windowAt(at(0)), page(1, 4, 2 * WINDOW_BYTES), at(4), same)
  expect([large.sent.length, large.window.at]).toEqual([1, at(1)])
  const many = offer(windowAt(at(0)), page(1, 90, WINDOW_BYTES / 10), at(90), same)
  expect(many.sent).toHaveLength(10)
})

test('events that nobody wants move the place and cost nothing; what was never sent cannot be acknowledged', () => {
  const { window, sent } = offer(windowAt(at(0)), page(1, 500, 0), at(700), same)
  expect([sent, window]).toEqual([[], { at: at(700), marks: [] }])
  expect(acknowledged(window, at(701))).toBeNull()
  expect(acknowledged(window, at(2))).toEqual(window)
})

test('whoever acknowledges every 80 events never stands still, and a window is small however it was filled', () => {
  let window = windowAt(at(0))
  let [got, acked] = [0, 0]
  for (let round = 0; round < 200; round += 1) {
    const { window: after, sent } = offer(window, page(got + 1, 200, 1 + (round % 900)), at(got + 200), same)
    expect(sent.length, `round ${round}`).toBeGreaterThan(0)
    expect(JSON.stringify(after).length).toBeLessThan(1_000)
    got += sent.length
    if (got - acked >= 80) acked = got - ((got - acked) % 80)
    window = acknowledged({ ...after, at: at(got) }, at(acked)) ?? after
  }
  expect(got).toBeGreaterThan(5_000)
})
