/** The contacts and tasks of the org, and the rules of their fields. */
import { restRefusal } from './errors.ts'

export const CONTACTS_MAX = 10_000
export const TASKS_MAX = 10_000
const LOG_CHARS_MAX = 32_000
const SHORT_CHARS_MAX = 255

const CONTACT_FIELDS = ['FirstName', 'LastName', 'MobilePhone', 'Phone', 'Description', 'AccountId'] as const
export type Contact = { Id: string } & Record<(typeof CONTACT_FIELDS)[number], string | null>
export type Task = Record<string, unknown> & { Id: string }

/** A bad contact or setting of the control API; the message says which. */
export class OrgError extends Error {}

/** Object Reference, "Task": what can be set when one is made, and its longest text. `Phone` is an org's own. */
const TASK_FIELDS: Record<string, number | 'id' | 'number' | 'date'> = {
  WhoId: 'id',
  WhatId: 'id',
  OwnerId: 'id',
  Subject: SHORT_CHARS_MAX,
  Status: SHORT_CHARS_MAX,
  Priority: SHORT_CHARS_MAX,
  TaskSubtype: 40,
  CallType: 40,
  CallDisposition: SHORT_CHARS_MAX,
  CallObject: SHORT_CHARS_MAX,
  CallDurationInSeconds: 'number',
  Phone: 40,
  Description: LOG_CHARS_MAX,
  ActivityDate: 'date',
}
const PICKLISTS: Record<string, string[]> = {
  TaskSubtype: ['Task', 'Email', 'ListEmail', 'Cadence', 'Call'],
  CallType: ['Internal', 'Inbound', 'Outbound'],
}
export const STATUSES = [
  'Not Started',
  'In Progress',
  'Completed',
  'Waiting on someone else',
  'Deferred',
  // The org that Trunkline was specified with has added this status to Salesforce's own.
  'Not Answered',
]
/** what a query without LIMIT answers at once */
const ROWS_MAX = 2_000
const TASK_QUERY = /^SELECT Id FROM Task WHERE CallObject ?= ?'((?:[^'\\]|\\.)*)'(?: LIMIT (\d+))?$/i
const CONTACT_QUERY =
  /^SELECT Id,AccountId,MobilePhone,Phone FROM Contact WHERE MobilePhone LIKE '([^'\\]*)' OR Phone LIKE '([^'\\]*)'(?: LIMIT (\d+))?$/i
const ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/

export interface OrgRules {
  /** fields of a Task that cannot be set or do not exist in this org */
  closedFields: string[]
  /** the statuses of a Task; the picklist is restricted */
  statuses: string[]
}

export class Org {
  rules: OrgRules = freshRules()
  readonly #contacts = new Map<string, Contact>()
  readonly #tasks: Task[] = []

  /** The same id again replaces the contact. Throws `OrgError`; then nobody is changed. */
  addContacts(values: readonly unknown[]): Contact[] {
    const contacts = values.map(contactOf)
    for (const contact of contacts) this.#contacts.set(contact.Id.slice(0, 15), contact)
    if (this.#contacts.size > CONTACTS_MAX) throw new OrgError(`more than ${CONTACTS_MAX} contacts`)
    return contacts
  }

  contacts(): Contact[] {
    return [...this.#contacts.values()]
  }

  tasks(): Task[] {
    return this.#tasks
  }

  /** An id of 18 characters is one of 15 with a checksum. Throws `CrmRefusal`. */
  contact(id: string, fields: string[]): Record<string, unknown> {
    const contact = this.#contacts.get(id.slice(0, 15))
    if (!ID.test(id) || !contact) throw restRefusal(404, 'NOT_FOUND', 'The requested resource does not exist')
    for (const field of fields) {
      if (!(CONTACT_FIELDS as readonly string[]).includes(field) && field !== 'Id')
        throw restRefusal(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type Contact`)
    }
    const attributes = { type: 'Contact', url: `/services/data/v58.0/sobjects/Contact/${contact.Id}` }
    const wanted = fields.length === 0 ? CONTACT_FIELDS : fields
    return {
      attributes,
      ...Object.fromEntries(wanted.map(field => [field, contact[field as keyof Contact]])),
      Id: contact.Id,
    }
  }

  /** The new Task's id. Throws `CrmRefusal`. */
  createTask(body: Record<string, unknown>): string {
    for (const [field, value] of Object.entries(body)) this.#checkField(field, value)
    const who = body.WhoId
    if (who !== undefined && !this.#contacts.has(String(who).slice(0, 15)))
      throw restRefusal(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', ['WhoId'])
    if (String(body.WhatId ?? '').startsWith('003'))
      throw restRefusal(400, 'FIELD_INTEGRITY_EXCEPTION', 'Related To ID: id value of incorrect type', ['WhatId'])
    if (this.#tasks.length >= TASKS_MAX) throw restRefusal(400, 'STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded')
    const Id = `00T${String(this.#tasks.length + 1).padStart(12, '0')}AAA`
    this.#tasks.push({ Id, ...body })
    return Id
  }

  #checkField(field: string, value: unknown): void {
    const rule = TASK_FIELDS[field]
    if (rule === undefined || this.rules.closedFields.includes(field))
      throw restRefusal(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type Task`)
    const picklist = field === 'Status' ? this.rules.statuses : PICKLISTS[field]
    if (picklist && !picklist.includes(String(value)))
      throw restRefusal(
        400,
        'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
        `${field}: bad value for restricted picklist field: ${value}`,
        [field],
      )
    if (rule === 'id' && !ID.test(String(value)))
      throw restRefusal(400, 'MALFORMED_ID', `${field}: id value of incorrect type: ${value}`, [field])
    if (rule === 'number' && !Number.isInteger(value))
      throw restRefusal(400, 'JSON_PARSER_ERROR', `Cannot deserialize instance of int from ${typeof value}`)
    if (rule === 'date' && !/^\d{4}-\d\d-\d\d$/.test(String(value)))
      throw restRefusal(400, 'JSON_PARSER_ERROR', 'Cannot deserialize instance of date from VALUE_STRING')
    if (typeof rule === 'number' && String(value).length > rule)
      throw restRefusal(400, 'STRING_TOO_LONG', `${field}: data value too large (max length=${rule})`, [field])
  }

  /** SOQL, as far as a duplicate guard and a search for a number need it. Throws `CrmRefusal`. */
  query(soql: string): Found {
    const [task, contact] = [TASK_QUERY.exec(soql.trim()), CONTACT_QUERY.exec(soql.trim())]
    if (task) return this.#tasksOf((task[1] ?? '').replace(/\\(.)/g, '$1'), Number(task[2] ?? ROWS_MAX))
    if (contact) return this.#contactsLike(contact[1] ?? '', contact[2] ?? '', Number(contact[3] ?? ROWS_MAX))
    throw restRefusal(400, 'MALFORMED_QUERY', 'unexpected token')
  }

  #tasksOf(callObject: string, limit: number): Found {
    const tasks = this.#tasks.filter(task => task.CallObject === callObject)
    return found(
      'Task',
      limit,
      tasks.map(({ Id }) => ({ Id })),
    )
  }

  #contactsLike(mobile: string, phone: string, limit: number): Found {
    const people = this.contacts().filter(
      ({ MobilePhone, Phone }) => like(mobile, MobilePhone ?? '') || like(phone, Phone ?? ''),
    )
    return found(
      'Contact',
      limit,
      people.map(({ Id, AccountId, MobilePhone, Phone }) => ({ Id, AccountId, MobilePhone, Phone })),
    )
  }
}

interface Found {
  totalSize: number
  done: true
  records: unknown[]
}

function found(type: 'Task' | 'Contact', limit: number, rows: { Id: string }[]): Found {
  const records = rows.slice(0, limit).map(row => ({
    attributes: { type, url: `/services/data/v58.0/sobjects/${type}/${row.Id}` },
    ...row,
  }))
  return { totalSize: records.length, done: true, records }
}

/** SOQL and SOSL Reference, "LIKE": `%` is any text, `_` one sign; case does not matter. */
function like(pattern: string, text: string): boolean {
  const signs = [...pattern].map(sign =>
    sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[.*+?^${}()|[\]\\]/, '\\$&'),
  )
  return new RegExp(`^${signs.join('')}$`, 'is').test(text)
}

/** The default of most orgs: nobody can set the Phone of a Task. */
export function freshRules(): OrgRules {
  return { closedFields: ['Phone'], statuses: [...STATUSES] }
}

function contactOf(value: unknown): Contact {
  const raw = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const { Id } = raw
  if (typeof Id !== 'string' || !ID.test(Id) || !Id.startsWith('003'))
    throw new OrgError('a contact needs an Id of 15 or 18 characters that begins with 003')
  const unknown = Object.keys(raw).find(key => key !== 'Id' && !(CONTACT_FIELDS as readonly string[]).includes(key))
  if (unknown !== undefined) throw new OrgError(`a contact has no ${unknown}`)
  const texts = CONTACT_FIELDS.map(field => [field, typeof raw[field] === 'string' ? raw[field] : null])
  return { Id, ...Object.fromEntries(texts) } as Contact
}
