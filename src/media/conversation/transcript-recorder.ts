/** Records the caller's turns, and our replies as far as they were heard, for the model's history and for the owner. */
import type { TurnFact } from '../../core/turn/state.ts'
import type { ConversationParts } from './conversation-parts.ts'
import type { Driver } from './driver.ts'
import type { Stopwatch } from './stopwatch.ts'

/** The times of a turn that the caller spoke, and how sure the transcriber was of its words. */
export interface CallerTimes {
  startMs: number
  quietSinceMs: number
  confidence: number | null
}

type RecorderParts = Pick<ConversationParts, 'now' | 'tell' | 'said'>

/** The last entry of the caller is their first one since we have spoken: on a call that we made, they greeted before. */
export function isFirstTurn(said: ConversationParts['said']): boolean {
  const ours = said.findIndex(one => one.role === 'agent')
  return said.slice(ours + 1).filter(one => one.role === 'caller').length <= 1
}

export class TranscriptRecorder {
  /** of the turn at hand; null: it was not spoken */
  callerTimes: CallerTimes | null = null
  /** the last reply that was heard */
  lastSaid = ''
  readonly #parts: RecorderParts
  readonly #driver: Pick<Driver, 'output' | 'replyEnded'>
  readonly #stopwatch: Stopwatch
  #toldTurn: number | null = null

  constructor(parts: RecorderParts, driver: Pick<Driver, 'output' | 'replyEnded'>, stopwatch: Stopwatch) {
    this.#parts = parts
    this.#driver = driver
    this.#stopwatch = stopwatch
  }

  note(fact: TurnFact): void {
    const { tell } = this.#parts
    switch (fact.type) {
      case 'caller-turned':
        return this.#callerSaid(fact)
      case 'reply-heard':
        // A reply that ended with a tool may have been said before it.
        return this.#agentSaid(fact.turnId, fact.heard === '' ? this.#heardOf(fact.turnId) : fact.heard, false)
      case 'reply-interrupted':
        this.#agentSaid(fact.turnId, fact.heard, true)
        return tell({ type: 'interrupted', turnId: fact.turnId })
      case 'reply-failed':
        return this.#agentSaid(fact.turnId, fact.heard, true)
      case 'reply-withdrawn':
        return this.#agentSaid(fact.turnId, this.#heardOf(fact.turnId), true)
      case 'speech-paused':
        return tell({ type: 'paused', turnId: fact.turnId })
      case 'false-interruption':
        return tell({ type: 'resumed', turnId: fact.turnId })
      case 'silence-prompted':
        return tell({ type: 'silence-prompted', turnId: fact.turnId })
      case 'closing-began':
        return tell({ type: 'closing', reason: fact.reason })
      case 'conversation-ended':
        return this.rest(false)
      default:
    }
  }

  /** Records what was heard of a reply that no fact has reported yet. */
  rest(interrupted: boolean): void {
    const { turnId } = this.#driver.output
    if (turnId !== null && turnId !== this.#toldTurn) this.#agentSaid(turnId, this.#heardOf(turnId), interrupted)
  }

  #callerSaid({ at, turnId, text }: Extract<TurnFact, { type: 'caller-turned' }>): void {
    this.#parts.said.push({ role: 'caller', text })
    const { startMs = at, quietSinceMs: endMs = at, confidence = null } = this.callerTimes ?? {}
    this.#parts.tell({ type: 'caller-said', turnId, text, confidence, startMs, endMs })
  }

  /** The history says what was heard, not what the model wrote (requirements S2-17; reference on barge-in). */
  #agentSaid(turnId: number, text: string, interrupted: boolean): void {
    const at = this.#parts.now()
    this.#driver.replyEnded?.(text)
    this.#toldTurn = turnId
    if (text === '') return
    this.#parts.said.push({ role: 'agent', text, interrupted })
    this.lastSaid = text
    const { startMs, latency } = this.#stopwatch.replyOf(turnId, at)
    this.#parts.tell({ type: 'agent-said', turnId, text, interrupted, startMs, endMs: at, latency })
  }

  #heardOf(turnId: number): string {
    const { output } = this.#driver
    return output.turnId === turnId ? output.heard(this.#parts.now()) : ''
  }
}
