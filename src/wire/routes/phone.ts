/** Rows of the browser phone and of the workspace's numbers. */
import { z } from 'zod'
import { listOf, numberRow, voiceProfile, voiceToken } from '../api.ts'
import { optionalName } from '../name.ts'
import { dialable } from '../phone-number.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

/** S4 lets the client name an identity; any other than its own is refused. */
const named = z.object({ identity: z.string().max(121).optional() })

/** Whose profile; absent: one's own. That of somebody else is an administrator's matter (S4-24, S4-37). */
const whose = z.object({ userId: z.string().min(1).max(64).optional() })
const profileAnswer = voiceProfile.extend({
  userId: z.string(),
  identity: z.string(),
  /** what an administrator has set; the agent cannot change it back */
  fixed: z.array(z.enum(['allowOutbound', 'allowInbound', 'recordCalls'])).optional(),
})

export const phoneRoutes = {
  'GET /api/twilio/token': {
    who: { role: 'agent' },
    summary: 'An access token for the browser phone.',
    query: named,
    gives: 'json',
    answer: voiceToken,
  },
  'POST /api/twilio/token': {
    who: { role: 'agent' },
    summary: 'The same, by POST.',
    body: named,
    gives: 'json',
    answer: voiceToken,
  },
  'GET /api/voice-profile': {
    who: { role: 'agent' },
    summary: 'What an agent may do with their phone: their own profile; of others an administrator asks.',
    query: whose,
    gives: 'json',
    answer: profileAnswer,
  },
  'PUT /api/voice-profile': {
    who: { role: 'agent' },
    summary: 'Replaces the profile; it counts from the next call and the next token on.',
    query: whose,
    body: voiceProfile.extend({ callerId: dialable.nullable(), identityAlias: optionalName(80) }),
    gives: 'json',
    answer: profileAnswer,
  },
  'GET /api/numbers': {
    who: { role: 'supervisor', scope: 'numbers:read' },
    summary: 'The numbers of the workspace with use and cool-down.',
    gives: 'json',
    answer: listOf(numberRow),
  },
  'POST /api/numbers': {
    who: { role: 'admin', scope: 'numbers:write' },
    summary: 'Adds or changes a number of the pool, or takes one back that was set aside.',
    body: z.object({
      number: z.string().regex(/^\+[1-9][0-9]{6,14}$/, 'E.164, with a plus'),
      name: optionalName(80).default(''),
      ownerUserId: z.string().max(64).nullable().default(null),
      inFlightCap: z.number().int().min(1).max(100).default(4),
      cooldownSeconds: z.number().int().min(0).max(86_400).default(0),
    }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({ number: z.string() }),
  },
  'DELETE /api/numbers/:number': {
    who: { role: 'admin', scope: 'numbers:write' },
    summary: 'Removes a number from the pool. Calls from it that are live go on; calls to it are answered by nobody.',
    gives: 'json',
    answer: done,
  },
} as const satisfies Rows
