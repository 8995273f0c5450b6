/** Asks a realtime model for one thing at a time, an answer or words of ours, and gives up what is not wanted any more. */
import type { Phase } from '../../../core/turn/state.ts'
import type { RealtimeConnection } from './connection.ts'
import type { SpokenReply } from './spoken-reply.ts'

/** Time without progress after which an answer counts as stalled. */
const STALL_MS = 5_000
/** The same for a goodbye: then the carrier says one. */
const CLOSING_STALL_MS = 3_000
/** The caller has also heard nothing for this long. */
const DRY_MS = 2_500

/**
 * The end of an answer: a `stale` one was given up before; a `resting` one goes on after its tools; an `unspoken` one was emptied by a
 * filter or by the limit of its length, and would be again.
 */
export type Ending = 'stale' | 'resting' | 'said' | 'unspoken' | 'failed'

export class RealtimeAnswer {
  readonly #now: () => number
  readonly #connection: RealtimeConnection
  readonly #reply: SpokenReply
  readonly #askPatience: () => void
  /** the words that the model was last asked to say; null: it was asked for an answer */
  #words: string | null = null
  /** when something of it last arrived; null: nothing more is expected */
  #sinceMs: number | null = null

  constructor(now: () => number, connection: RealtimeConnection, reply: SpokenReply, askPatience: () => void) {
    this.#now = now
    this.#connection = connection
    this.#reply = reply
    this.#askPatience = askPatience
  }

  get pending(): boolean {
    return this.#sinceMs !== null
  }
  /** The model was asked to say words of ours. */
  get isDictated(): boolean {
    return this.#words !== null
  }

  /** `typed`: words of the caller that the model has not heard. */
  ask(turnId: number, typed: string): void {
    this.#words = null
    this.#reply.begin(turnId)
    this.#sinceMs = this.#now()
    if (typed !== '') this.#connection.session?.typed(typed)
    this.#connection.session?.answer()
  }

  /** Asks again for what failed. That has cost time already, so the caller is asked for patience. */
  again(turnId: number): void {
    this.#reply.begin(turnId)
    this.#askPatience()
    if (this.#words === null) this.ask(turnId, '')
    else this.say(turnId, this.#words)
  }

  /** Asks for exactly these words; without any, the reply is complete at once. */
  say(turnId: number, words: string): void {
    this.#words = words
    this.#reply.begin(turnId)
    if (words === '') return this.#reply.complete(turnId)
    this.#sinceMs = this.#now()
    this.#connection.session?.say(words)
  }

  /** Something of the answer has arrived. */
  progressed(): void {
    if (this.#sinceMs !== null) this.#sinceMs = this.#now()
  }

  /** Nothing more is expected of the answer. */
  ended(): void {
    this.#sinceMs = null
  }

  /** Gives up the answer and tells the model how much of it was heard. */
  cut(): void {
    const cuts = this.#reply.abort(this.#now())
    const { pending } = this
    this.ended()
    for (const { itemId, heardMs } of cuts) this.#connection.session?.interrupt(itemId, heardMs)
    if (cuts.length === 0 && pending) this.#connection.session?.interrupt('', 0)
  }

  /** The time at which an answer that was begun or promised counts as failed; the turn machine has no clock for this. */
  stallDueMs(phase: Phase['phase'], soundUntilMs: number): number | null {
    if (this.#sinceMs === null || (phase !== 'speaking' && phase !== 'closing')) return null
    const waitMs = phase === 'closing' ? CLOSING_STALL_MS : STALL_MS
    return Math.max(this.#sinceMs + waitMs, soundUntilMs + DRY_MS)
  }

  /** `usedTools`: silence after a tool is an answer. `owed`: the caller waits for words. */
  endingOf(reason: string, usedTools: boolean, owed: boolean): Ending {
    if (reason === 'interrupted' || this.#reply.turnId === null || !this.pending) return 'stale'
    if (reason === 'tools') return 'resting'
    const empty = !this.#reply.hasSound && !usedTools && (owed || this.isDictated)
    if (empty && reason === 'length' && !this.isDictated) return 'unspoken'
    return reason === 'failed' || empty ? 'failed' : 'said'
  }
}
