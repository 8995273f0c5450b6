/** Two rules about a finished call (S3-64): does it count as a conversation, and does the person need a follow-up? */
import type { LegOutcome } from '../batch/state.ts'

/** Seconds after which a connected call counts as a conversation. Off by default: every answer counts. */
export interface CallTimeThreshold {
  enabled: boolean
  seconds: number
}

/** 0 and undefined turn it off. */
export function thresholdOf(conversationMs = 0): CallTimeThreshold {
  return { enabled: conversationMs > 0, seconds: conversationMs / 1000 }
}

export function countsAsConversation(answered: boolean, talkedMs: number, threshold: CallTimeThreshold): boolean {
  return answered && (!threshold.enabled || talkedMs >= threshold.seconds * 1000)
}

export interface Finished {
  result: LegOutcome | 'inbound' | 'voicemail' | 'none'
  talkedMs: number
  attemptsLeft: number
  outcomeSaved: boolean
}

/**
 * True for a person who answered and got less than a conversation, was let go, or was not reached and may be tried again.
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
    case 'voicemail':
      return true
    case 'busy':
    case 'no-answer':
      return call.attemptsLeft > 0
    default:
      return false
  }
}
