/** A flow wants an agent for its caller: their desk rings, the caller hears music, and the flow goes on whatever comes of it. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Flow } from '../../src/wire/flow.ts'
import { carrier, migrated, until } from './stage.ts'
import { decide, type Floor, floorOf, join, ringAt, rings, type Sitting, say, sits } from './switchboard.ts'

let floor = {} as Floor
beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557951')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

/** A flow with this step answers our number; after it, and where nobody was reached, the caller hears which. */
async function bound(step: object): Promise<void> {
  const actions = [
    { type: 'answer' },
    { id: 'to', ...step },
    { id: 'after', type: 'talk', option: { text: 'Goodbye.' } },
    { type: 'digits_receive', option: { duration: 60_000 } },
    { id: 'hang', type: 'hangup' },
    { id: 'nobody', type: 'talk', option: { text: 'Nobody is there.' } },
    { type: 'digits_receive', option: { duration: 60_000 } },
  ]
  const made = await floor.ask('POST /v1.0/flows', { name: 'Reception', actions })
  expect(made.status, await made.clone().text()).toBe(201)
  const { id } = await made.json<Flow>()
  const put = await floor.ask(`PUT /v1.0/numbers/${encodeURIComponent(floor.number)}`, { flow_id: id })
  expect(put.status, await put.clone().text()).toBe(200)
}
const connect = (agent: Sitting | string, more: object = {}) => {
  const target = typeof agent === 'string' ? agent : agent.userId
  const option = { destinations: [{ type: 'agent', target }], no_answer_target_id: 'nobody', ...more }
  return { type: 'connect', option }
}
/** A caller of the flow, who hears music while the agent is asked. */
async function waits() {
  const caller = await rings(floor)
  await caller.hears('/sounds/hold.wav')
  return caller
}
const view = async ({ desk }: Sitting) => (await desk.view()) as NonNullable<Awaited<ReturnType<typeof desk.view>>>

test('a flow connects the caller with an agent: music, the agent’s line, and when the agent hangs up the flow goes on [S1-44]', async () => {
  const ada = await sits()
  await bound(connect(ada))
  const caller = await waits()
  const ring = await ringAt(ada)
  expect(ring.transfer).toMatchObject({ flow: true, of: { kind: 'call', id: caller.callId } })
  expect(ring.from).toBe(caller.from)
  expect((await view(ada)).presence).not.toBe('ready')
  await decide(ada, 'inbound.accept')
  await caller.hears(ada.room)
  await join(ada, caller)
  await until(async () => expect((await view(ada)).conversation?.callId).toBe(caller.callId))
  await until(async () => {
    const { call } = await caller.call.read()
    expect(call.phase === 'live' && call.links.deskId).toBe(ada.id)
  })
  expect(await ada.desk.command(say({ type: 'call.hang-up', callId: caller.callId }))).toMatchObject({
    type: 'accepted',
  })
  await caller.hears('>Goodbye.<')
  await until(async () => expect((await view(ada)).presence).toBe('ready'))
})

test('an agent who declines, who is not free, or who is nobody leaves the caller in the flow', async () => {
  const [ada, bo] = [await sits(), await sits()]
  await bound(connect(ada))
  const declined = await waits()
  await ringAt(ada)
  await decide(ada, 'inbound.decline')
  await declined.hears('>Nobody is there.<')
  await until(async () => expect((await view(ada)).presence).toBe('ready'))
  await bound(connect(bo))
  await bo.desk.command(say({ type: 'presence.paused' }))
  await (await rings(floor)).hears('>Nobody is there.<')
  await bound({ type: 'transfer', option: { to: { type: 'agent', target: 'nobody' }, no_answer_target_id: 'nobody' } })
  await (await rings(floor)).hears('>Nobody is there.<')
})

test('one desk rings for one caller at a time', async () => {
  const ada = await sits()
  await bound(connect(ada))
  const first = await waits()
  await ringAt(ada)
  await (await rings(floor)).hears('>Nobody is there.<')
  expect((await view(ada)).inbound?.callId).toBe(first.callId)
})

test('the caller hangs up while it rings, and while they talk: the desk is free again', async () => {
  const ada = await sits()
  await bound(connect(ada))
  const early = await waits()
  await ringAt(ada)
  await early.report('completed')
  await until(async () => expect(await view(ada)).toMatchObject({ inbound: null, presence: 'ready' }))
  const late = await waits()
  await ringAt(ada)
  await decide(ada, 'inbound.accept')
  await late.hears(ada.room)
  await join(ada, late)
  await until(async () => expect((await view(ada)).conversation?.callId).toBe(late.callId))
  await late.report('completed')
  await until(async () => expect(await view(ada)).toMatchObject({ conversation: null, presence: 'ready' }))
})

test('the agent hands the caller on to a colleague, and is free when the caller has moved', async () => {
  const [ada, bo] = [await sits(), await sits()]
  await bound(connect(ada))
  const caller = await waits()
  await ringAt(ada)
  await decide(ada, 'inbound.accept')
  await caller.hears(ada.room)
  await join(ada, caller)
  await until(async () => expect((await view(ada)).conversation?.callId).toBe(caller.callId))
  const to = { kind: 'agent', agentId: bo.userId }
  expect(await ada.desk.command(say({ type: 'call.transfer', callId: caller.callId, to }))).toMatchObject({
    type: 'accepted',
  })
  await ringAt(bo)
  await decide(bo, 'inbound.accept')
  await caller.hears(bo.room)
  await until(async () => expect(await view(ada)).toMatchObject({ conversation: null, presence: 'ready' }))
})

test('a transfer to a queue waits in it, and destinations that are asked alone stand alone', async () => {
  const ada = await sits()
  const queue = await floor.queue([ada], { name: 'Second line' }, false)
  await bound({
    type: 'transfer',
    option: { to: { type: 'queue', target: queue.id }, no_answer_target_id: 'nobody' },
  })
  const caller = await rings(floor)
  await caller.hears('You are next.')
  const wrong = async (destinations: object[]) => {
    const answer = await floor.ask('POST /v1.0/flows', {
      name: 'x',
      actions: [{ type: 'connect', option: { destinations } }],
    })
    expect(answer.status).toBe(400)
    return answer.text()
  }
  const number = { type: 'tel', target: '+14155550199' }
  expect(await wrong([{ type: 'agent', target: ada.userId }, number])).toContain('agent is the only destination')
})

test('a number in the address of a trunk is asked about as a number', async () => {
  await floor.ask('POST /api/do-not-call', { number: '+14155550194' })
  const to = (target: string) => ({
    type: 'connect',
    option: { destinations: [{ type: 'sip', target }], no_answer_target_id: 'nobody', error_target_id: 'nobody' },
  })
  await bound(to('sip:+14155550194@trunk.example'))
  await (await rings(floor)).hears('>Nobody is there.<')
  await bound(to('sip:warehouse@pbx.example'))
  await (await rings(floor)).hears('sip:warehouse@pbx.example')
})
