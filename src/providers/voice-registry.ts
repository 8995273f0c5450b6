/**
 * Chooses the providers of a call from the environment: transcription, language model and speech. `STT_PROVIDER`,
 * `LLM_PROVIDER` and `TTS_PROVIDER` each name one provider or several (a chain, best first). Without them, the first provider
 * whose settings are there is chosen.
 */
import {
  type Answered,
  type ChainOptions,
  LANGUAGE_FIRST_MS,
  LanguageChain,
  Rests,
  SPEECH_FIRST_MS,
  SpeechChain,
} from './chain.ts'
import { TRANSCRIPTION_FIRST_MS, TranscriptionChain } from './chain-transcription.ts'
import { type GoogleCredentials, googleCredentialsOf } from './google/access-token.ts'
import { anthropicLanguage, googleLanguage, OPENAI_API, openAiLanguage, workersAiLanguage } from './language/models.ts'
import { PlaceholderLanguage } from './language/placeholder.ts'
import type { Language } from './language/port.ts'
import { OpenAiRealtime } from './realtime/openai.ts'
import type { Realtime } from './realtime/port.ts'
import { DeepgramSpeech } from './speech/deepgram.ts'
import { DeepgramSocketSpeech } from './speech/deepgram-socket.ts'
import { ElevenLabsSpeech } from './speech/elevenlabs.ts'
import { OpenAiSpeech } from './speech/openai.ts'
import type { Speech } from './speech/port.ts'
import { WorkersAiSpeech } from './speech/workers-ai.ts'
import { DeepgramTranscription } from './transcription/deepgram.ts'
import { DeepgramFluxTranscription } from './transcription/deepgram-flux.ts'
import { GoogleTranscription } from './transcription/google.ts'
import { OpenAiTranscription } from './transcription/openai.ts'
import type { Transcription } from './transcription/port.ts'
import { type AiBinding, WorkersAiTranscription } from './transcription/workers-ai.ts'

export interface VoiceEnv {
  STT_PROVIDER?: string
  LLM_PROVIDER?: string
  TTS_PROVIDER?: string
  DEEPGRAM_API_KEY?: string
  /** another server with Deepgram's API, for example the speech sidecar; then no key is needed */
  DEEPGRAM_BASE_URL?: string
  OPENAI_API_KEY?: string
  /** with the version: `https://api.openai.com/v1`; then no key is needed */
  OPENAI_BASE_URL?: string
  ANTHROPIC_API_KEY?: string
  GOOGLE_GENERATIVE_AI_API_KEY?: string
  /** the model of the first language provider; the others use their default */
  LLM_MODEL?: string
  ELEVENLABS_API_KEY?: string
  ELEVENLABS_BASE_URL?: string
  /** `openai`: one model for hearing, thinking and speaking instead of the three */
  REALTIME_PROVIDER?: string
  REALTIME_MODEL?: string
  /** a server for the realtime model, with the version; without it, OpenAI's server is used */
  REALTIME_BASE_URL?: string
  /** the key file of a service account, as text */
  GOOGLE_CREDENTIALS_JSON?: string
  /** BCP-47: the language of an agent that names none; `en-US` without it */
  STT_LANGUAGE?: string
  /** ms of silence after which the caller has finished, for every agent that has no such setting; without it the words decide */
  TURN_SILENCE_MS?: string
  AI?: Ai
}

export interface Voice {
  transcription: Transcription
  language: Language
  speech: Speech
}

/** One provider of an ability. `missing` names a setting that it lacks (null: none); `make` makes it. */
interface Way<T> {
  missing(env: VoiceEnv): string | null
  make(env: VoiceEnv, model: string | undefined): T
}

const needsDeepgram = (env: VoiceEnv) => (env.DEEPGRAM_API_KEY || env.DEEPGRAM_BASE_URL ? null : 'DEEPGRAM_API_KEY')
const needsOpenAi = (env: VoiceEnv) => (env.OPENAI_API_KEY || env.OPENAI_BASE_URL ? null : 'OPENAI_API_KEY')
const needsAi = (env: VoiceEnv) => (env.AI ? null : 'AI')

const credentialsOf = (env: VoiceEnv) => googleCredentialsOf(env.GOOGLE_CREDENTIALS_JSON ?? '')

const deepgramOf = (env: VoiceEnv) => ({
  apiKey: env.DEEPGRAM_API_KEY ?? '',
  ...(env.DEEPGRAM_BASE_URL ? { baseUrl: env.DEEPGRAM_BASE_URL } : {}),
})

const openAiOf = (env: VoiceEnv) => ({
  apiKey: env.OPENAI_API_KEY ?? '',
  baseUrl: env.OPENAI_BASE_URL || OPENAI_API,
})
/** The AI binding; `missing` has checked before that it is there. */
const aiOf = (env: VoiceEnv) => env.AI as unknown as AiBinding

