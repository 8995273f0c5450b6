import { expect, test } from 'vitest'
import { writeMp3 } from './mp3.ts'
import { clipMs, decode, encode } from './mulaw.ts'
import { readSound } from './sound-file.ts'
import { tone } from './tones.ts'
import { decodeALaw, readWav, writeWav } from './wav.ts'

/** Sound files in and out: a tone goes in, the same tone must come out, as long as it was. */

function wav(tag: number, bits: number, hz: number, channels: number, ms = 500): Uint8Array {
  const count = Math.round((hz * ms) / 1_000)
  const step = (bits / 8) * channels
  const file = Buffer.alloc(44 + count * step)
  file.write('RIFF', 0)
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(tag, 20)
  file.writeUInt16LE(channels, 22)
  file.writeUInt32LE(hz, 24)
  file.writeUInt32LE(hz * step, 28)
  file.writeUInt16LE(step, 32)
  file.writeUInt16LE(bits, 34)
  file.write('data', 36)
  file.writeUInt32LE(count * step, 40)
  for (let index = 0; index < count; index += 1) {
    const value = 0.4 * Math.sin((2 * Math.PI * 440 * index) / hz)
    for (let channel = 0; channel < channels; channel += 1) {
      const at = 44 + index * step + channel * (bits / 8)
      if (tag === 3) file.writeFloatLE(value, at)
      else if (bits === 8) file.writeUInt8(Math.round(value * 127) + 128, at)
      else file.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, bits / 8)
    }
  }
  return new Uint8Array(file)
}

/** The share of the energy at this frequency, and the loudness. */
function listen(clip: Uint8Array, hz: number): { share: number; rms: number } {
  const pcm = decode(clip).subarray(400, -400)
  let [re, im, energy] = [0, 0, 0]
  pcm.forEach((sample, index) => {
    re += sample * Math.cos((2 * Math.PI * hz * index) / 8_000)
    im += sample * Math.sin((2 * Math.PI * hz * index) / 8_000)
    energy += sample * sample
  })
  return { share: (2 * (re * re + im * im)) / pcm.length / energy, rms: Math.sqrt(energy / pcm.length) / 32_768 }
}

test.each([
  [1, 8, 8_000, 1],
  [1, 16, 8_000, 1],
  [1, 16, 44_100, 2],
  [1, 24, 48_000, 1],
  [1, 16, 22_050, 1],
  [3, 32, 16_000, 1],
])('WAV format %i, %i bits, %i Hz, %i channels', (tag, bits, hz, channels) => {
  const clip = readSound(wav(tag, bits, hz, channels), 'audio/wav')
  expect(Math.abs(clipMs(clip) - 500)).toBeLessThan(2)
  const { share, rms } = listen(clip, 440)
  expect(share).toBeGreaterThan(0.97)
  expect(Math.abs(rms - 0.283)).toBeLessThan(0.02)
})

test('µ-law and A-law', () => {
  const ulaw = encode(tone([440], 500, 0.4))
  expect(readSound(ulaw, 'audio/basic')).toEqual(ulaw)
  // ITU-T G.711: the smallest and the largest value of each sign.
  expect([0xd5, 0x55, 0xaa, 0x2a].map(decodeALaw)).toEqual([8, -8, 32_256, -32_256])
})

test('what is written is read again: WAV exactly, MP3 by ear, one and two channels', async () => {
  const voice = encode(tone([440], 1_000, 0.4))
  const other = encode(tone([1_000], 1_000, 0.4))
  expect(encode(readWav(writeWav([voice])).samples)).toEqual(voice)
  const mp3 = readSound(await writeMp3([voice]), 'audio/mpeg')
  expect(listen(mp3, 440).share).toBeGreaterThan(0.9)
  expect(Math.abs(clipMs(mp3) - 1_000)).toBeLessThan(250)
  const dual = readSound(await writeMp3([voice, other]), 'audio/mpeg')
  expect(listen(dual, 440).share).toBeGreaterThan(0.4)
  expect(listen(dual, 1_000).share).toBeGreaterThan(0.4)
})

test.each([
  ['nothing', new Uint8Array(0)],
  ['a page', Buffer.from('<html></html>')],
  ['a WAV header alone', wav(1, 16, 8_000, 1).subarray(0, 30)],
  ['a format nobody knows', wav(17, 16, 8_000, 1)],
  ['half an MP3 frame', new Uint8Array([0xff, 0xfb, 0x90, 0x64, 0, 0])],
])('%s is refused with a reason', (_what, bytes) => {
  expect(() => readSound(new Uint8Array(bytes), 'audio/wav')).toThrow(/WAV|MP3/)
})
