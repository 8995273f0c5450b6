/** A number rings an agent, and has a queue for the callers whom the agent does not take: they stay, and wait like anyone. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { writeProfile } from '../../src/actors/profile/profile-of.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { DEFAULT_PROFILE } from '../../src/core/desk/voice-profile.ts'
import type { Queue } from '../../src/wire/queue.ts'
import { person } from './security/people.ts'
import { bindings, carrier, migrated, until } from './stage.ts'
import { decide, type Floor, floorOf, ringAt, rings, type Sitting, sits, waiting } from './switchboard.ts'

let floor = {} as Floor
let path = ''

beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557951')
  path = `/v1.0/numbers/${encodeURIComponent(floor.number)}`
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

const put = async (body: object) => floor.ask(`PUT ${path}`, body)
const led = async () => (await floor.ask(`GET ${path}`)).json<{ user_id: string; unanswered_queue_id: string }>()

async function ringsAt(agent: Sitting, queue: Queue | null): Promise<void> {
  const answer = await put({ user_id: agent.userId, unanswered_queue_id: queue?.id ?? null })
  expect(answer.status, await answer.clone().text()).toBe(200)
}
const rungAt = ({ desk }: Sitting, callId: string) =>
  until(async () => expect((await desk.view())?.inbound?.callId).toBe(callId))

test('an agent declines: the caller stays on the line, hears the queue and its music, and the next agent of it gets them [S4-4]', async () => {
  const [ada, bo] = [await sits(), await sits()]
  const queue = await floor.queue([bo], {}, false)
  await ringsAt(ada, queue)
  const caller = await rings(floor)
  const dialing = await caller.hears('<Dial')
  await rungAt(ada, caller.callId)
  await decide(ada, 'inbound.decline')
  await caller.dialEnds(dialing, 'no-answer')
  await caller.hears('You are next.')
  await caller.hears('/sounds/hold.wav')
  expect(await waiting(floor, queue)).toMatchObject([{ reference_id: caller.callId }])
  expect((await ada.desk.view())?.inbound).toBeNull()
  await ringAt(bo)
  await decide(bo, 'inbound.accept')
  await caller.hears(bo.room)
  const { call } = await caller.call.read()
  expect(call).toMatchObject({ phase: 'live', links: { deskId: bo.id } })
  await until(async () => {
    const detail = JSON.parse((await logOf(bindings, 'w_test').detail(caller.callId)) ?? 'null')
    const words = detail.timeline.map((line: { type: string }) => line.type)
    expect(words).toEqual(expect.arrayContaining(['call-unanswered', 'call-agent-joined']))
    expect(words).not.toContain('call-voicemail-began')
  })
})

test('an agent does not answer: the same, and a repeat of the carrier’s word puts nobody into the queue twice [S4-4]', async () => {
  const [ada, bo] = [await sits(), await sits()]
  const queue = await floor.queue([bo], {}, false)
  await ringsAt(ada, queue)
  const caller = await rings(floor)
  const dialing = await caller.hears('<Dial')
  await rungAt(ada, caller.callId)
  for (const _ of ['first', 'repeat'])
    expect(await caller.dialEnds(dialing, 'no-answer')).toMatch(/<Redirect>[^<]*step=flow-/)
  await until(async () => expect(await waiting(floor, queue)).toHaveLength(1))
  await until(async () => expect((await ada.desk.view())?.inbound).toBeNull())
})

test('an agent whose profile takes no calls is not rung, and the caller goes straight to the queue [S4-4]', async () => {
  const [ada, bo] = [await sits(), await sits()]
  const queue = await floor.queue([bo], {}, false)
  await ringsAt(ada, queue)
  await writeProfile(bindings, ada.id, { ...DEFAULT_PROFILE, allowInbound: false })
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await ringAt(bo)
  expect((await ada.desk.view())?.inbound).toBeNull()
})

test('the setting is kept while the number rings a person, goes with them, and without one a message is asked for', async () => {
  const [ada, bo] = [await sits(), await sits()]
  const queue = await floor.queue([bo], {}, false)
  await ringsAt(ada, queue)
  expect(await led()).toMatchObject({ user_id: ada.userId, unanswered_queue_id: queue.id })
  // Another person, and another name of the number: the queue behind them stays.
  expect((await put({ user_id: bo.userId })).status).toBe(200)
  const named = { number: floor.number, name: 'Sales', deskId: bo.id, inFlightCap: 9, cooldownMs: 0 }
  await stubFor(bindings, 'trunk', 'w_test').saveNumber(named)
  expect(await led()).toMatchObject({ user_id: bo.userId, unanswered_queue_id: queue.id })
  // Alone it changes only that.
  expect((await put({ unanswered_queue_id: null })).status).toBe(200)
  expect(await led()).toMatchObject({ user_id: bo.userId, unanswered_queue_id: null })
  const caller = await rings(floor)
  expect(await caller.dialEnds(await caller.hears('<Dial'), 'busy')).toContain('leave a message after the tone')
  // Whoever does not ring anybody has nothing behind it, and does not get it back with the next person.
  expect((await put({ unanswered_queue_id: queue.id })).status).toBe(200)
  expect((await put({ queue_id: queue.id })).status).toBe(200)
  expect(await led()).toMatchObject({ user_id: null, queue_id: queue.id, unanswered_queue_id: null })
  expect((await put({ user_id: ada.userId })).status).toBe(200)
  expect(await led()).toMatchObject({ user_id: ada.userId, unanswered_queue_id: null })
})

test('a queue that is not ours, or behind nobody, is refused with the field named, and nothing changes', async () => {
  const ada = await sits()
  const queue = await floor.queue([ada], {}, false)
  const away = await person('Away', 'admin', 'w_far')
  await ringsAt(ada, queue)
  const before = await led()
  const fields = async (answer: Response) =>
    (await answer.json<{ fields: { field: string }[] }>()).fields.map(one => one.field)
  const wrong: [object, number][] = [
    [{ user_id: ada.userId, unanswered_queue_id: 'w_far.q_1' }, 422],
    [{ unanswered_queue_id: `${queue.id}x` }, 422],
    [{ queue_id: queue.id, unanswered_queue_id: queue.id }, 400],
    [{ unanswered_queue_id: 7 }, 400],
  ]
  for (const [body, status] of wrong) {
    const answer = await put(body)
    expect([answer.status, await fields(answer)]).toEqual([status, ['unanswered_queue_id']])
  }
  expect(away.userId).not.toBe(ada.userId)
  expect(await led()).toEqual(before)
  await put({ queue_id: queue.id })
  const alone = await put({ unanswered_queue_id: queue.id })
  expect([alone.status, await fields(alone)]).toEqual([422, ['unanswered_queue_id']])
})
