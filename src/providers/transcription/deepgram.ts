/**
 * Deepgram's live transcription (nova-3): `wss://api.deepgram.com/v1/listen`. It takes µ-law unchanged.
 * Source: developers.deepgram.com, "Live Audio" API reference and the guides "Endpointing", "Finalize", "KeepAlive".
 */
import { ProviderFailure } from '../failure.ts'
import { withoutSlash } from '../http.ts'
import { type Connect, connectByFetch, dial, objectOf, type ProviderSocket, type SocketEars } from '../socket.ts'
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from './port.ts'

export const DEEPGRAM_API = 'https://api.deepgram.com'
/** Deepgram closes a connection on which it received neither sound nor KeepAlive for 10 s. */
export const KEEP_ALIVE_MS = 4_000
/** A Finalize may have no answer if no words are left ("not guaranteed", says its guide), so we wait no longer than this. */
export const SETTLE_LIMIT_MS = 1_500
/** Our own gate ends turns; this only makes Deepgram report final words early. */
export const ENDPOINTING_MS = 300
/** Deepgram allows 500 tokens for all key terms together. */
const HINTS_MAX = 50

export interface DeepgramOptions {
  apiKey: string
  baseUrl?: string
  model?: string
  connect?: Connect
  keepAliveMs?: number
}

export class DeepgramTranscription implements Transcription {
  readonly provider = 'deepgram'
  readonly #options: DeepgramOptions

  constructor(options: DeepgramOptions) {
    this.#options = options
  }

  async open(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber> {
    const { apiKey, baseUrl = DEEPGRAM_API, model = 'nova-3', connect = connectByFetch, keepAliveMs } = this.#options
    const url = `${withoutSlash(baseUrl)}/v1/listen?${listenQuery(model, options)}`
    const headers: Record<string, string> = apiKey ? { Authorization: `Token ${apiKey}` } : {}
    const session = new DeepgramSession(this.provider, heard, keepAliveMs)
    session.start(await dial(this.provider, connect, { url, headers }, session.ears, signal))
    return session
  }
}

export function listenQuery(model: string, options: TranscriptionOptions): URLSearchParams {
  const query = new URLSearchParams({
    model,
    language: deepgramLanguage(options.language),
    encoding: 'mulaw',
    sample_rate: '8000',
    channels: '1',
    interim_results: 'true',
    punctuate: 'true',
    endpointing: String(ENDPOINTING_MS),
  })
  for (const hint of options.hints.slice(0, HINTS_MAX)) query.append('keyterm', hint)
  return query
}

/** Regions that Deepgram knows for nova-3 ("Models & Languages Overview"); for others it takes only the language. */
const REGIONS = [
  'en-US',
  'en-AU',
  'en-GB',
  'en-IN',
  'en-NZ',
  'es-419',
  'fr-CA',
  'de-CH',
  'pt-BR',
  'pt-PT',
  'nl-BE',
  'ko-KR',
  'sv-SE',
  'da-DK',
]

export function deepgramLanguage(language: string): string {
  return REGIONS.includes(language) ? language : (language.split('-')[0] ?? language)
}

interface Results {
  start?: number
  duration?: number
  is_final?: boolean
  from_finalize?: boolean
  channel?: { alternatives?: { transcript?: string; confidence?: number }[] }
}

/** One socket with Deepgram's `/v1/listen` protocol. */
export class DeepgramSession implements Transcriber {
  readonly provider: string
  readonly ears: SocketEars
  readonly #heard: (event: Heard) => void
  readonly #keepAliveMs: number
  #socket: ProviderSocket | null = null
  #over = false
  #quiet = true
  #unsettled = false
  #interimTold = false
  /** number of Finalize messages without an answer */
  #finalizing = 0
  #keepAlive: ReturnType<typeof setInterval> | undefined
  #settling: ReturnType<typeof setTimeout> | null = null

