import { expect, test } from 'vitest'
import { SILENT_FRAME } from './mixer.ts'
import { FRAME_BYTES } from './mulaw.ts'
import { Noise } from './noise.ts'

test.each([0.01, 0.05])('a room of RMS %d is as loud as it says, and the same each time', level => {
  const [one, other] = [new Noise('CA1', level), new Noise('CA1', level)]
  const out = new Int16Array(FRAME_BYTES)
  let sum = 0
  for (let frame = 0; frame < 200; frame += 1) {
    one.under(SILENT_FRAME, out)
    for (const sample of out) sum += sample * sample
    expect(other.under(SILENT_FRAME, new Int16Array(FRAME_BYTES))).toEqual(out)
  }
  const rms = Math.sqrt(sum / (200 * FRAME_BYTES)) / 32768
  expect(rms).toBeGreaterThan(level * 0.9)
  expect(rms).toBeLessThan(level * 1.1)
})
