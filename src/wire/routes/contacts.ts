/** Rows of contacts: the book of the workspace. */
import { z } from 'zod'
import { contact, listOf } from '../api.ts'
import { nameText, optionalName } from '../name.ts'
import { plainText } from '../text.ts'
import { contactPages, refusedRows } from './pages.ts'
import type { Rows } from './row.ts'

const contactEntry = z.object({
  contactId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,48}$/)
    .optional(),
  firstName: optionalName(80).default(''),
  lastName: optionalName(80).default(''),
  company: optionalName(120).default(''),
  phone: z.string().min(3).max(40),
  timeZone: z.string().max(60).nullable().default(null),
  /** the person has agreed to be called by an AI agent; without it none ever calls them */
  aiConsent: z.boolean().default(false),
})
export type ContactEntry = z.infer<typeof contactEntry>
export const contactEntries = z.array(contactEntry).min(1).max(1_000)

export const contactRoutes = {
  'GET /api/contacts': {
    who: { role: 'agent', scope: 'contacts:read' },
    summary: 'Contacts of the workspace.',
    query: contactPages.query,
    gives: 'json',
    answer: listOf(contact),
  },
  'POST /api/contacts': {
    who: { role: 'supervisor', scope: 'contacts:write' },
    summary: 'Adds contacts; rows that cannot be dialled are named and the others kept.',
    body: z.object({ contacts: contactEntries }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({
      items: z.array(z.object({ contactId: z.string(), phone: z.string() })),
      refused: refusedRows,
    }),
  },
  'POST /api/contacts/batch': {
    who: { role: 'agent', scope: 'contacts:read' },
    summary: 'Full records of the contacts named (S3-12).',
    body: z.object({ ids: z.array(z.string().max(64)).max(200) }),
    gives: 'json',
    answer: z.array(contact),
  },
  'GET /api/contacts/lookup-by-phone': {
    who: { role: 'agent', scope: 'contacts:read' },
    summary: 'The contact with this number.',
    query: z.object({ phone: z.string().min(3).max(40) }),
    gives: 'json',
    answer: contact,
  },
  'PATCH /api/contacts/:id': {
    who: { role: 'agent', scope: 'contacts:write' },
    summary: 'Saves the result of a call (S3-61).',
    body: z.object({
      result: nameText(64),
      notes: plainText(4_000).default(''),
      timestamp: z.union([z.number(), z.string().max(40)]).optional(),
      callSid: z.string().max(64).optional(),
    }),
    gives: 'json',
    answer: contact,
  },
} as const satisfies Rows
