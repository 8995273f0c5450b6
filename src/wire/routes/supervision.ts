/** Rows of what a supervisor sees and does on calls that go on. */

import { z } from 'zod'
import { live, supervision, supervisionBody, supervisionMode, supervisionRule } from '../supervision.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

/** People only: a supervisor listens with the phone of their page. */
const supervisor = { role: 'supervisor' } as const

export const supervisionRoutes = {
  'GET /api/live': {
    who: supervisor,
    summary:
      'Who is in which state since when and why, with whom they speak, what AI agents talk about, and who waits in queues.',
    gives: 'json',
    answer: live,
  },
  'PUT /api/workspace/supervision': {
    who: { role: 'admin', scope: 'workspace:write' },
    summary: 'Whether agents are told that a supervisor listens, whispers or barges in.',
    body: z.object({ rule: supervisionRule }),
    gives: 'json',
    answer: z.object({ rule: supervisionRule }),
  },
  'POST /v1.0/calls/:callId/supervise': {
    who: supervisor,
    summary:
      'Asks to listen to an agent’s conversation, or to speak in it: `listen`, `whisper` (the agent alone hears you) or `barge`. ' +
      'Your phone then dials with the id of the answer, within 30 s. No session is needed for it.',
    body: supervisionBody,
    gives: 'json',
    status: 201,
    creates: true,
    answer: supervision,
  },
  'GET /v1.0/supervisions/:supervisionId': {
    who: supervisor,
    summary: 'One of your own: whether it goes on, and who hears you. 404: it is over.',
    gives: 'json',
    answer: supervision,
  },
  'PUT /v1.0/supervisions/:supervisionId': {
    who: supervisor,
    summary: 'Another mode, without leaving the call.',
    body: z.object({ mode: supervisionMode }),
    gives: 'json',
    answer: supervision,
  },
  'DELETE /v1.0/supervisions/:supervisionId': {
    who: supervisor,
    summary: 'Ends your listening; the others talk on.',
    gives: 'json',
    answer: done,
  },
} as const satisfies Rows
