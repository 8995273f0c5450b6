/**
 * The queue of our speech to the caller. Sentences wait here and are sent a little ahead of real time. Each ends with a mark that
 * the carrier returns when it has been played. After a `clear` the carrier returns all open
 * marks at once, played or not; so marks carry a generation, and a mark of an older generation is ignored. The words that were
 * heard are those of the returned marks, plus an estimate by time for the sentence that is being played.
 */
import { FRAME_BYTES, MULAW_SILENCE } from '../../sound/mulaw.ts'
import { heardPart } from './heard.ts'

/** Most sound that may wait or be unconfirmed at one time. */
export const QUEUE_MS_MAX = 120_000
/** Most sentences that may wait at one time. */
export const QUEUE_SENTENCES_MAX = 200

export interface PlayoutRules {
  /** how far ahead of its playing sound is sent: a `clear` has to take it back, and it hides a late timer */
  leadMs: number
  /** sound per message; the first message of a reply is one frame, so that it leaves at once */
  messageMs: number
}
export const PLAYOUT_RULES: PlayoutRules = { leadMs: 240, messageMs: 100 }

export type Outgoing =
  | { type: 'audio'; mulaw: Uint8Array }
  /** a sentence ends here; the carrier returns the name when it has played it */
  | { type: 'mark'; name: string; text: string }
  | { type: 'clear' }

/** A sentence that was not heard to its end: its text, and the sound that has arrived (all of it if `ended`). */
export interface Unheard {
  text: string
  mulaw: Uint8Array
  ended: boolean
}

export interface Cleared {
  /** send this now */
  messages: Outgoing[]
  /** the words that were heard since the reply began, by estimate to the word */
  heard: string
  /** the interrupted sentence and those after it, to be said again after a false interruption */
  unheard: Unheard[]
}

export class PlayoutFullError extends Error {
  override name = 'PlayoutFullError'
}

interface Sentence {
  text: string
  parts: Uint8Array[]
  arrivedBytes: number
  sentBytes: number
  ended: boolean
  marked: boolean
  /** when each of its messages is played, and how long it is */
  plan: { playMs: number; ms: number }[]
}

const FRAME_MS = 20
const BYTES_PER_MS = FRAME_BYTES / FRAME_MS

export interface Playout {
  /** Begins a sentence; `audio` and `end` belong to it. Throws `PlayoutFullError` at a limit, `Error` if one is still open. */
  begin(text: string): void
  /** Adds sound to the open sentence, in pieces of any length. */
  audio(mulaw: Uint8Array): void
  end(): void
  /** Returns what must be sent at `atMs`, in order. */
  due(atMs: number): Outgoing[]
  /** The time at which `due` returns something again; null: not by itself. May lie in the past. */
  nextMs(): number | null
  /** The carrier has returned a mark. */
  marked(name: string, atMs: number): void
  /** The caller interrupts: nothing more is played, and what was heard is settled. */
  clear(atMs: number): Cleared
  /** The words of this reply that were heard so far. */
  heard(atMs: number): string
  /** Milliseconds of this reply that were played since it began, or since the last `clear`. */
  playedMs(atMs: number): number
  /** number of sentences that were begun and not heard to their end */
  readonly waiting: number
  /** nothing waits, and everything that was sent has been played */
  readonly idle: boolean
  /** The reply is over (or settled), and the words of the next one are counted from zero. Throws unless `idle`. */
  reset(): void
}

export function createPlayout(rules: PlayoutRules = PLAYOUT_RULES): Playout {
  return new Queue(rules)
}

class Queue implements Playout {
  readonly #rules: PlayoutRules
  #generation = 1
  /** number of the first sentence in the list, since the generation began */
  #first = 0
  #sentences: Sentence[] = []
  #heard: string[] = []
  #heardBytes = 0
  #queuedBytes = 0
  #fresh = true
  /** when the sound that was sent so far will have been played */
  #playedUntilMs = Number.NEGATIVE_INFINITY
  /** how much later the carrier plays than planned, learned from its marks */
  #lagMs = 0

  constructor(rules: PlayoutRules) {
    if (!(rules.leadMs >= FRAME_MS && rules.messageMs >= FRAME_MS)) throw new RangeError('shorter than one frame')
    this.#rules = rules
  }

