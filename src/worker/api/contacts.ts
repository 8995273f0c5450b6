/** Contacts: the book of the workspace. */
import { z } from 'zod'
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import * as wire from '../../wire/api.ts'
import { toE164 } from '../../wire/phone-number.ts'
import { Refusal } from '../problem.ts'
import { type AnyRoute, route } from '../route-table.ts'

const entry = z.object({
  contactId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,48}$/)
    .optional(),
  firstName: z.string().max(80).default(''),
  lastName: z.string().max(80).default(''),
  company: z.string().max(120).default(''),
  phone: z.string().min(3).max(40),
  timeZone: z.string().max(60).nullable().default(null),
  /** the person has agreed to be called by an AI agent; without it none ever calls them */
  aiConsent: z.boolean().default(false),
})
export type ContactInput = z.infer<typeof entry>
export const contactEntries = z.array(entry).min(1).max(1_000)

/** Converts numbers to E.164 one by one. A row that cannot be dialled is returned with its position; the others are kept (S3-15). */
export function normalised(entries: ContactInput[]) {
  const good: (ContactInput & { contactId: string })[] = []
  const bad: { field: string; message: string }[] = []
  entries.forEach((one, index) => {
    const phone = toE164(one.phone)
    if (phone) good.push({ ...one, phone, contactId: one.contactId ?? uniqueWith('p_') })
    else bad.push({ field: `contacts.${index}.phone`, message: 'not a phone number that can be dialled' })
  })
  return { good, bad }
}

export const contactRoutes: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/contacts',
    who: 'agent',
    summary: 'Contacts of the workspace.',
    query: z.object({
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: wire.listOf(wire.contact),
    async handle({ env, member, query }) {
      const items = await stubFor(env, 'workspace', member.workspaceId).listContacts(query.cursor ?? null, query.limit)
      return { items, next: items.length === query.limit ? (items.at(-1)?.contactId ?? null) : null }
    },
  }),
  route({
    method: 'post',
    path: '/api/contacts',
    who: 'supervisor',
    summary: 'Adds contacts; rows that cannot be dialled are named and the others kept.',
    creates: true,
    status: 201,
    body: z.object({ contacts: contactEntries }),
    answer: z.object({
      items: z.array(z.object({ contactId: z.string(), phone: z.string() })),
      refused: z.array(z.object({ field: z.string(), message: z.string() })),
    }),
    async handle({ env, member, body }) {
      const { good, bad } = normalised(body.contacts)
      await stubFor(env, 'workspace', member.workspaceId).saveContacts(good)
      return { items: good.map(({ contactId, phone }) => ({ contactId, phone })), refused: bad }
    },
  }),
  route({
    method: 'post',
    path: '/api/contacts/batch',
    who: 'agent',
    summary: 'Full records of the contacts named (S3-12).',
    body: z.object({ ids: z.array(z.string().max(64)).max(200) }),
    answer: z.array(wire.contact),
    async handle({ env, member, body }) {
      return stubFor(env, 'workspace', member.workspaceId).contacts(body.ids)
    },
  }),
  route({
    method: 'get',
    path: '/api/contacts/lookup-by-phone',
    who: 'agent',
    summary: 'The contact with this number.',
    query: z.object({ phone: z.string().min(3).max(40) }),
    answer: wire.contact,
    async handle({ env, member, query }) {
      const number = toE164(query.phone)
      if (!number)
        throw new Refusal(400, 'That is not a phone number.', [{ field: 'phone', message: 'not a phone number' }])
      const found = await stubFor(env, 'workspace', member.workspaceId).contactByPhone(number)
      if (!found) throw new Refusal(404, 'Nobody has this number.')
      return found
    },
  }),
  route({
    method: 'patch',
    path: '/api/contacts/:id',
    who: 'agent',
    summary: 'Saves the result of a call (S3-61).',
    body: z.object({
      result: z.string().min(1).max(64),
      notes: z.string().max(4_000).default(''),
      timestamp: z.union([z.number(), z.string()]).optional(),
      callSid: z.string().max(64).optional(),
    }),
    answer: wire.contact,
    async handle({ env, member, body, params }) {
      const book = stubFor(env, 'workspace', member.workspaceId)
      const id = params.id ?? ''
      const at = body.timestamp === undefined ? Date.now() : new Date(body.timestamp).getTime()
      if (!Number.isFinite(at))
        throw new Refusal(400, 'The time cannot be read.', [{ field: 'timestamp', message: 'not a time' }])
      if (!(await book.noteContact(id, body.result, body.notes, at)))
        throw new Refusal(404, 'There is no such contact.')
      const [contact] = await book.contacts([id])
      if (!contact) throw new Refusal(404, 'There is no such contact.')
      return contact
    },
  }),
]
