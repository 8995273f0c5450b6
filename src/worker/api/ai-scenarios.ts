/** Routes of an AI agent's scenarios: editing them, and running them inside the product. */
import { z } from 'zod'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { parseId, rehearsalId } from '../../core/ids.ts'
import type { AiAgent } from '../../wire/ai-agent.ts'
import {
  lastRehearsal,
  type Rehearsal,
  type RehearsalBody,
  rehearsal,
  rehearsalBody,
  SCENARIOS_MAX,
  type Scenario,
  scenario,
  scenarioName,
} from '../../wire/scenario.ts'
import { Refusal } from '../problem.ts'
import { type AnyRoute, type Call, route } from '../route-table.ts'

type Any = Pick<Call<unknown, unknown>, 'env' | 'member' | 'params'>

const message = z.object({ message: z.string() })

function book({ env, member }: Any) {
  return stubFor(env, 'workspace', member.workspaceId)
}

async function agentOf(call: Any): Promise<AiAgent> {
  const json = await book(call).aiAgent(call.params.agentId ?? '')
  if (json === null) throw new Refusal(404, 'There is no such agent.')
  return JSON.parse(json) as AiAgent
}

function nameOf({ params }: Any): string {
  const parsed = scenarioName.safeParse(params.name ?? '')
  if (parsed.success) return parsed.data
  throw new Refusal(400, 'A scenario cannot be called so.', [
    { field: 'name', message: parsed.error.issues[0]?.message ?? 'not as expected' },
  ])
}

async function listOf(call: Any): Promise<Scenario[]> {
  return JSON.parse(await book(call).scenarios(call.params.agentId ?? '')) as Scenario[]
}

/** A run of this workspace. */
export function rehearsalOf({ env, member, params }: Any) {
  const runId = params.runId ?? ''
  if (parseId('rehearsal', runId, member.workspaceId) === null) throw new Refusal(404, 'There is no such run.')
  return stubFor(env, 'rehearsal', runId)
}

async function run(call: Any): Promise<z.infer<typeof lastRehearsal>> {
  const { env, member } = call
  const { agentId, version } = await agentOf(call)
  const name = nameOf(call)
  const runId = rehearsalId(member.workspaceId, unique())
  const begun = await book(call).beginRehearsal(agentId, name, runId, version)
  if (begun.result === 'unknown') throw new Refusal(404, 'There is no such scenario.')
  if (begun.result === 'running') throw new Refusal(409, 'This scenario is running at the moment.')
  if (begun.result === 'full')
    throw new Refusal(429, 'Three scenarios run already in this workspace. Wait until one is over.', [], {
      'Retry-After': '10',
    })
  const startedMs = Date.now()
  const order = { runId, agentId, name, version, startedMs, scenario: JSON.parse(begun.body) as RehearsalBody }
  try {
    await stubFor(env, 'rehearsal', runId).begin(JSON.stringify(order))
    if (begun.replaced !== null) await stubFor(env, 'rehearsal', begun.replaced).forget()
  } catch (error) {
    await book(call).rehearsalEnded(runId, 'broken', Date.now())
    throw error
  }
  return { runId, version, state: 'running', startedMs, endedMs: null }
}

export const aiScenarioRoutes: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/ai/agents/:agentId/scenarios',
    who: 'agent',
    summary: 'The scenarios of an agent, each with its last run.',
    answer: z.object({ items: z.array(scenario), next: z.null() }),
    async handle(call) {
      await agentOf(call)
      return { items: await listOf(call), next: null }
    },
  }),
  route({
    method: 'put',
    path: '/api/ai/agents/:agentId/scenarios/:name',
    who: 'admin',
    summary: 'Saves a scenario under this name, new or instead of the one that had it.',
    body: rehearsalBody,
    answer: scenario,
    async handle(call) {
      const { agentId } = await agentOf(call)
      const name = nameOf(call)
      if (!(await book(call).saveScenario(agentId, name, JSON.stringify(call.body), call.member.name)))
        throw new Refusal(422, `An agent has at most ${SCENARIOS_MAX} scenarios.`)
      const saved = (await listOf(call)).find(one => one.name === name)
      if (saved === undefined) throw new Refusal(409, 'Somebody deleted it in this moment.')
      return saved
    },
  }),
  route({
    method: 'delete',
    path: '/api/ai/agents/:agentId/scenarios/:name',
    who: 'admin',
    summary: 'Deletes a scenario and its last run.',
    answer: message,
    async handle(call) {
      const { agentId } = await agentOf(call)
      const removed = await book(call).removeScenario(agentId, nameOf(call))
      if (removed === null) throw new Refusal(404, 'There is no such scenario.')
      if (removed.runId !== null) await stubFor(call.env, 'rehearsal', removed.runId).forget()
      return { message: 'deleted' }
    },
  }),
  route({
    method: 'post',
    path: '/api/ai/agents/:agentId/scenarios/:name/rehearsals',
    who: 'agent',
    summary:
      'A simulated caller holds this scenario with the latest version of the agent; nothing of the world is touched.',
    creates: true,
    status: 201,
    answer: lastRehearsal,
    handle: run,
  }),
  route({
    method: 'get',
    path: '/api/ai/rehearsals/:runId',
    who: 'agent',
    summary: 'A run: its conversation so far, how it ended, what differed, what it cost.',
    answer: rehearsal,
    async handle(call) {
      const json = await rehearsalOf(call).read()
      if (json === null) throw new Refusal(404, 'There is no such run.')
      return JSON.parse(json) as Rehearsal
    },
  }),
]
