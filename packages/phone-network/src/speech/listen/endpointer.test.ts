import { expect, test } from 'vitest'
import { Endpointer, HZ } from './endpointer.ts'

/** A tone of the given level, followed by a quiet hiss. */
function sound(ms: number, level: number): Int16Array {
  return Int16Array.from({ length: (ms * HZ) / 1_000 }, (_, index) => Math.round(level * Math.sin(index * 0.7)))
}
function events(endpointer: Endpointer, parts: Int16Array[], size = 160) {
  return parts.flatMap(part => {
    const found = []
    for (let at = 0; at < part.length; at += size) found.push(...endpointer.push(part.subarray(at, at + size)))
    return found
  })
}

test('speech begins with its first loud frame and ends after the pause', () => {
  const found = events(new Endpointer(300), [sound(500, 20), sound(800, 6_000), sound(1_000, 20)])
  expect(found.map(event => event.type)).toEqual(['began', 'ended'])
  expect(found[0]?.atMs).toBeGreaterThanOrEqual(480)
  expect(found[0]?.atMs).toBeLessThanOrEqual(520)
  expect(found[1]?.atMs).toBeGreaterThanOrEqual(1_290)
  expect(found[1]?.atMs).toBeLessThanOrEqual(1_320)
})

test('a short pause does not end it, a click does not begin it', () => {
  const pause = events(new Endpointer(300), [sound(400, 6_000), sound(200, 20), sound(400, 6_000)])
  expect(pause.map(event => event.type)).toEqual(['began'])
  expect(events(new Endpointer(300), [sound(500, 20), sound(20, 9_000), sound(500, 20)])).toEqual([])
})

test('a steady noise becomes the floor; speech over it is still heard', () => {
  const noise = new Endpointer(300)
  events(noise, [sound(10_000, 900)])
  noise.reset()
  expect(events(noise, [sound(3_000, 900)])).toEqual([])
  expect(events(noise, [sound(500, 9_000)]).map(event => event.type)).toEqual(['began'])
})

test('pieces of any size give the same', () => {
  const parts = [sound(500, 20), sound(700, 6_000), sound(700, 20)]
  expect(events(new Endpointer(300), parts, 37)).toEqual(events(new Endpointer(300), parts, 4_000))
})

test('without an end it ends only by reset', () => {
  const endpointer = new Endpointer(Number.POSITIVE_INFINITY)
  expect(events(endpointer, [sound(500, 6_000), sound(5_000, 20)]).map(event => event.type)).toEqual(['began'])
  expect(endpointer.open).toBe(true)
  endpointer.reset()
  expect(endpointer.open).toBe(false)
})
