/** Rows of flows, (S1-13). Each is at the root as well, under the seed's names. */
import { z } from 'zod'
import { listOf } from '../api.ts'
import { flow, flowBody, flowChange, flowVersion, flowWarning } from '../flow.ts'
import { done, flowPages } from './pages.ts'
import type { Rows } from './row.ts'

export const flowRoutes = {
  'GET /v1.0/flows': {
    who: { role: 'agent', scope: 'flows:read' },
    summary: 'The flows of the workspace, the one that was changed last first.',
    query: flowPages.query,
    gives: 'json',
    answer: listOf(flow),
  },
  'POST /v1.0/flows': {
    who: { role: 'supervisor', scope: 'flows:write' },
    summary: 'A new flow. It is checked whole; calls get it at once unless `publish` is false.',
    body: flowBody,
    gives: 'json',
    status: 201,
    creates: true,
    answer: flow,
  },
  'POST /v1.0/flows/checks': {
    who: { role: 'agent', scope: 'flows:read' },
    summary: 'What is wrong with these steps, and what is only odd. Nothing is saved.',
    body: z.object({ actions: z.array(z.unknown()).max(2_000) }),
    gives: 'json',
    answer: z.object({ errors: z.array(flowWarning), warnings: z.array(flowWarning) }),
  },
  'GET /v1.0/flows/:flowId': {
    who: { role: 'agent', scope: 'flows:read' },
    summary: 'One flow with its draft.',
    gives: 'json',
    answer: flow,
  },
  'PUT /v1.0/flows/:flowId': {
    who: { role: 'supervisor', scope: 'flows:write' },
    summary: 'Changes what is named. Calls that run keep their version.',
    body: flowChange,
    gives: 'json',
    answer: flow,
  },
  'DELETE /v1.0/flows/:flowId': {
    who: { role: 'supervisor', scope: 'flows:write' },
    summary: 'Removes a flow. Its numbers are answered by nobody; calls that run keep it.',
    gives: 'json',
    answer: done,
  },
  'POST /v1.0/flows/:flowId/publish': {
    who: { role: 'supervisor', scope: 'flows:write' },
    summary: 'Calls get the draft from now on; with `percent` only that share of them.',
    body: z.object({ percent: z.number().int().min(1).max(99).optional() }),
    gives: 'json',
    answer: flow,
  },
  'POST /v1.0/flows/:flowId/rollback': {
    who: { role: 'supervisor', scope: 'flows:write' },
    summary: 'The content of an earlier version becomes the newest one.',
    body: z.object({ version: z.number().int().min(1) }),
    gives: 'json',
    answer: flow,
  },
  'GET /v1.0/flows/:flowId/versions': {
    who: { role: 'agent', scope: 'flows:read' },
    summary: 'The versions of a flow, the newest first, each with what it changed.',
    gives: 'json',
    answer: z.object({ items: z.array(flowVersion), next: z.null() }),
  },
} as const satisfies Rows
