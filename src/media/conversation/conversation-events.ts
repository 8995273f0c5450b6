/** The events that a conversation reports to its owner: the words of both sides, and what else happened. */
import type { CloseReason } from '../../core/turn/state.ts'
import { ProviderFailure } from '../../providers/failure.ts'
import type { AnsweredBy } from '../answering/greeting.ts'

/** Milliseconds; null where a stage had nothing to do. */
export interface Latency {
  /** from asking for the last words to having them */
  transcriptionMs: number | null
  /** from asking the model to its first piece of text */
  languageMs: number | null
  /** from the first sentence to its first sound */
  speechMs: number | null
  /** from the end of the caller's speech to our first sound */
  voiceToVoiceMs: number | null
}

/** `realtime`: one model has all three abilities */
export type Ability = 'transcription' | 'language' | 'speech' | 'realtime'

export type ConversationEvent =
  /** the words of an unfinished turn, for screens only */
  | { type: 'interim'; who: 'caller'; text: string }
  | { type: 'caller-said'; turnId: number; text: string; confidence: number | null; startMs: number; endMs: number }
  /** a reply of ours, as far as it was heard */
  | {
      type: 'agent-said'
      turnId: number
      text: string
      interrupted: boolean
      startMs: number
      endMs: number
      latency: Latency
    }
  | { type: 'tool-used'; turnId: number; name: string; input: unknown; result: unknown; tookMs: number }
  | { type: 'paused'; turnId: number }
  | { type: 'resumed'; turnId: number }
  | { type: 'interrupted'; turnId: number }
  | { type: 'silence-prompted'; turnId: number }
  | { type: 'failed'; ability: Ability; provider: string; kind: string }
  | { type: 'keys-pressed'; digits: string }
  /** the model said something confidential; the reply ends before it */
  | { type: 'withheld'; turnId: number }
  | { type: 'answered-by'; who: AnsweredBy }
  | { type: 'closing'; reason: CloseReason }

/** A failure as the timeline shows it. An error that no provider reported counts as `unavailable`. */
export function failureEvent(ability: Ability, error: unknown): ConversationEvent {
  const known = error instanceof ProviderFailure ? error : null
  return { type: 'failed', ability, provider: known?.provider ?? '', kind: known?.kind ?? 'unavailable' }
}
