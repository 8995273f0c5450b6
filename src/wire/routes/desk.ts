/** Rows of the caller's own desk; the commands that the seed documents name over HTTP are those of its socket. */
import { z } from 'zod'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

const activeCall = z.object({
  callId: z.string(),
  phoneNumber: z.string(),
  contactId: z.string().nullable(),
  state: z.string(),
  timestamp: z.number(),
})

export const deskRoutes = {
  'GET /api/desk': {
    who: { role: 'agent' },
    summary: 'The desk (WebSocket): commands up, views and facts down.',
    gives: 'socket',
  },
  'GET /api/desk/view': {
    who: { role: 'agent' },
    summary: 'The caller’s own desk as the page shows it.',
    gives: 'json',
    answer: z.record(z.string(), z.unknown()),
  },
  'POST /api/campaign/call-campaign': {
    who: { role: 'agent' },
    summary: 'Starts, or continues, the agent’s session of a campaign: one round is dialled (S3-10, S3-13).',
    body: z.object({
      campaignId: z.string().max(96),
      mode: z.enum(['SOFT_CALL', 'PARALLEL_CALL', 'ADVANCED_PARALLEL_CALL']).default('SOFT_CALL'),
    }),
    gives: 'json',
    status: 202,
    creates: true,
    answer: z.object({ campaignId: z.string(), lines: z.number() }),
  },
  'POST /api/campaign/call-notknown': {
    who: { role: 'agent' },
    summary: 'Calls one number that is no contact (S3-25).',
    body: z.object({ phone: z.string().min(3).max(40) }),
    gives: 'json',
    status: 202,
    creates: true,
    answer: z.object({ calls: z.array(activeCall) }),
  },
  'POST /api/campaign/stop-campaign': {
    who: { role: 'agent' },
    summary: 'Stops the caller’s own session; no other agent’s and no other campaign’s call is touched (S3-28).',
    gives: 'json',
    answer: done,
  },
  'GET /api/campaign/campaign-status': {
    who: { role: 'agent' },
    summary: 'The caller’s active calls.',
    gives: 'json',
    answer: z.object({ state: z.string().nullable(), activeCalls: z.array(activeCall) }),
  },
} as const satisfies Rows
