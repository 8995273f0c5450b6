/**
 * The two events that the seed's programs know: `call-status-user-{userId}`, what becomes of an agent's call, and `inbound-call`, a call that rings at their
 * desk. Both are made of public events and of the call's row, by this table, and have the seed's words.
 */
import type { EventName } from './names.ts'

/** What the log knows of a call, as far as these events tell it. */
export interface KnownCall {
  callId: string
  incoming: boolean
  /** the other person's number; empty: the network shows none */
  number: string
  /** our number */
  ourNumber: string
  name: string
  contactId: string | null
  /** whose call it is, by the name that desks have for them (`deskName`) */
  agentId: string | null
  answeredBy: string | null
  hangupReason: string | null
}
export interface CallStatusPayload {
  to: string
  status: string
  answeredBy?: string
  reason?: string
}
export interface InboundCallPayload {
  callId: string
  from: string
  to: string
  contactId: string | null
  name: string
}
/** `agentId`: whose room it goes to, and nobody else's. */
export type LegacyEvent =
  | { topic: 'call-status'; agentId: string; payload: CallStatusPayload }
  | { topic: 'inbound-call'; agentId: string; payload: InboundCallPayload }

const STATUS: { readonly [E in EventName]?: string } = {
  call_dialing: 'initiated',
  call_ringing: 'ringing',
  call_answered: 'in-progress',
  call_detected: 'in-progress',
}
/** The carrier's words for an end, which the seed uses; any other end is `failed`. */
const END: { readonly [reason: string]: string } = {
  normal: 'completed',
  timeout: 'completed',
  cancel: 'canceled',
  busy: 'busy',
  noanswer: 'no-answer',
  dialout: 'no-answer',
}

/**
 * Null: the seed has no event of this. `agentId`: the agent whom the event itself is about, of a desk's own events; `verdict`: of `call_detected`.
 */
export function legacyEvent(
  event: EventName,
  { agentId, verdict }: { agentId: string | null; verdict: unknown },
  call: KnownCall | null,
): LegacyEvent | null {
  if (call === null) return null
  if (event === 'agent_call_ringing') return agentId === null || !call.incoming ? null : inbound(agentId, call)
  const status = event === 'call_hungup' ? (END[call.hangupReason ?? ''] ?? 'failed') : STATUS[event]
  if (status === undefined || call.agentId === null || call.incoming) return null
  const answeredBy = event === 'call_detected' ? String(verdict) : event === 'call_hungup' ? call.answeredBy : null
  const reason = event === 'call_hungup' ? call.hangupReason : null
  const payload = {
    to: call.number,
    status,
    ...(answeredBy === null ? {} : { answeredBy }),
    ...(reason === null ? {} : { reason }),
  }
  return { topic: 'call-status', agentId: call.agentId, payload }
}

function inbound(agentId: string, call: KnownCall): LegacyEvent {
  const { callId, number, ourNumber, contactId, name } = call
  return { topic: 'inbound-call', agentId, payload: { callId, from: number, to: ourNumber, contactId, name } }
}
