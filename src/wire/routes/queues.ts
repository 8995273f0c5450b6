/** Rows of queues, and of the callers in them. Each is at the root as well, under VoIPBIN's names. */
import { z } from 'zod'
import { listOf } from '../api.ts'
import { queue, queueBody, queueCall, queueChange, queueSummary } from '../queue.ts'
import { done, queuePages } from './pages.ts'
import type { Rows } from './row.ts'

export const queueRoutes = {
  'GET /v1.0/queues': {
    who: { role: 'agent', scope: 'queues:read' },
    summary: 'The queues of the workspace.',
    query: queuePages.query,
    gives: 'json',
    answer: listOf(queueSummary),
  },
  'POST /v1.0/queues': {
    who: { role: 'supervisor', scope: 'queues:write' },
    summary: 'A new queue with its agents.',
    body: queueBody,
    gives: 'json',
    status: 201,
    creates: true,
    answer: queue,
  },
  'GET /v1.0/queues/:queueId': {
    who: { role: 'agent', scope: 'queues:read' },
    summary: 'A queue now: who waits, who is free and why not, and its figures.',
    gives: 'json',
    answer: queue,
  },
  'PUT /v1.0/queues/:queueId': {
    who: { role: 'supervisor', scope: 'queues:write' },
    summary: 'Changes what is named.',
    body: queueChange,
    gives: 'json',
    answer: queue,
  },
  'DELETE /v1.0/queues/:queueId': {
    who: { role: 'supervisor', scope: 'queues:write' },
    summary: 'Closes a queue. Flows of those who wait go on as if nobody were there; conversations go on.',
    gives: 'json',
    answer: done,
  },
  'GET /v1.0/queuecalls': {
    who: { role: 'agent', scope: 'queues:read' },
    summary: 'Everybody in one queue, in the order in which they are served.',
    query: z.object({ queue_id: z.string().min(1).max(100) }),
    gives: 'json',
    answer: listOf(queueCall),
  },
  'GET /v1.0/queuecalls/:queuecallId': {
    who: { role: 'agent', scope: 'queues:read' },
    summary: 'One caller in a queue.',
    gives: 'json',
    answer: queueCall,
  },
  'POST /v1.0/queuecalls/:queuecallId/kick': {
    who: { role: 'supervisor', scope: 'queues:write' },
    summary: 'Takes a waiting caller out of the queue; their flow goes on.',
    gives: 'json',
    status: 202,
    answer: done,
  },
} as const satisfies Rows
