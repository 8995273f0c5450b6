import { alaw } from 'alawmulaw'
import { expect, test } from 'vitest'
import { encode } from '../../media/mulaw.ts'
import { readWav } from '../../media/wav.ts'
import { Refusal } from '../answering.ts'
import { encodeALaw, encodeClip, wavHeader } from './audio-format.ts'
import { sentencesOf, wholeSentences } from './sentences.ts'
import { readSpeakParameters } from './speak-parameters.ts'

test('A-law of all samples is that of another implementation', () => {
  const samples = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768)
  const other = Uint8Array.from(samples, sample => alaw.encodeSample(sample) & 0xff)
  const wrong = [...encodeALaw(samples)].flatMap((byte, index) => (byte === other[index] ? [] : [samples[index]]))
  expect(wrong).toEqual([])
})

test('a clip is as long in every format, and the header says what follows', async () => {
  const clip = encode(Int16Array.from({ length: 8_000 }, (_, index) => 9_000 * Math.sin(index / 5)))
  for (const hz of [8_000, 16_000, 24_000, 48_000]) {
    expect((await encodeClip(clip, { encoding: 'linear16', hz, wav: false })).length).toBe(hz * 2)
  }
  const sound = await encodeClip(clip, { encoding: 'linear16', hz: 16_000, wav: true })
  const header = wavHeader({ encoding: 'linear16', hz: 16_000, wav: true }, sound.length)
  expect(readWav(Buffer.concat([header, sound]))).toMatchObject({ hz: 16_000, samples: { length: 16_000 } })
  expect(readWav(Buffer.concat([wavHeader({ encoding: 'mulaw', hz: 8_000, wav: true }), clip])).samples.length).toBe(
    8_000,
  )
})

test('sentences end where people end them', () => {
  expect(sentencesOf('Hello. Dr. Smith is in! It costs 3.50 today? Yes')).toEqual([
    'Hello.',
    'Dr. Smith is in!',
    'It costs 3.50 today?',
    'Yes',
  ])
  expect(sentencesOf('  ')).toEqual([])
  expect(wholeSentences('One. Two')).toEqual({ whole: ['One.'], rest: 'Two' })
  expect(wholeSentences('Two.')).toEqual({ whole: [], rest: 'Two.' })
  const long = sentencesOf('word '.repeat(300))
  expect(long.length).toBeGreaterThan(3)
  expect(Math.max(...long.map(sentence => sentence.length))).toBeLessThanOrEqual(400)
  expect(sentencesOf('x'.repeat(1_000)).join('')).toBe('x'.repeat(1_000))
})

const read = (query: string, streaming = false) => readSpeakParameters(new URLSearchParams(query), streaming)

test('voices are he or she; formats have their defaults', () => {
  expect(read('encoding=mulaw&container=none')).toEqual({
    model: 'aura-2-thalia-en',
    voice: 'slt',
    format: { encoding: 'mulaw', hz: 8_000, wav: false },
    speed: 1,
  })
  expect(read('model=aura-2-orion-en&encoding=linear16').format).toEqual({
    encoding: 'linear16',
    hz: 24_000,
    wav: true,
  })
  expect([
    read('model=aura-2-orion-en').voice,
    read('model=aura-angus-en').voice,
    read('model=aura-2-kal-en').voice,
  ]).toEqual(['rms', 'awb', 'kal'])
  expect(read('', true).format).toEqual({ encoding: 'linear16', hz: 24_000, wav: false })
})

test.each([
  ['encoding=opus', false, 'encoding=opus'],
  ['encoding=mp3', true, 'encoding=mp3'],
  ['encoding=mulaw&sample_rate=16000', false, 'sample_rate=16000'],
  ['encoding=linear16&sample_rate=11025', false, 'sample_rate=11025'],
  ['encoding=mulaw&container=ogg', false, 'container=ogg'],
  ['encoding=mp3&container=wav', false, 'container=wav'],
  ['encoding=mulaw&container=wav', true, 'container=wav'],
  ['model=tacotron', false, 'tacotron'],
  ['speed=9', false, 'speed'],
])('%s is refused', (query, streaming, why) => {
  expect(() => read(query, streaming)).toThrow(Refusal)
  expect(() => read(query, streaming)).toThrow(why)
})
