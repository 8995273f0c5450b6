import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { LanguagePart, Said } from './language/port.ts'
import {
  languageOf,
  missingForVoice,
  otherVoice,
  realtimeOf,
  spokenLanguage,
  turnSilenceOf,
  voiceOf,
} from './voice-registry.ts'

test('an empty environment has no voice, and says what it lacks', () => {
  expect(voiceOf({})).toBeNull()
  expect(missingForVoice({})).toEqual(['STT_PROVIDER', 'LLM_PROVIDER', 'TTS_PROVIDER'])
})

test('keys choose for themselves, and so do the addresses of stand-ins', () => {
  const voice = voiceOf({ DEEPGRAM_API_KEY: 'a', ANTHROPIC_API_KEY: 'b', LLM_MODEL: 'claude-test' })
  expect(voice?.transcription.provider).toBe('deepgram')
  expect([voice?.language.provider, voice?.language.model]).toEqual(['anthropic', 'claude-test'])
  expect(voice?.speech.provider).toBe('deepgram')
  const local = { DEEPGRAM_BASE_URL: 'http://127.0.0.1:1', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }
  expect(voiceOf(local)?.language.provider).toBe('openai')
})

test('a chosen provider without its key is missing that key; a word that nobody knows is a mistake in its setting', () => {
  const keys = { DEEPGRAM_API_KEY: 'a', OPENAI_API_KEY: 'b' }
  expect(missingForVoice({ ...keys, LLM_PROVIDER: 'anthropic, openai' })).toEqual(['ANTHROPIC_API_KEY'])
  expect(missingForVoice({ ...keys, STT_PROVIDER: 'deepgramm' })).toEqual(['STT_PROVIDER'])
  expect(voiceOf({ ...keys, STT_PROVIDER: 'constructor' })).toBeNull()
  expect(voiceOf({ ...keys, LLM_PROVIDER: ' OpenAI ' })?.language.provider).toBe('openai')
})

test('a list is a chain, and the model belongs to its first provider', () => {
  const voice = voiceOf({
    DEEPGRAM_API_KEY: 'a',
    OPENAI_API_KEY: 'b',
    ANTHROPIC_API_KEY: 'c',
    LLM_PROVIDER: 'anthropic,openai',
    LLM_MODEL: 'claude-test',
  })
  expect([voice?.language.provider, voice?.language.model]).toEqual(['anthropic', 'claude-test'])
})

test('every name that docs/providers.md gives is one that the registry knows', () => {
  const AI = {} as Ai
  const all = {
    DEEPGRAM_API_KEY: 'a',
    OPENAI_API_KEY: 'a',
    ANTHROPIC_API_KEY: 'a',
    GOOGLE_GENERATIVE_AI_API_KEY: 'a',
    ELEVENLABS_API_KEY: 'a',
    GOOGLE_CREDENTIALS_JSON: '{"client_email":"a","private_key":"b"}',
    AI,
  }
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/providers.md'), 'utf8')
  for (const setting of ['STT_PROVIDER', 'LLM_PROVIDER', 'TTS_PROVIDER']) {
    const rows = [...page.matchAll(new RegExp(`^\\| \\x60${setting}=([a-z0-9-]+)\\x60`, 'gm'))].map(row => row[1] ?? '')
    expect(rows.length, setting).toBeGreaterThan(3)
    for (const name of rows) expect(missingForVoice({ ...all, [setting]: name }), name).toEqual([])
  }
})

test('one model for all is chosen by name, and only with its key', () => {
  expect(realtimeOf({ OPENAI_API_KEY: 'a' })).toBeNull()
  expect(realtimeOf({ REALTIME_PROVIDER: 'openai' })).toBeNull()
  expect(realtimeOf({ REALTIME_PROVIDER: 'openai', OPENAI_API_KEY: 'a' })?.model).toBe('gpt-realtime')
})

test.each([
  ['deepgram', '', 'en-US', 'aura-2-orion-en'],
  ['deepgram', 'aura-2-orion-en', 'en-US', 'aura-2-thalia-en'],
  // An English voice would pronounce German as English.
  ['deepgram', '', 'de-DE', ''],
  ['openai', 'onyx', 'de-DE', 'alloy'],
  ['somebody', '', 'en', ''],
])('another voice of %s than "%s" in %s is "%s"', (provider, voice, language, other) => {
  expect(otherVoice(provider, voice, language)).toBe(other)
})

test('without any language model a placeholder answers in the language of the call; a chosen one that lacks its key is none [S2-12]', async () => {
  const voice = voiceOf({ DEEPGRAM_API_KEY: 'a' }, undefined, 'de-DE')
  const request = { system: '', tools: [], tokensMax: 10, signal: new AbortController().signal }
  const answer = async (said: Said[]) => {
    const parts: LanguagePart[] = []
    for await (const part of voice?.language.reply({ ...request, said }) ?? []) parts.push(part)
    return parts.map(part => (part.type === 'text' ? part.text : part.type)).join(' ')
  }
  expect(voice?.language.provider).toBe('placeholder')
  expect(await answer([{ role: 'caller', text: 'Haben Sie offen' }])).toMatch(
    /^Ich habe gehört: Haben Sie offen\. .* end$/,
  )
  expect(await answer([])).toMatch(/^Guten Tag\. .* end$/)
  expect(missingForVoice({ DEEPGRAM_API_KEY: 'a' })).toEqual(['LLM_PROVIDER'])
  expect(voiceOf({ DEEPGRAM_API_KEY: 'a', LLM_PROVIDER: 'openai' })).toBeNull()
  expect(languageOf({ OPENAI_API_KEY: 'a' })?.provider).toBe('openai')
})

test('a carrier that hears and speaks by itself needs a language model and nothing else [S2-45]', () => {
  expect(voiceOf({ ANTHROPIC_API_KEY: 'a' })).toBeNull()
  expect(languageOf({ ANTHROPIC_API_KEY: 'a' })?.provider).toBe('anthropic')
})

test('STT_LANGUAGE is the language of agents that name none; what is no language is not taken [S2-34]', () => {
  expect(['fr-FR', ' de ', 'english', '', undefined].map(tag => spokenLanguage({ STT_LANGUAGE: tag ?? '' }))).toEqual([
    'fr-FR',
    'de',
    'en-US',
    'en-US',
    'en-US',
  ])
  expect(spokenLanguage({})).toBe('en-US')
})

test('TURN_SILENCE_MS is a number of ms within reason, or nothing [S2-9]', () => {
  const given = ['1500', '200', '5000', '', '199', '5001', '1.5', 'long']
  expect(given.map(text => turnSilenceOf({ TURN_SILENCE_MS: text }))).toEqual([
    1_500,
    200,
    5_000,
    null,
    null,
    null,
    null,
    null,
  ])
  expect(turnSilenceOf({})).toBeNull()
})
