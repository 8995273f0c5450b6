/** The label of a conference participant, which Twilio repeats in every callback: our call id and a role. */
import type { Role } from '../../../core/room/state.ts'

const ROLES: readonly Role[] = ['agent', 'customer', 'coach', 'listener', 'guest', 'moderator', 'ai']

/** A customer's label is only the call id; other labels begin with the role. */
export function participantLabel(callId: string, role: Role): string {
  return role === 'customer' ? callId : `${role}:${callId}`
}

export function participantOf(label: string): { callId: string; role: Role } {
  // Release 0.1.0 used this label for the agent's leg.
  if (label === 'line') return { callId: 'line', role: 'agent' }
  const cut = label.indexOf(':')
  const role = ROLES.find(one => one === label.slice(0, cut))
  return role === undefined ? { callId: label, role: 'customer' } : { callId: label.slice(cut + 1), role }
}
