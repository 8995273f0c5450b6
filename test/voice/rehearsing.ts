/** Scenarios run through the API, as the AI page does it. */
import { Waiters } from '../../packages/phone-network/src/testing/waiters.ts'
import type { AiAgent } from '../../src/wire/ai-agent.ts'
import type { LastRehearsal, Rehearsal } from '../../src/wire/scenario.ts'
import type { AiStage } from './ai-stage.ts'

const LIMIT_MS = 60_000
const LOOK_MS = 250

/** The demo's agent. */
export async function agentOf(stage: AiStage): Promise<AiAgent> {
  const { items } = await stage.api<{ items: AiAgent[] }>('root', 'GET', '/api/ai/agents')
  const [agent] = items
  if (agent === undefined) throw new Error('the demo has no agent')
  return agent
}

const pathOf = ({ agentId }: AiAgent, name: string) => `/api/ai/agents/${agentId}/scenarios/${encodeURIComponent(name)}`

/** Saves the scenario and runs it to its end. */
export async function held(stage: AiStage, agent: AiAgent, name: string, scenario: unknown): Promise<Rehearsal> {
  await stage.api('root', 'PUT', pathOf(agent, name), scenario)
  return ran(stage, agent, name)
}

export async function ran(stage: AiStage, agent: AiAgent, name: string): Promise<Rehearsal> {
  const { runId } = await stage.api<LastRehearsal>('ada', 'POST', `${pathOf(agent, name)}/rehearsals`, {})
  const read = () => stage.api<Rehearsal>('ada', 'GET', `/api/ai/rehearsals/${runId}`)
  const waiters = new Waiters()
  let run = await read()
  const looking = setInterval(() => {
    read().then(
      next => {
        run = next
        waiters.look()
      },
      () => {},
    )
  }, LOOK_MS)
  try {
    await waiters.until(
      () => run.state !== 'running',
      LIMIT_MS,
      () => JSON.stringify(run.entries),
    )
    return run
  } finally {
    clearInterval(looking)
  }
}

export const told = (run: Rehearsal) => run.entries.map(({ who, text }) => `${who}: ${text}`)
