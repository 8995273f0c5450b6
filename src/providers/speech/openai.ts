/**
 * OpenAI's text to speech, also of servers with the same API: `POST /v1/audio/speech`. It has no µ-law: `pcm` is 24 kHz,
 * 16 bits, little-endian, without a header, and is converted to telephone sound here, piece by piece.
 * Source: platform.openai.com, API reference, "Create speech".
 */
import { encodeMulaw } from '../../sound/mulaw.ts'
import { createResampler } from '../../sound/resample.ts'
import { bodyOf, post, withoutSlash } from '../http.ts'
import type { Speaker, Speech, SpeechOptions } from './port.ts'

const MODEL = 'gpt-4o-mini-tts'
const VOICE = 'alloy'

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
  if (response) yield* mulawOfPcm24(bodyOf('openai', response, signal))
}

/** Converts 16-bit little-endian samples at 24 kHz, in pieces of any length, to µ-law at 8 kHz. */
export async function* mulawOfPcm24(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const resampler = createResampler(24_000, 8_000)
  let half: number | null = null
  for await (const piece of pieces) {
    const bytes: Uint8Array = half === null ? piece : Uint8Array.of(half, ...piece)
    half = bytes.length % 2 === 1 ? (bytes.at(-1) ?? null) : null
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const samples = Int16Array.from({ length: bytes.length >> 1 }, (_, at) => view.getInt16(at * 2, true))
    const telephone = resampler.push(samples)
    if (telephone.length === 0) continue
    const mulaw = new Uint8Array(telephone.length)
    encodeMulaw(telephone, mulaw)
    yield mulaw
  }
}
