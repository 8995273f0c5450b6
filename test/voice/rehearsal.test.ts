/** Scenarios held inside the product: a simulated caller, the agent's own providers, no carrier. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AiAgent } from '../../src/wire/ai-agent.ts'
import type { Rehearsal, Scenario } from '../../src/wire/scenario.ts'
import { AiStage } from './ai-stage.ts'
import { agentOf, held, ran, told } from './rehearsing.ts'

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
  agent = await agentOf(stage)
})
afterAll(() => stage.close())

/** A further agent, so that a test can change it without disturbing others. */
function ownAgent(change: Partial<AiAgent['body']>): Promise<AiAgent> {
  return stage.api<AiAgent>('root', 'POST', '/api/ai/agents', { ...agent.body, ...change })
}

const asks = (say: string) => ({ acts: [{ listen: true }, { say }, { listen: true }, { hangUp: true }] })

describe.concurrent('a rehearsal', () => {
  test('passes, with the words of both sides, the times and the cost', async () => {
    const run = await held(stage, agent, 'opening hours?', HOURS)
    expect(run.differences, JSON.stringify(told(run))).toEqual([])
    expect(run).toMatchObject({ state: 'passed', why: '', name: 'opening hours?', version: agent.version })
    expect(run.costMicros).toBeGreaterThan(0)
    const answer = run.entries.find(one => one.who === 'agent' && one.text.includes('We are open'))
    expect(answer?.latency?.voiceToVoiceMs).toBeGreaterThan(0)
  })

  test('fails and says what differed', async () => {
    const run = await held(stage, agent, 'wrong hours', {
      ...HOURS,
      expect: [{ agent: 'We never close' }],
      never: { said: ['nine to five'] },
    })
    expect(run.state).toBe('failed')
    expect(run.differences).toEqual(['the agent did not say "We never close"', 'the agent said "nine to five"'])
  })

  test('a tool is answered by the scenario, and nothing of the world changes', async () => {
    const world = () =>
      Promise.all(['/api/calls', '/api/contacts'].map(path => stage.api<{ items: unknown[] }>('root', 'GET', path)))
    const before = await world()
    const scenario = {
      about: 'wants no more calls, and the list is out of order',
      caller: asks('take me off your list please'),
      answers: { opt_out: { error: 'The list is out of order.' } },
      expect: [{ tool: 'opt_out' }, { agent: 'I could not do that by myself' }],
      end: 'none',
      atMostSeconds: 40,
    }
    const run = await held(stage, agent, 'broken list', scenario)
    expect(run.differences, JSON.stringify(told(run))).toEqual([])
    expect(run.entries.find(one => one.who === 'tool')?.text).toContain('The list is out of order.')
    expect(await world()).toEqual(before)
  })

  test('a hand-over is answered with success and ends it', async () => {
    const scenario = {
      about: 'wants a person',
      caller: { acts: [{ listen: true }, { say: 'can I talk to a person' }, { pauseMs: 30_000 }] },
      expect: [{ tool: 'transfer_call', arguments: { dest: 'agent' } }, { agent: 'I am connecting you' }],
      end: 'none',
      atMostSeconds: 40,
    }
    const run = await held(stage, agent, 'a person', scenario)
    expect(run.differences, JSON.stringify(told(run))).toEqual([])
    expect(told(run)).toContain('system: A colleague is asked to take the call')
    expect((run.endedMs ?? 0) - run.startedMs).toBeLessThan(35_000)
  })

  test('a model that hangs does not hold it for ever', async () => {
    const silent = await ownAgent({ name: 'Silent', model: 'demo:silent' })
    const run = await held(stage, silent, 'hangs', { ...HOURS, atMostSeconds: 12 })
    expect(run.state).toBe('failed')
    expect(run.differences[0]).toMatch(/it was not over after 12 seconds|the agent did not say/)
    expect((run.endedMs ?? 0) - run.startedMs).toBeLessThan(25_000)
  })

  test('words of the carrier cannot be rehearsed, and it says so', async () => {
    const relay = await ownAgent({ name: 'Relay', driver: 'relay' })
    const run = await held(stage, relay, 'words only', HOURS)
    expect(run).toMatchObject({ state: 'broken', differences: [], why: expect.stringContaining('without a carrier') })
  })
})

describe('the demo', () => {
  // Several of them at a time, as a person runs them while others work: three seconds are a budget for all of it.
  test('its scenarios pass', async () => {
    const { items } = await stage.api<{ items: Scenario[] }>('ada', 'GET', `/api/ai/agents/${agent.agentId}/scenarios`)
    const shipped = items.filter(one => one.savedBy === 'Root' && one.last === null)
    expect(shipped.length).toBeGreaterThanOrEqual(6)
    const runs: Rehearsal[] = []
    const work = async () => {
      for (let next = shipped.shift(); next !== undefined; next = shipped.shift()) {
        runs.push(await ran(stage, agent, next.name))
      }
    }
    await Promise.all([work(), work()])
    const wrong = runs.filter(run => run.state !== 'passed')
    expect(wrong.map(run => ({ name: run.name, why: run.why, differences: run.differences, told: told(run) }))).toEqual(
      [],
    )
  }, 180_000)
})
