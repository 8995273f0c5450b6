/**
 * OpenAI's text to speech, also of servers with the same API: `POST /v1/audio/speech`. It has no µ-law: `pcm` is 24 kHz,
 * 16 bits, little-endian, without a header, and is converted to telephone sound here, piece by piece. Servers that are only like it
 * answer with WAV files or other rates.
 * Source: platform.openai.com, API reference, "Create speech".
 */
import { bodyOf, post, refuseText, withoutSlash } from '../http.ts'
import { mulawOfPcm } from './pcm.ts'
import type { Speaker, Speech, SpeechOptions } from './port.ts'

const MODEL = 'gpt-4o-mini-tts'
const VOICE = 'alloy'
const PCM_HZ = 24_000

export interface OpenAiSpeechOptions {
  apiKey: string
  /** with the version: `https://api.openai.com/v1` */
  baseUrl: string
  voice?: string
  model?: string
  fetch?: typeof fetch
}

export class OpenAiSpeech implements Speech {
  readonly provider = 'openai'
  readonly #options: OpenAiSpeechOptions

  constructor(options: OpenAiSpeechOptions) {
    this.#options = options
  }

  async open(options: SpeechOptions): Promise<Speaker> {
    const closed = new AbortController()
    return {
      provider: this.provider,
      say: (text, signal) => say(this.#options, options.voice, text, AbortSignal.any([signal, closed.signal])),
      close: () => closed.abort(),
    }
  }
}

async function* say(
  { apiKey, baseUrl, voice: usual = VOICE, model = MODEL, fetch: fetcher }: OpenAiSpeechOptions,
  voice: string,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const url = `${withoutSlash(baseUrl)}/audio/speech`
  const headers: Record<string, string> = {
    ...(apiKey ? { Authorization: `Bearer ${apiKey}` } : {}),
    'Content-Type': 'application/json',
  }
  const body = JSON.stringify({ model, input: text, voice: voice || usual, response_format: 'pcm' })
  const response = await post('openai', { url, headers, body }, signal, fetcher)
  if (response === null) return
  refuseText('openai', response)
  yield* mulawOfPcm('openai', bodyOf('openai', response, signal), hzOf(response))
}

/** The rate that the type states, as `audio/L16;rate=16000` does; without one it is OpenAI's. */
function hzOf(response: Response): number {
  const stated = /;\s*(?:sample_?)?rate=(\d+)/i.exec(response.headers.get('content-type') ?? '')?.[1]
  return stated === undefined ? PCM_HZ : Number(stated)
}
