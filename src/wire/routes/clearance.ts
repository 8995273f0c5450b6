/** Rows of clearance: who must not be called, who has agreed to what, and the rules of the workspace (docs/domain/clearance.md). */
import { z } from 'zod'
import { PROFILES, PURPOSES, RULES } from '../../core/clearance/rules.ts'
import { consentSource } from '../consent.ts'
import { nameText } from '../name.ts'
import { countryCode, dialable, NUMBER_TEXT_MAX, whyNoArea } from '../phone-number.ts'
import { plainText } from '../text.ts'
import { statedText, statedZone } from './contacts.ts'
import { page, refusedRows } from './pages.ts'
import type { Rows } from './row.ts'

const reason = plainText(500).trim().min(3)
const note = plainText(500).trim().default('')
/** The first digits of numbers, with the plus. */
const area = z
  .string()
  .regex(/^\+[1-9]\d{0,11}$/, 'a plus and the first digits, +1415')
  .superRefine((digits, context) => {
    const problem = whyNoArea(digits)
    if (problem !== null) context.addIssue({ code: 'custom', message: problem })
  })
const listOfCampaign = nameText(64).nullable().default(null)

export const listedNumber = z.object({
  number: z.string(),
  campaignId: z.string().nullable(),
  area: z.boolean(),
  sinceMs: z.number(),
  source: z.string(),
  by: z.string(),
  note: z.string(),
  /** everything that lists this number, the first first; it is listed while there is one */
  sources: z.array(z.object({ source: z.string(), by: z.string(), sinceMs: z.number(), note: z.string() })),
})
export type ListedNumber = z.infer<typeof listedNumber>

const removedNumber = z.object({
  number: z.string(),
  atMs: z.number(),
  by: z.string(),
  reason: z.string(),
  sinceMs: z.number(),
  /** what had listed it; a number that several sources listed has a row of each */
  source: z.string(),
})

const window = z
  .object({
    /** 0 is Sunday */
    days: z.array(z.number().int().min(0).max(6)).min(1).max(7),
    fromMinute: z.number().int().min(0).max(1_439),
    toMinute: z.number().int().min(1).max(1_440),
  })
  .refine(one => one.fromMinute !== one.toMinute, { error: 'this window never opens', path: ['toMinute'] })
const cap = z.number().int().min(0).max(1_000).nullable()
const limits = z.object({
  atOnce: z.number().int().min(1).max(10_000).nullable(),
  callsPerDay: z.number().int().min(1).max(1_000_000).nullable(),
  spendPerDay: z.number().int().min(1).max(100_000_000).nullable(),
})

export const clearanceRules = z.object({
  profile: z.enum(PROFILES),
  country: countryCode,
  countries: z.array(countryCode).max(250),
  premium: z.boolean(),
  hours: z.array(window).min(1).max(21),
  caps: z.object({
    gapMs: z
      .number()
      .int()
      .min(0)
      .max(30 * 24 * 3_600_000)
      .nullable(),
    day: cap,
    week: cap,
    month: cap,
  }),
  consentFor: z.array(z.enum(PURPOSES)),
  limits: z.object({ workspace: limits, agent: limits }),
  centsPerMinute: z.number().int().min(0).max(100_000),
})

/** Hours, caps and consents are the profile's; only `custom` sets its own. */
const rulesBody = clearanceRules
  .partial({
    hours: true,
    caps: true,
    consentFor: true,
    countries: true,
    premium: true,
    limits: true,
    centsPerMinute: true,
  })
  .superRefine((body, context) => {
    if (body.profile === 'custom') return
    for (const field of ['hours', 'caps', 'consentFor'] as const)
      if (body[field] !== undefined)
        context.addIssue({ code: 'custom', path: [field], message: 'only the profile custom has rules of its own' })
  })

/** A clock of somebody else may be this far ahead of ours. */
const CLOCK_AHEAD_MS = 5 * 60_000

const consent = z.object({
  number: dialable,
  purpose: z.enum(PURPOSES).default('ai'),
  source: consentSource,
  /** ISO 8601, not in the future; absent: now */
  given: z.iso
    .datetime()
    .refine(given => new Date(given).getTime() <= Date.now() + CLOCK_AHEAD_MS, 'in the future')
    .optional(),
})

export const clearanceVerdict = z.object({
  number: z.string(),
  cleared: z.boolean(),
  rule: z.enum(RULES).nullable(),
  /** null: not by itself */
  untilMs: z.number().nullable(),
  words: z.string(),
})

