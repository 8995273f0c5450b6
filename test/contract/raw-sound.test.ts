/** What services send where raw sound was asked for: sound files, other rates, pages. */
import { expect, test } from 'vitest'
import { Rests, SPEECH_FIRST_MS, SpeechChain } from '../../src/providers/chain.ts'
import { DeepgramSpeech } from '../../src/providers/speech/deepgram.ts'
import { ElevenLabsSpeech } from '../../src/providers/speech/elevenlabs.ts'
import { OpenAiSpeech } from '../../src/providers/speech/openai.ts'
import type { Speech } from '../../src/providers/speech/port.ts'
import { ScriptedSpeech } from '../../src/providers/speech/scripted.ts'
import { joinedBytes } from '../../src/sound/bytes.ts'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'
import { wavOf } from '../../src/sound/wav.ts'
import { failureOf, gather } from './outcomes.ts'

const VOICE = { voice: '', language: 'en-US' }
const never = new AbortController().signal
const TONE_HZ = 400
const SECONDS = 1

/** Sends the bytes in pieces of an odd length. */
function serving(bytes: Uint8Array, type = 'application/octet-stream', status = 200): typeof fetch {
  return async () => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / 333) }, (_, at) =>
      bytes.slice(at * 333, at * 333 + 333),
    )
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece)
        controller.close()
      },
    })
    return new Response(body, { status, headers: { 'Content-Type': type } })
  }
}

const openAi = (fetch: typeof globalThis.fetch) =>
  new OpenAiSpeech({ apiKey: 'k', baseUrl: 'http://voice.test/v1', fetch })
const MULAW: [string, (fetch: typeof globalThis.fetch) => Speech][] = [
  ['deepgram', fetch => new DeepgramSpeech({ apiKey: 'k', fetch })],
  ['elevenlabs', fetch => new ElevenLabsSpeech({ apiKey: 'k', fetch })],
]

async function said(speech: Speech): Promise<Uint8Array> {
  const speaker = await speech.open(VOICE, never)
  return joinedBytes(await gather(speaker.say('Hello.', never)))
}

function tone(hz: number): Int16Array {
  return Int16Array.from({ length: hz * SECONDS }, (_, at) =>
    Math.round(9_000 * Math.sin((2 * Math.PI * TONE_HZ * at) / hz)),
  )
}
const bytesOf = (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)

/** Upward crossings of zero in a second of the telephone's sound: its frequency. A click at an end would be a jump. */
function heard(mulaw: Uint8Array): { ms: number; hz: number; clicks: number } {
  const linear = Array.from(mulaw, byte => LINEAR_OF[byte] ?? 0)
  const steepest = 9_000 * Math.sin((2 * Math.PI * TONE_HZ) / 8_000) * 1.3
  const pairs = linear.slice(1).map((value, at) => [linear[at] ?? 0, value] as const)
  const hz = pairs.filter(([before, value]) => before < 0 && value >= 0).length / SECONDS
  return {
    ms: mulaw.length / 8,
    hz,
    clicks: pairs.filter(([before, value]) => Math.abs(value - before) > steepest).length,
  }
}

/** A header of 44 bytes rewritten for two channels. */
function stereo(samples: Int16Array, hz: number): Uint8Array {
  const file = wavOf(samples, hz)
  const twice = Int16Array.from({ length: samples.length * 2 }, (_, at) => samples[at >> 1] ?? 0)
  const both = joinedBytes([file.slice(0, 44), bytesOf(twice)])
  const view = new DataView(both.buffer)
  view.setUint16(22, 2, true)
  view.setUint32(40, twice.byteLength, true)
  return both
}

/** A WAV file with a chunk of words before the sound, another after it, and (as streams have) lengths that are not known. */
function chunky(samples: Int16Array, hz: number, lengthKnown: boolean): Uint8Array {
  const file = wavOf(samples, hz)
  const words = new TextEncoder().encode('LIST\x08\0\0\0INFOabcd')
  const tail = lengthKnown
    ? new TextEncoder().encode('LIST\xff\0\0\0loud noise if this were played')
    : new Uint8Array(0)
  const whole = joinedBytes([file.slice(0, 36), words, file.slice(36), tail])
  if (!lengthKnown) new DataView(whole.buffer).setUint32(36 + words.length + 4, 0xffff_ffff, true)
  return whole
}

test.each([
  ['bare samples at 24,000 Hz', bytesOf(tone(24_000)), 'audio/pcm'],
  ['bare samples whose type states 16,000 Hz', bytesOf(tone(16_000)), 'audio/L16;rate=16000'],
  ['a WAV file at 24,000 Hz', wavOf(tone(24_000), 24_000), 'audio/wav'],
  ['a WAV file at 16,000 Hz', wavOf(tone(16_000), 16_000), 'application/octet-stream'],
  ['a WAV file at 8,000 Hz', wavOf(tone(8_000), 8_000), 'audio/pcm'],
  ['a WAV file at 22,050 Hz', wavOf(tone(22_050), 22_050), 'audio/wav'],
  ['a WAV file at 44,100 Hz', wavOf(tone(44_100), 44_100), 'audio/wav'],
  ['a WAV file of two channels', stereo(tone(48_000), 48_000), 'audio/wav'],
  ['a WAV file with other chunks', chunky(tone(24_000), 24_000, true), 'audio/wav'],
  ['a WAV file without a length', chunky(tone(24_000), 24_000, false), 'audio/wav'],
])('%s: the right pitch and length, and no click [C10]', async (_name, bytes, type) => {
  const { ms, hz, clicks } = heard(await said(openAi(serving(bytes, type))))
  expect(Math.abs(ms - 1_000)).toBeLessThan(2)
  expect(Math.abs(hz - TONE_HZ)).toBeLessThan(6)
  expect(clicks).toBe(0)
})

