/**
 * Google Speech-to-Text v1, one utterance at a time: its streaming is gRPC, which a Worker cannot use. µ-law is accepted
 * unchanged ("MULAW", native rate preferred). Source: cloud.google.com/speech-to-text, REST reference v1, `speech.recognize`.
 */
import { base64FromBytes } from '../../sound/base64.ts'
import { ProviderFailure } from '../failure.ts'
import { accessToken, forgetToken, type GoogleCredentials } from '../google/access-token.ts'
import { post, withoutSlash } from '../http.ts'
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from './port.ts'
import { type Recognised, UtteranceTranscriber } from './utterance.ts'

export const GOOGLE_SPEECH_API = 'https://speech.googleapis.com'
/** Google allows 5,000 phrases in a request; a call needs only a few. */
const HINTS_MAX = 100

export interface GoogleTranscriptionOptions {
  credentials: GoogleCredentials
  baseUrl?: string
  now?: () => number
  fetch?: typeof fetch
}

export class GoogleTranscription implements Transcription {
  readonly provider = 'google'
  readonly #options: GoogleTranscriptionOptions

  constructor(options: GoogleTranscriptionOptions) {
    this.#options = options
  }

  /** Gets a token first, so that a wrong key is found before the caller speaks. */
  async open(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber> {
    const token = await tokenFor(this.#options, signal)
    if (token === null) throw new ProviderFailure('google', 'unavailable', 'given up')
    const transcriber = new UtteranceTranscriber(
      this.provider,
      (mulaw, until) => recognise(this.#options, options, mulaw, until),
      heard,
    )
    return transcriber
  }
}

function tokenFor({ credentials, now = Date.now, fetch }: GoogleTranscriptionOptions, signal: AbortSignal) {
  return accessToken({ credentials, nowMs: now(), signal, ...(fetch ? { fetch } : {}) })
}

async function recognise(
  settings: GoogleTranscriptionOptions,
  options: TranscriptionOptions,
  mulaw: Uint8Array,
  signal: AbortSignal,
): Promise<Recognised | null> {
  const body = JSON.stringify({ config: configOf(options), audio: { content: base64FromBytes(mulaw) } })
  try {
    return await ask(settings, body, signal)
  } catch (error) {
    // A token may be revoked before it expires, so a new one is tried once.
    if (!(error instanceof ProviderFailure) || error.kind !== 'unauthorised') throw error
    forgetToken(settings.credentials)
    return ask(settings, body, signal)
  }
}

async function ask(
  settings: GoogleTranscriptionOptions,
  body: string,
  signal: AbortSignal,
): Promise<Recognised | null> {
  const token = await tokenFor(settings, signal)
  if (token === null) return null
  const url = `${withoutSlash(settings.baseUrl ?? GOOGLE_SPEECH_API)}/v1/speech:recognize`
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const response = await post('google', { url, headers, body }, signal, settings.fetch)
  if (response === null) return null
  const answer = (await response.json().catch(() => null)) as Answer | null
  if (signal.aborted) return null
  if (answer === null) throw new ProviderFailure('google', 'unavailable', 'an answer that is none')
  return wordsOf(answer)
}

interface Answer {
  /** absent if nothing was said */
  results?: { alternatives?: { transcript?: string; confidence?: number }[] }[]
}

function wordsOf({ results = [] }: Answer): Recognised {
  const best = results.flatMap(result => result.alternatives?.[0] ?? [])
  const known = best.flatMap(one => (one.confidence ? [one.confidence] : []))
  return {
    text: best
      .map(one => (one.transcript ?? '').trim())
      .join(' ')
      .trim(),
    confidence: known.length > 0 ? known.reduce((sum, one) => sum + one, 0) / known.length : null,
  }
}

/** `phone_call` with `useEnhanced` exists for `en-US` only; Google refuses it for other languages. */
function configOf({ language, hints }: TranscriptionOptions): Record<string, unknown> {
  return {
    encoding: 'MULAW',
    sampleRateHertz: 8000,
    languageCode: language,
    audioChannelCount: 1,
    enableAutomaticPunctuation: true,
    maxAlternatives: 1,
    ...(language === 'en-US' ? { model: 'phone_call', useEnhanced: true } : {}),
    ...(hints.length > 0 ? { speechContexts: [{ phrases: hints.slice(0, HINTS_MAX) }] } : {}),
  }
}
