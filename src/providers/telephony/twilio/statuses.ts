/** Twilio's words for the state of a call and for who answered, in ours. */
import type { Verdict } from '../../../core/batch/state.ts'
import type { ProviderStatus } from '../../../core/call/state.ts'

/** Twilio's name of what `<Record>` makes, with which a caller is asked for a message. */
export const MESSAGE_SOURCE = 'RecordVerb'

const STATUSES: readonly ProviderStatus[] = [
  'queued',
  'initiated',
  'ringing',
  'in-progress',
  'completed',
  'busy',
  'no-answer',
  'failed',
  'canceled',
]
/** Translates Twilio's word; null: we do not know it; `completed-remote` is an alias of the seed (S2-2). */
export function statusOf(word: string): ProviderStatus | null {
  if (isRemoteEnd(word)) return 'completed'
  return STATUSES.find(status => status === word) ?? null
}

/** True if the other side ended the call. Twilio itself sends `completed` whoever ended it. */
export function isRemoteEnd(word: string): boolean {
  return word === 'completed-remote'
}

/** Unknown words count as unknown, which the race treats as a person. */
export function verdictOf(answeredBy: string): Verdict {
  if (answeredBy.startsWith('machine')) return 'machine'
  if (answeredBy === 'human' || answeredBy === 'fax') return answeredBy
  return 'unknown'
}
