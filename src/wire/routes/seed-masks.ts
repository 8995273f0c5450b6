/**
 * Rows of the call masking service of seed 000, on 8x8. Its platform sends one header with each webhook, which is a key of ours with the scope
 * `masks:carrier` (`Bearer tk_…`): hashed, revoked at once, and bound to its addresses like any key.
 */
import { z } from 'zod'
import { callAction, callflow, callStatus, sessionSummary, taken } from '../eight-by-eight.ts'
import type { Rows } from './row.ts'

const CARRIER = { key: 'masks:carrier' } as const

export const seedMaskRoutes = {
  'POST /api/webhooks/vca': {
    who: CARRIER,
    summary: '8x8 asks what is to be done with a call (S0-1 … S0-7). A repeat gets the same answer.',
    body: callAction,
    gives: 'json',
    answer: callflow,
  },
  'POST /api/webhooks/vcs': {
    who: CARRIER,
    summary: '8x8 tells what has become of a leg (S0-8).',
    body: callStatus,
    gives: 'json',
    answer: taken,
  },
  'POST /api/webhooks/vss': {
    who: CARRIER,
    summary: '8x8 tells that a session is over (S0-8).',
    body: sessionSummary,
    gives: 'json',
    answer: taken,
  },
  'GET /v1.0/active-calls': {
    who: { role: 'supervisor', scope: 'masks:read' },
    summary:
      'Masked calls that are not over, on every carrier, from receipt to end (S0-9). No number of a person is in it.',
    gives: 'json',
    answer: z.object({
      active_calls: z.array(
        z.object({
          session_id: z.string(),
          mask_id: z.string(),
          virtual_number: z.string(),
          status: z.enum(['connecting', 'connected']),
          tm_create: z.string(),
        }),
      ),
    }),
  },
} as const satisfies Rows
