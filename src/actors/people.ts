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
