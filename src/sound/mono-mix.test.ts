import { expect, test } from 'vitest'
import { MonoMix } from './mono-mix.ts'
import { wavHead } from './wav-head.ts'
import { readWav } from './wav-reading.ts'

const FRAMES = 50
/** Two channels, with a piece of something else before the samples. */
function twoSides(): Uint8Array {
  const file = new DataView(new ArrayBuffer(54 + FRAMES * 4))
  const word = (at: number, text: string) => {
    for (let place = 0; place < text.length; place += 1) file.setUint8(at + place, text.charCodeAt(place))
  }
  word(0, 'RIFF')
  file.setUint32(4, file.byteLength - 8, true)
  word(8, 'WAVEfmt ')
  file.setUint32(16, 16, true)
  file.setUint16(20, 1, true)
  file.setUint16(22, 2, true)
  file.setUint32(24, 8_000, true)
  file.setUint32(28, 32_000, true)
  file.setUint16(32, 4, true)
  file.setUint16(34, 16, true)
  word(36, 'LIST')
  file.setUint32(40, 2, true)
  word(46, 'data')
  file.setUint32(50, FRAMES * 4, true)
  for (let at = 0; at < FRAMES; at += 1) {
    file.setInt16(54 + at * 4, Math.min(32_767, at * 1_000), true)
    file.setInt16(56 + at * 4, at % 2 === 0 ? -at : at, true)
  }
  return new Uint8Array(file.buffer)
}

const FILE = twoSides()
const head = wavHead(FILE, FILE.length)
if (head === null) throw new Error('no head')
const mix = new MonoMix(head)

/** The part, read in pieces of `size` bytes. */
function partOf(from: number, to: number, size: number): Uint8Array {
  const source = mix.source({ from, to })
  const bytes = source === null ? new Uint8Array(0) : FILE.subarray(source.from, source.from + source.bytes)
  const { header, mixed } = mix.reading({ from, to })
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    mixed(bytes.subarray(at * size, (at + 1) * size)),
  )
  return Uint8Array.from([header, ...pieces].flatMap(piece => [...piece]))
}

test('the mix has both sides, its length is known before, and it is a file', () => {
  const whole = partOf(0, mix.bytes - 1, 1_000)
  expect(whole.length).toBe(mix.bytes)
  const read = readWav(whole)
  expect(read?.hz).toBe(8_000)
  expect(read?.samples).toEqual(readWav(FILE)?.samples)
  expect(read?.samples[3]).toBe(3_003)
  expect(read?.samples[41]).toBe(32_767)
})

test('any part of it, in pieces of any length, is what the whole has there', () => {
  const whole = partOf(0, mix.bytes - 1, 1_000)
  for (const size of [1, 3, 7, 1_000])
    for (const [from, to] of [
      [0, 0],
      [0, 43],
      [10, 44],
      [43, 45],
      [44, 44],
      [45, 45],
      [45, 80],
      [46, 47],
      [51, mix.bytes - 1],
      [mix.bytes - 1, mix.bytes - 1],
    ] as const)
      expect(partOf(from, to, size), `${from} to ${to} in ${size}`).toEqual(whole.subarray(from, to + 1))
})
