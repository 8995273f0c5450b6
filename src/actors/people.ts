/** What travels between actors about people: whom an agent dials by hand, and what became of somebody. */
import type { Contact } from '../wire/api.ts'
import type { DeskMessage } from '../wire/desk.ts'

export interface PersonToDial {
  contactId: string
  /** E.164 */
  number: string
  name: string
  company: string
  timeZone: string | null
  postcode: string | null
  attempts: number
  note: string
}
export type HandRound =
  | { refusal: Extract<DeskMessage, { type: 'refused' }> }
  | { calls: { callId: string; contactId: string }[]; refused: { contactId: string; error: string }[] }

/** What a round made of one of its contacts. */
export interface TriedContact {
  contactId: string
  callId: string
  status: Contact['status']
  result: string
  at: number
}

/** Somebody asks not to be called. */
export interface OptOut {
  /** E.164: the number that was called, or called us */
  number: string
  /** how they asked; one entry of the list is kept for each way */
  because: string
  /** who heard it; absent: the way says it */
  by?: string
  note?: string
  /** the call on which they asked: the contact whom it was for is marked, and their other numbers are listed as well */
  callId?: string
  /** that contact, where it is known already */
  contactId?: string | null
}

/** The outcome of a call, as a person or a program saves it. */
export interface NotedOutcome {
  contactId: string
  result: string
  note: string
  at: number
  by: string
  /** empty: the outcome of no call that we know */
  callId: string
  /** the number of the person on that call; null: it is not known */
  number: string | null
}
