/** Tests of behaviour that only Deepgram has: silence on the line, its own end of a turn, the budget of flushes, sound files. */
import { afterEach, expect, test } from 'vitest'
import { DeepgramSpeech } from '../../src/providers/speech/deepgram.ts'
import { DeepgramSocketSpeech, FLUSH_WINDOW_MS, FLUSHES_MAX } from '../../src/providers/speech/deepgram-socket.ts'
import { DeepgramTranscription, deepgramLanguage } from '../../src/providers/transcription/deepgram.ts'
import { DeepgramFluxTranscription } from '../../src/providers/transcription/deepgram-flux.ts'
import type { Heard } from '../../src/providers/transcription/port.ts'
import { startDeepgram } from '../vendors/deepgram.ts'
import { framesOf, silence, soundOfWords, spokenText } from '../vendors/spelled-sound.ts'
import type { VendorServer } from '../vendors/vendor-server.ts'
import { connectByWs } from './node-socket.ts'
import { failureOf, gather } from './outcomes.ts'

const never = new AbortController().signal
const OPTIONS = { language: 'en-US', hints: [] }
const VOICE = { voice: '', language: 'en-US' }
const vendors: VendorServer[] = []
const vendor = async (settings: Parameters<typeof startDeepgram>[0] = {}) => {
  const one = await startDeepgram(settings)
  vendors.push(one)
  return one
}

afterEach(async () => {
  for (const one of vendors.splice(0)) {
    expect(one.complaints).toEqual([])
    await one.stop()
  }
})

test('a line on which nobody sends is kept alive; one that Deepgram gives up is a failure', async () => {
  const open = async (baseUrl: string, keepAliveMs: number) => {
    const events: Heard[] = []
    const deepgram = new DeepgramTranscription({ apiKey: 'test-key', baseUrl, connect: connectByWs, keepAliveMs })
    return { events, ear: await deepgram.open(OPTIONS, event => events.push(event), never) }
  }
  const told: string[] = []
  const patient = await vendor({ patienceMs: 200, told: message => told.push(message) })
  const { events, ear } = await open(patient.url, 50)
  const lost = await open((await vendor({ patienceMs: 200 })).url, 60_000)
  await expect.poll(() => lost.events).toMatchObject([{ type: 'failed', failure: { kind: 'unavailable' } }])
  // More of them than its patience has room for: nothing else can have kept the line open.
  await expect.poll(() => told.length).toBeGreaterThan(8)
  expect(new Set(told)).toEqual(new Set(['{"type":"KeepAlive"}']))
  ear.send(soundOfWords('hello'))
  ear.settle()
  await expect.poll(() => events.at(-1)?.type).toBe('settled')
  expect(events.find(event => event.type === 'words' && event.final)).toMatchObject({ text: 'hello' })
  ear.close()
})

test('interim words come while one speaks, and Flux tells its own end of a turn', async () => {
  const { url } = await vendor()
  for (const Kind of [DeepgramTranscription, DeepgramFluxTranscription]) {
    const events: Heard[] = []
    const ear = await new Kind({ apiKey: 'test-key', baseUrl: url, connect: connectByWs }).open(
      OPTIONS,
      event => events.push(event),
      never,
    )
    for (const frame of framesOf(soundOfWords('hello table'))) ear.send(frame)
    await expect.poll(() => events.some(event => event.type === 'words' && !event.final)).toBe(true)
    for (const frame of framesOf(silence(800))) ear.send(frame)
    await expect.poll(() => events.filter(event => event.type === 'words' && event.final)).toHaveLength(1)
    const ended = events.filter(event => event.type === 'turn-ended').length
    expect(ended).toBe(Kind === DeepgramFluxTranscription ? 1 : 0)
    ear.settle()
    await expect.poll(() => events.at(-1)?.type).toBe('settled')
    expect(events.filter(event => event.type === 'words' && event.final)).toHaveLength(1)
    ear.close()
  }
})

test('languages are asked for as Deepgram knows them', () => {
  expect(['en-US', 'it-IT', 'es-419', 'de-CH', 'fr-FR', 'pt'].map(deepgramLanguage)).toEqual([
    'en-US',
    'it',
    'es-419',
    'de-CH',
    'fr',
    'pt',
  ])
})

test('when the flushes of a minute are used up, sentences go by HTTP, and later by the socket again', async () => {
  let atMs = 0
  const server = await vendor({ now: () => atMs })
  const speech = new DeepgramSocketSpeech({
    apiKey: 'test-key',
    baseUrl: server.url,
    connect: connectByWs,
    now: () => atMs,
  })
  const speaker = await speech.open(VOICE, never)
  const say = async (text: string) =>
    spokenText(new Uint8Array((await gather(speaker.say(text, never))).flatMap(piece => [...piece])))
  const byHttp = () => server.seen.filter(one => one.method === 'POST').length
  for (let count = 0; count < FLUSHES_MAX; count += 1) expect(await say(`Number ${count}.`)).toBe(`Number ${count}.`)
  expect(byHttp()).toBe(0)
  expect(await say('One more.')).toBe('One more.')
  expect(byHttp()).toBe(1)
  atMs = FLUSH_WINDOW_MS - 1
  await say('And more.')
  expect(byHttp()).toBe(2)
  atMs = FLUSH_WINDOW_MS
  expect(await say('Back again.')).toBe('Back again.')
  expect(byHttp()).toBe(2)
  speaker.close()
})

test('a socket that broke leaves the call its voice by HTTP', async () => {
  const server = await vendor()
  const speech = new DeepgramSocketSpeech({ apiKey: 'test-key', baseUrl: server.url, connect: connectByWs })
  const speaker = await speech.open(VOICE, never)
  await gather(speaker.say('Before.', never))
  server.cutAll()
  await expect
    .poll(async () => {
      const sound = await gather(speaker.say('After.', never)).catch(() => [])
      return sound.length > 0 && server.seen.some(one => one.method === 'POST')
    })
    .toBe(true)
  speaker.close()
})

test('sound files are refused before the caller hears them; µ-law that begins like one is not', async () => {
  const mp3 = new Uint8Array(900).fill(0x55)
  // MPEG-2 layer III, 24 kHz, 32 kbit/s: frames of 96 bytes
  for (let at = 0; at < mp3.length; at += 96) mp3.set([0xff, 0xf3, 0x44, 0xc4], at)
  const wav = new TextEncoder().encode('RIFF....WAVEfmt ')
  const tagged = new TextEncoder().encode('ID3\u0004 and so on')
  for (const soundFile of [mp3, wav, tagged]) {
    const { url } = await vendor({ soundFile })
    const speaker = await new DeepgramSpeech({ apiKey: 'test-key', baseUrl: url }).open(VOICE)
    const failed = await failureOf(gather(speaker.say('Hello.', never)))
    expect(failed.kind).toBe('refused')
  }
  const quiet = new Uint8Array(3_000).fill(0xff)
  quiet.set([0xff, 0xf3, 0x44, 0xc4])
  for (const soundFile of [quiet, Uint8Array.of(0xff, 0xfb, 0x7b), new Uint8Array(1)]) {
    const { url } = await vendor({ soundFile })
    const speaker = await new DeepgramSpeech({ apiKey: 'test-key', baseUrl: url }).open(VOICE)
    const sound = (await gather(speaker.say('Hello.', never))).flatMap(piece => [...piece])
    expect(sound).toEqual([...soundFile])
  }
})
