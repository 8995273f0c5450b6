/** Rows of flows that run, or have run, on calls. Each is at the root as well, under VoIPBIN's names. */
import { listOf } from '../api.ts'
import { activeflow } from '../voice-call.ts'
import { callPages, done } from './pages.ts'
import type { Rows } from './row.ts'

export const activeflowRoutes = {
  'GET /v1.0/activeflows': {
    who: { role: 'agent', scope: 'flows:read' },
    summary: 'Flows on calls, the newest call first. A page may be short, or empty, and have a `next` all the same.',
    query: callPages,
    gives: 'json',
    answer: listOf(activeflow),
  },
  'GET /v1.0/activeflows/:activeflowId': {
    who: { role: 'agent', scope: 'flows:read' },
    summary: 'The flow of one call: whether it runs, and at which step.',
    gives: 'json',
    answer: activeflow,
  },
  'POST /v1.0/activeflows/:activeflowId/stop': {
    who: { role: 'supervisor', scope: 'flows:write' },
    summary: 'Ends a running flow, and with it its call.',
    gives: 'json',
    status: 202,
    answer: done,
  },
} as const satisfies Rows
