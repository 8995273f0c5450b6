/** Runs the turn machine of one conversation. Inputs that its effects cause wait until the input at hand is done. */
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

/** The detector reports the end of a sound this late (`npm run bench -- vad`: offsets less the time that closes the gate). */
const HEARD_LATE_MS = 160

export interface TurnRunnerEvents {
  note(fact: TurnFact): void
  perform(effect: TurnEffect): void
  /** all inputs are done */
  settled(): void
}

export class TurnRunner {
  readonly #events: TurnRunnerEvents
  readonly #inputs: TurnInput[] = []
  #state: TurnState = INITIAL
  #draining = false
  #closed = false
  /** something happened outside that the caller has not been told yet */
  #news = false

  constructor(events: TurnRunnerEvents) {
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

  /** The time at which the machine's clock strikes. We learn late that the caller has stopped, so that clock waits longer. */
  get dueMs(): number | null {
    const due = turn.deadline(this.#state)
    const { now } = this.#state
    return due !== null && now.phase === 'interrupted' && now.quietSince === null ? due + HEARD_LATE_MS : due
  }

  dispatch(input: TurnInput): void {
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

  /** While we are interrupted: the caller may have stopped (`on`), or has gone on. */
  possibleEnd(on: boolean, at: number, heard: string): void {
    if (this.phase !== 'interrupted') return
    this.dispatch(on ? { type: 'caller.fell-silent', at } : { type: 'caller.spoke', at, heard })
  }

  /** Lets the model speak about the news as soon as nobody else speaks. */
  news(at: number): void {
    this.#news = true
    this.#tellNews(at)
  }

  #tellNews(at: number): void {
    if (!this.#news || this.phase !== 'listening') return
    this.#news = false
    this.dispatch({ type: 'news.came', at })
  }

  /** Ends the machine without reporting its facts. */
  close(at: number): void {
    this.#closed = true
    this.#state = step(turn, this.#state, { type: 'call.ended', at }).state
  }
}
