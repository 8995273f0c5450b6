import type { Lane } from './view.ts'

/** A new lane, before its leg is dialled. */
export function queuedLane(leg: Pick<Lane, 'callId' | 'contact' | 'from'>, sinceMs: number): Lane {
  const { callId, contact, from } = leg
  return {
    callId,
    contact,
    from,
    state: 'queued',
    sinceMs,
    untilMs: null,
    reason: null,
    firstName: null,
    verdict: null,
  }
}
