import { expect, test } from 'vitest'
import { tone } from '../media/tones.ts'
import { MAX_CODECS, OpusCodec } from './opus-codec.ts'

function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length)
}

test('a tone survives encoding and decoding with its loudness', () => {
  const codec = new OpusCodec()
  const pcm = tone([440], 1000, 0.3)
  let last: Int16Array = new Int16Array(0)
  for (let at = 0; at < pcm.length - 160; at += 160) last = codec.decode(codec.encode(pcm.subarray(at, at + 160)))
  codec.close()
  expect(last).toHaveLength(160)
  expect(rms(last) / rms(pcm.subarray(4000, 4160))).toBeGreaterThan(0.8)
  expect(rms(last) / rms(pcm.subarray(4000, 4160))).toBeLessThan(1.2)
})

test('the last of many codecs does not disturb the first, and closing gives the memory back', () => {
  for (let round = 0; round < 3; round++) {
    const all = Array.from({ length: MAX_CODECS }, () => new OpusCodec())
    expect(() => new OpusCodec()).toThrow('more than')
    const frame = tone([1000], 20, 0.5)
    let heard = 0
    for (let i = 0; i < 5; i++) {
      const packets = all.map(codec => codec.encode(frame))
      heard = rms((all[0] as OpusCodec).decode(packets.at(-1) as Buffer))
    }
    expect(heard).toBeGreaterThan(4000)
    for (const codec of all) {
      codec.close()
      codec.close()
    }
  }
})

test('a damaged or endless packet is silence, not a crash', () => {
  const codec = new OpusCodec()
  expect(codec.decode(new Uint8Array(0))).toHaveLength(0)
  expect(codec.decode(new Uint8Array(5000))).toHaveLength(0)
  expect(codec.decode(Uint8Array.from([0xff, 0xff, 0xff])).length).toBeLessThanOrEqual(960)
  codec.close()
})