export const clearanceRoutes = {
  'GET /api/do-not-call': {
    who: { role: 'agent', scope: 'do-not-call:read' },
    summary: 'Numbers and areas that must not be called, by number.',
    query: page.extend({
      cursor: z
        .string()
        .max(120)
        .regex(/^list~\+\d{1,15}\|[A-Za-z0-9_.:-]{0,80}$/, 'not a cursor of this list')
        .optional(),
      q: z.string().max(NUMBER_TEXT_MAX).default(''),
      campaignId: z.string().max(64).optional(),
    }),
    gives: 'json',
    answer: z.object({ items: z.array(listedNumber), next: z.string().nullable() }),
  },
  'POST /api/do-not-call': {
    who: { role: 'agent', scope: 'do-not-call:write' },
    summary:
      'Puts a number on the list of the workspace or of one campaign; a supervisor, with `area`, all numbers that begin so.',
    body: z
      .object({ number: dialable.optional(), area: area.optional(), campaignId: listOfCampaign, note })
      .refine(body => (body.number === undefined) !== (body.area === undefined), {
        error: 'either a number or an area',
        path: ['number'],
      }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({ number: z.string(), added: z.boolean() }),
  },
  'POST /api/do-not-call/imports': {
    who: { role: 'supervisor', scope: 'do-not-call:write' },
    summary: 'Imports numbers under a name by which they can be taken back; rows that are no numbers are named.',
    body: z.object({
      importId: z.string().regex(/^[A-Za-z0-9_-]{1,48}$/, 'letters, digits, - and _, at most 48'),
      numbers: z.array(z.string().max(NUMBER_TEXT_MAX)).min(1).max(5_000),
      campaignId: listOfCampaign,
      country: countryCode.optional(),
    }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({ added: z.number().int(), known: z.number().int(), refused: refusedRows }),
  },
  'POST /api/do-not-call/removals': {
    who: { role: 'supervisor' },
    summary:
      'Takes a number or an area off the list whatever listed it, or an import’s own entries; the reason and your name stay on record.',
    body: z
      .object({
        number: z.string().max(NUMBER_TEXT_MAX).optional(),
        /** as it stands in the list; an older entry may be shorter than what is taken today */
        area: z.string().max(16).optional(),
        importId: z.string().max(48).optional(),
        campaignId: listOfCampaign,
        reason,
      })
      .refine(body => [body.number, body.area, body.importId].filter(one => one !== undefined).length === 1, {
        error: 'either a number, an area or an import',
        path: ['number'],
      }),
    gives: 'json',
    /** `stillListed`: of what was removed, numbers that something else lists as well: another source, or an area */
    answer: z.object({ removed: z.number().int(), stillListed: z.number().int() }),
  },
  'GET /api/do-not-call/removals': {
    who: { role: 'supervisor', scope: 'do-not-call:read' },
    summary: 'The last 200 entries that were taken off the list, with who did it and why.',
    gives: 'json',
    answer: z.object({ items: z.array(removedNumber) }),
  },
  'GET /api/clearance/rules': {
    who: { role: 'agent', scope: 'workspace:read' },
    summary: 'The rules under which this workspace calls people.',
    gives: 'json',
    answer: clearanceRules,
  },
  'PUT /api/clearance/rules': {
    who: { role: 'admin' },
    summary: 'Chooses a profile of rules and sets countries, limits and, for `custom`, hours, caps and consents.',
    body: rulesBody,
    gives: 'json',
    answer: clearanceRules,
  },
  'POST /api/clearance/checks': {
    who: { role: 'agent', scope: 'calls:write' },
    summary: 'May this number be called now? Nothing is dialled or reserved.',
    body: z.object({
      number: dialable,
      purpose: z.enum(PURPOSES).default('single'),
      campaignId: nameText(64).nullable().default(null),
      timeZone: statedZone,
      postcode: statedText(16),
    }),
    gives: 'json',
    answer: clearanceVerdict,
  },
  'POST /api/consents': {
    who: { role: 'supervisor', scope: 'contacts:write' },
    summary: 'Records consents with where and when they were given; a number that opts out later loses them.',
    body: z.object({ consents: z.array(consent).min(1).max(1_000) }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({ recorded: z.number().int() }),
  },
  'GET /api/consents': {
    who: { role: 'agent', scope: 'contacts:read' },
    summary: 'The consents of one number.',
    query: z.object({ number: dialable }),
    gives: 'json',
    answer: z.object({
      items: z.array(
        z.object({
          purpose: z.enum(PURPOSES),
          source: z.string(),
          givenMs: z.number(),
          by: z.string(),
          withdrawnMs: z.number().nullable(),
        }),
      ),
    }),
  },
} as const satisfies Rows
