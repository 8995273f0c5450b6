/** Salesforce: a Contact is read, and a call becomes a Task (S2-18 to S2-29; Salesforce, REST API Developer Guide). */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { ProviderFailure } from '../../failure.ts'
import type { Crm, CrmContact, CrmTask } from '../port.ts'
import { SalesforceRefusal, SalesforceRest } from './rest.ts'
import type { SalesforceSettings } from './settings.ts'

/** Characters of a Task's Description (a long text area of 32,000), of its short texts, and of a Contact's words. */
export const LOG_CHARS_MAX = 32_000
const SHORT_CHARS_MAX = 255
const CUT = '\n[The log is longer than a Task can hold.]'

const CONTACT_FIELDS = 'FirstName,LastName,MobilePhone,Phone,Description,AccountId'
const RECORD_ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/
/** The most contacts that are read for one number: many people may have the number of one switchboard. */
const SAME_NUMBER_MAX = 20
const FALLBACK_STATUS = 'Completed'
/** Without these fields a Task does not belong to its call, or cannot be found again. */
const KEPT = ['WhoId', 'Subject', 'CallObject', 'Description']

export class Salesforce implements Crm {
  readonly #rest: SalesforceRest
  readonly #settings: SalesforceSettings

  constructor(settings: SalesforceSettings, options: { fetch?: typeof fetch; now?: () => number } = {}) {
    const { fetch: fetcher = (input, init) => fetch(input, init), now = Date.now } = options
    this.#settings = settings
    this.#rest = new SalesforceRest(settings, fetcher, now)
  }

  /** An id has 15 characters, or 18 with a checksum; a Contact's begins with 003. */
  isContactId(text: string): boolean {
    return text.startsWith('003') && RECORD_ID.test(text)
  }

  isRecordId(text: string): boolean {
    return RECORD_ID.test(text)
  }

