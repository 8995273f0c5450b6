/**
 * Deepgram's text to speech over HTTP: one request per sentence, answered with raw µ-law as a stream.
 * Source: developers.deepgram.com, "Text to Speech REST" (`POST /v1/speak`; encoding, sample_rate, container).
 */
import { bodyOf, post, refuseText, withoutSlash } from '../http.ts'
import { DEEPGRAM_API } from '../transcription/deepgram.ts'
import type { Speaker, Speech, SpeechOptions } from './port.ts'
import { rawMulaw } from './raw-mulaw.ts'

export const DEEPGRAM_VOICE = 'aura-2-thalia-en'

export interface DeepgramSpeechOptions {
  apiKey: string
  baseUrl?: string
  /** the voice of calls that name none; Deepgram calls it a model */
  voice?: string
  fetch?: typeof fetch
}

export class DeepgramSpeech implements Speech {
  readonly provider = 'deepgram'
  readonly #options: DeepgramSpeechOptions

  constructor(options: DeepgramSpeechOptions) {
    this.#options = options
  }

  async open(options: SpeechOptions): Promise<Speaker> {
    const { provider } = this
    const settings = this.#options
    const closed = new AbortController()
    return {
      provider,
      say: (text, signal) => sayOverHttp(settings, options.voice, text, AbortSignal.any([signal, closed.signal])),
      close: () => closed.abort(),
    }
  }
}

/** Speaks one sentence. `deepgram-socket.ts` uses it when its socket is lost or its limit is reached. */
export async function* sayOverHttp(
  { apiKey, baseUrl = DEEPGRAM_API, voice: usual = DEEPGRAM_VOICE, fetch: fetcher }: DeepgramSpeechOptions,
  voice: string,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const url = `${withoutSlash(baseUrl)}/v1/speak?${speakQuery(voice || usual)}`
  const headers: Record<string, string> = {
    ...(apiKey ? { Authorization: `Token ${apiKey}` } : {}),
    'Content-Type': 'application/json',
  }
  const response = await post('deepgram', { url, headers, body: JSON.stringify({ text }) }, signal, fetcher)
  if (response === null) return
  refuseText('deepgram', response)
  yield* rawMulaw('deepgram', bodyOf('deepgram', response, signal))
}

/** Without `container=none` Deepgram puts a WAV header in front, which the caller would hear as a click. */
export function speakQuery(voice: string): URLSearchParams {
  return new URLSearchParams({ model: voice, encoding: 'mulaw', sample_rate: '8000', container: 'none' })
}
