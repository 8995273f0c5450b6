/** Contacts: the book of the workspace. */
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import { toE164 } from '../../wire/phone-number.ts'
import { type ContactEntry, contactRoutes } from '../../wire/routes/contacts.ts'
import { contactPages } from '../../wire/routes/pages.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

/** Converts numbers to E.164 one by one. A row that cannot be dialled is returned with its position; the others are kept (S3-15). */
export function normalised(entries: ContactEntry[]) {
  const good: (ContactEntry & { contactId: string })[] = []
  const bad: { field: string; message: string }[] = []
  entries.forEach((one, index) => {
    const phone = toE164(one.phone)
    if (phone) good.push({ ...one, phone, contactId: one.contactId ?? uniqueWith('p_') })
    else bad.push({ field: `contacts.${index}.phone`, message: 'not a phone number that can be dialled' })
  })
  return { good, bad }
}

export const contacts = bind(contactRoutes, {
  async 'GET /api/contacts'({ env, member, query }) {
    const after = contactPages.after(query.cursor)
    const items = await stubFor(env, 'workspace', member.workspaceId).listContacts(after, query.limit)
    const ids = items.map(one => one.contactId)
    return { items, next: contactPages.next(ids, query.limit) }
  },

  async 'POST /api/contacts'({ env, member, body }) {
    const { good, bad } = normalised(body.contacts)
    await stubFor(env, 'workspace', member.workspaceId).saveContacts(good)
    return { items: good.map(({ contactId, phone }) => ({ contactId, phone })), refused: bad }
  },

  async 'POST /api/contacts/batch'({ env, member, body }) {
    return stubFor(env, 'workspace', member.workspaceId).contacts(body.ids)
  },

  async 'GET /api/contacts/lookup-by-phone'({ env, member, query }) {
    const number = toE164(query.phone)
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
    if (!(await book.noteContact(params.id, body.result, body.notes, at)))
      throw new Refusal(404, 'There is no such contact.')
    const [contact] = await book.contacts([params.id])
    if (!contact) throw new Refusal(404, 'There is no such contact.')
    return contact
  },
})