const ascii = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0))
const filled = (start: Uint8Array, length = 3_000) => {
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 89 + 41) % 256)
  bytes.set(start)
  return bytes
}
/** MPEG-2 layer III, 24 kHz, 32 kbit/s: frames of 96 bytes. */
const mp3 = filled(new Uint8Array(0))
for (let at = 0; at < mp3.length; at += 96) mp3.set([0xff, 0xf3, 0x44, 0xc4], at)
/** AAC LC, 24 kHz, one channel: frames of 200 bytes. */
const adts = filled(new Uint8Array(0))
for (let at = 0; at < adts.length; at += 200)
  adts.set([0xff, 0xf1, 0x58, 0x40, 200 >> 3, ((200 & 7) << 5) | 0x1f, 0xfc], at)

const FILES: [string, Uint8Array][] = [
  ['MP3', mp3],
  ['MP3 with a tag', filled(ascii('ID3\x04'))],
  ['AU', filled(ascii('.snd'))],
  ['AIFF', filled(ascii('FORM\0\0\x10\0AIFF'))],
  ['MP4', filled(ascii('\0\0\0\x20ftypM4A '))],
  ['ADTS', adts],
  ['WebM', filled(ascii('\x1a\x45\xdf\xa3'))],
  ['Ogg', filled(ascii('OggS'))],
  ['FLAC', filled(ascii('fLaC'))],
  ['JSON', ascii('{"error": "no such voice"}')],
  ['short JSON', ascii('{}')],
  ['a JSON list', ascii('[{"error": "no such voice"}]')],
  ['HTML', ascii('<!DOCTYPE html><html><body>Sign in to the hotel network</body></html>')],
  ['HTML after empty lines', ascii('\n\n  <html lang="en"><body>Welcome</body></html>')],
]

test.each(FILES)('%s is refused by every voice before a sound of it is heard [C10]', async (_name, bytes) => {
  for (const make of [openAi, ...MULAW.map(([, make]) => make)]) {
    const failed = await failureOf(said(make(serving(bytes))))
    expect(failed.kind).toBe('refused')
  }
})

test('a WAV file is refused where µ-law was asked for, and so is one that cannot be converted [C10]', async () => {
  for (const [, make] of MULAW)
    expect((await failureOf(said(make(serving(wavOf(tone(8_000), 8_000)))))).kind).toBe('refused')
  const float = wavOf(tone(24_000), 24_000)
  new DataView(float.buffer).setUint16(20, 3, true)
  const odd = wavOf(tone(24_000), 12_345)
  for (const bytes of [float, odd, ascii('RIFF\x10\0\0\0AVI LIST'), float.slice(0, 40)])
    expect((await failureOf(said(openAi(serving(bytes))))).kind).toBe('refused')
  expect((await failureOf(said(openAi(serving(bytesOf(tone(8_000)), 'audio/pcm;rate=12345'))))).kind).toBe('refused')
})

test('a page or a message is known by its type as well [C10]', async () => {
  for (const type of ['text/html; charset=utf-8', 'application/json', 'application/problem+json'])
    for (const make of [openAi, ...MULAW.map(([, make]) => make)])
      expect((await failureOf(said(make(serving(filled(ascii('no')), type))))).kind).toBe('refused')
})

test.each(MULAW)('%s: quiet sound that begins as a file might is played [C10]', async (_name, make) => {
  const quiet = new Uint8Array(3_000).fill(0xff)
  const starts = [
    [0xff, 0xf3, 0x44, 0xc4],
    [0xff, 0xf1, 0x58, 0x40, 0x19, 0x1f],
    [0x7b, 0x7a, 0xfb],
    [0x3c, 0xbc],
  ]
  for (const start of starts) {
    const sound = quiet.slice()
    sound.set(start)
    expect([...(await said(make(serving(sound))))]).toEqual([...sound])
  }
})

test('the next voice speaks when the first one sends a file [C10]', async () => {
  const spare = new ScriptedSpeech({ sound: () => new Uint8Array(800).fill(0x55) })
  const after: string[] = []
  const options = {
    rests: new Rests(),
    now: () => 0,
    firstMs: SPEECH_FIRST_MS,
    answered: (answer: { after: { kind: string }[] }) => void after.push(...answer.after.map(one => one.kind)),
  }
  const sound = await said(new SpeechChain([openAi(serving(mp3, 'audio/mpeg')), spare], options))
  expect([...new Set(sound)]).toEqual([0x55])
  expect(after).toEqual(['refused'])
})
