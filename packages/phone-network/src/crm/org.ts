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
  /** fields of a Task that must be set, also fields of the org's own; a missing one is told one at a time */
  requiredFields: string[]
  /** restricted picklists by field, beside those of every org */
  picklists: Record<string, string[]>
  /** shorter limits of texts, by field */
  lengths: Record<string, number>
  /** records that exist and that the integration's user may not see */
  hiddenRecords: string[]
  /** accounts that are persons: a Task with a person cannot be related to one */
  personAccounts: string[]
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
    this.#checkRequired(body)
    this.#checkRecords(body)
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

  #checkRequired(body: Record<string, unknown>): void {
    const missing = this.rules.requiredFields.find(field => (body[field] ?? '') === '')
    if (missing !== undefined)
      throw restRefusal(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing}]`, [missing])
  }

  #checkRecords({ WhoId, WhatId }: Record<string, unknown>): void {
    const hidden = [WhoId, WhatId].find(id => this.rules.hiddenRecords.some(one => isSame(one, id)))
    if (hidden !== undefined)
      throw restRefusal(
        400,
        'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
        `insufficient access rights on cross-reference id: ${String(hidden).slice(0, 15)}`,
        [],
      )
    if (WhoId !== undefined && this.rules.personAccounts.some(one => isSame(one, WhatId)))
      throw restRefusal(
        400,
        'FIELD_INTEGRITY_EXCEPTION',
        'Related To ID: a person account cannot be related to a task with a person',
        [],
      )
  }

  /** Describes the fields of a Task, as the org gives them to a client. */
  describeTask(): unknown {
    const { requiredFields, picklists, lengths } = this.rules
    const names = [...new Set([...Object.keys(TASK_FIELDS), ...requiredFields])]
    const fields = names.map(name => {
      const values = name === 'Status' ? this.rules.statuses : (picklists[name] ?? PICKLISTS[name])
      return {
        name,
        type: values === undefined ? 'string' : 'picklist',
        length: lengths[name] ?? SHORT_CHARS_MAX,
        nillable: !requiredFields.includes(name),
        defaultValue: null,
        picklistValues: (values ?? []).map(value => ({ value, label: value, active: true, defaultValue: false })),
      }
    })
    return { name: 'Task', fields }
  }

  #checkField(field: string, value: unknown): void {
    const own = this.rules.requiredFields.includes(field) ? SHORT_CHARS_MAX : undefined
    const known = TASK_FIELDS[field] ?? own
    const rule = typeof known === 'number' ? (this.rules.lengths[field] ?? known) : known
    if (rule === undefined || this.rules.closedFields.includes(field))
      throw restRefusal(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type Task`)
    const picklist = field === 'Status' ? this.rules.statuses : (this.rules.picklists[field] ?? PICKLISTS[field])
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
  return {
    closedFields: ['Phone'],
    statuses: [...STATUSES],
    requiredFields: [],
    picklists: {},
    lengths: {},
    hiddenRecords: [],
    personAccounts: [],
  }
}

function isSame(one: string, other: unknown): boolean {
  return typeof other === 'string' && one.slice(0, 15) === other.slice(0, 15)
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
