import { expect, test } from 'vitest'
import { PeakReader, PIECES } from './peaks.ts'
import { wavOf } from './wav.ts'

const HZ = 8_000

/** A file with two channels, of samples that alternate. */
function stereo(left: Int16Array, right: Int16Array): Uint8Array {
  const both = Int16Array.from({ length: left.length * 2 }, (_, at) => (at % 2 === 0 ? left : right)[at >> 1] ?? 0)
  const file = wavOf(both, HZ)
  new DataView(file.buffer).setUint16(22, 2, true)
  return file
}

function pictureOf(file: Uint8Array, chunk: number) {
  const reader = new PeakReader(file.length)
  for (let at = 0; at < file.length; at += chunk) reader.push(file.subarray(at, at + chunk))
  return reader.picture()
}

test.each([1, 3, 44, 1_000, 100_000])(
  'each channel has its own peaks, in whatever pieces of %i bytes the file comes',
  chunk => {
    const seconds = 3
    const left = new Int16Array(HZ * seconds).fill(16_384, 0, HZ)
    const right = new Int16Array(HZ * seconds).fill(-32_768, HZ * 2)
    const picture = pictureOf(stereo(left, right), chunk)
    expect(picture).toMatchObject({ channels: 2, seconds })
    const peaks = picture?.peaks ?? new Uint8Array()
    const third = PIECES / seconds
    const piece = (channel: number, at: number) => peaks[channel * PIECES + at]
    expect([piece(0, 0), piece(0, third - 1), piece(0, third), piece(0, PIECES - 1)]).toEqual([128, 128, 0, 0])
    expect([piece(1, 0), piece(1, 2 * third - 1), piece(1, 2 * third), piece(1, PIECES - 1)]).toEqual([0, 0, 255, 255])
  },
)

test('a sample that is hardly there is no silence, and one that is not is', () => {
  expect(pictureOf(wavOf(new Int16Array(HZ).fill(1), HZ), 999)?.peaks.every(peak => peak === 1)).toBe(true)
  expect(pictureOf(wavOf(new Int16Array(HZ), HZ), 999)?.peaks.every(peak => peak === 0)).toBe(true)
})

test('what is no such file has no picture', () => {
  expect(pictureOf(new Uint8Array(10_000).fill(7), 100)).toBeNull()
  expect(pictureOf(wavOf(new Int16Array(0), HZ), 100)).toBeNull()
  expect(pictureOf(wavOf(new Int16Array(9), HZ).subarray(0, 30), 10)).toBeNull()
})
