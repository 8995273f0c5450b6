/** What a carrier is answered that brings a call. */
import type { Instructions } from '../../core/instruction/instruction.ts'

export interface Answer {
  callId: string
  instructions: Instructions
}

/** An answer without callback URLs of a call. */
export function plainly(instructions: Instructions): Answer {
  return { callId: '', instructions }
}

/** Of a call that comes from outside nothing else is known. */
export const FROM_OUTSIDE = {
  kind: 'inbound',
  name: null,
  deskId: null,
  agentName: null,
  message: null,
  trialContactId: null,
} as const