  constructor(provider: string, heard: (event: Heard) => void, keepAliveMs = KEEP_ALIVE_MS) {
    this.provider = provider
    this.#heard = heard
    this.#keepAliveMs = keepAliveMs
    this.ears = {
      text: text => this.#understand(text),
      bytes: () => undefined,
      closed: (code, reason) => this.#fail(failureOfClose(provider, code, reason)),
    }
  }

  /** Takes a `socket` that is open. */
  start(socket: ProviderSocket): void {
    this.#socket = socket
    if (this.#over) return socket.close()
    this.#keepAlive = setInterval(() => {
      // KeepAlive is a text frame, because Deepgram takes a binary frame for sound.
      if (this.#quiet) socket.send('{"type":"KeepAlive"}')
      this.#quiet = true
    }, this.#keepAliveMs)
  }

  send(mulaw: Uint8Array): void {
    // An empty binary frame means "end of the stream" to Deepgram.
    if (this.#over || mulaw.length === 0) return
    this.#quiet = false
    this.#unsettled = true
    this.#socket?.send(mulaw)
  }

  began(): void {
    // Nothing to do: a stream transcribes all sound.
  }

  settle(): void {
    if (this.#over || (this.#settling !== null && !this.#unsettled)) return
    if (this.#settling !== null) clearTimeout(this.#settling)
    if (this.#unsettled) {
      this.#socket?.send('{"type":"Finalize"}')
      this.#finalizing += 1
    }
    this.#settling = setTimeout(() => this.#settled(), this.#unsettled ? SETTLE_LIMIT_MS : 0)
    this.#unsettled = false
  }

  close(): void {
    if (this.#over) return
    this.#end()
    this.#socket?.send('{"type":"CloseStream"}')
    this.#socket?.close()
  }

  #understand(text: string): void {
    if (this.#over) return
    const message = objectOf(text)
    if (message?.type === 'Error') {
      this.#socket?.close()
      this.#fail(new ProviderFailure(this.provider, 'refused', 'it reported an error'))
    }
    if (message?.type === 'Results') this.#results(message as Results)
  }

  #results({ start = 0, duration = 0, is_final: final = false, from_finalize: finalized, channel }: Results): void {
    const best = channel?.alternatives?.[0]
    const text = (best?.transcript ?? '').trim()
    // An empty final result withdraws the interim words of its stretch; other empty results mean nothing.
    if (text !== '' || (final && this.#interimTold)) {
      const startMs = Math.round(start * 1000)
      const endMs = Math.round((start + duration) * 1000)
      this.#heard({ type: 'words', text, final, confidence: best?.confidence ?? null, startMs, endMs })
      this.#interimTold = !final
    }
    if (finalized !== true || this.#finalizing === 0) return
    this.#finalizing -= 1
    if (this.#finalizing === 0) this.#settled()
  }

  #settled(): void {
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#settling = null
    this.#finalizing = 0
    if (!this.#over) this.#heard({ type: 'settled' })
  }

  #fail(failure: ProviderFailure): void {
    if (this.#over) return
    this.#end()
    this.#heard({ type: 'failed', failure })
  }

  #end(): void {
    this.#over = true
    if (this.#keepAlive !== undefined) clearInterval(this.#keepAlive)
    if (this.#settling !== null) clearTimeout(this.#settling)
  }
}

/**
 * 1008 with DATA-0000: Deepgram could not decode our sound. 1011 with NET-0000 or NET-0001: an error of its own, or no sound
 * for 10 s. Source: Deepgram, "Troubleshooting WebSocket, DATA & NET Errors".
 */
export function failureOfClose(provider: string, code: number, reason: string): ProviderFailure {
  if (code === 1008) return new ProviderFailure(provider, 'refused', 'closed with 1008')
  const known = /\b(?:NET|DATA)-\d{4}\b/.exec(reason)?.[0]
  return new ProviderFailure(provider, 'unavailable', `closed with ${code}${known ? ` ${known}` : ''}`)
}
