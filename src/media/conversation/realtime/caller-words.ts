/** Words of the caller that come after the sound of a turn, with the times of that turn. */
import type { Said } from '../../../providers/language/port.ts'
import type { SessionParts } from '../conversation-parts.ts'
import type { ReplyGenerator } from '../pipeline/reply-generator.ts'
import type { SpeechSpan } from './caller-sound.ts'

/** Turns whose words are still to come. */
const SPANS_MAX = 8

export class CallerWords {
  readonly #parts: Pick<SessionParts, 'now' | 'said' | 'tell'>
  readonly #spans: (SpeechSpan & { turnId: number })[] = []
  #interim = ''

  constructor(parts: Pick<SessionParts, 'now' | 'said' | 'tell'>) {
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

  /** All words of one turn; none: it was noise. */
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

/** The conversation as a model would be told it that comes to it anew. */
export function memoryOf(said: Said[]): Pick<ReplyGenerator, 'callerSaid' | 'agentSaid'> {
  return {
    callerSaid: text => void said.push({ role: 'caller', text }),
    agentSaid: (text, interrupted) => {
      if (text !== '') said.push({ role: 'agent', text, interrupted })
    },
  }
}
