import { expect, test } from 'vitest'
import { decode, encode, FRAME_BYTES, silence } from '../media/mulaw.ts'
import { Noise } from '../media/noise.ts'
import { tone } from '../media/tones.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'

/** One recording, frame by frame. */

const QUIET = silence(20)
const LOUD = encode(tone([440], 20, 0.4))
const OTHER = encode(tone([900], 20, 0.2))

function recorder(more: Partial<RecorderOptions> = {}) {
  const told: string[] = []
  const made = new Recorder({ channels: 1, track: 'both', silenceMs: null, silent: () => told.push('silent'), ...more })
  const hear = (frames: number, says = QUIET, hears = QUIET): void => {
    for (let index = 0; index < frames; index += 1) made.hear(says, hears)
  }
  return { made, hear, told }
}

test('a track alone is what was heard of it; both are mixed, or side by side', () => {
  for (const [track, expected] of [
    ['inbound', [LOUD]],
    ['outbound', [OTHER]],
  ] as const) {
    const { made, hear } = recorder({ track })
    hear(1, LOUD, OTHER)
    expect(made.finish(false).voices.map(voice => encode(decode(voice)))).toEqual(expected)
  }
  const dual = recorder({ channels: 2 })
  dual.hear(1, LOUD, OTHER)
  expect(dual.made.finish(false).voices).toEqual([LOUD, OTHER])
  const mixed = recorder()
  mixed.hear(1, LOUD, OTHER)
  const [voice = QUIET] = mixed.made.finish(false).voices
  const sum = decode(LOUD).map((sample, index) => sample + (decode(OTHER)[index] ?? 0))
  expect(Buffer.from(voice)).toEqual(Buffer.from(encode(sum)))
})

test('a pause is left out, or silent, and both channels stay in step', () => {
  for (const [skips, ms] of [
    [true, 400],
    [false, 1_400],
  ] as const) {
    const { made, hear } = recorder({ channels: 2 })
    hear(10, LOUD)
    made.pause(skips)
    hear(50, LOUD, LOUD)
    made.resume()
    hear(10, LOUD)
    const kept = made.finish(false)
    expect([kept.ms, kept.voices.map(voice => voice.length)]).toEqual([ms, [ms * 8, ms * 8]])
    expect(kept.voices[1]?.every(byte => byte === 0xff)).toBe(true)
  }
})

test('trimming cuts the silence at both ends only', () => {
  const { made, hear } = recorder()
  for (const [frames, sound] of [
    [50, QUIET],
    [10, LOUD],
    [30, QUIET],
    [10, LOUD],
    [60, QUIET],
  ] as const) {
    hear(frames, sound)
  }
  expect(made.finish(true).ms).toBe(1_000)
})

test('silence is told once, also in a noisy room, and not while somebody speaks', () => {
  const { made, hear, told } = recorder({ silenceMs: 1_000 })
  const room = new Noise('CA1', 0.03)
  const buffer = new Int16Array(FRAME_BYTES)
  const noisy = (frames: number, says: Uint8Array): void => {
    for (let index = 0; index < frames; index += 1) hear(1, encode(room.under(decode(says), buffer)))
  }
  noisy(20, QUIET)
  noisy(60, LOUD)
  expect(told).toEqual([])
  noisy(48, QUIET)
  expect(told).toEqual([])
  noisy(100, QUIET)
  expect([told, made.finish(false).heard]).toEqual([['silent'], true])
})

test('nobody has spoken', () => {
  const { made, hear } = recorder()
  hear(600)
  expect(made.finish(true)).toMatchObject({ ms: 12_000, heard: false })
})
