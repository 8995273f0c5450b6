/**
 * ElevenLabs' streaming text to speech as telephone sound: `POST /v1/text-to-speech/{voice}/stream?output_format=ulaw_8000`.
 * Source: elevenlabs.io/docs, API reference, "Stream speech" (output formats; `xi-api-key`).
 */
import { bodyOf, post, refuseText, withoutSlash } from '../http.ts'
import type { Speaker, Speech, SpeechOptions } from './port.ts'
import { rawMulaw } from './raw-mulaw.ts'

export const ELEVENLABS_API = 'https://api.elevenlabs.io'
/** "Rachel", one of the voices that every account has */
const VOICE = '21m00Tcm4TlvDq8ikWAM'
/** the fastest model to its first sound; speaks 32 languages */
const MODEL = 'eleven_flash_v2_5'

export interface ElevenLabsOptions {
  apiKey: string
  baseUrl?: string
  voice?: string
  model?: string
  fetch?: typeof fetch
}

export class ElevenLabsSpeech implements Speech {
  readonly provider = 'elevenlabs'
  readonly #options: ElevenLabsOptions

  constructor(options: ElevenLabsOptions) {
    this.#options = options
  }

  async open(options: SpeechOptions): Promise<Speaker> {
    const closed = new AbortController()
    return {
      provider: this.provider,
      say: (text, signal) => say(this.#options, options, text, AbortSignal.any([signal, closed.signal])),
      close: () => closed.abort(),
    }
  }
}

async function* say(
  { apiKey, baseUrl = ELEVENLABS_API, voice: usual = VOICE, model = MODEL, fetch: fetcher }: ElevenLabsOptions,
  { voice, language }: SpeechOptions,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const path = `/v1/text-to-speech/${encodeURIComponent((voice || usual).toWellFormed())}/stream?output_format=ulaw_8000`
  const headers = { 'xi-api-key': apiKey, 'Content-Type': 'application/json' }
  const body = JSON.stringify({ text, model_id: model, language_code: language.split('-')[0] ?? language })
  const response = await post('elevenlabs', { url: withoutSlash(baseUrl) + path, headers, body }, signal, fetcher)
  if (response === null) return
  refuseText('elevenlabs', response)
  yield* rawMulaw('elevenlabs', bodyOf('elevenlabs', response, signal))
}
