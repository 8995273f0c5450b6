/** Contacts: the book of the workspace. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import { readNumber, toE164 } from '../../wire/phone-number.ts'
import { type ContactRow, contactEntry, contactRoutes } from '../../wire/routes/contacts.ts'
import { contactPages } from '../../wire/routes/pages.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

export interface ReadRows {
  good: (ContactRow & { contactId: string; phone: string; extension: string | null })[]
  bad: { field: string; message: string }[]
  /** taken, and to be looked at */
  warnings: { field: string; message: string }[]
}

/** Reads a list row by row. A row that cannot be taken is named with its position and its field; the others are kept (S3-15). */
export function readContacts(rows: readonly unknown[], country: string): ReadRows {
  const read: ReadRows = { good: [], bad: [], warnings: [] }
  for (const [index, row] of rows.entries()) {
    const parsed = contactEntry.safeParse(row)
    if (!parsed.success) {
      for (const issue of parsed.error.issues)
        read.bad.push({ field: ['contacts', index, ...issue.path].join('.'), message: issue.message })
      continue
    }
    const field = `contacts.${index}.phone`
    const answer = readNumber(parsed.data.phone, country)
    if (!answer.ok) {
      read.bad.push({ field, message: answer.problem })
      continue
    }
    if (answer.warning !== null) read.warnings.push({ field, message: answer.warning })
    const contactId = parsed.data.contactId ?? uniqueWith('p_')
    read.good.push({ ...parsed.data, phone: answer.number, extension: answer.extension, contactId })
  }
  return read
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

  async 'POST /api/contacts'({ env, member, body }) {
    const country = body.country ?? (await countryOf(env, member.workspaceId))
    const { good, bad, warnings } = readContacts(body.contacts, country)
    await stubFor(env, 'workspace', member.workspaceId).saveContacts(good)
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
    const book = stubFor(env, 'workspace', member.workspaceId)
    const at = body.timestamp === undefined ? Date.now() : new Date(body.timestamp).getTime()
    if (!Number.isFinite(at))
      throw new Refusal(400, 'The time cannot be read.', [{ field: 'timestamp', message: 'not a time' }])
    if (!(await book.noteContact(params.id, body.result, body.notes, at, member.name)))
      throw new Refusal(404, 'There is no such contact.')
    const [contact] = await book.contacts([params.id])
    if (!contact) throw new Refusal(404, 'There is no such contact.')
    return contact
  },
})
