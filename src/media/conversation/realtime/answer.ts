/** What is asked of a model that speaks by itself: an answer, or words of ours, one at a time, and given up where nobody wants it. */
import type { Phase } from '../../../core/turn/state.ts'
import type { RealtimeLine } from './connection.ts'
import type { SpokenReply } from './spoken-reply.ts'

/** An answer that was begun and of which nothing comes any more. */
const STALL_MS = 5_000
/** A goodbye that does not come: the carrier says one. */
const CLOSING_STALL_MS = 3_000
/** And so long nothing was heard. */
const DRY_MS = 2_500

/** What became of an answer: `nobodys` was given up before; `resting` goes on after its tools. */
export type Ending = 'nobodys' | 'resting' | 'said' | 'failed'

export class RealtimeAnswer {
  readonly #now: () => number
  readonly #line: RealtimeLine
  readonly #reply: SpokenReply
  readonly #askPatience: () => void
  /** what was asked for last: these words, or an answer (null) */
  #words: string | null = null
  /** when something last came of it; null: nothing more will */
  #sinceMs: number | null = null

  constructor(now: () => number, line: RealtimeLine, reply: SpokenReply, askPatience: () => void) {
    this.#now = now
    this.#line = line
    this.#reply = reply
    this.#askPatience = askPatience
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

  /** What failed, once more. A model that failed has cost time already: the caller hears a word of it. */
  again(turnId: number): void {
    this.#reply.begin(turnId)
    this.#askPatience()
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
  stallDueMs(phase: Phase['phase'], soundUntilMs: number): number | null {
    if (this.#sinceMs === null || (phase !== 'speaking' && phase !== 'closing')) return null
    const waitMs = phase === 'closing' ? CLOSING_STALL_MS : STALL_MS
    return Math.max(this.#sinceMs + waitMs, soundUntilMs + DRY_MS)
  }

  /** `usedTools`: of silence after a tool nothing more is expected. `owed`: somebody waits for its words. */
  endingOf(reason: string, usedTools: boolean, owed: boolean): Ending {
    if (reason === 'interrupted' || this.#reply.turnId === null || !this.pending) return 'nobodys'
    if (reason === 'tools') return 'resting'
    const empty = !this.#reply.hasSound && !usedTools && (owed || this.isDictated)
    return reason === 'failed' || empty ? 'failed' : 'said'
  }
}
