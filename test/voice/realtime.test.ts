/** The realtime driver: one model hears, thinks and speaks (a look-alike of OpenAI Realtime), and our turn machine decides who speaks. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOpenAiRealtime } from '../vendors/openai-realtime.ts'
import type { VendorServer } from '../vendors/vendor-server.ts'
import { AiStage } from './ai-stage.ts'
import { agentOf, held, told } from './rehearsing.ts'

const LISTEN = { listen: true }
let stage: AiStage
let vendor: VendorServer
let asked = 0
let hangs = false

/** The look-alike does not understand a person's voice, so its answers depend on how often it was asked. */
function answers(heard: string): string {
  if (hangs) return 'silence'
  if (heard.startsWith('tool')) return 'say Goodbye!'
  asked += 1
  return asked === 1 ? 'We are open from nine to five, Monday to Friday.' : 'call end_call {}'
}

beforeAll(async () => {
  vendor = await startOpenAiRealtime({ key: 'local', answers })
  stage = await AiStage.set(6290, { REALTIME_PROVIDER: 'openai', REALTIME_BASE_URL: `${vendor.url}/v1` })
  await stage.change({ driver: 'realtime' })
})
afterAll(async () => {
  await stage.close()
  await vendor.stop()
})

test('a caller is greeted word for word, asks, is answered, and the model ends the call', async () => {
  const call = await stage.dial([LISTEN, { say: 'What are your opening hours?' }, LISTEN, { say: 'Goodbye.' }, LISTEN])
  await call.over()
  expect(call.said('agent')).toEqual([
    'Hello, this is Robin at Northwind Supplies. How can I help you?',
    'You said: We are open from nine to five, Monday to Friday.',
    'Goodbye!',
  ])
  expect(JSON.stringify(call.entries)).toContain('end_call')
  expect(vendor.complaints).toEqual([])
})

test('it is connected while the phone still rings, and let go where nobody answers', async () => {
  const agent = await stage.ownAgent()
  await agent.change({ driver: 'realtime' })
  const answers = await agent.calls({ kind: 'human', voice: 'man', answerMs: 4_000, acts: [LISTEN, { hangUp: true }] })
  await expect.poll(() => vendor.open, { timeout: 10_000 }).toBe(1)
  const opened = answers.notes('line-opened').length
  await answers.over()
  expect(opened).toBe(0)
  expect(answers.said('agent')).toEqual(['Hello, this is Robin at Northwind Supplies. How can I help you?'])
  await expect.poll(() => vendor.open).toBe(0)
  const busy = vendor.seen.length
  const never = await agent.calls({ kind: 'busy', answerMs: 2_000 })
  await expect.poll(() => vendor.open, { timeout: 10_000 }).toBe(1)
  await never.over()
  await expect.poll(() => vendor.open, { timeout: 10_000 }).toBe(0)
  expect(vendor.seen.length).toBe(busy + 1)
  expect(never.said('agent')).toEqual([])
  expect(vendor.complaints).toEqual([])
})

test('a line that drops and comes back has a model that knows what was said', async () => {
  const call = await stage.dial([LISTEN, LISTEN, { pauseMs: 500 }, { say: 'Goodbye.' }, LISTEN])
  await call.until(() => call.said('agent').length === 1)
  stage.stage.network.control.loseStreams(call.callSid)
  await call.until(() => call.notes('line-opened').length === 2)
  await call.over()
  expect(call.said('agent').filter(text => text.startsWith('Hello, this is Robin'))).toHaveLength(1)
  expect(JSON.stringify(call.entries)).toContain('end_call')
  expect(vendor.complaints).toEqual([])
  await expect.poll(() => vendor.open).toBe(0)
})

test('it hangs after the caller’s turn: the other voice has the word for it, and in the end the carrier apologises', async () => {
  hangs = true
  const call = await stage.dial([LISTEN, { say: 'What are your opening hours?' }, { pauseMs: 40_000 }])
  await call.over(60_000)
  hangs = false
  const asked = await (await fetch(`${stage.stage.network.url}/_/speech/requests?since=0`)).text()
  // The phrase was synthesised once, for all calls.
  expect(asked.split('One moment, please.')).toHaveLength(2)
  expect(call.said('agent')).toHaveLength(1)
  expect(call.notes('closing')).toMatchObject([{ data: { reason: 'failure' } }])
  expect(call.notes('last-words')).toHaveLength(1)
  expect(vendor.complaints).toEqual([])
}, 90_000)

test('a scenario is rehearsed with it, without a carrier', async () => {
  const run = await held(stage, await agentOf(stage), 'goodbye to one model', {
    about: 'somebody says something, and the model ends the call',
    caller: { acts: [LISTEN, { say: 'Goodbye.' }, { pauseMs: 20_000 }] },
    expect: [{ agent: 'How can I help you' }, { tool: 'end_call' }, { agent: 'Goodbye' }],
    end: 'goodbye',
    atMostSeconds: 40,
  })
  expect(run.differences, JSON.stringify(told(run))).toEqual([])
  expect(vendor.complaints).toEqual([])
})

test('where it cannot be reached, the carrier apologises, and the call says why', async () => {
  // It fails once while the phone rings, and three times when the caller is there.
  vendor.faults.push(...[1, 2, 3, 4].map(() => ({ kind: 'status' as const, status: 503 })))
  const call = await stage.dial([LISTEN, { pauseMs: 20_000 }])
  await call.over()
  expect(call.said('agent')).toEqual([])
  expect(JSON.stringify(call.entries)).toContain('our voice failed')
})
