import { type RawData, WebSocket } from 'ws'
import { decode } from '../../media/mulaw.ts'
import { StreamResampler } from '../../media/resample.ts'
import type { SpeechKnobs } from '../knobs.ts'
import type { ListenParameters } from './listen-parameters.ts'
import { Listener, type Result } from './listener.ts'
import type { Recogniser } from './recogniser.ts'
import type { Grammar } from './recogniser-messages.ts'
import { metadataMessage, resultsMessage, speechStartedMessage, utteranceEndMessage } from './results.ts'

/** One `WS /v1/listen`. */

/** https://developers.deepgram.com/docs/audio-keep-alive */
export const IDLE_MS = 10_000
/** A phrase must be heard as a whole, and shorter pauses are those between words. */
export const HANG_MS_MIN = 300
const IDLE_WHY =
  'Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001'

export interface ListenSocketOptions {
  parameters: ListenParameters
  grammar: Grammar
  recogniser: Recogniser
  knobs: SpeechKnobs
  now: () => number
  idleMs: number
  /** cut after the first message */
  drop: boolean
}

export class ListenSocket {
  readonly #socket: WebSocket
  readonly #options: ListenSocketOptions
  readonly #listener: Listener
  readonly #resampler: StreamResampler | null
  readonly #requestId = crypto.randomUUID()
  readonly #idle: NodeJS.Timeout
  readonly #unexpected: () => void
  #sending: Promise<void> = Promise.resolve()
  /** end of the last word, until `UtteranceEnd` has been sent for it */
  #lastWordMs: number | null = null
  /** the odd byte of a message of 16-bit samples */
  #half: Buffer = Buffer.alloc(0)
  #closing = false

  constructor(socket: WebSocket, options: ListenSocketOptions) {
    this.#socket = socket
    this.#options = options
    const { parameters, recogniser, grammar } = options
    const hangMs =
      parameters.endpointingMs === null ? Number.POSITIVE_INFINITY : Math.max(HANG_MS_MIN, parameters.endpointingMs)
    this.#resampler = parameters.hz === 8_000 ? null : new StreamResampler(parameters.hz, 8_000)
    this.#listener = new Listener(recogniser, grammar, hangMs, {
      started: atMs => this.#started(atMs),
      partial: (text, startMs, durationMs) => this.#partial(text, startMs, durationMs),
      final: result => this.#final(result),
      failed: error => this.#close(1011, error.message),
    })
    this.#unexpected = recogniser.expect(grammar)
    this.#idle = setTimeout(() => this.#close(1011, IDLE_WHY), options.idleMs)
    socket.on('message', (data, binary) => this.#take(data, binary))
    socket.on('error', () => undefined)
    socket.on('close', () => this.#gone())
  }

  #gone(): void {
    this.#unexpected()
    clearTimeout(this.#idle)
    this.#closing = true
    this.#listener.close()
  }

  #close(code: number, why: string): void {
    clearTimeout(this.#idle)
    this.#closing = true
    // A closing frame has room for 123 bytes.
    this.#socket.close(code, Buffer.from(why).subarray(0, 123))
    this.#listener.close()
  }

  /** Sends in order, with the delay that is set. */
  #send(message: unknown): void {
    const { knobs, drop } = this.#options
    this.#sending = this.#sending.then(async () => {
      const delayMs = knobs.delayMs('listen')
      if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs))
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
      if (drop) this.#socket.terminate()
    })
  }

  #take(data: RawData, binary: boolean): void {
    if (this.#closing) return
    this.#idle.refresh()
    const bytes = data as Buffer
    if (binary) return bytes.length === 0 ? void this.#finish() : this.#hear(bytes)
    let type: unknown
    try {
      type = (JSON.parse(String(data)) as { type?: unknown } | null)?.type
    } catch {
      type = undefined
    }
    if (type === 'KeepAlive') return
    if (type === 'Finalize') return this.#listener.finalize()
    if (type === 'CloseStream') return void this.#finish()
    this.#close(1008, `DATA-0000: ${String(data).slice(0, 60)} is no message of this service`)
  }

  #hear(bytes: Buffer): void {
    const { encoding, utteranceEndMs } = this.#options.parameters
    this.#listener.push(encoding === 'mulaw' ? decode(bytes) : this.#linear(bytes))
    if (utteranceEndMs === null || this.#lastWordMs === null || this.#listener.speaking) return
    if (this.#listener.nowMs - this.#lastWordMs < utteranceEndMs) return
    this.#send(utteranceEndMessage(this.#lastWordMs))
    this.#lastWordMs = null
  }

  #linear(bytes: Buffer): Int16Array {
    const all = this.#half.length === 0 ? bytes : Buffer.concat([this.#half, bytes])
    const samples = new Int16Array(all.length >> 1)
    for (let index = 0; index < samples.length; index += 1) samples[index] = all.readInt16LE(index * 2)
    this.#half = Buffer.from(all.subarray(samples.length * 2))
    return this.#resampler ? this.#resampler.push(samples) : samples
  }

  #started(atMs: number): void {
    this.#lastWordMs = null
    if (this.#options.parameters.vadEvents) this.#send(speechStartedMessage(atMs))
  }

  #partial(text: string, startMs: number, durationMs: number): void {
    const { interim, model } = this.#options.parameters
    if (!interim) return
    const flags = { isFinal: false, speechFinal: false, fromFinalize: false, punctuate: false }
    this.#send(resultsMessage(this.#requestId, model, { text, words: [], startMs, durationMs }, flags))
  }

  #final(result: Result): void {
    const { punctuate, model, unclear } = this.#options.parameters
    const last = result.words.at(-1)
    if (last && !this.#listener.speaking) this.#lastWordMs = result.startMs + last.endMs
    const said = result.refused && unclear !== '' ? { ...result, text: unclear } : result
    const flags = { isFinal: true, speechFinal: result.endpoint, fromFinalize: result.asked, punctuate }
    this.#send(resultsMessage(this.#requestId, model, said, flags))
  }

  async #finish(): Promise<void> {
    this.#closing = true
    await this.#listener.finish()
    const { parameters, now } = this.#options
    this.#send(metadataMessage(this.#requestId, parameters.model, this.#listener.nowMs, now()))
    await this.#sending
    this.#close(1000, '')
  }
}
