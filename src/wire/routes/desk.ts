/** Rows of the caller's own desk; the commands that the seed documents name over HTTP are those of its socket. */
import { z } from 'zod'
import { ownConference } from '../conference.ts'
import { NUMBER_TEXT_MAX } from '../phone-number.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

const activeCall = z.object({
  callId: z.string(),
  /** null: the carrier has not taken the call yet */
  callSid: z.string().nullable(),
  phoneNumber: z.string(),
  contactId: z.string().nullable(),
  state: z.string(),
  timestamp: z.number(),
})

const mode = z.enum(['SOFT_CALL', 'PARALLEL_CALL', 'ADVANCED_PARALLEL_CALL']).default('SOFT_CALL')
/** A contact as the seed sends it: a whole record, of which we need the id and the number. */
const seedContact = z.object({ id: z.string().min(1).max(64), phone: z.string().max(NUMBER_TEXT_MAX).optional() })

/** One contact of a round: its call, or why there is none. */
export const placedContact = z.union([
  z.object({
    callSid: z.string(),
    phoneNumber: z.string(),
    timestamp: z.number(),
    contactId: z.string(),
    callId: z.string(),
  }),
  z.object({
    contactId: z.string(),
    error: z.string(),
    callId: z.string().optional(),
    phoneNumber: z.string().optional(),
    timestamp: z.number().optional(),
  }),
])
export type PlacedContact = z.infer<typeof placedContact>

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
  'GET /api/desk/conference': {
    who: { role: 'agent' },
    summary:
      'The conference that the caller’s own conversation leads to: they have called one of its numbers. Null: none.',
    gives: 'json',
    answer: ownConference,
  },
  'POST /api/campaign/call-campaign': {
    who: { role: 'agent' },
    summary:
      'Dials one round (S3-10, S3-13): the given contacts, answered by what became of each, or the next ones of a campaign, ' +
      'whose session starts or goes on.',
    body: z.union([
      z.object({ contacts: z.array(seedContact).min(1).max(200), mode }),
      z.object({ campaignId: z.string().max(96), mode }),
    ]),
    gives: 'json',
    status: 202,
    creates: true,
    answer: z.union([z.array(placedContact), z.object({ campaignId: z.string(), lines: z.number() })]),
  },
  'POST /api/campaign/call-notknown': {
    who: { role: 'agent' },
    summary: 'Calls one number that is no contact (S3-25).',
    body: z.object({ phone: z.string().min(3).max(40) }),
    gives: 'json',
    status: 202,
    creates: true,
    answer: z.object({
      callId: z.string(),
      callSid: z.string().nullable(),
      status: z.string(),
      /** why the carrier has no such call */
      error: z.string().optional(),
      calls: z.array(activeCall),
    }),
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
