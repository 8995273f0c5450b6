/** The wallboard: campaigns with what rings and what the governor says, and rows whose object does not answer. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { deskName } from '../../src/core/ids.ts'
import type { Live } from '../../src/wire/supervision.ts'
import { ask, type Person, person } from './security/people.ts'
import { SETTINGS, say } from './sitting.ts'
import { bindings, carrier, migrated, until } from './stage.ts'
import { type Floor, floorOf, sits } from './switchboard.ts'

/** Longer than the page waits for one row. */
const LATE_MS = 5_000

let floor = {} as Floor
let sam = {} as Person
beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557971')
  sam = await person('Sam', 'supervisor')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

async function live(): Promise<Live> {
  const answer = await ask(sam, 'GET /api/live')
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json<Live>()
}

test('a campaign shows its agents, the lines that ring, its limit and why so many ring', async () => {
  const ada = await sits()
  const id = 'w_test.c_board'
  await stubFor(bindings, 'workspace', 'w_test').saveCampaign(id, 'Board', 2)
  const campaign = stubFor(bindings, 'campaign', id)
  await campaign.configure({ ...SETTINGS, name: 'Board', abandonMax: 0.03 })
  const numbers = ['+14155550131', '+14155550132', '+14155550133']
  const none = { company: '', timeZone: null, postcode: null, lastNote: '' }
  await campaign.addContacts(
    numbers.map((number, at) => ({
      ...{ contactId: `p_board${at}`, name: 'Ann', number, numberShown: number, extension: null, ...none },
    })) as Parameters<typeof campaign.addContacts>[0],
  )
  expect((await live()).campaigns.filter(one => one.campaignId === id)).toEqual([])
  await ada.desk.command(say({ type: 'session.start', campaignId: id, lines: 2 }))
  await until(async () => {
    const [board] = (await live()).campaigns.filter(one => one.campaignId === id)
    expect(board).toMatchObject({ name: 'Board', agents: 1, ringing: 2, conversations: 0, abandonMaxPercent: 3 })
    // Nobody has answered yet.
    expect(board?.pace).toEqual({ lines: 2, because: 'few-answers' })
  })
})

/** From now on this object answers to this method later than anybody waits for. */
async function silent(stub: unknown, method: string, id: string): Promise<void> {
  await runInDurableObject(stub as DurableObjectStub, instance => {
    const shared = Object.getPrototypeOf(instance) as Record<string, (...args: unknown[]) => Promise<unknown>>
    const works = shared[method]
    shared[method] = async function (this: { ctx: DurableObjectState }, ...args: unknown[]) {
      if (this.ctx.id.name === id) await scheduler.wait(LATE_MS)
      return works?.apply(this, args)
    }
    restores.push(() => Object.assign(shared, { [method]: works }))
  })
}
const restores: (() => void)[] = []
afterEach(() => {
  for (const restore of restores.splice(0)) restore()
})

test('what does not answer in time is named, and the others are shown', async () => {
  const [ada, bo] = [await sits(), await sits()]
  const queue = await floor.queue([ada], {}, false)
  await silent(stubFor(bindings, 'desk', ada.id), 'view', ada.id)
  await silent(stubFor(bindings, 'queue', queue.id), 'read', queue.id)
  const { agents, queues, unread, at } = await live()
  expect(unread).toEqual(
    expect.arrayContaining([
      { of: 'agent', id: deskName(ada.userId), name: expect.stringContaining('Agent') },
      { of: 'queue', id: queue.id, name: 'Support' },
    ]),
  )
  expect(queues.map(one => one.queueId)).not.toContain(queue.id)
  const other = agents.find(one => one.agentId === deskName(bo.userId))
  expect(other?.state).toBe('ready')
  expect(at - (other?.at ?? 0)).toBeLessThan(5_000)
})