/** Without a setting, the first provider in this order is chosen whose settings are there. */
const TRANSCRIPTION: Record<string, Way<Transcription>> = {
  deepgram: { missing: needsDeepgram, make: env => new DeepgramTranscription(deepgramOf(env)) },
  'deepgram-flux': { missing: needsDeepgram, make: env => new DeepgramFluxTranscription(deepgramOf(env)) },
  'workers-ai': { missing: needsAi, make: env => new WorkersAiTranscription(aiOf(env), 'nova-3') },
  'workers-ai-flux': { missing: needsAi, make: env => new WorkersAiTranscription(aiOf(env), 'flux') },
  'workers-ai-whisper': { missing: needsAi, make: env => new WorkersAiTranscription(aiOf(env), 'whisper') },
  google: {
    missing: env => (credentialsOf(env) ? null : 'GOOGLE_CREDENTIALS_JSON'),
    make: env => new GoogleTranscription({ credentials: credentialsOf(env) as GoogleCredentials }),
  },
  openai: { missing: needsOpenAi, make: env => new OpenAiTranscription(openAiOf(env)) },
}

const LANGUAGE: Record<string, Way<Language>> = {
  openai: {
    missing: needsOpenAi,
    make: (env, model = 'gpt-4.1-mini') => openAiLanguage({ ...openAiOf(env), model }),
  },
  anthropic: {
    missing: env => (env.ANTHROPIC_API_KEY ? null : 'ANTHROPIC_API_KEY'),
    make: (env, model = 'claude-haiku-4-5') => anthropicLanguage({ apiKey: env.ANTHROPIC_API_KEY ?? '', model }),
  },
  google: {
    missing: env => (env.GOOGLE_GENERATIVE_AI_API_KEY ? null : 'GOOGLE_GENERATIVE_AI_API_KEY'),
    make: (env, model = 'gemini-2.5-flash') =>
      googleLanguage({ apiKey: env.GOOGLE_GENERATIVE_AI_API_KEY ?? '', model }),
  },
  'workers-ai': {
    missing: needsAi,
    make: (env, model = '@cf/meta/llama-3.3-70b-instruct-fp8-fast') => workersAiLanguage(env.AI as Ai, model),
  },
}

const SPEECH: Record<string, Way<Speech>> = {
  deepgram: { missing: needsDeepgram, make: env => new DeepgramSpeech(deepgramOf(env)) },
  'deepgram-socket': { missing: needsDeepgram, make: env => new DeepgramSocketSpeech(deepgramOf(env)) },
  elevenlabs: {
    missing: env => (env.ELEVENLABS_API_KEY ? null : 'ELEVENLABS_API_KEY'),
    make: env =>
      new ElevenLabsSpeech({
        apiKey: env.ELEVENLABS_API_KEY ?? '',
        ...(env.ELEVENLABS_BASE_URL ? { baseUrl: env.ELEVENLABS_BASE_URL } : {}),
      }),
  },
  'workers-ai': { missing: needsAi, make: env => new WorkersAiSpeech(aiOf(env)) },
  openai: { missing: needsOpenAi, make: env => new OpenAiSpeech(openAiOf(env)) },
}

/** A provider that failed is asked last by every call of this isolate. */
const rests = new Rests()

/**
 * Makes the chosen providers, a chain for each ability; null: an ability has no provider (`missingForVoice` names the missing
 * settings). Without any setting for a language model a placeholder answers, in the language of the call (BCP-47). `answered` is
 * called with each answer, for the log.
 */
export function voiceOf(
  env: VoiceEnv,
  answered?: (answer: Answered) => void,
  language = spokenLanguage(env),
): Voice | null {
  const model = languageOf(env, answered, language)
  if (model === null || missingForSound(env).length > 0) return null
  const options = (firstMs: number) => chainOptions(firstMs, answered)
  return {
    transcription: new TranscriptionChain(made(env, TRANSCRIPTION, env.STT_PROVIDER), options(TRANSCRIPTION_FIRST_MS)),
    language: model,
    speech: new SpeechChain(made(env, SPEECH, env.TTS_PROVIDER), options(SPEECH_FIRST_MS)),
  }
}

/** Makes only the chain of language models, for a carrier that hears and speaks by itself; null: a chosen one lacks a setting. */
export function languageOf(
  env: VoiceEnv,
  answered?: (answer: Answered) => void,
  language = spokenLanguage(env),
): Language | null {
  const missing = lacks(env, LANGUAGE, 'LLM_PROVIDER', env.LLM_PROVIDER)
  if (missing.length > 0) return namesOf(env.LLM_PROVIDER).length > 0 ? null : new PlaceholderLanguage(language)
  return new LanguageChain(made(env, LANGUAGE, env.LLM_PROVIDER), chainOptions(LANGUAGE_FIRST_MS, answered))
}

/** BCP-47: what callers speak with an agent that names no language. */
export function spokenLanguage({ STT_LANGUAGE = '' }: VoiceEnv): string {
  return LANGUAGE_TAG.test(STT_LANGUAGE.trim()) ? STT_LANGUAGE.trim() : 'en-US'
}

const LANGUAGE_TAG = /^[a-z]{2}(-[A-Z]{2})?$/
/** Shorter silences are within words; longer ones are not waited for. */
export const TURN_SILENCE_MS = { min: 200, max: 5_000 }

