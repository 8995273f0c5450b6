/** The scripted carrier's words for the state of a call, in ours. */
import type { ProviderStatus } from '../../../core/call/state.ts'
import type { CallWord } from './wire.ts'

const STATUSES: Record<CallWord, ProviderStatus> = {
  waiting: 'queued',
  dialing: 'initiated',
  ringing: 'ringing',
  talking: 'in-progress',
  done: 'completed',
  busy: 'busy',
  unanswered: 'no-answer',
  failed: 'failed',
  stopped: 'canceled',
}

/** Null: we do not know the word. */
export function statusOf(word: string): ProviderStatus | null {
  return Object.hasOwn(STATUSES, word) ? STATUSES[word as CallWord] : null
}
