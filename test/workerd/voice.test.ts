import { beforeAll, expect, inject, test } from 'vitest'
import type { RealtimeEvent } from '../../src/providers/realtime/port.ts'
import type { Heard } from '../../src/providers/transcription/port.ts'
import { realtimeOf, voiceOf } from '../../src/providers/voice-registry.ts'
import { failureOf, gather } from '../contract/outcomes.ts'
import { silence, soundOfWords, spokenText } from '../vendors/spelled-sound.ts'

const never = new AbortController().signal
const ENV = {
  DEEPGRAM_API_KEY: 'test-key',
  DEEPGRAM_BASE_URL: inject('deepgramUrl'),
  OPENAI_API_KEY: 'test-key',
  OPENAI_BASE_URL: `${inject('openAiUrl')}/v1`,
}

function voice(env: Record<string, string> = {}) {
  const chosen = voiceOf({ ...ENV, ...env })
  if (!chosen) throw new Error('no voice')
  return chosen
}

test.each(['deepgram', 'deepgram-flux'])('%s hears through a socket that fetch upgraded', async provider => {
  const events: Heard[] = []
  const { transcription } = voice({ STT_PROVIDER: provider })
  const ear = await transcription.open({ language: 'en-US', hints: [] }, event => events.push(event), never)
  ear.began(0)
  ear.send(soundOfWords('hello please'))
  ear.send(silence(20))
  ear.settle()
  await expect.poll(() => events.at(-1)?.type).toBe('settled')
  expect(events.find(event => event.type === 'words' && event.final)).toMatchObject({ text: 'hello please' })
  ear.close()
})

test('a refused handshake is a failure in our words', async () => {
  const { transcription } = voice({ DEEPGRAM_API_KEY: 'wrong-key' })
  // The chain asks its only provider once.
  const failed = await failureOf(transcription.open({ language: 'en-US', hints: [] }, () => undefined, never))
  expect(failed.kind).toBe('unauthorised')
})

// Here each of their modules comes over from Node, one by one; in the built Worker they are in the script.
beforeAll(async () => {
  await Promise.all([import('ai'), import('@ai-sdk/openai-compatible')])
}, 60_000)

test('thinks: the packages are loaded when the first reply needs them', async () => {
  const parts = await gather(
    voice().language.reply({
      system: 'You answer the phone.',
      said: [{ role: 'caller', text: 'say Good morning' }],
      tools: [],
      tokensMax: 100,
      signal: never,
    }),
  )
  expect(parts).toEqual([
    { type: 'text', text: 'Good' },
    { type: 'text', text: ' morning' },
    { type: 'end', reason: 'stop', tokensIn: 21, tokensOut: 7 },
  ])
})

test.each(['deepgram', 'deepgram-socket'])('%s speaks', async provider => {
  const speaker = await voice({ TTS_PROVIDER: provider }).speech.open({ voice: '', language: 'en-US' }, never)
  const sound = await gather(speaker.say('Good morning to you.', never))
  expect(spokenText(new Uint8Array(sound.flatMap(piece => [...piece])))).toBe('Good morning to you.')
  speaker.close()
})

test('a socket speaker lets go of a sentence in its middle', async () => {
  const speaker = await voice({ TTS_PROVIDER: 'deepgram-socket' }).speech.open({ voice: '', language: 'en-US' }, never)
  const speaking = new AbortController()
  for await (const _ of speaker.say('A long sentence that is cut off by the caller.', speaking.signal)) speaking.abort()
  const sound = await gather(speaker.say('And on.', never))
  expect(spokenText(new Uint8Array(sound.flatMap(piece => [...piece])))).toBe('And on.')
  speaker.close()
})

test('signs for Google with the platform’s own crypto', async () => {
  const { transcription } = voice({ STT_PROVIDER: 'google', GOOGLE_CREDENTIALS_JSON: inject('googleKeyFile') })
  // Its address is Google's own, which is not there: what counts is that the token was given before.
  const ear = await transcription.open({ language: 'en-US', hints: [] }, () => undefined, never)
  expect(ear.provider).toBe('google')
  ear.close()
})

test('one model for all: sound in, sound out', async () => {
  const realtime = realtimeOf({
    REALTIME_PROVIDER: 'openai',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: `${inject('realtimeUrl')}/v1`,
  })
  const events: RealtimeEvent[] = []
  const session = await realtime?.open(
    { system: '', tools: [], voice: '', language: 'en-US', turns: 'ours', tokensMax: 100 },
    event => events.push(event),
    never,
  )
  session?.send(soundOfWords('hello'))
  session?.answer()
  await expect.poll(() => events.at(-1)?.type).toBe('answer-ended')
  const sound = events.flatMap(event => (event.type === 'sound' ? [...event.mulaw] : []))
  expect(spokenText(new Uint8Array(sound))).toBe('You said: hello')
  session?.close()
})