/** Ms of silence after which the caller has finished; null: the words decide, which is the usual way. */
export function turnSilenceOf({ TURN_SILENCE_MS: text = '' }: VoiceEnv): number | null {
  const ms = Number(text)
  return /^\d+$/.test(text.trim()) && ms >= TURN_SILENCE_MS.min && ms <= TURN_SILENCE_MS.max ? ms : null
}

/** Makes only the chain of speech providers; null: no such provider is set up. */
export function speechOf(env: VoiceEnv, answered?: (answer: Answered) => void): Speech | null {
  if (lacks(env, SPEECH, 'TTS_PROVIDER', env.TTS_PROVIDER).length > 0) return null
  return new SpeechChain(made(env, SPEECH, env.TTS_PROVIDER), chainOptions(SPEECH_FIRST_MS, answered))
}

/** Makes only the chain of transcription providers; null: no such provider is set up. */
export function transcriptionOf(env: VoiceEnv, answered?: (answer: Answered) => void): Transcription | null {
  if (lacks(env, TRANSCRIPTION, 'STT_PROVIDER', env.STT_PROVIDER).length > 0) return null
  return new TranscriptionChain(
    made(env, TRANSCRIPTION, env.STT_PROVIDER),
    chainOptions(TRANSCRIPTION_FIRST_MS, answered),
  )
}

function chainOptions(firstMs: number, answered?: (answer: Answered) => void): ChainOptions {
  return { rests, now: Date.now, firstMs, ...(answered ? { answered } : {}) }
}

/** Makes the realtime model if the environment chooses one and has its key; null: calls use the three abilities. */
export function realtimeOf(env: VoiceEnv): Realtime | null {
  if (env.REALTIME_PROVIDER?.trim().toLowerCase() !== 'openai' || needsOpenAi(env) !== null) return null
  return new OpenAiRealtime({
    ...openAiOf(env),
    ...(env.REALTIME_BASE_URL ? { baseUrl: env.REALTIME_BASE_URL } : {}),
    ...(env.REALTIME_MODEL ? { model: env.REALTIME_MODEL } : {}),
  })
}

/** Only the first provider gets `LLM_MODEL`, because the name of a model belongs to one provider. */
function made<T>(env: VoiceEnv, ways: Record<string, Way<T>>, list: string | undefined): T[] {
  return chosen(env, ways, list).map((way, at) => way.make(env, at === 0 ? env.LLM_MODEL || undefined : undefined))
}

/** Names of the settings without which a call has no voice, or only a placeholder's; never their values. Empty: all are there. */
export function missingForVoice(env: VoiceEnv): string[] {
  return [
    ...lacks(env, TRANSCRIPTION, 'STT_PROVIDER', env.STT_PROVIDER),
    ...lacks(env, LANGUAGE, 'LLM_PROVIDER', env.LLM_PROVIDER),
    ...lacks(env, SPEECH, 'TTS_PROVIDER', env.TTS_PROVIDER),
  ].filter((name, at, all) => all.indexOf(name) === at)
}

function missingForSound(env: VoiceEnv): string[] {
  return [
    ...lacks(env, TRANSCRIPTION, 'STT_PROVIDER', env.STT_PROVIDER),
    ...lacks(env, SPEECH, 'TTS_PROVIDER', env.TTS_PROVIDER),
  ]
}

function namesOf(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '')
}

/** For an unknown provider the setting itself is named, so that no call gets a provider that was not chosen. */
function lacks<T>(env: VoiceEnv, ways: Record<string, Way<T>>, setting: string, list: string | undefined): string[] {
  const names = namesOf(list)
  if (names.some(name => !Object.hasOwn(ways, name))) return [setting]
  if (names.length > 0) return names.flatMap(name => ways[name]?.missing(env) ?? [])
  return chosen(env, ways, list).length > 0 ? [] : [setting]
}

function chosen<T>(env: VoiceEnv, ways: Record<string, Way<T>>, list: string | undefined): Way<T>[] {
  const names = namesOf(list)
  if (names.length > 0) return names.flatMap(name => ways[name] ?? [])
  return Object.values(ways)
    .filter(way => way.missing(env) === null)
    .slice(0, 1)
}

/** Two voices of each speech provider, in English or in all languages; the default of an agent is the second. */
const VOICES: Record<string, { all: readonly [string, string]; english: boolean }> = {
  deepgram: { all: ['aura-2-orion-en', 'aura-2-thalia-en'], english: true },
  'workers-ai': { all: ['orion', 'luna'], english: true },
  // "Adam" and "Rachel", which every account has; they speak all languages.
  elevenlabs: { all: ['pNInz6obpgDQGcFmaJgB', '21m00Tcm4TlvDq8ikWAM'], english: false },
  openai: { all: ['onyx', 'alloy'], english: false },
}

/** Returns another voice, so that two speakers can be told apart; empty (we know none): the provider's default. */
export function otherVoice(provider: string, voice: string, language: string): string {
  const known = VOICES[provider]
  if (known === undefined || (known.english && !language.toLowerCase().startsWith('en'))) return ''
  return known.all.find(one => one !== voice) ?? ''
}
