import type { Lane, LaneContact } from './view.ts'

/** A person of a list as the agent's screen shows them. */
export function shownContact(person: Listed, attempt: number): LaneContact {
  const { contactId, name, company, number, numberShown, timeZone, lastNote, postcode, extension } = person
  const where = { ...(postcode ? { postcode } : {}), ...(extension ? { extension } : {}) }
  return { contactId, name, company, number, numberShown, timeZone, attempt, lastNote, ...where }
}

type Listed = Omit<LaneContact, 'attempt' | 'postcode' | 'extension'> & {
  postcode?: string | null
  extension?: string | null
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
