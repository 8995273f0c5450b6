/** Scenarios of an AI agent and their runs, in the JSON API. */
import type { List } from '../../../wire/api.ts'
import type { LastRehearsal, Rehearsal, RehearsalBody, Scenario } from '../../../wire/scenario.ts'
import { call } from '../../api.ts'

const of = (agentId: string) => `/api/ai/agents/${encodeURIComponent(agentId)}/scenarios`
const one = (agentId: string, name: string) => `${of(agentId)}/${encodeURIComponent(name)}`
const run = (runId: string) => `/api/ai/rehearsals/${encodeURIComponent(runId)}`

export const getScenarios = (agentId: string) => call<List<Scenario>>(of(agentId))
export const saveScenario = (agentId: string, name: string, body: RehearsalBody) =>
  call<Scenario>(one(agentId, name), body, 'PUT')
export const deleteScenario = (agentId: string, name: string) => call<unknown>(one(agentId, name), {}, 'DELETE')
export const runScenario = (agentId: string, name: string) =>
  call<LastRehearsal>(`${one(agentId, name)}/rehearsals`, {})
export const getRehearsal = (runId: string) => call<Rehearsal>(run(runId))
/** The path of the socket that follows a run. */
export const rehearsalLive = (runId: string) => `${run(runId)}/live`
