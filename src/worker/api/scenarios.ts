/** An AI agent's scenarios: editing them, and running them inside the product. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { type RehearsalId, rehearsalId } from '../../core/ids.ts'
import type { AiAgent } from '../../wire/ai-agent.ts'
import { scenarioRoutes } from '../../wire/routes/scenarios.ts'
import {
  type LastRehearsal,
  rehearsal,
  rehearsalBody,
  SCENARIOS_MAX,
  type Scenario,
  scenario,
} from '../../wire/scenario.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { agentOf } from './agent-book.ts'
import { upgradeOf } from './own-desk.ts'

const list = scenario.array()

interface About {
  env: Env
  member: Caller
  params: { agentId: string }
}

function book({ env, member }: Omit<About, 'params'>) {
  return stubFor(env, 'workspace', member.workspaceId)
}

async function need({ env, member, params }: About): Promise<AiAgent> {
  const agent = await agentOf(env, member.workspaceId, params.agentId)
  if (agent === null) throw new Refusal(404, 'There is no such agent.')
  return agent
}

async function listOf(about: About): Promise<Scenario[]> {
  return list.parse(JSON.parse(await book(about).scenarios(about.params.agentId)))
}

/** A run that the book knows; another one is never named, because that would create its object. */
async function runOf({ env, member, params: { runId } }: Omit<About, 'params'> & { params: { runId: RehearsalId } }) {
  if (!(await book({ env, member }).hasRehearsal(runId))) throw new Refusal(404, 'There is no such run.')
  return stubFor(env, 'rehearsal', runId)
}

async function run(about: About, name: string): Promise<LastRehearsal> {
  const { env, member } = about
  const { agentId, version } = await need(about)
  const runId = rehearsalId(member.workspaceId, unique())
  const begun = await book(about).beginRehearsal(agentId, name, runId, version)
  if (begun.result === 'unknown') throw new Refusal(404, 'There is no such scenario.')
  if (begun.result === 'running') throw new Refusal(409, 'This scenario is running at the moment.')
  if (begun.result === 'full')
    throw new Refusal(429, 'Three scenarios run already in this workspace. Wait until one is over.', [], {
      'Retry-After': '10',
    })
  const startedMs = Date.now()
  const order = { runId, agentId, name, version, startedMs, scenario: rehearsalBody.parse(JSON.parse(begun.body)) }
  try {
    await stubFor(env, 'rehearsal', runId).begin(JSON.stringify(order))
    if (begun.replaced !== null) await stubFor(env, 'rehearsal', begun.replaced).forget()
  } catch (error) {
    await book(about).rehearsalEnded(runId, 'broken', Date.now())
    throw error
  }
  return { runId, version, state: 'running', startedMs, endedMs: null }
}

export const scenarios = bind(scenarioRoutes, {
  async 'GET /api/ai/agents/:agentId/scenarios'(about) {
    await need(about)
    return { items: await listOf(about), next: null }
  },

  async 'PUT /api/ai/agents/:agentId/scenarios/:name'(about) {
    const { agentId } = await need(about)
    const { name } = about.params
    if (!(await book(about).saveScenario(agentId, name, JSON.stringify(about.body), about.member.name)))
      throw new Refusal(422, `An agent has at most ${SCENARIOS_MAX} scenarios.`)
    const saved = (await listOf(about)).find(one => one.name === name)
    if (saved === undefined) throw new Refusal(409, 'Somebody deleted it in this moment.')
    return saved
  },

  async 'DELETE /api/ai/agents/:agentId/scenarios/:name'(about) {
    const { agentId } = await need(about)
    const removed = await book(about).removeScenario(agentId, about.params.name)
    if (removed === null) throw new Refusal(404, 'There is no such scenario.')
    if (removed.runId !== null) await stubFor(about.env, 'rehearsal', removed.runId).forget()
    return { message: 'deleted' }
  },

  async 'POST /api/ai/agents/:agentId/scenarios/:name/rehearsals'(about) {
    return run(about, about.params.name)
  },

  async 'GET /api/ai/rehearsals/:runId'(about) {
    const json = await (await runOf(about)).read()
    if (json === null) throw new Refusal(404, 'There is no such run.')
    return rehearsal.parse(JSON.parse(json))
  },

  async 'GET /api/ai/rehearsals/:runId/live'(about) {
    return (await runOf(about)).fetch(upgradeOf(about.member, 'https://rehearsal/watch'))
  },
})
