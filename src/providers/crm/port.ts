/** The port of every CRM: reads a person by id or number, and keeps one record per call. Failures are `ProviderFailure`. */

export interface CrmContact {
  contactId: string
  /** the company's record; null: none */
  accountId: string | null
  firstName: string
  lastName: string
  /** as people have typed it: the mobile number, else the other one; null: neither */
  phone: string | null
  /** what is known of this person, in the CRM's own words; may be empty */
  note: string
}

/** `completed-remote`: the other side hung up; `completed`: we hung up, or it is not known who did */
export type CrmCallWord = 'completed' | 'completed-remote' | 'no-answer' | 'busy' | 'failed' | 'canceled'

export interface CrmTask {
  /** the carrier's id of the call: one Task per value */
  callRef: string
  contactId: string
  accountId: string | null
  /** empty: the other side had no phone number */
  phone: string
  direction: 'outbound' | 'inbound'
  word: CrmCallWord
  /** the transcript; the adapter cuts it to the length that the CRM can hold */
  log: string
  talkedMs: number
  /** when the call ended, ms since the epoch */
  endedAt: number
  /** the zone in which that time has its day (IANA) */
  timeZone: string
}

export interface CrmFiled {
  taskId: string
  /** names of the fields that the CRM did not take */
  leftOut: string[]
  /** names of the fields that the CRM requires and we know nothing of: they have a default, or words that say so */
  filledIn: string[]
}

export interface Crm {
  /** Whether the text has the form of a contact's id there. Other texts are never sent in a request. */
  isContactId(text: string): boolean
  /** Whether the text has the form of any record's id there. */
  isRecordId(text: string): boolean
  /** The contacts with this number (E.164), in whatever form it was typed there. Of very many, only some are returned. */
  contactsByPhone(phone: string, signal: AbortSignal): Promise<{ contactId: string; accountId: string | null }[]>
  /** Null: there is no such contact. */
  contact(contactId: string, signal: AbortSignal): Promise<CrmContact | null>
  /** The id of the Task that an earlier attempt made for this call; null: there is none. */
  taskOf(callRef: string, signal: AbortSignal): Promise<string | null>
  /** Files with what the CRM takes. If it fails and `isWorthRepeating` is true, the Task may exist nevertheless: ask `taskOf`. */
  createTask(task: CrmTask, signal: AbortSignal): Promise<CrmFiled>
}
