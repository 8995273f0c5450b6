/** Who a conference participant is, as the label that Twilio repeats in every callback: our call id, and a role. */
import type { Role } from '../../../core/room/state.ts'

const ROLES: readonly Role[] = ['agent', 'customer', 'coach', 'listener', 'guest', 'ai']

/** A customer's label is the bare call id, the others' begin with the role. */
export function participantLabel(callId: string, role: Role): string {
  return role === 'customer' ? callId : `${role}:${callId}`
}

export function participantOf(label: string): { callId: string; role: Role } {
  // Release 0.1.0 labelled the agent's leg so.
  if (label === 'line') return { callId: 'line', role: 'agent' }
  const cut = label.indexOf(':')
  const role = ROLES.find(one => one === label.slice(0, cut))
  return role === undefined ? { callId: label, role: 'customer' } : { callId: label.slice(cut + 1), role }
}
