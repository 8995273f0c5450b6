/** Rows of masks: virtual numbers, sessions of two people, their participants and calls. Each is at the root as well. */
import { z } from 'zod'
import { listOf } from '../api.ts'
import { mask, maskChange, maskInteraction, maskParticipant, maskSession, newMask, newMaskSession } from '../mask.ts'
import { done, maskPages, maskSessionPages, page } from './pages.ts'
import type { Rows } from './row.ts'

const READS = { role: 'supervisor', scope: 'masks:read' } as const
const WRITES = { role: 'supervisor', scope: 'masks:write' } as const
const interactions = page.extend({ cursor: z.string().max(200).optional() })

export const maskRoutes = {
  'GET /v1.0/masks': {
    who: READS,
    summary: 'The virtual numbers of the workspace behind which people meet.',
    query: maskPages.query,
    gives: 'json',
    answer: listOf(mask),
  },
  'POST /v1.0/masks': {
    who: WRITES,
    summary: 'Makes a number of the workspace a virtual number. It leads to nothing else from then on.',
    body: newMask,
    gives: 'json',
    status: 201,
    creates: true,
    answer: mask,
  },
  'GET /v1.0/masks/:maskId': { who: READS, summary: 'One virtual number.', gives: 'json', answer: mask },
  'PUT /v1.0/masks/:maskId': {
    who: WRITES,
    summary: 'Changes what is named.',
    body: maskChange,
    gives: 'json',
    answer: mask,
  },
  'DELETE /v1.0/masks/:maskId': {
    who: WRITES,
    summary: 'The number is an ordinary one again. 409 while a session is open behind it.',
    gives: 'json',
    answer: done,
  },
  'GET /v1.0/masks/:maskId/interactions': {
    who: READS,
    summary: 'Calls of a virtual number, the newest first, those of strangers too. No answer has a number of a person.',
    query: interactions,
    gives: 'json',
    answer: listOf(maskInteraction),
  },
  'GET /v1.0/masksessions': {
    who: READS,
    summary: 'Who may reach whom, the newest first, at one mask or at all. Numbers are hidden.',
    query: maskSessionPages.query.extend({ mask_id: z.string().min(1).max(100).optional() }),
    gives: 'json',
    answer: listOf(maskSession),
  },
  'POST /v1.0/masksessions': {
    who: WRITES,
    summary:
      'Two people may reach each other from now on: whoever calls the virtual number reaches the other. A person has one open session at a ' +
      'virtual number at most, so nobody is connected with a stranger; 409 says that no number is free for these two.',
    body: newMaskSession,
    gives: 'json',
    status: 201,
    creates: true,
    answer: maskSession,
  },
  'GET /v1.0/masksessions/:maskSessionId': {
    who: READS,
    summary: 'One session. Numbers are hidden.',
    gives: 'json',
    answer: maskSession,
  },
  'DELETE /v1.0/masksessions/:maskSessionId': {
    who: WRITES,
    summary: 'Closes it. A call that is on goes on; the next one reaches nobody.',
    gives: 'json',
    answer: maskSession,
  },
  'GET /v1.0/masksessions/:maskSessionId/participants': {
    who: { role: 'admin', scope: 'masks:reveal' },
    summary: 'Both people with their numbers and PINs: the one answer that has them.',
    gives: 'json',
    answer: listOf(maskParticipant),
  },
  'GET /v1.0/masksessions/:maskSessionId/interactions': {
    who: READS,
    summary: 'The calls of a session, the newest first.',
    query: interactions,
    gives: 'json',
    answer: listOf(maskInteraction),
  },
} as const satisfies Rows
