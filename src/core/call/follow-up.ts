/** The audit's open questions about a finished call, answered (S3-64): what counts as a conversation, who is owed one. */
import type { LegOutcome } from '../batch/state.ts'

/** "After how many seconds a connect is a call" (requirements §2.3): off by default, every answer counts. */
export interface CallTimeThreshold {
  enabled: boolean
  seconds: number
}

export function countsAsConversation(answered: boolean, talkedMs: number, threshold: CallTimeThreshold): boolean {
  return answered && (!threshold.enabled || talkedMs >= threshold.seconds * 1000)
}

export interface Finished {
  result: LegOutcome | 'inbound' | 'none'
  talkedMs: number
  attemptsLeft: number
  outcomeSaved: boolean
}

/**
 * A person answered and got less than a conversation, or was let go, or was not reached and may be tried again.
 * Saving an outcome clears it.
 */
export function needsFollowUp(call: Finished, threshold: CallTimeThreshold): boolean {
  if (call.outcomeSaved) return false
  switch (call.result) {
    case 'connected':
    case 'agent-hung-up':
    case 'inbound':
      return !countsAsConversation(true, call.talkedMs, threshold)
    case 'no-seat':
    case 'agent-left':
    case 'hung-up-early':
    case 'released':
      return true
    case 'busy':
    case 'no-answer':
      return call.attemptsLeft > 0
    default:
      return false
  }
}
