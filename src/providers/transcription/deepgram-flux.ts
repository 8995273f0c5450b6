/**
 * Deepgram Flux: `wss://api.deepgram.com/v2/listen`, a model that detects the end of a turn, which is reported as
 * `turn-ended`. Our `settle` becomes its ForceEndTurn. Source: developers.deepgram.com, "Turn-based Audio (Flux)", "Force
 * End Turn", "Understanding the Flux State Machine".
 */
import { decodeMulaw } from '../../sound/mulaw.ts'
import { ProviderFailure } from '../failure.ts'
import { withoutSlash } from '../http.ts'
import { type Connect, connectByFetch, dial, objectOf, type ProviderSocket, type SocketEars } from '../socket.ts'
import { DEEPGRAM_API, failureOfClose, SETTLE_LIMIT_MS } from './deepgram.ts'
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from './port.ts'

/** Updates come every 250 ms during a turn, so without one for this long no turn is under way. */
const IDLE_SETTLE_LIMIT_MS = 300
const HINTS_MAX = 50

export type FluxEncoding = 'mulaw' | 'linear16'

export interface FluxOptions {
  apiKey: string
  baseUrl?: string
  connect?: Connect
}

export class DeepgramFluxTranscription implements Transcription {
  readonly provider = 'deepgram-flux'
  readonly #options: FluxOptions

  constructor(options: FluxOptions) {
    this.#options = options
  }

  async open(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber> {
    const { apiKey, baseUrl = DEEPGRAM_API, connect = connectByFetch } = this.#options
    const url = `${withoutSlash(baseUrl)}/v2/listen?${fluxQuery(options)}`
    const headers: Record<string, string> = apiKey ? { Authorization: `Token ${apiKey}` } : {}
    const session = new FluxSession(this.provider, 'mulaw', heard)
    session.start(await dial(this.provider, connect, { url, headers }, session.ears, signal))
    return session
  }
}

/** There is a model for English alone; the multilingual one gets the expected language as a hint. */
function fluxQuery({ language, hints }: TranscriptionOptions): URLSearchParams {
  const [base = language] = language.split('-')
  const query = new URLSearchParams({
    model: base === 'en' ? 'flux-general-en' : 'flux-general-multi',
    encoding: 'mulaw',
    sample_rate: '8000',
  })
  if (base !== 'en') query.append('language_hint', base)
  for (const hint of hints.slice(0, HINTS_MAX)) query.append('keyterm', hint)
  return query
}

interface TurnInfo {
  event?: string
  transcript?: string
  trigger?: string
  words?: { confidence?: number }[]
  audio_window_start?: number
  audio_window_end?: number
}

/** One socket with Flux's protocol. */
export class FluxSession implements Transcriber {
  readonly provider: string
  readonly ears: SocketEars
  readonly #encoding: FluxEncoding
  readonly #heard: (event: Heard) => void
  #socket: ProviderSocket | null = null
  #over = false
  /** the time at which the present turn began; null: there is none */
  #turnStartMs: number | null = null
  #settling: ReturnType<typeof setTimeout> | null = null

  constructor(provider: string, encoding: FluxEncoding, heard: (event: Heard) => void) {
    this.provider = provider
    this.#encoding = encoding
    this.#heard = heard
    this.ears = {
      text: text => this.#understand(text),
      bytes: () => undefined,
      closed: (code, reason) => this.#fail(failureOfClose(provider, code, reason)),
    }
  }

  start(socket: ProviderSocket): void {
    this.#socket = socket
    if (this.#over) socket.close()
  }

  send(mulaw: Uint8Array): void {
    if (this.#over || mulaw.length === 0) return
    this.#socket?.send(this.#encoding === 'mulaw' ? mulaw : linearOf(mulaw))
  }

  began(): void {
    // Nothing to do: a stream transcribes all sound.
  }

  settle(): void {
    if (this.#over || this.#settling !== null) return
    this.#socket?.send('{"type":"ForceEndTurn"}')
    const limitMs = this.#turnStartMs === null ? IDLE_SETTLE_LIMIT_MS : SETTLE_LIMIT_MS
    this.#settling = setTimeout(() => this.#settled(), limitMs)
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
    if (message?.type === 'TurnInfo') this.#turn(message as TurnInfo)
    if (message?.type !== 'Error') return
    this.#socket?.close()
    this.#fail(new ProviderFailure(this.provider, 'refused', 'it reported an error'))
  }

  #turn(info: TurnInfo): void {
    const endMs = Math.round((info.audio_window_end ?? 0) * 1_000)
    if (info.event === 'StartOfTurn' || (this.#turnStartMs === null && info.transcript))
      this.#turnStartMs = Math.round((info.audio_window_start ?? 0) * 1_000)
    const final = info.event === 'EndOfTurn'
    const text = (info.transcript ?? '').trim()
    if (text !== '')
      this.#heard({
        type: 'words',
        text,
        final,
        confidence: confidenceOf(info),
        startMs: this.#turnStartMs ?? endMs,
        endMs,
      })
    if (!final) return
    this.#turnStartMs = null
    if (info.trigger !== 'manual') this.#heard({ type: 'turn-ended' })
    if (this.#settling !== null) this.#settled()
  }

  #settled(): void {
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#settling = null
    if (!this.#over) this.#heard({ type: 'settled' })
  }

  #fail(failure: ProviderFailure): void {
    if (this.#over) return
    this.#end()
    this.#heard({ type: 'failed', failure })
  }

  #end(): void {
    this.#over = true
    if (this.#settling !== null) clearTimeout(this.#settling)
  }
}

function confidenceOf({ words = [] }: TurnInfo): number | null {
  const known = words.flatMap(word => (typeof word.confidence === 'number' ? [word.confidence] : []))
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length
}

/** Converts µ-law to 16-bit samples; they are little-endian because all our machines are. */
function linearOf(mulaw: Uint8Array): Uint8Array {
  const samples = new Int16Array(mulaw.length)
  decodeMulaw(mulaw, samples)
  return new Uint8Array(samples.buffer)
}
