/** The turn machine at work on one line: what its effects bring about waits until the input at hand is done. */
import { step } from '../../core/machine.ts'
import {
  INITIAL,
  type Phase,
  type TurnEffect,
  type TurnFact,
  type TurnInput,
  type TurnState,
} from '../../core/turn/state.ts'
import { turn } from '../../core/turn/turn.ts'

/** The detector hears the end of a sound so late (`npm run bench -- vad`: offsets less the time that closes the gate). */
const HEARD_LATE_MS = 160

export interface TurnLoopEvents {
  note(fact: TurnFact): void
  perform(effect: TurnEffect): void
  /** nothing waits any more */
  settled(): void
}

export class TurnLoop {
  readonly #events: TurnLoopEvents
  readonly #inputs: TurnInput[] = []
  #state: TurnState = INITIAL
  #draining = false
  #closed = false
  /** something that the caller should be told happened outside */
  #news = false

  constructor(events: TurnLoopEvents) {
    this.#events = events
  }

  get state(): TurnState {
    return this.#state
  }
  get now(): Phase {
    return this.#state.now
  }
  get phase(): Phase['phase'] {
    return this.#state.now.phase
  }

  /** When the machine's clock strikes: that the caller speaks on is known late. */
  get dueMs(): number | null {
    const due = turn.deadline(this.#state)
    const { now } = this.#state
    return due !== null && now.phase === 'interrupted' && now.quietSince === null ? due + HEARD_LATE_MS : due
  }

  input(input: TurnInput): void {
    this.#inputs.push(input)
    if (this.#draining || this.#closed) return
    this.#draining = true
    try {
      for (let next = this.#inputs.shift(); next !== undefined && !this.#closed; next = this.#inputs.shift()) {
        const { state, facts, effects } = step(turn, this.#state, next)
        this.#state = state
        for (const fact of facts) this.#events.note(fact)
        for (const effect of effects) this.#events.perform(effect)
      }
    } finally {
      this.#draining = false
    }
    this.#tellNews(input.at)
    this.#events.settled()
  }

  /** While we wait to know whether the caller interrupts us: they may have stopped, or went on. */
  possibleEnd(on: boolean, at: number, heard: string): void {
    if (this.phase !== 'interrupted') return
    this.input(on ? { type: 'caller.fell-silent', at } : { type: 'caller.spoke', at, heard })
  }

  /** The model speaks about it as soon as nobody else does. */
  news(at: number): void {
    this.#news = true
    this.#tellNews(at)
  }

  #tellNews(at: number): void {
    if (!this.#news || this.phase !== 'listening') return
    this.#news = false
    this.input({ type: 'news.came', at })
  }

  /** Nothing happens any more, and nothing is told of it. */
  close(at: number): void {
    this.#closed = true
    this.#state = step(turn, this.#state, { type: 'call.ended', at }).state
  }
}
