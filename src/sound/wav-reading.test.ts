import { expect, test } from 'vitest'
import { wavOf } from './wav.ts'
import { readWav, soundMs } from './wav-reading.ts'

const HZ = 8_000
const tone = (ms: number, loud: number) =>
  Int16Array.from({ length: (HZ * ms) / 1_000 }, (_, at) => Math.round(loud * Math.sin((2 * Math.PI * 440 * at) / HZ)))

test('what was written is read, and two channels are mixed to one', () => {
  const samples = tone(100, 8_000)
  expect(readWav(wavOf(samples, HZ))).toEqual({ hz: HZ, samples })
  const two = wavOf(
    Int16Array.from({ length: samples.length * 2 }, (_, at) => samples[at >> 1] ?? 0),
    HZ,
  )
  new DataView(two.buffer).setUint16(22, 2, true)
  expect(readWav(two)?.samples.length).toBe(samples.length)
})

test('a file that is none, or is cut, is no surprise', () => {
  expect(readWav(new Uint8Array(3))).toBeNull()
  expect(readWav(new TextEncoder().encode('<html>not a sound</html>'))).toBeNull()
  const cut = wavOf(tone(100, 8_000), HZ).subarray(0, 500)
  expect(readWav(cut)?.samples.length).toBe(228)
  for (let length = 0; length < 60; length += 1) expect(() => readWav(cut.subarray(0, length))).not.toThrow()
})

test('silence and the noise of a line are no sound; a voice is', () => {
  expect(soundMs({ hz: HZ, samples: new Int16Array(HZ) })).toBe(0)
  expect(soundMs({ hz: HZ, samples: tone(1_000, 60) })).toBe(0)
  expect(soundMs({ hz: HZ, samples: tone(1_500, 4_000) })).toBe(1_500)
})
