/** Salesforce: a Contact is read, and a call becomes a Task (S2-18 to S2-29; Salesforce, REST API Developer Guide). */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { ProviderFailure } from '../../failure.ts'
import type { Crm, CrmContact, CrmFiled, CrmTask } from '../port.ts'
import { SalesforceRefusal, SalesforceRest } from './rest.ts'
import type { SalesforceSettings } from './settings.ts'
import { draftOf, type Fields, UNKNOWN_TEXT, yielding } from './task-fields.ts'

const CONTACT_FIELDS = 'FirstName,LastName,MobilePhone,Phone,Description,AccountId'
const RECORD_ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/
/** The most contacts that are read for one number: many people may have the number of one switchboard. */
const SAME_NUMBER_MAX = 20
/** A Task has fewer fields that can be refused one at a time. */
const TRIES_MAX = 16

export class Salesforce implements Crm {
  readonly #rest: SalesforceRest
  readonly #settings: SalesforceSettings
  readonly #now: () => number
  /** what the org tells about the fields of a Task; null: not asked */
  #described: Promise<FieldDescribed[]> | null = null

  constructor(settings: SalesforceSettings, options: { fetch?: typeof fetch; now?: () => number } = {}) {
    const { fetch: fetcher = (input, init) => fetch(input, init), now = Date.now } = options
    this.#settings = settings
    this.#now = now
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
    const found = await this.#rest.ask(
      { method: 'GET', path: `/query?q=${encodeURIComponent(query.toWellFormed())}` },
      signal,
    )
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
    const found = await this.#rest.ask(
      { method: 'GET', path: `/query?q=${encodeURIComponent(query.toWellFormed())}` },
      signal,
    )
    const [first] = Array.isArray(found.records) ? (found.records as { Id?: unknown }[]) : []
    return text(first?.Id)
  }

  /** An org that does not take a field gets the Task without it; each refusal is about other fields, so the tries end. */
  async createTask(task: CrmTask, signal: AbortSignal): Promise<CrmFiled> {
    let draft = draftOf(task, this.#settings)
    for (let tries = 1; ; tries += 1) {
      try {
        const taskId = await this.#create(draft.fields, signal)
        return { taskId, leftOut: draft.leftOut, filledIn: draft.filledIn }
      } catch (error) {
        if (!(error instanceof SalesforceRefusal) || tries >= TRIES_MAX) throw error
        const next = await yielding(draft, error, name => this.#valueFor(name, signal))
        if (next === null) throw error
        draft = next
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

  /** The org's own default for a field that it requires, or its first value; null: it does not tell. */
  async #valueFor(name: string, signal: AbortSignal): Promise<Fields[string] | null> {
    this.#described ??= this.#rest
      .ask({ method: 'GET', path: '/sobjects/Task/describe' }, signal)
      .then(answer => (Array.isArray(answer.fields) ? (answer.fields as FieldDescribed[]) : []))
      .catch(() => {
        this.#described = null
        return []
      })
    const field = (await this.#described).find(one => one.name === name)
    return field === undefined ? null : usualValue(field, this.#now())
  }
}

/** One field of `describe` (REST API Developer Guide, "sObject Describe"). */
interface FieldDescribed {
  name?: unknown
  type?: unknown
  length?: unknown
  defaultValue?: unknown
  picklistValues?: { value?: unknown; active?: unknown; defaultValue?: unknown }[]
}

function usualValue(
  { type, length, defaultValue, picklistValues = [] }: FieldDescribed,
  now: number,
): Fields[string] | null {
  if (['string', 'number', 'boolean'].includes(typeof defaultValue)) return defaultValue as Fields[string]
  const active = picklistValues.filter(one => one.active !== false && typeof one.value === 'string')
  const chosen = active.find(one => one.defaultValue === true) ?? active[0]
  switch (type) {
    case 'picklist':
    case 'multipicklist':
    case 'combobox':
      return chosen === undefined ? null : String(chosen.value)
    case 'boolean':
      return false
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return 0
    case 'date':
      return new Date(now).toISOString().slice(0, 10)
    case 'datetime':
      return new Date(now).toISOString()
    case 'string':
    case 'textarea':
      return typeof length === 'number' && length > 0 ? UNKNOWN_TEXT.slice(0, length) : UNKNOWN_TEXT
    default:
      return null
  }
}

/** Trims a text; null: it is empty or no text. */
function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** Escapes a value for a SOQL string. */
function quoted(value: string): string {
  return value.replace(/[\\']/g, '\\$&')
}
