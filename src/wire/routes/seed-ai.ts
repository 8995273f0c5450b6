/** Rows of the AI voice seed document that people call (S2-38, S2-4); the carrier's own stand in `src/worker/seed/ai.ts`. */
import { z } from 'zod'
import { statedConsent } from '../consent.ts'
import type { Rows } from './row.ts'

const short = z.string().trim().max(600)

export const seedAiRoutes = {
  'POST /twilio/outbound/call': {
    who: { role: 'agent', scope: 'calls:write' },
    summary: 'An AI agent calls a contact or a number (S2-38).',
    body: z.object({
      contactId: short.optional(),
      accountId: short.optional(),
      toNumber: short.optional(),
      fromNumber: short.optional(),
      customMessage: short.optional(),
      agentId: short.optional(),
      /** where this person agreed to be called by an AI voice; it is kept with the consent */
      consent: statedConsent.optional(),
    }),
    gives: 'json',
    creates: true,
    answer: z.object({
      callId: z.string(),
      callSid: z.string(),
      status: z.string(),
      message: z.string(),
      toNumber: z.string(),
      fromNumber: z.string(),
    }),
  },
  'GET /twilio/call/:callSid/status': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'The status of a call by the carrier’s id (S2-4).',
    gives: 'json',
    answer: z.object({
      callSid: z.string(),
      callId: z.string(),
      status: z.string(),
      providerStatus: z.string().nullable(),
    }),
  },
  'GET /twilio/media-stream-url': {
    who: { role: 'agent' },
    summary: 'Where media streams connect.',
    gives: 'json',
    answer: z.object({ url: z.string() }),
  },
} as const satisfies Rows
