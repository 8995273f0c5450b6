/** Rows of what our numbers lead to (S1-13, S1-14). Each is at the root as well, under the seed's names. */
import { listOf } from '../api.ts'
import { numberLead, voiceNumber } from '../flow.ts'
import { numberPages } from './pages.ts'
import type { Rows } from './row.ts'

export const numberRoutes = {
  'GET /v1.0/numbers': {
    who: { role: 'supervisor', scope: 'numbers:read' },
    summary: 'Our numbers, and what each leads to.',
    query: numberPages.query,
    gives: 'json',
    answer: listOf(voiceNumber),
  },
  'GET /v1.0/numbers/:number': {
    who: { role: 'supervisor', scope: 'numbers:read' },
    summary: 'One of our numbers, and what it leads to (S1-14).',
    gives: 'json',
    answer: voiceNumber,
  },
  'PUT /v1.0/numbers/:number': {
    who: { role: 'admin', scope: 'numbers:write' },
    summary:
      'What the number leads to from now on: one flow (S1-14), queue, conference, AI agent (`agent_id`), extension (`extension_id`, whose phones at the carrier ring) or desk (`user_id`). What is null is let go. Callers whom the person of a desk does not take wait in the queue of `unanswered_queue_id`, or are asked for a message (S4-4).',
    body: numberLead,
    gives: 'json',
    answer: voiceNumber,
  },
} as const satisfies Rows