  begin(text: string): void {
    if (this.#open() !== undefined) throw new Error('a sentence is still open')
    if (this.#sentences.length >= QUEUE_SENTENCES_MAX)
      throw new PlayoutFullError(`${QUEUE_SENTENCES_MAX} sentences wait`)
    this.#sentences.push({ text, parts: [], arrivedBytes: 0, sentBytes: 0, ended: false, marked: false, plan: [] })
  }

  audio(mulaw: Uint8Array): void {
    const sentence = this.#mustBeOpen()
    if (this.#queuedBytes + mulaw.length > QUEUE_MS_MAX * BYTES_PER_MS)
      throw new PlayoutFullError(`${QUEUE_MS_MAX} ms wait`)
    this.#add(sentence, mulaw.slice())
  }

  end(): void {
    const sentence = this.#mustBeOpen()
    const over = sentence.arrivedBytes % FRAME_BYTES
    if (over > 0) this.#add(sentence, new Uint8Array(FRAME_BYTES - over).fill(MULAW_SILENCE))
    sentence.ended = true
  }

  #add(sentence: Sentence, bytes: Uint8Array): void {
    sentence.parts.push(bytes)
    sentence.arrivedBytes += bytes.length
    this.#queuedBytes += bytes.length
  }

  due(atMs: number): Outgoing[] {
    const messages: Outgoing[] = []
    for (const [index, sentence] of this.#sentences.entries()) {
      if (sentence.marked) continue
      while (this.#room(atMs) && sendable(sentence) > 0) messages.push(this.#send(sentence, atMs))
      if (!sentence.ended || sentence.sentBytes < sentence.arrivedBytes) break
      sentence.marked = true
      messages.push({ type: 'mark', name: `${this.#generation}.${this.#first + index}`, text: sentence.text })
    }
    return messages
  }

  #room(atMs: number): boolean {
    return this.#playedUntilMs - atMs < this.#rules.leadMs
  }

  #send(sentence: Sentence, atMs: number): Outgoing {
    const most = this.#fresh ? FRAME_MS : Math.floor(this.#rules.messageMs / FRAME_MS) * FRAME_MS
    const ms = Math.min(most, sendable(sentence) / BYTES_PER_MS)
    const mulaw = bytesOf(sentence, sentence.sentBytes, sentence.sentBytes + ms * BYTES_PER_MS)
    // If the carrier has run out of sound, it begins to play when this message arrives.
    const playMs = Math.max(this.#playedUntilMs, atMs)
    sentence.plan.push({ playMs, ms })
    sentence.sentBytes += mulaw.length
    this.#playedUntilMs = playMs + ms
    this.#fresh = false
    return { type: 'audio', mulaw }
  }

  nextMs(): number | null {
    for (const sentence of this.#sentences) {
      if (sentence.marked) continue
      if (sendable(sentence) > 0) return this.#playedUntilMs - this.#rules.leadMs + 1
      return sentence.ended ? Number.NEGATIVE_INFINITY : null
    }
    return null
  }

  marked(name: string, atMs: number): void {
    const [generation, number] = name.split('.').map(Number)
    if (generation !== this.#generation || number === undefined) return
    const index = number - this.#first
    const sentence = this.#sentences[index]
    // The mark came twice, is unknown, or was never sent.
    if (sentence === undefined || !sentence.marked) return
    const last = sentence.plan.at(-1)
    if (last !== undefined) this.#lagMs = Math.max(0, atMs - (last.playMs + last.ms))
    for (const one of this.#sentences.splice(0, index + 1)) {
      this.#heard.push(one.text)
      this.#queuedBytes -= one.arrivedBytes
      this.#heardBytes += one.arrivedBytes
    }
    this.#first = number + 1
  }

  clear(atMs: number): Cleared {
    const heard = this.heard(atMs)
    const unheard = this.#sentences.map(one => ({
      text: one.text,
      mulaw: bytesOf(one, 0, one.arrivedBytes),
      ended: one.ended,
    }))
    this.#generation += 1
    this.#first = 0
    this.#sentences = []
    this.#heard = []
    this.#heardBytes = 0
    this.#queuedBytes = 0
    this.#fresh = true
    this.#playedUntilMs = Number.NEGATIVE_INFINITY
    return { messages: [{ type: 'clear' }], heard, unheard }
  }

  heard(atMs: number): string {
    const words = [...this.#heard]
    for (const sentence of this.#sentences) {
      const { text, arrivedBytes, ended } = sentence
      const arrivedMs = arrivedBytes / BYTES_PER_MS
      words.push(heardPart(text, this.#playedOf(sentence, atMs), arrivedMs, ended ? arrivedMs : null))
    }
    return words.filter(one => one !== '').join(' ')
  }

  playedMs(atMs: number): number {
    const open = this.#sentences.reduce((sum, one) => sum + this.#playedOf(one, atMs), 0)
    return this.#heardBytes / BYTES_PER_MS + open
  }

  #playedOf({ plan }: Sentence, atMs: number): number {
    const nowMs = atMs - this.#lagMs
    return plan.reduce((sum, one) => sum + Math.min(one.ms, Math.max(0, nowMs - one.playMs)), 0)
  }

  get waiting(): number {
    return this.#sentences.length
  }

  get idle(): boolean {
    return this.#sentences.length === 0
  }

  reset(): void {
    if (!this.idle) throw new Error('there is still something to play')
    this.#heard = []
    this.#heardBytes = 0
    this.#fresh = true
  }

  #open(): Sentence | undefined {
    const last = this.#sentences.at(-1)
    return last?.ended === false ? last : undefined
  }

  #mustBeOpen(): Sentence {
    const sentence = this.#open()
    if (sentence === undefined) throw new Error('no sentence is open')
    return sentence
  }
}

/** Number of bytes, in whole frames, that can be sent. */
function sendable(sentence: Sentence): number {
  const waiting = sentence.arrivedBytes - sentence.sentBytes
  return waiting - (waiting % FRAME_BYTES)
}

function bytesOf(sentence: Sentence, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from)
  let at = 0
  for (const part of sentence.parts) {
    const start = Math.max(from - at, 0)
    const end = Math.min(to - at, part.length)
    if (start < end) bytes.set(part.subarray(start, end), at + start - from)
    at += part.length
    if (at >= to) break
  }
  return bytes
}
