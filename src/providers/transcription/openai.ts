/**
 * OpenAI's transcription of whole utterances, also of servers with the same API: `POST /v1/audio/transcriptions` (multipart).
 * Source: platform.openai.com, API reference, "Create transcription".
 */

import { ProviderFailure } from '../failure.ts'
import { post, withoutSlash } from '../http.ts'
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from './port.ts'
import { type Recognised, UtteranceTranscriber, wavOfMulaw } from './utterance.ts'

const MODEL = 'gpt-4o-mini-transcribe'
/** OpenAI's prompt may have 224 tokens. */
const PROMPT_LETTERS_MAX = 600

export interface OpenAiTranscriptionOptions {
  apiKey: string
  /** with the version: `https://api.openai.com/v1` */
  baseUrl: string
  model?: string
  fetch?: typeof fetch
}

export class OpenAiTranscription implements Transcription {
  readonly provider = 'openai'
  readonly #options: OpenAiTranscriptionOptions

  constructor(options: OpenAiTranscriptionOptions) {
    this.#options = options
  }

  /** Sends no request, so a wrong key is found only at the first utterance. */
  async open(options: TranscriptionOptions, heard: (event: Heard) => void): Promise<Transcriber> {
    return new UtteranceTranscriber(
      this.provider,
      (mulaw, signal) => recognise(this.#options, options, mulaw, signal),
      heard,
    )
  }
}

async function recognise(
  { apiKey, baseUrl, model = MODEL, fetch: fetcher }: OpenAiTranscriptionOptions,
  { language, hints }: TranscriptionOptions,
  mulaw: Uint8Array,
  signal: AbortSignal,
): Promise<Recognised | null> {
  const body = new FormData()
  body.append('file', new File([wavOfMulaw(mulaw)], 'utterance.wav', { type: 'audio/wav' }))
  body.append('model', model)
  body.append('language', language.split('-')[0] ?? language)
  body.append('response_format', 'json')
  if (hints.length > 0) body.append('prompt', hints.join(', ').slice(0, PROMPT_LETTERS_MAX))
  const headers: Record<string, string> = apiKey ? { Authorization: `Bearer ${apiKey}` } : {}
  const url = `${withoutSlash(baseUrl)}/audio/transcriptions`
  const response = await post('openai', { url, headers, body }, signal, fetcher)
  if (response === null) return null
  const { text } = (await response.json().catch(() => ({}))) as { text?: unknown }
  if (signal.aborted) return null
  if (typeof text !== 'string') throw new ProviderFailure('openai', 'unavailable', 'an answer without words')
  return { text: text.trim(), confidence: null }
}
