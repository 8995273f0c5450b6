/** Tests the contract of every voice behind `src/providers/speech/port.ts` against look-alikes of the vendors. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { DeepgramSpeech } from '../../src/providers/speech/deepgram.ts'
import { DeepgramSocketSpeech } from '../../src/providers/speech/deepgram-socket.ts'
import { ElevenLabsSpeech } from '../../src/providers/speech/elevenlabs.ts'
import { OpenAiSpeech } from '../../src/providers/speech/openai.ts'
import type { Speaker, Speech } from '../../src/providers/speech/port.ts'
import { ScriptedSpeech } from '../../src/providers/speech/scripted.ts'
import { WorkersAiSpeech } from '../../src/providers/speech/workers-ai.ts'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'
import { startDeepgram } from '../vendors/deepgram.ts'
import { startElevenLabs } from '../vendors/elevenlabs.ts'
import { startOpenAi } from '../vendors/openai.ts'
import { spokenSound, spokenText } from '../vendors/spelled-sound.ts'
import type { VendorServer } from '../vendors/vendor-server.ts'
import { aiBinding, startWorkersAi } from '../vendors/workers-ai.ts'
import { connectByWs } from './node-socket.ts'
import { failureOf, gather, REFUSALS } from './outcomes.ts'
import { scriptedAt, startScripted } from './scripted-vendor.ts'

interface Bench {
  name: string
  start(soundFile?: Uint8Array): Promise<VendorServer>
  make(url: string, key: string, vendor: VendorServer): Speech
  /** behind the binding nothing says when to come back */
  binding?: boolean
  /** Reads the text back from a sound; `spoken` gives the expected text. A converted sound keeps only its length. */
  read(sound: Uint8Array): string
  spoken?(text: string): string
}

const BENCHES: Bench[] = [
  {
    name: 'deepgram',
    start: soundFile => startDeepgram({ soundFile }),
    make: (baseUrl, apiKey) => new DeepgramSpeech({ apiKey, baseUrl }),
    read: spokenText,
  },
  {
    name: 'deepgram-socket',
    start: soundFile => startDeepgram({ soundFile }),
    make: (baseUrl, apiKey) => new DeepgramSocketSpeech({ apiKey, baseUrl, connect: connectByWs }),
    read: spokenText,
  },
  {
    name: 'workers-ai',
    start: soundFile => startWorkersAi({ soundFile }),
    make: (_url, key, vendor) => new WorkersAiSpeech(aiBinding(vendor, key)),
    read: spokenText,
    binding: true,
  },
  {
    name: 'elevenlabs',
    start: soundFile => startElevenLabs({ soundFile }),
    make: (baseUrl, apiKey) => new ElevenLabsSpeech({ apiKey, baseUrl }),
    read: spokenText,
  },
  {
    name: 'openai',
    start: () => startOpenAi(),
    make: (url, apiKey) => new OpenAiSpeech({ apiKey, baseUrl: `${url.replace(/\/$/, '')}/v1` }),
    // 30 ms of a tone per letter; its pieces must fit together without a click.
    read: sound => `${sound.length} bytes, ${clicksOf(sound)} clicks`,
    spoken: text => `${text.length * 240} bytes, 0 clicks`,
  },
  {
    name: 'scripted',
    start: startScripted,
    make: (url, key) => new ScriptedSpeech({ sound: spokenSound, mood: scriptedAt(url).moodOf(key) }),
    read: spokenText,
  },
]

const never = new AbortController().signal

/** Steps that a 400 Hz tone of this loudness cannot have: half of its greatest, and more, above it. */
function clicksOf(mulaw: Uint8Array): number {
  const steepest = 8_000 * Math.sin((2 * Math.PI * 400) / 8_000) * 1.3
  return mulaw.filter(
    (byte, at) => at > 0 && Math.abs((LINEAR_OF[byte] ?? 0) - (LINEAR_OF[mulaw[at - 1] ?? 0] ?? 0)) > steepest,
  ).length
}

describe.each(BENCHES)('$name', bench => {
  let vendor: VendorServer
  let speaker: Speaker
  beforeAll(async () => {
    vendor = await bench.start()
    speaker = await bench.make(`${vendor.url}/`, 'test-key', vendor).open({ voice: '', language: 'en-US' }, never)
  })
  afterAll(async () => {
    speaker.close()
    await vendor.stop()
  })
  afterEach(() => {
    expect(vendor.complaints.splice(0)).toEqual([])
  })
  const say = async (text: string) =>
    bench.read(new Uint8Array((await gather(speaker.say(text, never))).flatMap(piece => [...piece])))

  const spoken = bench.spoken ?? ((text: string) => text)

  test('says a sentence, whole and in order', async () => {
    const text = 'Good morning, this is "Acme" & Sons.'
    expect(await say(text)).toBe(spoken(text))
  })

  test('sound comes in pieces, before the sentence is over', async () => {
    const pieces = await gather(speaker.say('A sentence that is long enough to come in pieces.', never))
    expect(pieces.length).toBeGreaterThan(2)
    expect(pieces.every(piece => piece.length > 0)).toBe(true)
  })

  test('sentences asked for together do not mix', async () => {
    const texts = ['This is the first one.', 'Two!', 'And here is the third of them.']
    expect(await Promise.all(texts.map(say))).toEqual(texts.map(spoken))
  })

  test('ends early and quietly when the caller speaks, and the next sentence is whole', async () => {
    const speaking = new AbortController()
    let pieces = 0
    for await (const _ of speaker.say('A very long sentence that nobody wants to hear to its end.', speaking.signal)) {
      pieces += 1
      if (pieces === 1) speaking.abort()
    }
    expect(pieces).toBeLessThan(5)
    expect(await gather(speaker.say('Not even begun.', speaking.signal))).toEqual([])
    expect(await say('What did you say?')).toBe(spoken('What did you say?'))
  })

  test('a reader that goes away leaves nothing behind', async () => {
    for await (const piece of speaker.say('Left alone after the first piece of it.', never)) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    expect(await say('Still here.')).toBe(spoken('Still here.'))
  })

  test('failures are told in our words, once per sentence, without the sentence', async () => {
    for (const [fault, kind] of REFUSALS) {
      const fresh = await bench.start()
      fresh.faults.push(fault)
      const failed = await failureOf(
        (async () => {
          const one = await bench.make(fresh.url, 'test-key', fresh).open({ voice: '', language: 'en-US' }, never)
          await gather(one.say('A secret.', never))
        })(),
      )
      const retryAfterMs = kind === 'throttled' && !bench.binding ? 7_000 : null
      expect([failed.kind, failed.retryAfterMs]).toEqual([kind, retryAfterMs])
      expect(failed.message).not.toContain('secret')
      await fresh.stop()
    }
  })

  test('an answer that breaks off is a failure, not a short sentence', async () => {
    const fresh = await bench.start()
    fresh.faults.push({ kind: 'cut' })
    const failed = await failureOf(
      (async () => {
        const one = await bench.make(fresh.url, 'test-key', fresh).open({ voice: '', language: 'en-US' }, never)
        await gather(one.say('This sentence will never be heard to its very end.', never))
      })(),
    )
    expect(failed.kind).toBe('unavailable')
    await fresh.stop()
  })

  test('nothing is said after close, and closing twice does nothing', async () => {
    const other = await bench.make(vendor.url, 'test-key', vendor).open({ voice: '', language: 'en-US' }, never)
    other.close()
    other.close()
    expect(await gather(other.say('Too late.', never))).toEqual([])
  })
})
