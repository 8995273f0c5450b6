/** Who said what, told to whoever holds the conversation: the caller's turns, and of ours what was heard. */
import type { TurnFact } from '../../core/turn/state.ts'
import type { SessionParts } from './conversation-parts.ts'
import type { ReplyGenerator } from './pipeline/reply-generator.ts'
import type { CallerTurn } from './pipeline/speech-input.ts'
import type { SpeechOutput } from './pipeline/speech-output.ts'
import type { Stopwatch } from './stopwatch.ts'

/** The parts of a conversation that the minutes are kept of. */
export interface MinutesOf {
  mouth: Pick<SpeechOutput, 'turnId' | 'heard'>
  mind: Pick<ReplyGenerator, 'callerSaid' | 'agentSaid'>
  watch: Stopwatch
}
type MinutesParts = Pick<SessionParts, 'now' | 'tell'>

export class TranscriptRecorder {
  /** when and how surely the words of the turn at hand were heard; null: they were no speech */
  callerTurn: CallerTurn | null = null
  /** the last reply that was heard */
  lastSaid = ''
  readonly #parts: MinutesParts
  readonly #of: MinutesOf
  readonly #said: (text: string) => void
  #toldTurn: number | null = null

  constructor(parts: MinutesParts, of: MinutesOf, said: (text: string) => void) {
    this.#parts = parts
    this.#of = of
    this.#said = said
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

  /** What was heard of a reply that nobody has told of yet. */
  rest(interrupted: boolean): void {
    const { turnId } = this.#of.mouth
    if (turnId !== null && turnId !== this.#toldTurn) this.#agentSaid(turnId, this.#heardOf(turnId), interrupted)
  }

  #callerSaid({ at, turnId, text }: Extract<TurnFact, { type: 'caller-turned' }>): void {
    const done = this.callerTurn
    this.#of.mind.callerSaid(text)
    const [startMs, endMs] = [done?.startMs ?? at, done?.quietSinceMs ?? at]
    this.#parts.tell({ type: 'caller-said', turnId, text, confidence: done?.confidence ?? null, startMs, endMs })
  }

  /** What the model is told that it said is what was heard (requirements S2-17; reference on barge-in). */
  #agentSaid(turnId: number, text: string, interrupted: boolean): void {
    const at = this.#parts.now()
    this.#of.mind.agentSaid(text, interrupted)
    this.#toldTurn = turnId
    if (text === '') return
    this.lastSaid = text
    this.#said(text)
    const { startMs, latency } = this.#of.watch.replyOf(turnId, at)
    this.#parts.tell({ type: 'agent-said', turnId, text, interrupted, startMs, endMs: at, latency })
  }

  #heardOf(turnId: number): string {
    return this.#of.mouth.turnId === turnId ? this.#of.mouth.heard(this.#parts.now()) : ''
  }
}
