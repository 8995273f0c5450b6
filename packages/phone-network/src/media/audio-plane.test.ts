import { beforeEach, describe, expect, test, vi } from 'vitest'
import { MixingPlane } from './audio-plane.ts'
import { decode, encode, FRAME_BYTES, silence } from './mulaw.ts'
import { tone } from './tones.ts'

/** Constant values are easy to add; the sums of 1000, 2000 and 4000 stay distinct after µ-law. */
function steady(value: number, frames = 50): Uint8Array {
  return encode(new Int16Array(frames * FRAME_BYTES).fill(value))
}

/** The middle sample of the frame that each party hears in the next tick. */
function heard(plane: MixingPlane, ...callSids: string[]): number[] {
  const ears = new Map<string, number>()
  const stops = callSids.map(sid => plane.tap(sid, (_says, hears) => ears.set(sid, decode(hears)[80] ?? Number.NaN)))
  plane.tick()
  for (const stop of stops) stop()
  return callSids.map(sid => ears.get(sid) ?? Number.NaN)
}

function near(value: number): unknown {
  return expect.closeTo(value, -Math.log10(Math.abs(value) * 0.08 + 8))
}

let plane: MixingPlane
beforeEach(() => {
  plane = new MixingPlane()
  for (const sid of ['A', 'B', 'C']) plane.addLeg(sid)
})

test('a leg that is bridged with itself hears itself, until that ends', () => {
  plane.speak('A', steady(1000))
  plane.bridge('A', 'A')
  expect(heard(plane, 'A', 'B')).toEqual([near(1000), near(0)])
  plane.unbridge('A')
  expect(heard(plane, 'A')).toEqual([near(0)])
  plane.bridge('A', 'A')
  plane.bridge('A', 'B')
  expect(heard(plane, 'A', 'B')).toEqual([near(0), near(1000)])
})

describe('conferences', () => {
  beforeEach(() => {
    plane.speak('A', steady(1000))
    plane.speak('B', steady(2000))
    plane.speak('C', steady(4000))
    for (const sid of ['A', 'B', 'C']) plane.join('room', sid)
  })

  test('each hears everyone but himself', () => {
    expect(heard(plane, 'A', 'B', 'C')).toEqual([near(6000), near(5000), near(3000)])
  })

  test('a muted participant hears but is not heard', () => {
    plane.setMuted('B', true)
    expect(heard(plane, 'A', 'B', 'C')).toEqual([near(4000), near(5000), near(1000)])
    plane.setMuted('B', false)
    expect(heard(plane, 'A')).toEqual([near(6000)])
  })

  test('a held participant hears the hold music only and is not heard', () => {
    plane.setHeld('C', true, steady(500, 1))
    expect(heard(plane, 'A', 'B', 'C')).toEqual([near(2000), near(1000), near(500)])
    for (let tick = 0; tick < 5; tick++) plane.tick()
    expect(heard(plane, 'C')).toEqual([near(500)])
    plane.setHeld('C', false)
    expect(heard(plane, 'A', 'C')).toEqual([near(6000), near(3000)])
  })

  test('held without music is silence', () => {
    plane.setHeld('C', true)
    expect(heard(plane, 'C')).toEqual([0])
  })

  test('leaving, and moving to another conference, end the hearing both ways', () => {
    plane.leave('A')
    expect(heard(plane, 'A', 'B', 'C')).toEqual([0, near(4000), near(2000)])
    plane.join('other', 'B')
    expect(heard(plane, 'B', 'C')).toEqual([0, 0])
    plane.join('other', 'A', { muted: true })
    expect(heard(plane, 'A', 'B')).toEqual([near(2000), 0])
  })

  test('a removed party is gone from the mix', () => {
    plane.removeLeg('C')
    expect(heard(plane, 'A', 'B')).toEqual([near(2000), near(1000)])
  })
})

test('loud voices are cut, they do not wrap around', () => {
  plane.addLeg('D')
  for (const sid of ['A', 'B', 'C']) plane.speak(sid, steady(30000))
  for (const sid of ['A', 'B', 'C', 'D']) plane.join('room', sid)
  expect(heard(plane, 'D')).toEqual([near(32124)])
  for (const sid of ['A', 'B', 'C']) plane.speak(sid, steady(-30000))
  expect(heard(plane, 'D')).toEqual([-32124])
})

