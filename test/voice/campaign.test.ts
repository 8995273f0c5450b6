/** A campaign without people at desks: AI agents call those who have agreed to it, and nobody else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AiStage } from './ai-stage.ts'

let stage: AiStage
beforeAll(async () => {
  stage = await AiStage.set(6200)
})
afterAll(() => stage.close())

interface Row {
  callId: string
  number: string
  status: string
  outcome: string | null
  result: string | null
}

const ASKS = { kind: 'human', voice: 'man', answerMs: 400 }
const PEOPLE = [
  {
    number: '+14155571001',
    script: {
      ...ASKS,
      acts: [
        { say: 'hello' },
        { listen: true },
        { say: 'what are your opening hours' },
        { listen: true },
        { hangUp: true },
      ],
    },
  },
  { number: '+14155571002', script: { kind: 'busy' } },
  {
    number: '+14155571003',
    script: { ...ASKS, acts: [{ say: 'hello' }, { listen: true }, { say: 'goodbye' }, { listen: true }] },
  },
  { number: '+14155571004', script: { ...ASKS, acts: [{ say: 'hello' }] } },
]

test('people who agreed are called, spoken with, and done; the one who did not is never called', async () => {
  stage.stage.network.control.definePeople(
    PEOPLE.map(({ number, script }, at) => ({ number, name: `Person ${at}`, company: '', timeZone: null, script })),
  )
  const agent = await stage.change({})
  const { campaignId } = await stage.api<{ campaignId: string }>('root', 'POST', '/api/campaigns', {
    name: 'AI calls',
    outcomes: [{ key: 1, outcomeId: 'done', label: 'Done' }],
    advance: 'auto',
    amd: 'off',
    callingHours: { fromHour: 0, toHour: 24 },
  })
  await stage.api('root', 'POST', `/api/campaigns/${campaignId}/contacts`, {
    contacts: PEOPLE.map(({ number }, at) => ({
      firstName: 'Person',
      lastName: String(at),
      phone: number,
      aiConsent: at !== 3,
    })),
  })
  await stage.api('root', 'POST', `/api/campaigns/${campaignId}/ai`, {
    agentId: agent.agentId,
    word: 'start',
    lines: 2,
  })
  const rows = async () =>
    (await stage.api<{ items: Row[] }>('root', 'GET', '/api/calls?limit=50')).items.filter(row =>
      row.number.startsWith('+1415557100'),
    )
  const over = async () => {
    const found = await rows()
    const ended = new Set(found.filter(row => row.status === 'hangup').map(row => row.number))
    return ended.size === 3 && found.every(row => row.status === 'hangup')
  }
  await expect.poll(over, { message: 'calls', timeout: 60_000, interval: 250 }).toBe(true)
  const found = await rows()
  expect(found.some(row => row.number === '+14155571004')).toBe(false)
  const first = found.find(row => row.number === '+14155571001')
  // The round tells the outcome of a leg, the call its end; the log hears them in either order.
  await expect
    .poll(async () => (await rows()).find(row => row.callId === first?.callId)?.result, { timeout: 15_000 })
    .toBe('connected')
  const held = await stage.follow(first?.callId ?? '', '')
  await held.until(() => held.said('caller').length > 0)
  expect(held.said('caller').join(' ')).toContain('opening hours')
  expect(held.said('agent').join(' ')).toContain('We are open')
  await expect
    .poll(async () => (await rows()).find(row => row.number === '+14155571001')?.outcome, { timeout: 15_000 })
    .toBe('ai-conversation')
})
