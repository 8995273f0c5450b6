/** Scenarios held inside the product: a simulated caller, the agent's own providers, no carrier. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Waiters } from '../../sim/testing/waiters.ts'
import type { AiAgent } from '../../src/wire/ai-agent.ts'
import type { LastRehearsal, Rehearsal, Scenario } from '../../src/wire/scenario.ts'
import { AiStage } from './ai-stage.ts'

const LIMIT_MS = 60_000
const HOURS = {
  about: 'asks for the hours',
  caller: { acts: [{ listen: true }, { say: 'what are your opening hours' }, { listen: true }, { hangUp: true }] },
  expect: [
    { agent: 'How can I help you' },
    { caller: 'what are your opening hours' },
    { agent: 'We are open Monday to Friday, nine to five', withinMs: 3_000 },
  ],
  never: { tools: ['transfer_call'], notes: ['failed'] },
  end: 'none',
  atMostSeconds: 40,
}

let stage: AiStage
let agent: AiAgent
beforeAll(async () => {
  stage = await AiStage.set(6550)
  const { items } = await stage.api<{ items: AiAgent[] }>('root', 'GET', '/api/ai/agents')
  agent = items[0] as AiAgent
})
afterAll(() => stage.close())

const pathOf = (name: string, of = agent) => `/api/ai/agents/${of.agentId}/scenarios/${encodeURIComponent(name)}`

async function read(runId: string): Promise<Rehearsal> {
  return stage.api<Rehearsal>('ada', 'GET', `/api/ai/rehearsals/${runId}`)
}

/** Until it is over. */
async function over(runId: string): Promise<Rehearsal> {
  const waiters = new Waiters()
  let run = await read(runId)
  const looking = setInterval(() => {
    read(runId).then(
      next => {
        run = next
        waiters.look()
      },
      () => {},
    )
  }, 250)
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

async function held(name: string, scenario: unknown, of = agent): Promise<Rehearsal> {
  await stage.api('root', 'PUT', pathOf(name, of), scenario)
  const { runId } = await stage.api<LastRehearsal>('ada', 'POST', `${pathOf(name, of)}/rehearsals`, {})
  return over(runId)
}

const told = (run: Rehearsal) => run.entries.map(({ who, text }) => `${who}: ${text}`)

describe('a rehearsal', () => {
  test('passes, with the words of both sides, the times and the cost', async () => {
    const run = await held('hours', HOURS)
    expect(run.differences, JSON.stringify(told(run))).toEqual([])
    expect(run).toMatchObject({ state: 'passed', why: '', name: 'hours', version: agent.version })
    expect(run.costMicros).toBeGreaterThan(0)
    const answer = run.entries.find(one => one.who === 'agent' && one.text.includes('We are open'))
    expect(answer?.latency?.voiceToVoiceMs).toBeGreaterThan(0)
  })
})
