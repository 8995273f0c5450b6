/** The third driver: one model hears, thinks and speaks (a look-alike of OpenAI Realtime), and the same machine says who speaks. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOpenAiRealtime } from '../../sim/vendors/openai-realtime.ts'
import type { VendorServer } from '../../sim/vendors/vendor-server.ts'
import { AiStage } from './ai-stage.ts'
import { agentOf, held, told } from './rehearsing.ts'

const LISTEN = { listen: true }
let stage: AiStage
let vendor: VendorServer
let asked = 0

/** It cannot hear a person's voice: what it answers goes by their number. */
function answers(heard: string): string {
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
  vendor.faults.push(...[1, 2, 3].map(() => ({ kind: 'status' as const, status: 503 })))
  const call = await stage.dial([LISTEN, { pauseMs: 20_000 }])
  await call.over()
  expect(call.said('agent')).toEqual([])
  expect(JSON.stringify(call.entries)).toContain('our voice failed')
})
