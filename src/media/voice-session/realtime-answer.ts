/** What is asked of a model that speaks by itself: an answer, or words of ours, one at a time, and given up where nobody wants it. */
import type { Phase } from '../../core/turn/state.ts'
import type { RealtimeLine } from './realtime-line.ts'
import type { SpokenReply } from './spoken-reply.ts'

/** An answer that was begun and of which nothing comes any more. */
const STALL_MS = 5_000

export class RealtimeAnswer {
  readonly #now: () => number
  readonly #line: RealtimeLine
  readonly #reply: SpokenReply
  /** what was asked for last: these words, or an answer (null) */
  #words: string | null = null
  /** when something last came of it; null: nothing more will */
  #sinceMs: number | null = null

  constructor(now: () => number, line: RealtimeLine, reply: SpokenReply) {
    this.#now = now
    this.#line = line
    this.#reply = reply
  }

  get pending(): boolean {
    return this.#sinceMs !== null
  }
  /** It is to say words of ours. */
  get isDictated(): boolean {
    return this.#words !== null
  }

  /** `typed`: words of the caller that it has not heard. */
  ask(turnId: number, typed: string): void {
    this.#words = null
    this.#reply.begin(turnId)
    this.#sinceMs = this.#now()
    if (typed !== '') this.#line.session?.typed(typed)
    this.#line.session?.answer()
  }

  /** What failed, once more. */
  again(turnId: number): void {
    if (this.#words === null) this.ask(turnId, '')
    else this.say(turnId, this.#words)
  }

  /** Exactly these words; of none, nothing is to be heard. */
  say(turnId: number, words: string): void {
    this.#words = words
    this.#reply.begin(turnId)
    if (words === '') return this.#reply.complete(turnId)
    this.#sinceMs = this.#now()
    this.#line.session?.say(words)
  }

  came(): void {
    if (this.#sinceMs !== null) this.#sinceMs = this.#now()
  }

  ended(): void {
    this.#sinceMs = null
  }

  /** What was not said is given up, and the model is told how much of it was heard. */
  cut(): void {
    const cuts = this.#reply.abort(this.#now())
    const { pending } = this
    this.ended()
    for (const { itemId, heardMs } of cuts) this.#line.session?.interrupt(itemId, heardMs)
    if (cuts.length === 0 && pending) this.#line.session?.interrupt('', 0)
  }

  /** Words that were begun, or promised, and do not come, where the machine has no clock of its own. */
  stallDueMs(phase: Phase['phase']): number | null {
    const waits = (phase === 'speaking' || phase === 'closing') && this.#reply.silent
    return this.#sinceMs !== null && waits ? this.#sinceMs + STALL_MS : null
  }
}
