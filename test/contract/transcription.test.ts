/** Tests the contract of everything behind `src/providers/transcription/port.ts` against look-alikes of the vendors. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { googleCredentialsOf } from '../../src/providers/google/access-token.ts'
import { DeepgramTranscription } from '../../src/providers/transcription/deepgram.ts'
import { DeepgramFluxTranscription } from '../../src/providers/transcription/deepgram-flux.ts'
import { GoogleTranscription } from '../../src/providers/transcription/google.ts'
import { OpenAiTranscription } from '../../src/providers/transcription/openai.ts'
import type { Heard, Transcriber, Transcription } from '../../src/providers/transcription/port.ts'
import { ScriptedTranscription } from '../../src/providers/transcription/scripted.ts'
import { WorkersAiTranscription } from '../../src/providers/transcription/workers-ai.ts'
import { startDeepgram } from '../vendors/deepgram.ts'
import { googleKeyFile, startGoogle } from '../vendors/google.ts'
import { startOpenAi } from '../vendors/openai.ts'
import { framesOf, hear, silence, soundOfWords } from '../vendors/spelled-sound.ts'
import type { VendorServer } from '../vendors/vendor-server.ts'
import { aiBinding, startWorkersAi } from '../vendors/workers-ai.ts'
import { connectByWs } from './node-socket.ts'
import { failureOf, REFUSALS } from './outcomes.ts'
import { scriptedAt, startScripted } from './scripted-vendor.ts'

interface Bench {
  name: string
  /** hears while one speaks; others answer at `settle` */
  live: boolean
  start(): Promise<VendorServer>
  make(url: string, key: string, vendor: VendorServer): Transcription
  /** behind the binding nothing says when to come back, and there is no key to be wrong */
  binding?: boolean
}

const BENCHES: Bench[] = [
  {
    name: 'deepgram',
    live: true,
    start: startDeepgram,
    make: (baseUrl, apiKey) => new DeepgramTranscription({ apiKey, baseUrl, connect: connectByWs }),
  },
  {
    name: 'deepgram-flux',
    live: true,
    start: startDeepgram,
    make: (baseUrl, apiKey) => new DeepgramFluxTranscription({ apiKey, baseUrl, connect: connectByWs }),
  },
  ...(['nova-3', 'flux', 'whisper'] as const).map(
    (model): Bench => ({
      name: `workers-ai ${model}`,
      live: model !== 'whisper',
      start: startWorkersAi,
      make: (_url, key, vendor) => new WorkersAiTranscription(aiBinding(vendor, key), model),
      binding: true,
    }),
  ),
  {
    name: 'google',
    live: false,
    start: startGoogle,
    make: (baseUrl, key) => {
      const keyFile = JSON.stringify(googleKeyFile(baseUrl.replace(/\/$/, ''), key === 'test-key'))
      const credentials = googleCredentialsOf(keyFile)
      if (!credentials) throw new Error('no key file')
      return new GoogleTranscription({ credentials, baseUrl })
    },
  },
  {
    name: 'openai',
    live: false,
    start: startOpenAi,
    make: (url, apiKey) => new OpenAiTranscription({ apiKey, baseUrl: `${url.replace(/\/$/, '')}/v1/` }),
  },
  {
    name: 'scripted',
    live: true,
    start: startScripted,
    make: (url, key) => {
      const { vendor, moodOf } = scriptedAt(url)
      const twin = new ScriptedTranscription({ words: hear, mood: moodOf(key) })
      vendor?.broken.add(() => twin.breakAll())
      return twin
    },
  },
]

const never = new AbortController().signal
const OPTIONS = { language: 'en-US', hints: ['Trunkline', 'Zoë & co'] }

