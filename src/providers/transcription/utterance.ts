/**
 * A transcriber over a service that takes whole utterances: sound is kept from the beginning of speech and sent at `settle`, and
 * words are reported in the order in which they were spoken. Between utterances only the last seconds are kept, because the gate
 * reports the beginning of speech late.
 */
import { joinedBytes } from '../../sound/bytes.ts'
import { decodeMulaw } from '../../sound/mulaw.ts'
import { wavOf } from '../../sound/wav.ts'
import { ProviderFailure } from '../failure.ts'
import type { Heard, Transcriber } from './port.ts'

export interface Recognised {
  text: string
  confidence: number | null
}

/** Returns null if `signal` aborted; throws `ProviderFailure`. */
export type Recognise = (mulaw: Uint8Array, signal: AbortSignal) => Promise<Recognised | null>

/** Sound that is kept while nobody speaks: more than a gate needs to detect that somebody speaks. */
export const BACK_MAX_MS = 3_000
/** Google accepts at most 60 s, so a longer utterance is sent in parts. */
export const UTTERANCE_MAX_MS = 55_000
/** The most utterances without an answer; a service with more of them is too slow for a conversation. */
const WAITING_MAX = 8
/** Less sound than this contains no word, and OpenAI refuses it. */
const UTTERANCE_MIN_MS = 100
const BYTES_PER_MS = 8

export class UtteranceTranscriber implements Transcriber {
  readonly provider: string
  readonly #recognise: Recognise
  readonly #heard: (event: Heard) => void
  readonly #over = new AbortController()
  #kept: Uint8Array[] = []
  #keptBytes = 0
  #sentBytes = 0
  /** the position in all sound, in bytes, at which the utterance begins; null: nobody speaks */
  #beganAt: number | null = null
  #waiting = 0
  /** the end of the chain by which results are reported in the order of their requests */
  #order: Promise<void> = Promise.resolve()

  constructor(provider: string, recognise: Recognise, heard: (event: Heard) => void) {
    this.provider = provider
    this.#recognise = recognise
    this.#heard = heard
  }

  send(mulaw: Uint8Array): void {
    if (this.#over.signal.aborted) return
    this.#kept.push(mulaw.slice())
    this.#keptBytes += mulaw.length
    this.#sentBytes += mulaw.length
    if (this.#beganAt === null) this.#keepLast(BACK_MAX_MS * BYTES_PER_MS)
    else if (this.#sentBytes - this.#beganAt >= UTTERANCE_MAX_MS * BYTES_PER_MS) {
      this.#ask(this.#beganAt)
      this.#beganAt = this.#sentBytes
    }
  }

  began(backMs: number): void {
    if (this.#over.signal.aborted || this.#beganAt !== null) return
    this.#beganAt = Math.max(this.#sentBytes - this.#keptBytes, this.#sentBytes - Math.round(backMs * BYTES_PER_MS))
  }

  settle(): void {
    if (this.#over.signal.aborted) return
    if (this.#beganAt !== null) this.#ask(this.#beganAt)
    this.#beganAt = null
    this.#then(async () => ({ type: 'settled' }))
  }

  close(): void {
    this.#over.abort()
    this.#kept = []
  }

  #ask(beganAt: number): void {
    const sound = joinedBytes(this.#kept).subarray(beganAt - (this.#sentBytes - this.#keptBytes))
    this.#keepLast(0)
    if (sound.length < UTTERANCE_MIN_MS * BYTES_PER_MS) return
    const [startMs, endMs] = [beganAt / BYTES_PER_MS, this.#sentBytes / BYTES_PER_MS]
    this.#waiting += 1
    if (this.#waiting > WAITING_MAX)
      return this.#fail(new ProviderFailure(this.provider, 'late', 'it does not keep up'))
    const answer = this.#recognise(sound, this.#over.signal)
    // The answer is awaited later, in its order; without this handler a failure before that would be an unhandled rejection.
    answer.catch(() => undefined)
    this.#then(async () => {
      const recognised = await answer
      this.#waiting -= 1
      if (recognised === null || recognised.text === '') return null
      return { type: 'words', ...recognised, final: true, startMs, endMs }
    })
  }

  #then(tell: () => Promise<Heard | null>): void {
    this.#order = this.#order.then(async () => {
      if (this.#over.signal.aborted) return
      try {
        const event = await tell()
        if (event !== null && !this.#over.signal.aborted) this.#heard(event)
      } catch (error) {
        const failure =
          error instanceof ProviderFailure ? error : new ProviderFailure(this.provider, 'unavailable', 'no words')
        this.#fail(failure)
      }
    })
  }

  #fail(failure: ProviderFailure): void {
    if (this.#over.signal.aborted) return
    this.close()
    this.#heard({ type: 'failed', failure })
  }

  #keepLast(bytes: number): void {
    while (this.#kept[0] && this.#keptBytes - this.#kept[0].length >= bytes) {
      this.#keptBytes -= this.#kept[0].length
      this.#kept.shift()
    }
  }
}

/** Makes a 16-bit WAV file of the utterance, because services that want files do not accept µ-law in them. */
export function wavOfMulaw(mulaw: Uint8Array): Uint8Array {
  const samples = new Int16Array(mulaw.length)
  decodeMulaw(mulaw, samples)
  return wavOf(samples, 8_000)
}
