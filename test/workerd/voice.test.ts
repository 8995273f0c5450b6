import { expect, inject, test } from 'vitest'
import { silence, soundOfWords, spokenText } from '../../sim/vendors/spelled-sound.ts'
import type { Heard } from '../../src/providers/transcription/port.ts'
import { voiceOf } from '../../src/providers/voice-registry.ts'
import { failureOf, gather } from '../contract/outcomes.ts'

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

test('hears through a socket that fetch upgraded', async () => {
  const events: Heard[] = []
  const { transcription } = voice()
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
  const failed = await failureOf(transcription.open({ language: 'en-US', hints: [] }, () => undefined, never))
  expect(failed.kind).toBe('unauthorised')
})

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

test('speaks', async () => {
  const speaker = await voice().speech.open({ voice: '', language: 'en-US' }, never)
  const sound = await gather(speaker.say('Good morning to you.', never))
  expect(spokenText(new Uint8Array(sound.flatMap(piece => [...piece])))).toBe('Good morning to you.')
  speaker.close()
})
