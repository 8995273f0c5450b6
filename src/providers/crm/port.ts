/** What we ask of a CRM, whatever its name: a person by id, and one record per call. Failures are `ProviderFailure`. */

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

/** `completed-remote`: the other side hung up; `completed`: we did, or nobody knows */
export type CrmCallWord = 'completed' | 'completed-remote' | 'no-answer' | 'busy' | 'failed' | 'canceled'

export interface CrmTask {
  /** the carrier's id of the call: one Task per value */
  callRef: string
  contactId: string
  accountId: string | null
  /** empty: it was no phone */
  phone: string
  direction: 'outbound' | 'inbound'
  word: CrmCallWord
  /** what was said; cut to what the CRM can hold */
  log: string
  talkedMs: number
  /** when the call ended, ms since the epoch */
  endedAt: number
}

export interface Crm {
  /** may this be the id of a contact there? Everything else is not asked about. */
  isContactId(text: string): boolean
  /** may this be the id of any record there? */
  isRecordId(text: string): boolean
  /** Whose number this is (E.164), however it was typed there; of many only some. Empty: nobody's. */
  contactsByPhone(phone: string, signal: AbortSignal): Promise<{ contactId: string; accountId: string | null }[]>
  /** Null: there is no such contact. */
  contact(contactId: string, signal: AbortSignal): Promise<CrmContact | null>
  /** The Task of a call, made by whichever earlier attempt; null: none. */
  taskOf(callRef: string, signal: AbortSignal): Promise<string | null>
  /** The new Task's id. After a failure for which `isWorthRepeating` is true it may be there nevertheless: ask `taskOf`. */
  createTask(task: CrmTask, signal: AbortSignal): Promise<string>
}
