/** What a call outside every round tells the book of the contact whom it was for; a round tells it of its own. */
import type { LegOutcome } from '../../batch/state.ts'
import { type ContactStatus, DEFAULT_PLAN, nextTry } from '../../campaign/retry.ts'
import type { CallLinks, HangupReason } from './state.ts'

export interface ContactTried {
  contactId: string
  status: ContactStatus
  result: LegOutcome
}

/** Null: the call is of a round, of a person who called us, or of nobody in the book. */
export function contactTried(
  { kind, batchId, contactId }: CallLinks,
  reason: HangupReason,
  answered: boolean,
  at: number,
): ContactTried | null {
  if (batchId !== null || contactId === null || kind === 'inbound' || kind === 'browser') return null
  const result = outcomeOf(reason, answered)
  return { contactId, status: nextTry(result, 0, at, DEFAULT_PLAN).status, result }
}

function outcomeOf(reason: HangupReason, answered: boolean): LegOutcome {
  if (answered) return 'connected'
  switch (reason) {
    case 'busy':
      return 'busy'
    case 'failed':
      return 'failed'
    case 'refused':
      return 'refused'
    case 'not-cleared':
      return 'not-cleared'
    // It was let go before anybody spoke.
    case 'cancel':
    case 'normal':
      return 'released'
    case 'noanswer':
    case 'timeout':
    case 'dialout':
      return 'no-answer'
  }
}
