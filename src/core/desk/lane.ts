import type { Lane, LaneContact } from './view.ts'

/** A person of a list as the agent's screen shows them. */
export function shownContact(person: Omit<LaneContact, 'attempt'>, attempt: number): LaneContact {
  const { contactId, name, company, number, numberShown, timeZone, lastNote } = person
  return { contactId, name, company, number, numberShown, timeZone, attempt, lastNote }
}

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
