/** What travels between actors about people: whom an agent dials by hand, and what became of somebody. */
import type { AskedField } from '../core/campaign/dispositions.ts'
import type { Contact } from '../wire/api.ts'
import type { DeskMessage } from '../wire/desk.ts'
import type { ContactEntry } from './contracts.ts'

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

/**
 * An import and the book. `known`: the contact of each, by id or by number, or null. `import`: saves people; whoever is in `relied` is in the list
 * without being made by it, and stays when somebody undoes the import that made them. Answers like `saveContacts`. `undo`: those go whom this
 * import has made and nobody has called; the answer is who stays. `kept` gives the same answer, and nobody goes.
 */
export type ContactAsk =
  | { do: 'known'; people: { contactId: string | null; number: string }[] }
  | { do: 'import'; importId: string; entries: ContactEntry[]; relied: string[] }
  | { do: 'kept' | 'undo'; importId: string; ids: string[] }

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
  /** absent: the name of the outcome says it */
  doNotCall?: boolean
  /** `active`: they are called again; absent: `done` */
  status?: 'active' | 'done'
  /** what the agent has learnt of the person */
  fields?: { readonly [F in AskedField]?: string }
}
