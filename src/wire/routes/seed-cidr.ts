/**
 * Rows for a foreign system that starts calls with a key (seed 003, "CIDR interop"). The seed names the first path and nothing of its
 * body: what it takes and gives is ours (decision 037).
 */
import { z } from 'zod'
import { statedConsent } from '../consent.ts'
import { NUMBER_TEXT_MAX } from '../phone-number.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

const short = z.string().trim().min(1).max(600)
const cidrCall = z.object({
  callId: z.string(),
  /** the carrier's id; null: it has not taken the call yet */
  callSid: z.string().nullable(),
  status: z.enum(['dialing', 'ringing', 'progressing', 'terminating', 'canceling', 'hangup']),
})

export const seedCidrRoutes = {
  'POST /api/cidr/originate': {
    who: { key: 'calls:originate' },
    summary: 'Calls a number; an AI agent talks with whoever answers (S3-58).',
    body: z.object({
      to: z.string().trim().min(1).max(NUMBER_TEXT_MAX),
      /** one of our numbers; absent: one that is ready */
      from: z.string().trim().max(NUMBER_TEXT_MAX).optional(),
      /** absent: the first AI agent of the workspace */
      agentId: z.string().max(64).optional(),
      /** a contact of ours or of the CRM; its name and place count */
      contactId: z.string().max(128).optional(),
      /** the first words, instead of the agent's own */
      message: short.optional(),
      /** where this person agreed to be called by an AI voice; it is kept with the consent */
      consent: statedConsent.optional(),
    }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: cidrCall,
  },
  'GET /api/cidr/calls/:callId': {
    who: { key: 'calls:originate' },
    summary: 'A call that this key started.',
    gives: 'json',
    answer: cidrCall,
  },
  'POST /api/cidr/calls/:callId/hangup': {
    who: { key: 'calls:originate' },
    summary: 'Ends a call that this key started. It may be repeated.',
    gives: 'json',
    status: 202,
    answer: done,
  },
} as const satisfies Rows
