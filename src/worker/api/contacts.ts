/** Contacts: the book of the workspace. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import { meansDoNotCall } from '../../core/clearance/do-not-call-words.ts'
import type { Contact } from '../../wire/api.ts'
import { readNumber, toE164 } from '../../wire/phone-number.ts'
import { readForm } from '../../wire/read-form.ts'
import { type ContactRow, contactEntry, contactRoutes } from '../../wire/routes/contacts.ts'
import { contactPages } from '../../wire/routes/pages.ts'
import { csvLine, csvResponse } from '../csv.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { calledNumber } from './called-number.ts'

export interface ReadRows {
  /** `row`: the place in the list as it was sent */
  good: (ContactRow & { contactId: string; phone: string; extension: string | null; row: number })[]
  bad: { field: string; message: string }[]
  /** taken, and to be looked at */
  warnings: { field: string; message: string }[]
}

/** Reads a list row by row. A row that cannot be taken is named with its position and its field; the others are kept (S3-15). */
export function readContacts(rows: readonly unknown[], country: string): ReadRows {
  const read: ReadRows = { good: [], bad: [], warnings: [] }
  for (const [index, row] of rows.entries()) {
    const parsed = readForm(contactEntry, row)
    if (!parsed.ok) {
      for (const issue of parsed.issues)
        read.bad.push({ field: ['contacts', index, ...issue.path].join('.'), message: issue.message })
      continue
    }
    const field = `contacts.${index}.phone`
    const answer = readNumber(parsed.value.phone, country)
    if (!answer.ok) {
      read.bad.push({ field, message: answer.problem })
      continue
    }
    if (answer.warning !== null) read.warnings.push({ field, message: answer.warning })
    const contactId = parsed.value.contactId ?? uniqueWith('p_')
    read.good.push({ ...parsed.value, phone: answer.number, extension: answer.extension, contactId, row: index })
  }
  return read
}

/** Saves what was read. A new number of somebody who had asked not to be called is listed, and the answer says so. */
export async function saveRead(env: Env, workspaceId: string, rows: readonly unknown[], read: ReadRows): Promise<void> {
  const listed = await stubFor(env, 'workspace', workspaceId).saveContacts(read.good)
  const message = 'this person asked not to be called, so the new number is on the do-not-call list'
  for (const contactId of listed) {
    const index = rows.findIndex(row => (row as { contactId?: unknown } | null)?.contactId === contactId)
    read.warnings.push({ field: `contacts.${index}.phone`, message })
  }
}

/**
 * A contact who asked not to be called is not called on a number that the book does not have either.
 * @returns why this number is not called for this contact; null: the gate decides
 */
export function whyNotFor(contact: Pick<Contact, 'status' | 'phone'> | null, number: string | null): string | null {
  return contact?.status === 'dnc' && number !== contact.phone ? 'This person asked not to be called.' : null
}

/** The country by which this workspace reads numbers without a plus. */
export async function countryOf(env: Env, workspaceId: string): Promise<string> {
  return (await stubFor(env, 'trunk', workspaceId).clearanceRules()).country
}

export const contacts = bind(contactRoutes, {
  async 'GET /api/contacts'({ env, member, query }) {
    const after = contactPages.after(query.cursor)
    const items = await stubFor(env, 'workspace', member.workspaceId).listContacts(after, query.limit)
    const ids = items.map(one => one.contactId)
    return { items, next: contactPages.next(ids, query.limit) }
  },

  async 'GET /api/contacts.csv'({ env, member }) {
    return csvResponse(contactLines(env, member.workspaceId))
  },

  async 'POST /api/contacts'({ env, member, body }) {
    const country = body.country ?? (await countryOf(env, member.workspaceId))
    const read = readContacts(body.contacts, country)
    await saveRead(env, member.workspaceId, body.contacts, read)
    const { good, bad, warnings } = read
    return { items: good.map(({ contactId, phone }) => ({ contactId, phone })), refused: bad, warnings }
  },

  async 'POST /api/contacts/batch'({ env, member, body }) {
    return stubFor(env, 'workspace', member.workspaceId).contacts(body.ids)
  },

  async 'GET /api/contacts/lookup-by-phone'({ env, member, query }) {
    const number = toE164(query.phone, await countryOf(env, member.workspaceId))
    if (!number)
      throw new Refusal(400, 'That is not a phone number.', [{ field: 'phone', message: 'not a phone number' }])
    const found = await stubFor(env, 'workspace', member.workspaceId).contactByPhone(number)
    if (!found) throw new Refusal(404, 'Nobody has this number.')
    return found
  },

  async 'PATCH /api/contacts/:id'({ env, member, body, params }) {
    const { workspaceId, name: by } = member
    const book = stubFor(env, 'workspace', workspaceId)
    const { result, notes: note, callSid } = body
    const at = timeOf(body.timestamp)
    const named = callSid === undefined ? null : await calledNumber(env, workspaceId, callSid, meansDoNotCall(result))
    const { callId, number } = named ?? { callId: '', number: null }
    const stored = await book.noteContact({ contactId: params.id, result, note, at, by, callId, number })
    const [contact] = stored ? await book.contacts([params.id]) : []
    if (!contact) throw new Refusal(404, 'There is no such contact.')
    return contact
  },
})

const COLUMNS = [
  ...(['contactId', 'firstName', 'lastName', 'company', 'phone', 'extension', 'timeZone', 'postcode'] as const),
  ...(['status', 'attempts', 'result', 'note'] as const),
]
const PAGE = 500

async function* contactLines(env: Env, workspaceId: string): AsyncGenerator<string> {
  yield csvLine(COLUMNS)
  for (let after: string | null = null; ; ) {
    const some: Contact[] = await stubFor(env, 'workspace', workspaceId).listContacts(after, PAGE)
    yield some.map(one => csvLine(COLUMNS.map(name => one[name]))).join('')
    const last: Contact | undefined = some.length === PAGE ? some.at(-1) : undefined
    if (last === undefined) return
    after = last.contactId
  }
}

/** A clock of somebody else may be this far ahead of ours. */
const AHEAD_MS = 5 * 60_000
/** Calls were not stored before; an earlier time is one in seconds, or a mistake. */
const EARLIEST_MS = Date.UTC(2000, 0)

/** @throws Refusal 400: no time of a call that was made */
function timeOf(timestamp: number | string | undefined): number {
  const now = Date.now()
  if (timestamp === undefined) return now
  const at = new Date(timestamp).getTime()
  const wrong = (message: string) => new Refusal(400, 'This is no time of a call.', [{ field: 'timestamp', message }])
  if (!Number.isFinite(at)) throw wrong('not a time')
  if (at < EARLIEST_MS) throw wrong('before the year 2000; a number is milliseconds since 1970')
  if (at > now + AHEAD_MS) throw wrong('in the future')
  return Math.min(at, now)
}