describe.each(BENCHES)('$name', bench => {
  let vendor: VendorServer
  const open: Transcriber[] = []
  beforeAll(async () => {
    vendor = await bench.start()
  })
  afterAll(() => vendor.stop())
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
    vendor.seen.length = 0
    expect(vendor.complaints.splice(0)).toEqual([])
  })

  const begin = async () => {
    const events: Heard[] = []
    const ear = await bench.make(`${vendor.url}/`, 'test-key', vendor).open(OPTIONS, event => events.push(event), never)
    open.push(ear)
    const settled = () => events.filter(event => event.type === 'settled').length
    return {
      ear,
      events,
      words: () => events.flatMap(event => (event.type === 'words' && event.final ? [event.text] : [])).join(' '),
      /** Tells the start of speech a little late, as the gate does. */
      speak: (text: string, backMs = 60) => {
        const sound = soundOfWords(text)
        feed(ear, sound.subarray(0, backMs * 8))
        ear.began(backMs)
        feed(ear, sound.subarray(backMs * 8))
      },
      settle: async () => {
        const before = settled()
        ear.settle()
        await expect.poll(settled, { timeout: 5_000 }).toBe(before + 1)
      },
    }
  }

  test('hears every word once, in order, and then says that it is settled [S1-62 S2-10 S2-11]', async () => {
    const { ear, events, words, speak, settle } = await begin()
    feed(ear, silence(400))
    speak('hello table please')
    await settle()
    expect(words()).toBe('hello table please')
    expect(events.at(-1)).toEqual({ type: 'settled' })
  })

  test('turn after turn on one line', async () => {
    const { ear, words, speak, settle } = await begin()
    speak('hello')
    await settle()
    feed(ear, silence(1_000))
    speak('tomorrow please')
    await settle()
    speak('bye')
    await settle()
    expect(words()).toBe('hello tomorrow please bye')
  })

  test('times are those of the sound that was sent', async () => {
    const { ear, events, speak, settle } = await begin()
    feed(ear, silence(500))
    speak('yes')
    await settle()
    const told = events.find(event => event.type === 'words' && event.final)
    expect(told).toMatchObject({ text: 'yes', startMs: expect.any(Number) })
    if (told?.type !== 'words') throw new Error('no words were told')
    expect(told.startMs).toBeLessThanOrEqual(500)
    expect(told.endMs).toBeGreaterThanOrEqual(700)
    expect(told.endMs).toBeLessThanOrEqual(740)
    expect(told.confidence === null || (told.confidence >= 0 && told.confidence <= 1)).toBe(true)
  })

  test('settles when there was nothing to hear', async () => {
    const { ear, events, settle } = await begin()
    await settle()
    feed(ear, silence(300))
    await settle()
    expect(events).toEqual([{ type: 'settled' }, { type: 'settled' }])
  })

  test('keeps nothing of a buffer that the caller uses again', async () => {
    const { ear, words, settle } = await begin()
    const buffer = new Uint8Array(160)
    ear.began(0)
    for (const frame of framesOf(soundOfWords('no thanks'))) {
      buffer.set(frame)
      ear.send(buffer.subarray(0, frame.length))
      buffer.fill(0x55)
    }
    await settle()
    expect(words()).toBe('no thanks')
  })

  test('nothing comes after close, and closing twice does nothing', async () => {
    const { ear, events, speak } = await begin()
    speak('hello')
    const known = events.length
    ear.close()
    ear.close()
    ear.send(silence(20))
    ear.settle()
    const { settle } = await begin()
    await settle()
    expect(events.length).toBe(known)
  })

  test('a line that breaks is told once, and then there is silence', async () => {
    const { ear, events, speak } = await begin()
    speak('hello table')
    if (!bench.live) vendor.faults.push({ kind: 'cut' })
    else vendor.cutAll()
    if (!bench.live) ear.settle()
    await expect.poll(() => events.at(-1)?.type).toBe('failed')
    ear.send(silence(20))
    ear.settle()
    ear.close()
    const failures = events.filter(event => event.type === 'failed')
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatchObject({ failure: { kind: 'unavailable' } })
  })

  test('failures are told in our words, without the words of the call', async () => {
    for (const [fault, kind] of REFUSALS) {
      const fresh = await bench.start()
      fresh.faults.push(fault)
      const failed = await firstFailure(bench.make(fresh.url, 'test-key', fresh))
      const retryAfterMs = kind === 'throttled' && !bench.binding ? 7_000 : null
      expect([failed.kind, failed.retryAfterMs]).toEqual([kind, retryAfterMs])
      expect(failed.message).not.toContain('hello')
      await fresh.stop()
    }
  })

  // The others open without asking anybody, or wait for words: that limit is the chain's.
  test.skipIf(!bench.live)('given up while nobody answers, it fails at once and hears nothing more', async () => {
    const fresh = await bench.start()
    fresh.faults.push({ kind: 'mute' })
    const giving = new AbortController()
    const events: Heard[] = []
    const opening = bench.make(fresh.url, 'test-key', fresh).open(OPTIONS, event => events.push(event), giving.signal)
    setImmediate(() => giving.abort())
    expect((await failureOf(opening)).kind).toBe('unavailable')
    const already = bench.make(fresh.url, 'test-key', fresh).open(OPTIONS, event => events.push(event), giving.signal)
    expect((await failureOf(already)).kind).toBe('unavailable')
    await fresh.stop()
    expect(events).toEqual([])
  })

  test('a wrong key is said to be one', async () => {
    expect((await firstFailure(bench.make(vendor.url, 'wrong-key', vendor))).kind).toBe('unauthorised')
    // A binding of the platform asks no vendor, so nobody complains.
    expect(vendor.complaints.splice(0)).toHaveLength(bench.name === 'workers-ai whisper' ? 0 : 1)
  })
})

function feed(ear: Transcriber, sound: Uint8Array): void {
  for (const frame of framesOf(sound)) ear.send(frame)
}

/** Where the failure of this port comes out: at `open`, or with the first utterance. */
async function firstFailure(transcription: Transcription) {
  const events: Heard[] = []
  return failureOf(
    (async () => {
      const ear = await transcription.open(OPTIONS, event => events.push(event), never)
      ear.began(0)
      ear.send(soundOfWords('hello'))
      ear.settle()
      await expect.poll(() => events.at(-1)?.type).toBe('failed')
      const last = events.at(-1)
      if (last?.type === 'failed') throw last.failure
    })(),
  )
}
