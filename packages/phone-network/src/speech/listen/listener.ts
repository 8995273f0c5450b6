import { Endpointer, HZ } from './endpointer.ts'
import type { Recogniser, Utterance } from './recogniser.ts'
import type { Grammar, Heard } from './recogniser-messages.ts'

/** Turns a stream of sound into utterances, in order. */

/** Sound before the detected start that belongs to an utterance, because its first sound is soft. */
export const PREROLL_MS = 240
/** Limit of an utterance without a pause. */
export const UTTERANCE_MS_MAX = 30_000

export interface Result extends Heard {
  startMs: number
  durationMs: number
  /** a pause has ended it; false: it became too long */
  endpoint: boolean
  /** the client asked for it */
  asked: boolean
}

export interface ListenerEvents {
  started(atMs: number): void
  /** the speech is over; its words come later */
  stopped?(atMs: number): void
  partial(text: string, startMs: number, durationMs: number): void
  final(result: Result): void
  failed(error: Error): void
}

interface Open {
  utterance: Utterance
  startMs: number
}

/**
 * The words with which both guesses begin. A single guess after half a word is forced into some phrase. Words that the
 * next guess repeats are reported, as in the vendors' interim results.
 */
export function commonStart(one: string, other: string): string {
  const [words, others] = [one.split(' '), other.split(' ')]
  const differs = words.findIndex((word, at) => word !== others[at])
  return words.slice(0, differs < 0 ? words.length : differs).join(' ')
}

export class Listener {
  readonly #recogniser: Recogniser
  readonly #grammar: Grammar
  readonly #events: ListenerEvents
  readonly #endpointer: Endpointer
  #before: Int16Array[] = []
  #beforeSamples = 0
  #samples = 0
  #open: Open | null = null
  /** has ended, and its result is not here yet */
  readonly #ended = new Set<Utterance>()
  /** the utterances that have ended are answered one after another */
  #answers: Promise<void> = Promise.resolve()
  #over = false

  constructor(recogniser: Recogniser, grammar: Grammar, hangMs: number, events: ListenerEvents) {
    this.#recogniser = recogniser
    this.#grammar = grammar
    this.#events = events
    this.#endpointer = new Endpointer(hangMs)
  }

  /** The length of the stream so far. */
  get nowMs(): number {
    return (this.#samples / HZ) * 1_000
  }

  get speaking(): boolean {
    return this.#open !== null
  }

  /** 16-bit samples at 8 kHz. */
  push(samples: Int16Array): void {
    if (samples.length === 0 || this.#over) return
    this.#samples += samples.length
    if (this.#open) this.#open.utterance.push(samples)
    this.#remember(samples)
    for (const event of this.#endpointer.push(samples)) {
      if (event.type === 'began') this.#begin(event.atMs)
      else this.#end(true, false)
    }
    if (this.#open && this.nowMs - this.#open.startMs >= UTTERANCE_MS_MAX) {
      this.#endpointer.reset()
      this.#end(false, false)
    }
  }

  /** The client wants the words now. One result comes, and it is empty when nothing was said. */
  finalize(): void {
    this.#endpointer.reset()
    if (this.#open) return this.#end(true, true)
    const nothing = { text: '', words: [], refused: false }
    this.#after(async () => {
      this.#events.final({ ...nothing, startMs: this.nowMs, durationMs: 0, endpoint: true, asked: true })
    })
  }

  /** Resolves when every utterance has been answered. */
  async finish(): Promise<void> {
    if (this.#open) this.#end(true, false)
    await this.#answers
  }

  close(): void {
    this.#over = true
    this.#open?.utterance.forget()
    this.#open = null
    for (const utterance of this.#ended) utterance.forget()
    this.#ended.clear()
  }

  #remember(samples: Int16Array): void {
    this.#before.push(samples)
    this.#beforeSamples += samples.length
    const keep = (PREROLL_MS * HZ) / 1_000 + HZ / 5
    while (this.#beforeSamples - (this.#before[0]?.length ?? 0) >= keep) {
      this.#beforeSamples -= this.#before.shift()?.length ?? 0
    }
  }

  #begin(atMs: number): void {
    if (this.#open) return
    try {
      const startMs = Math.max(this.nowMs - (this.#beforeSamples / HZ) * 1_000, atMs - PREROLL_MS)
      let guess = ''
      const utterance = this.#recogniser.begin(this.#grammar, text => {
        const sure = commonStart(guess, text)
        guess = text
        if (!this.#over && this.#open?.utterance === utterance && sure !== '') {
          this.#events.partial(sure, startMs, this.nowMs - startMs)
        }
      })
      this.#open = { utterance, startMs }
      let skip = this.#beforeSamples - Math.round(((this.nowMs - startMs) * HZ) / 1_000)
      for (const samples of this.#before) {
        if (skip < samples.length) utterance.push(samples.slice(Math.max(0, skip)))
        skip -= samples.length
      }
      this.#events.started(atMs)
    } catch (error) {
      this.#events.failed(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #end(endpoint: boolean, asked: boolean): void {
    const open = this.#open
    if (!open) return
    this.#open = null
    const { startMs } = open
    this.#events.stopped?.(this.nowMs)
    const durationMs = this.nowMs - startMs
    const { utterance } = open
    const heard = utterance.end()
    this.#ended.add(utterance)
    this.#after(async () => {
      const said = await heard.finally(() => this.#ended.delete(utterance))
      this.#events.final({ ...said, startMs, durationMs, endpoint, asked })
    })
  }

  #after(answer: () => Promise<void>): void {
    this.#answers = this.#answers.then(answer).catch((error: unknown) => {
      if (!this.#over) this.#events.failed(error instanceof Error ? error : new Error(String(error)))
    })
  }
}
