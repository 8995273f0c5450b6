/** Matches the caller's words, which a realtime model writes down later, with the times of the turn that they belong to. */
import type { ConversationParts } from '../conversation-parts.ts'
import type { SpeechSpan } from './caller-sound.ts'

/** Turns that wait for their words. */
const SPANS_MAX = 8

export class CallerWords {
  readonly #parts: Pick<ConversationParts, 'now' | 'said' | 'tell'>
  readonly #spans: (SpeechSpan & { turnId: number })[] = []
  #interim = ''

  constructor(parts: Pick<ConversationParts, 'now' | 'said' | 'tell'>) {
    this.#parts = parts
  }

  expect(span: SpeechSpan, turnId: number): void {
    this.#spans.push({ ...span, turnId })
    if (this.#spans.length > SPANS_MAX) this.#spans.shift()
  }

  part(text: string): void {
    this.#interim += text
    this.#parts.tell({ type: 'interim', who: 'caller', text: this.#interim })
  }

  /** All words of one turn; empty: it was noise. */
  whole(text: string, currentTurnId: number): void {
    this.#interim = ''
    const at = this.#parts.now()
    const { turnId, startMs, quietSinceMs } = this.#spans.shift() ?? {
      turnId: currentTurnId,
      startMs: at,
      quietSinceMs: at,
    }
    if (text === '') return
    this.#parts.said.push({ role: 'caller', text })
    this.#parts.tell({ type: 'caller-said', turnId, text, confidence: null, startMs, endMs: quietSinceMs })
  }
}