describe('bridges', () => {
  test('two parties hear each other, and an announcement on top, until one leaves', () => {
    plane.speak('A', steady(1000))
    plane.speak('B', steady(2000))
    plane.bridge('A', 'B')
    expect(heard(plane, 'A', 'B')).toEqual([near(2000), near(1000)])
    plane.play('A', steady(4000))
    expect(heard(plane, 'A', 'B')).toEqual([near(6000), near(1000)])
    plane.stopPlaying('A')
    plane.removeLeg('B')
    expect(heard(plane, 'A')).toEqual([0])
  })

  test('a bridge takes the parties out of their conference, a conference out of their bridge', () => {
    plane.speak('C', steady(4000))
    for (const sid of ['A', 'B', 'C']) plane.join('room', sid)
    plane.bridge('A', 'B')
    expect(heard(plane, 'A')).toEqual([0])
    plane.join('room', 'A')
    plane.speak('B', steady(2000))
    expect(heard(plane, 'A')).toEqual([near(4000)])
  })
})

describe('players', () => {
  test('a clip ends by itself, a loop goes on without a gap', () => {
    expect(plane.play('A', steady(1000, 2))).toBe(40)
    expect([heard(plane, 'A'), heard(plane, 'A'), heard(plane, 'A')].flat()).toEqual([near(1000), near(1000), 0])
    plane.play('A', encode(new Int16Array(100).fill(1000)), { loop: true })
    for (let tick = 0; tick < 7; tick++) expect(heard(plane, 'A')).toEqual([near(1000)])
    plane.stopPlaying('A')
    expect(heard(plane, 'A')).toEqual([0])
  })

  test('a new sentence replaces the old one', () => {
    plane.bridge('A', 'B')
    plane.speak('A', steady(1000))
    plane.speak('A', steady(2000))
    expect(heard(plane, 'B')).toEqual([near(2000)])
    plane.stopSpeaking('A')
    expect(heard(plane, 'B')).toEqual([0])
  })

  test('an empty loop is silence, not an endless loop', () => {
    plane.play('A', new Uint8Array(0), { loop: true })
    expect(heard(plane, 'A')).toEqual([0])
  })
})

test('frames from outside replace the scripted voice, and give it back a second after they stop', () => {
  plane.bridge('A', 'B')
  plane.speak('A', steady(1000, 500))
  plane.feed('A', steady(4000, 1))
  expect(heard(plane, 'B')).toEqual([near(4000)])
  expect(heard(plane, 'B')).toEqual([0])
  for (let tick = 0; tick < 50; tick++) plane.tick()
  expect(heard(plane, 'B')).toEqual([near(1000)])
})

test('levels are the RMS of the last 200 ms in both directions', () => {
  plane.bridge('A', 'B')
  plane.speak('A', encode(tone([440], 1000, 0.5)))
  for (let tick = 0; tick < 20; tick++) plane.tick()
  expect(plane.levels('A').says).toBeCloseTo(0.5 / Math.SQRT2, 2)
  expect(plane.levels('A').hears).toBe(0)
  expect(plane.levels('B').hears).toBeCloseTo(0.5 / Math.SQRT2, 2)
  plane.stopSpeaking('A')
  for (let tick = 0; tick < 10; tick++) plane.tick()
  expect(plane.levels('B').hears).toBe(0)
})

test('a tap gets both directions every tick until it is taken off; a broken one harms nobody', () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
  const frames: number[] = []
  plane.tap('A', () => {
    throw new Error('broken')
  })
  const stop = plane.tap('A', (says, hears) => frames.push(says.length, hears.length))
  plane.tick()
  plane.tick()
  stop()
  plane.tick()
  expect(frames).toEqual([160, 160, 160, 160])
  expect(errors).toHaveBeenCalledOnce()
  errors.mockRestore()
})

test('commands for a party that is gone do nothing', () => {
  plane.removeLeg('A')
  plane.speak('A', silence(20))
  plane.join('room', 'A')
  plane.bridge('A', 'B')
  plane.feed('A', silence(20))
  plane.setHeld('A', true)
  expect(heard(plane, 'A')).toEqual([Number.NaN])
  expect(plane.levels('A')).toEqual({ says: 0, hears: 0 })
})
