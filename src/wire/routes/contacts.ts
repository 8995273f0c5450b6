/** Rows of contacts: the book of the workspace. */
import { z } from 'zod'
import { zoneNamed } from '../../core/clearance/zones.ts'
import { contact, listOf } from '../api.ts'
import { nameText, optionalName } from '../name.ts'
import { countryCode, NUMBER_TEXT_MAX } from '../phone-number.ts'
import { plainText } from '../text.ts'
import { contactPages, refusedRows } from './pages.ts'
import type { Rows } from './row.ts'

/** Absent, null and empty are the same in lists that people export. */
const orEmpty = <T extends z.ZodType>(text: T) => z.preprocess(value => value ?? '', text)
export const statedText = (most: number) =>
  z.preprocess(value => (value === '' ? null : value), optionalName(most).nullable().default(null))
/** IANA, or a name of Windows or Rails; it is stored as IANA's */
export const statedZone = statedText(60).transform((name, context) => {
  if (name === null) return null
  const zone = zoneNamed(name)
  if (zone === null) context.addIssue({ code: 'custom', message: 'not the name of a time zone' })
  return zone
})

/** One row of a list. Each is read by itself (`readContacts`), so that one bad row does not lose the others. */
export const contactEntry = z.object({
  contactId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,48}$/, 'letters, digits, - and _, at most 48')
    .optional(),
  firstName: orEmpty(optionalName(80)),
  lastName: orEmpty(optionalName(80)),
  company: orEmpty(optionalName(120)),
  /** as it was written; a number of JSON is taken as text */
  phone: z.preprocess(value => (typeof value === 'number' ? String(value) : value), z.string().max(NUMBER_TEXT_MAX)),
  timeZone: statedZone,
  postcode: statedText(16),
  /** the person has agreed to be called by an AI agent; without it none ever calls them */
  aiConsent: z.boolean().default(false),
})
export type ContactRow = z.infer<typeof contactEntry>
export const contactEntries = z.array(z.unknown()).min(1).max(1_000)

export const contactRoutes = {
  'GET /api/contacts': {
    who: { role: 'agent', scope: 'contacts:read' },
    summary: 'Contacts of the workspace.',
    query: contactPages.query,
    gives: 'json',
    answer: listOf(contact),
  },
  'GET /api/contacts.csv': {
    who: { role: 'supervisor', scope: 'contacts:read' },
    summary: 'All contacts as a table for a spreadsheet; no text in it is a formula there.',
    gives: 'bytes',
    mediaType: 'text/csv',
  },
  'POST /api/contacts': {
    who: { role: 'supervisor', scope: 'contacts:write' },
    summary: 'Adds contacts; rows that cannot be dialled are named and the others kept.',
    /** ISO 3166: how numbers without a plus are read; absent: the workspace's country */
    body: z.object({ contacts: contactEntries, country: countryCode.optional() }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({
      items: z.array(z.object({ contactId: z.string(), phone: z.string() })),
      refused: refusedRows,
      /** rows that were taken and that somebody should look at */
      warnings: refusedRows,
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
      /** the call that this is the result of, by the carrier's id or by ours */
      callSid: nameText(96).optional(),
    }),
    gives: 'json',
    answer: contact,
  },
} as const satisfies Rows
