/** Callers wait in a queue, one agent is offered each, and nobody is lost between the call, the queue and the desk. */
import { evictDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, carrier, migrated, request, until } from './stage.ts'
import {
  decide,
  type Floor,
  floorOf,
  join,
  ringAt,
  rings,
  type Sitting,
  say,
  sits,
  talks,
  waiting,
} from './switchboard.ts'

let floor = {} as Floor
let away = {} as Person

beforeAll(async () => {
  await migrated()
  away = await person('Away', 'admin', 'w_far')
  floor = await floorOf('+14155557931')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

const quiet = ({ desk }: Sitting) => until(async () => expect((await desk.view())?.inbound).toBeNull())

test('a caller hears their place and music, the free agent rings, and accepting brings the caller to their line', async () => {
  const ada = await sits()
  const queue = await floor.queue([ada])
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await caller.hears('/sounds/hold.wav')
  const ring = await ringAt(ada)
  expect(ring.transfer?.queue).toMatchObject({ name: 'Support', callback: false })
  await decide(ada, 'inbound.accept')
  await caller.hears(ada.room)
  await join(ada, caller)
  const view = await until(async () => {
    const seen = await ada.desk.view()
    expect(seen?.conversation?.callId).toBe(caller.callId)
    return seen
  })
  expect(view?.presence).toBe('on-call')
  expect(await waiting(floor, queue)).toMatchObject([{ status: 'service', service_agent_id: ada.userId }])
})

test('the word that the caller is in the agent’s room is lost: the agent has the conversation a moment later all the same', async () => {
  const ada = await sits()
  await floor.queue([ada])
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await ringAt(ada)
  await decide(ada, 'inbound.accept')
  await caller.hears(ada.room)
  const { carrier: known, participants } = await stubFor(bindings, 'room', ada.room).read()
  const line = participants[0]?.callId ?? ''
  const conference_sid = known.conferenceId ?? ''
  await carrier.room(ada.room, [
    { call_sid: known.legs[line] ?? '', label: `agent:${line}`, conference_sid },
    { call_sid: caller.sid, label: caller.callId, conference_sid },
  ])
  await until(async () => expect((await ada.desk.view())?.conversation?.callId).toBe(caller.callId))
  expect(await ada.desk.command(say({ type: 'call.hold', callId: caller.callId, held: true }))).toMatchObject({
    type: 'accepted',
  })
})

const leavesRoom = (agent: Sitting, { callId, sid }: { callId: string; sid: string }) =>
  stubFor(bindings, 'room', agent.room).deliver(
    { type: 'participant.left', at: Date.now(), providerId: sid },
    `leave-${callId}`,
  )

test('the agent ends the conversation: the flow goes on, and the agent has the time of the queue after it', async () => {
  const ada = await sits()
  const queue = await floor.queue([ada])
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await talks(ada, caller)
  expect(await ada.desk.command(say({ type: 'call.hang-up', callId: caller.callId }))).toMatchObject({
    type: 'accepted',
  })
  await caller.hears('Goodbye.')
  await leavesRoom(ada, caller)
  await until(async () => expect((await ada.desk.view())?.presence).toBe('wrap-up'))
  expect(await waiting(floor, queue)).toEqual([])
  expect(await ada.desk.command(say({ type: 'wrap-up.done' }))).toMatchObject({ type: 'accepted' })
  await until(async () => expect((await ada.desk.view())?.presence).toBe('ready'))
  const { figures } = await stubFor(bindings, 'queue', queue.id).read()
  expect(figures).toMatchObject({ offered: 1, answered: 1, abandoned: 0 })
})

test('an agent who declines is not asked again at once, the next one is, and the caller keeps the place [S4-4]', async () => {
  const [ada, bo] = [await sits(), await sits()]
  const queue = await floor.queue([ada, bo], { routing_method: 'linear' })
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await ringAt(ada)
  await decide(ada, 'inbound.decline')
  await ringAt(bo)
  expect((await ada.desk.view())?.inbound).toBeNull()
  expect(await waiting(floor, queue)).toMatchObject([{ status: 'connecting', service_agent_id: bo.userId }])
  await decide(bo, 'inbound.accept')
  await caller.hears(bo.room)
})

test('an offer that rings out pauses the agent, and the caller waits on [S4-4]', async () => {
  const ada = await sits()
  const queue = await floor.queue([ada], { offer_timeout: 5_000 })
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await ringAt(ada)
  await quiet(ada)
  expect((await ada.desk.view())?.presence).toBe('paused')
  expect(await waiting(floor, queue)).toMatchObject([{ status: 'waiting', place: 1 }])
})

test('a line that is lost in a conversation gives the caller back to the queue, in front', async () => {
  const ada = await sits()
  const queue = await floor.queue([ada])
  const [first, second] = [await rings(floor), await rings(floor)]
  await first.hears('You are next.')
  await second.hears('number 2 in line')
  await talks(ada, first)
  const left = { type: 'participant.left' as const, at: Date.now(), providerId: 'CA-line' }
  await stubFor(bindings, 'room', ada.room).deliver(left, 'line-lost')
  // The desk keeps the seat for 15 s, in case the line comes back.
  const order = async () =>
    expect((await waiting(floor, queue)).map(one => [one.reference_id, one.place])).toEqual([
      [first.callId, 1],
      [second.callId, 2],
    ])
  await vi.waitFor(order, { timeout: 30_000, interval: 100 })
  await first.hears('You are next.')
})

test('a caller who hangs up while the agent rings leaves the queue, and the agent is free [S1-59]', async () => {
  const ada = await sits()
  const queue = await floor.queue([ada])
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await ringAt(ada)
  await caller.report('completed')
  await quiet(ada)
  await until(async () => expect(await waiting(floor, queue)).toEqual([]))
  await until(async () => expect((await ada.desk.view())?.presence).toBe('ready'))
})

test('two queues share an agent: one caller rings, the other waits, and no offer is lost when objects lose their memory', async () => {
  const ada = await sits()
  const one = await floor.queue([ada])
  const first = await rings(floor)
  await first.hears('You are next.')
  await ringAt(ada)
  const two = await floor.queue([ada], { name: 'Sales' })
  const second = await rings(floor)
  await second.hears('You are next.')
  for (const queue of [one, two])
    await evictDurableObject(stubFor(bindings, 'queue', queue.id) as unknown as DurableObjectStub)
  expect(await waiting(floor, one)).toMatchObject([{ status: 'connecting' }])
  expect(await waiting(floor, two)).toMatchObject([{ status: 'waiting', service_agent_id: null }])
  await first.report('completed')
  await until(async () => expect(await waiting(floor, two)).toMatchObject([{ status: 'connecting' }]))
  expect((await ringAt(ada)).callId).toBe(second.callId)
})

test('a queue that is full says so to the flow, and a kicked caller’s flow goes on', async () => {
  const queue = await floor.queue([], { capacity: 1 })
  const [first, second] = [await rings(floor), await rings(floor)]
  await first.hears('You are next.')
  await second.hears('Goodbye.')
  const [entry] = await waiting(floor, queue)
  expect((await floor.ask(`POST /v1.0/queuecalls/${encodeURIComponent(entry?.id ?? '')}/kick`)).status).toBe(202)
  await first.hears('Goodbye.')
  expect(await waiting(floor, queue)).toEqual([])
})

test('what is wrong with a queue is named, and another workspace sees none of it', async () => {
  const queue = await floor.queue([])
  const path = encodeURIComponent(queue.id)
  const wrong = async (body: object) => {
    const answer = await floor.ask('POST /v1.0/queues', { name: 'Wrong', members: [], ...body })
    const { fields = [] } = await answer.json<{ fields?: { field: string }[] }>()
    return [answer.status, fields[0]?.field]
  }
  expect(await wrong({ name: '' })).toEqual([400, 'name'])
  expect(await wrong({ members: [{ agent_id: 'nobody' }] })).toEqual([400, 'members.0.agent_id'])
  expect(await wrong({ capacity: 0 })).toEqual([400, 'capacity'])
  expect(await wrong({ routing_method: 'loudest' })).toEqual([400, 'routing_method'])
  for (const endpoint of [`GET /v1.0/queues/${path}`, `DELETE /v1.0/queues/${path}`])
    expect((await ask(away, endpoint)).status, endpoint).toBe(404)
  expect((await ask(away, `PUT /v1.0/queues/${path}`, { name: 'Mine' })).status).toBe(404)
  expect((await ask(away, `GET /v1.0/queuecalls?queue_id=${path}`)).status).toBe(404)
  expect((await request(`/v1.0/queues/${path}`)).status).toBe(401)
})

test('a caller who comes to the same room once more is in it: they can be held and are talked with', async () => {
  const ada = await sits()
  await floor.queue([ada], { wrap_up: 0 })
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await talks(ada, caller)
  await leavesRoom(ada, caller)
  await join(ada, caller)
  const { participants } = await stubFor(bindings, 'room', ada.room).read()
  expect(participants.map(one => one.callId)).toContain(caller.callId)
})
