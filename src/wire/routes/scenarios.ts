/** Rows of an AI agent's scenarios, and of their runs inside the product. */
import { z } from 'zod'
import { lastRehearsal, rehearsal, rehearsalBody, scenario, scenarioName } from '../scenario.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

const params = z.object({ name: scenarioName })

export const scenarioRoutes = {
  'GET /api/ai/agents/:agentId/scenarios': {
    who: { role: 'agent', scope: 'scenarios:read' },
    summary: 'The scenarios of an agent, each with its last run.',
    gives: 'json',
    answer: z.object({ items: z.array(scenario), next: z.null() }),
  },
  'PUT /api/ai/agents/:agentId/scenarios/:name': {
    who: { role: 'admin', scope: 'scenarios:write' },
    summary: 'Saves a scenario under this name, new or instead of the one that had it.',
    params,
    body: rehearsalBody,
    gives: 'json',
    answer: scenario,
  },
  'DELETE /api/ai/agents/:agentId/scenarios/:name': {
    who: { role: 'admin', scope: 'scenarios:write' },
    summary: 'Deletes a scenario and its last run.',
    params,
    gives: 'json',
    answer: done,
  },
  'POST /api/ai/agents/:agentId/scenarios/:name/rehearsals': {
    who: { role: 'agent', scope: 'scenarios:write' },
    summary:
      'A simulated caller holds this scenario with the latest version of the agent; nothing of the world is touched.',
    params,
    gives: 'json',
    status: 201,
    creates: true,
    answer: lastRehearsal,
  },
  'GET /api/ai/rehearsals/:runId': {
    who: { role: 'agent', scope: 'scenarios:read' },
    summary: 'A run: its conversation so far, how it ended, what differed, what it cost.',
    gives: 'json',
    answer: rehearsal,
  },
  'GET /api/ai/rehearsals/:runId/live': {
    who: { role: 'agent' },
    summary: 'A scenario while it is run (WebSocket).',
    gives: 'socket',
  },
} as const satisfies Rows
