/** Scenarios of an AI agent and their runs, in the API. */
import type { RehearsalBody } from '../../../wire/scenario.ts'
import { ask, urlOf } from '../../api.ts'

export const getScenarios = (agentId: string) => ask('GET /api/ai/agents/:agentId/scenarios', { params: { agentId } })
export const saveScenario = (agentId: string, name: string, body: RehearsalBody) =>
  ask('PUT /api/ai/agents/:agentId/scenarios/:name', { params: { agentId, name }, body })
export const deleteScenario = (agentId: string, name: string) =>
  ask('DELETE /api/ai/agents/:agentId/scenarios/:name', { params: { agentId, name } })
export const runScenario = (agentId: string, name: string) =>
  ask('POST /api/ai/agents/:agentId/scenarios/:name/rehearsals', { params: { agentId, name } })
export const getRehearsal = (runId: string) => ask('GET /api/ai/rehearsals/:runId', { params: { runId } })
/** The socket that follows a run. */
export const rehearsalLive = (runId: string) => urlOf('GET /api/ai/rehearsals/:runId/live', { params: { runId } })
