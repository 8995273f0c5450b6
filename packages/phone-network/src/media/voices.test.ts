import { afterAll, describe, expect, test } from 'vitest'
import { clipMs, decode } from './mulaw.ts'
import { resample } from './resample.ts'
import { tone } from './tones.ts'
import { MAX_TEXT_LENGTH, SpokenVoices } from './voices.ts'

const voices = new SpokenVoices(1)
afterAll(() => voices.close())

function rms(samples: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2
  return Math.sqrt(sum / samples.length) / 32768
}

describe('speech', () => {
  test('has the length and the energy of a spoken sentence', async () => {
    const clip = await voices.say('Hello, this is Amara speaking.')
    expect(clipMs(clip)).toBeGreaterThan(1500)
    expect(clipMs(clip)).toBeLessThan(3500)
    expect(rms(decode(clip))).toBeGreaterThan(0.05)
    expect(rms(decode(clip))).toBeLessThan(0.25)
  })

  test('is the same for the same words in another network, and the voices differ', async () => {
    const other = new SpokenVoices(99)
    const [one, two, man] = await Promise.all([
      voices.say('Good morning.', 'woman'),
      other.say('Good morning.', 'alice'),
      voices.say('Good morning.', 'man'),
    ])
    await other.close()
    expect(two).toEqual(one)
    expect(man).not.toEqual(one)
  })

  test('is made once: a second asking gives the very same clip', async () => {
    const [first, second] = await Promise.all([voices.say('Only once.'), voices.say('Only once.')])
    expect(second).toBe(first)
    expect(await voices.say('Only once.')).toBe(first)
  })

  test('takes names, quotes and accents, and has nothing to say about dots', async () => {
    expect((await voices.say('Chloé said “hi”…')).length).toBeGreaterThan(4000)
    expect((await voices.say('-o /etc/passwd')).length).toBeGreaterThan(4000)
    expect(await voices.say(' … ')).toHaveLength(0)
    expect(await voices.say('')).toHaveLength(0)
  })

  test('does not stop the program while it is made', async () => {
    let beats = 0
    const timer = setInterval(() => beats++, 5)
    await voices.say('A rather long sentence that takes a good while to be turned into sound, word by word by word.')
    clearInterval(timer)
    expect(beats).toBeGreaterThan(4)
  })

  test('refuses what is too long, and everything after it was closed', async () => {
    await expect(voices.say('a'.repeat(MAX_TEXT_LENGTH + 1))).rejects.toThrow('longer than 4096')
    const closed = new SpokenVoices(1)
    await closed.close()
    await expect(closed.say('Hello')).rejects.toThrow('closed')
  })

  test('an unknown voice name always falls back to the same voice', () => {
    expect(voices.voiceFor('Google.en-US-Chirp3')).toBe(new SpokenVoices(1).voiceFor('Google.en-US-Chirp3'))
    expect(voices.voiceFor('Polly.Joanna-Neural')).toBe('slt')
    expect(voices.voiceFor(undefined)).toBe('slt')
  })
})

describe('standard sounds', () => {
  test.each([
    ['ringback', 6000, true],
    ['busy', 4000, true],
    ['beep', 500, true],
    ['silence', 1000, false],
  ] as const)('%s lasts %d ms and is as long as asked otherwise', (name, ms, loud) => {
    expect(clipMs(voices.sound(name))).toBe(ms)
    expect(clipMs(voices.sound(name, 1240))).toBe(1240)
    const level = rms(decode(voices.sound(name)))
    expect([level === 0, level > 0.03]).toEqual([!loud, loud])
  })

  test('ringback sounds two seconds of six', () => {
    const pcm = decode(voices.sound('ringback'))
    expect(rms(pcm.subarray(0, 16_000))).toBeGreaterThan(0.08)
    expect(rms(pcm.subarray(16_000))).toBe(0)
  })

  test('hold music is quiet, never silent for long, and loops', () => {
    const pcm = decode(voices.sound('hold'))
    expect(rms(pcm)).toBeGreaterThan(0.01)
    expect(rms(pcm)).toBeLessThan(0.06)
    for (let at = 0; at < pcm.length; at += 4000) expect(rms(pcm.subarray(at, at + 4000))).toBeGreaterThan(0.005)
    expect(clipMs(voices.sound('hold', 20_000))).toBe(20_000)
  })
})

test('resampling keeps a 1 kHz tone and removes what does not fit into 4 kHz', () => {
  const at16k = (hz: number) =>
    Int16Array.from({ length: 16_000 }, (_, i) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * i) / 16_000)))
  const kept = resample(at16k(1000), 16_000, 8000)
  expect(kept).toHaveLength(8000)
  expect(rms(kept)).toBeCloseTo(10_000 / Math.SQRT2 / 32768, 3)
  expect(rms(resample(at16k(6000), 16_000, 8000).subarray(200, 7800))).toBeLessThan(0.001)
  expect(resample(tone([440], 100, 0.5), 8000, 8000)).toHaveLength(800)
})

test('speed changes the length, not the loudness', async () => {
  const voices = new SpokenVoices(7)
  const [slow, fast] = [
    await voices.say('The quick brown fox.', 'rms', 0.7),
    await voices.say('The quick brown fox.', 'rms', 1.5),
  ]
  expect(slow.length / fast.length).toBeGreaterThan(1.6)
  await voices.close()
})