  async contact(contactId: string, signal: AbortSignal): Promise<CrmContact | null> {
    if (!this.isContactId(contactId)) return null
    const path = `/sobjects/Contact/${contactId}?fields=${CONTACT_FIELDS}`
    const record = await this.#rest.ask({ method: 'GET', path }, signal).catch((error: unknown) => {
      if (error instanceof SalesforceRefusal && error.status === 404) return null
      throw error
    })
    if (record === null) return null
    return {
      contactId,
      accountId: text(record.AccountId),
      firstName: text(record.FirstName) ?? '',
      lastName: text(record.LastName) ?? '',
      phone: text(record.MobilePhone) ?? text(record.Phone),
      note: text(record.Description) ?? '',
    }
  }

  /**
   * People type numbers with any signs between the digits, and SOQL compares texts. So a pattern finds the candidates, and
   * then each candidate's number, parsed, decides (SOQL and SOSL Reference, "LIKE").
   */
  async contactsByPhone(
    phone: string,
    signal: AbortSignal,
  ): Promise<{ contactId: string; accountId: string | null }[]> {
    const number = parsePhoneNumberFromString(phone)
    if (!number?.isPossible()) return []
    const pattern = `'%${[...number.nationalNumber].join('%')}%'`
    const query = `SELECT Id,AccountId,MobilePhone,Phone FROM Contact WHERE MobilePhone LIKE ${pattern} OR Phone LIKE ${pattern} LIMIT ${SAME_NUMBER_MAX}`
    const found = await this.#rest.ask({ method: 'GET', path: `/query?q=${encodeURIComponent(query)}` }, signal)
    const records = Array.isArray(found.records) ? (found.records as Record<string, unknown>[]) : []
    const isIt = (value: unknown) => {
      const read = parsePhoneNumberFromString(String(value ?? ''), number.country ?? 'US')
      return read?.number === number.number
    }
    return records.flatMap(({ Id, AccountId, MobilePhone, Phone }) => {
      const contactId = text(Id)
      return contactId !== null && (isIt(MobilePhone) || isIt(Phone)) ? [{ contactId, accountId: text(AccountId) }] : []
    })
  }

  async taskOf(callRef: string, signal: AbortSignal): Promise<string | null> {
    const query = `SELECT Id FROM Task WHERE CallObject='${quoted(callRef)}' LIMIT 1`
    const found = await this.#rest.ask({ method: 'GET', path: `/query?q=${encodeURIComponent(query)}` }, signal)
    const [first] = Array.isArray(found.records) ? (found.records as { Id?: unknown }[]) : []
    return text(first?.Id)
  }

  /** An org that lacks a status or field of ours gets the Task without it: one more try for statuses, one for fields. */
  async createTask(task: CrmTask, signal: AbortSignal): Promise<string> {
    let fields = this.#fieldsOf(task)
    const yielded = new Set<Yielding>()
    for (;;) {
      try {
        return await this.#create(fields, signal)
      } catch (error) {
        const next = error instanceof SalesforceRefusal ? withoutRefused(fields, error, yielded) : null
        if (next === null) throw error
        fields = next
      }
    }
  }

  async #create(body: Fields, signal: AbortSignal): Promise<string> {
    const made = await this.#rest.ask({ method: 'POST', path: '/sobjects/Task/', body }, signal)
    const id = text(made.id)
    if (made.success !== true || id === null)
      throw new ProviderFailure('salesforce', 'unavailable', 'an answer without a Task')
    return id
  }

  #fieldsOf(task: CrmTask): Fields {
    return {
      WhoId: task.contactId,
      ...(task.accountId === null ? {} : { WhatId: task.accountId }),
      Subject: `AI Voice Call - ${task.word}`,
      Status: this.#settings.statusOf[task.word],
      TaskSubtype: 'Call',
      CallType: task.direction === 'outbound' ? 'Outbound' : 'Inbound',
      CallDisposition: task.word,
      CallObject: task.callRef.slice(0, SHORT_CHARS_MAX),
      CallDurationInSeconds: Math.round(task.talkedMs / 1_000),
      ...(task.phone === '' ? {} : { Phone: task.phone }),
      Description: task.log.length > LOG_CHARS_MAX ? cut(task.log) : task.log,
      ActivityDate: new Date(task.endedAt).toISOString().slice(0, 10),
    }
  }
}

type Fields = Record<string, string | number>
type Yielding = 'picklist' | 'field'

/** The fields for another try; null: another try would not help. */
function withoutRefused(fields: Fields, refusal: SalesforceRefusal, yielded: Set<Yielding>): Fields | null {
  const of = (...codes: string[]) => refusal.errors.filter(error => codes.includes(error.code))
  const picklist = of('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST')
  if (picklist.length > 0 && !yielded.has('picklist')) {
    yielded.add('picklist')
    const others = picklist.flatMap(error => error.fields).filter(name => name !== 'Status')
    return { ...(without(fields, others) ?? fields), Status: FALLBACK_STATUS }
  }
  const unknown = of('INVALID_FIELD', 'INVALID_FIELD_FOR_INSERT_UPDATE')
  if (unknown.length === 0 || yielded.has('field')) return null
  yielded.add('field')
  return without(
    fields,
    unknown.flatMap(error => error.fields),
  )
}

/** The fields without these names; null: nothing would change, or a field of `KEPT` would be lost. */
function without(fields: Fields, names: string[]): Fields | null {
  if (names.some(name => KEPT.includes(name))) return null
  const left = Object.entries(fields).filter(([name]) => !names.includes(name))
  return left.length === Object.keys(fields).length ? null : Object.fromEntries(left)
}

/** Cuts the log to the limit without splitting a surrogate pair. */
function cut(log: string): string {
  return log.slice(0, LOG_CHARS_MAX - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT
}

/** Trims a text; null: it is empty or no text. */
function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** Escapes a value for a SOQL string. */
function quoted(value: string): string {
  return value.replace(/[\\']/g, '\\$&')
}
