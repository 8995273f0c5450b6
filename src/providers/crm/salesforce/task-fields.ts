/**
 * The fields of a Task, and how they give way. Orgs differ: they close fields, restrict picklists, require fields of their own and
 * hide records, and they say so one error at a time. A call is filed with what its org takes, and the names of the rest are told.
 */
import type { CrmTask } from '../port.ts'
import type { SalesforceError, SalesforceRefusal } from './rest.ts'
import type { SalesforceSettings } from './settings.ts'

/** Characters of a Task's Description (a long text area of 32,000), and of its short texts. */
export const LOG_CHARS_MAX = 32_000
const SHORT_CHARS_MAX = 255
const CUT = '\n[The log is longer than a Task can hold.]'
const FALLBACK_STATUS = 'Completed'
/** Without these fields a Task does not belong to its call, or cannot be found again. */
const KEPT = ['WhoId', 'Subject', 'CallObject', 'Description']
/** These two may be cut; a part of a number or of an id would be wrong. */
const MAY_BE_CUT = ['Subject', 'Description']

export type Fields = Record<string, string | number | boolean>

export interface TaskDraft {
  fields: Fields
  /** names of what the org did not take */
  leftOut: string[]
  /** names of what the org requires and we cannot know */
  filledIn: string[]
}

export function draftOf(task: CrmTask, { statusOf }: SalesforceSettings): TaskDraft {
  const fields = {
    WhoId: task.contactId,
    ...(task.accountId === null ? {} : { WhatId: task.accountId }),
    Subject: `AI Voice Call - ${task.word}`,
    Status: statusOf[task.word],
    TaskSubtype: 'Call',
    CallType: task.direction === 'outbound' ? 'Outbound' : 'Inbound',
    CallDisposition: task.word,
    CallObject: task.callRef.slice(0, SHORT_CHARS_MAX),
    CallDurationInSeconds: Math.round(task.talkedMs / 1_000),
    ...(task.phone === '' ? {} : { Phone: task.phone }),
    Description: cut(task.log, LOG_CHARS_MAX),
    ActivityDate: dayIn(task.timeZone, task.endedAt),
  }
  return { fields, leftOut: [], filledIn: [] }
}

/** What the org wants to know about a field that it requires. */
export type Describe = (name: string) => Promise<Fields[string] | null>

/** The draft for another try; null: another try would not help. */
export async function yielding(
  draft: TaskDraft,
  refusal: SalesforceRefusal,
  describe: Describe,
): Promise<TaskDraft | null> {
  // What is throttled, late or 5xx is about the org, not about a field. (A record that we may not see can be a 403.)
  if (refusal.kind !== 'refused' && refusal.kind !== 'unauthorised') return null
  let next: TaskDraft | null = draft
  for (const error of refusal.errors) if (next !== null) next = await without(next, error, describe)
  return next === draft ? null : next
}

/** The same draft: nothing is known that would help against this error. */
async function without(draft: TaskDraft, error: SalesforceError, describe: Describe): Promise<TaskDraft | null> {
  const names = namesOf(draft.fields, error)
  switch (error.code) {
    case 'REQUIRED_FIELD_MISSING':
      return filled(draft, names, describe)
    case 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST':
      return unlisted(draft, names)
    case 'STRING_TOO_LONG':
      return shortened(draft, names, error.charactersMax)
    case 'INVALID_FIELD':
    case 'INVALID_FIELD_FOR_INSERT_UPDATE':
    case 'INVALID_CROSS_REFERENCE_KEY':
    case 'INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD':
    case 'INVALID_ID_FIELD':
    case 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY':
    case 'FIELD_INTEGRITY_EXCEPTION':
    case 'FIELD_CUSTOM_VALIDATION_EXCEPTION':
    case 'INVALID_TYPE_ON_FIELD_IN_RECORD':
    case 'NUMBER_OUTSIDE_VALID_RANGE':
    case 'MALFORMED_ID':
      return left(draft, names)
    default:
      return draft
  }
}

/** Errors about a record that we may not see name its id and no field, or neither: then the account is what we can do without. */
function namesOf(fields: Fields, { code, fields: named, recordId }: SalesforceError): string[] {
  if (named.length > 0) return named
  const isIt = (name: string) => recordId !== null && sameRecord(String(fields[name] ?? ''), recordId)
  const byId = ['WhoId', 'WhatId'].filter(isIt)
  if (byId.length > 0) return byId
  return code === 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY' && 'WhatId' in fields ? ['WhatId'] : []
}

/** An id of 18 characters is one of 15 with a checksum of its case. */
export function sameRecord(one: string, other: string): boolean {
  return one !== '' && one.slice(0, 15) === other.slice(0, 15)
}

/** Null: a field of `KEPT` would be lost. */
function left(draft: TaskDraft, names: string[]): TaskDraft | null {
  const present = names.filter(name => name in draft.fields)
  if (present.some(name => KEPT.includes(name))) return null
  if (present.length === 0) return draft
  const fields = Object.fromEntries(Object.entries(draft.fields).filter(([name]) => !present.includes(name)))
  const filledIn = draft.filledIn.filter(name => !present.includes(name))
  return { fields, leftOut: [...draft.leftOut, ...present], filledIn }
}

/** A status that the org lacks becomes the usual one, and then the org's own default. */
function unlisted(draft: TaskDraft, names: string[]): TaskDraft | null {
  const isStatus = names.includes('Status') && draft.fields.Status !== FALLBACK_STATUS
  const others = names.filter(name => name !== 'Status' || !isStatus)
  const next = left(draft, others)
  return next !== null && isStatus ? { ...next, fields: { ...next.fields, Status: FALLBACK_STATUS } } : next
}

function shortened(draft: TaskDraft, names: string[], charactersMax: number | null): TaskDraft | null {
  let next: TaskDraft | null = draft
  for (const name of names) {
    const value: Fields[string] | undefined = next?.fields[name]
    const isCut = MAY_BE_CUT.includes(name) && charactersMax !== null && charactersMax > CUT.length
    if (next === null) return null
    if (isCut && typeof value === 'string' && value.length > charactersMax)
      next = { ...next, fields: { ...next.fields, [name]: cut(value, charactersMax) } }
    else next = left(next, [name])
  }
  return next
}

/** The values of standard fields that orgs like to require. */
const USUAL: Fields = { Priority: 'Normal', Status: FALLBACK_STATUS, Type: 'Call' }
/** The word for a text of which nothing else is known. */
export const UNKNOWN_TEXT = 'AI voice call'

/** A required field that was filled in once and is still missing cannot be helped. */
async function filled(draft: TaskDraft, names: string[], describe: Describe): Promise<TaskDraft | null> {
  let next = draft
  for (const name of names) {
    if (name in next.fields) return null
    const value: Fields[string] = USUAL[name] ?? (await describe(name)) ?? UNKNOWN_TEXT
    next = { ...next, fields: { ...next.fields, [name]: value }, filledIn: [...next.filledIn, name] }
  }
  return next
}

/** Cuts a text to the limit without splitting a surrogate pair. */
function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text
  return text.slice(0, charactersMax - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT
}

/** The day of a time in a zone, as `2026-05-03`. */
function dayIn(timeZone: string, at: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return parts.format(at)
}
