/** A person is handed over, from the agent's command to the other agent's line, and is with somebody all the time. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { writeProfile } from '../../src/actors/profile/profile-of.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { DEFAULT_PROFILE } from '../../src/core/desk/voice-profile.ts'
import { bindings, carrier, migrated, until } from './stage.ts'
import {
  type Caller,
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
beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557941')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

/** Ada has a caller of a queue in her room. */
async function adaTalks(): Promise<{ ada: Sitting; bo: Sitting; caller: Caller; queueId: string }> {
  const [ada, bo] = [await sits(), await sits()]
  const queue = await floor.queue([ada], { wrap_up: 0 })
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await talks(ada, caller)
  return { ada, bo, caller, queueId: queue.id }
}
const hand = async ({ desk }: Sitting, callId: string, to: object) =>
  expect(await desk.command(say({ type: 'call.transfer', callId, to }))).toMatchObject({ type: 'accepted' })
const view = async ({ desk }: Sitting) => (await desk.view()) as NonNullable<Awaited<ReturnType<typeof desk.view>>>

test('a colleague says yes: the caller goes to their line, and only then is the first agent free [S1-44]', async () => {
  const { ada, bo, caller } = await adaTalks()
  await hand(ada, caller.callId, { kind: 'agent', agentId: bo.userId })
  const ring = await ringAt(bo)
  expect(ring.transfer).toMatchObject({
    by: { agentName: expect.stringMatching(/^Agent /) },
    of: { kind: 'transfer', id: caller.callId },
  })
  await decide(bo, 'inbound.accept')
  await until(async () => expect((await caller.call.read()).call.phase).toBe('live'))
  expect((await view(ada)).conversation?.callId).toBe(caller.callId)
  await caller.hears(bo.room)
  await until(async () => expect((await view(ada)).conversation).toBeNull())
  await until(async () => expect((await view(bo)).conversation?.callId).toBe(caller.callId))
  await join(bo, caller)
  await until(async () => expect((await view(ada)).presence).toBe('ready'))
  expect(await bo.desk.command(say({ type: 'call.hang-up', callId: caller.callId }))).toMatchObject({
    type: 'accepted',
  })
  await until(async () =>
    expect(
      (await carrier.requests()).some(one => one.path.includes(caller.sid) && one.form.Status === 'completed'),
    ).toBe(true),
  )
  await caller.report('completed')
  await until(async () => expect((await view(bo)).presence).toBe('ready'))
})

test('a colleague who declines changes nothing for the caller, and the first agent reads why', async () => {
  const { ada, bo, caller } = await adaTalks()
  await hand(ada, caller.callId, { kind: 'agent', agentId: bo.userId })
  await ringAt(bo)
  await decide(bo, 'inbound.decline')
  await until(async () =>
    expect((await view(ada)).conversation).toMatchObject({ callId: caller.callId, stayed: 'declined' }),
  )
  expect((await view(bo)).presence).toBe('ready')
})

test('the agent takes the caller back while it rings at the colleague', async () => {
  const { ada, bo, caller } = await adaTalks()
  await hand(ada, caller.callId, { kind: 'agent', agentId: bo.userId })
  await ringAt(bo)
  expect(await ada.desk.command(say({ type: 'call.take-back', callId: caller.callId }))).toMatchObject({
    type: 'accepted',
  })
  await until(async () => expect((await view(bo)).inbound).toBeNull())
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'taken-back' }))
})

test('a colleague who is not there is answered at once, and one whose seat is taken as well', async () => {
  const { ada, bo, caller } = await adaTalks()
  await hand(ada, caller.callId, { kind: 'agent', agentId: 'nobody' })
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'not-there' }))
  await bo.desk.command(say({ type: 'presence.paused' }))
  await hand(ada, caller.callId, { kind: 'agent', agentId: bo.userId })
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'not-there' }))
  const answer = await ada.desk.command(
    say({ type: 'call.transfer', callId: caller.callId, to: { kind: 'queue', queueId: 'w_far.q_x' } }),
  )
  expect(answer).toMatchObject({ type: 'refused', reason: 'nobody-there' })
})

test('handed to a queue that has no place left, the caller leaves a message and is not dropped [S1-44]', async () => {
  const { ada, bo, caller } = await adaTalks()
  const second = await floor.queue([bo], { name: 'Closed' }, false)
  await stubFor(bindings, 'queue', second.id).deliver({ type: 'queue.closed', at: Date.now() }, 'closed')
  await hand(ada, caller.callId, { kind: 'queue', queueId: second.id })
  expect(await caller.hears('<Record')).not.toContain('something went wrong')
  expect((await caller.call.read()).call.phase).toBe('live')
})

test('handed to a queue, the caller waits there, and the agent is free [S1-44]', async () => {
  const { ada, bo, caller } = await adaTalks()
  const second = await floor.queue([bo], { name: 'Second line' }, false)
  await bo.desk.command(say({ type: 'presence.paused' }))
  await hand(ada, caller.callId, { kind: 'queue', queueId: second.id })
  await caller.hears('You are next.')
  await until(async () => expect((await view(ada)).conversation).toBeNull())
  expect(await waiting(floor, second)).toMatchObject([{ status: 'waiting', reference_id: caller.callId }])
  await bo.desk.command(say({ type: 'presence.ready' }))
  await ringAt(bo)
  await decide(bo, 'inbound.accept')
  await caller.hears(bo.room)
})

test('a number that nobody answers brings the caller back: they hear music, and the first agent is rung', async () => {
  const { ada, caller } = await adaTalks()
  await hand(ada, caller.callId, { kind: 'number', number: '+14155550199' })
  const page = await caller.hears('>+14155550199<')
  await until(async () => expect((await view(ada)).conversation).toBeNull())
  expect(await caller.dialEnds(page, 'no-answer')).toContain('/sounds/hold.wav')
  const ring = await ringAt(ada)
  expect(ring.transfer?.by).toMatchObject({ back: true })
  await decide(ada, 'inbound.accept')
  await caller.hears(ada.room)
  await until(async () => expect((await view(ada)).conversation?.callId).toBe(caller.callId))
})

test('a number that is on the do-not-call list is not called, and the caller stays', async () => {
  const { ada, caller } = await adaTalks()
  const listed = await floor.ask('POST /api/do-not-call', { number: '+14155550198' })
  expect(listed.status).toBeLessThan(300)
  await hand(ada, caller.callId, { kind: 'number', number: '+14155550198' })
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'not-cleared' }))
})

test('the colleague’s line is lost: the caller hears music and comes back to the first agent', async () => {
  const { ada, bo, caller } = await adaTalks()
  await hand(ada, caller.callId, { kind: 'agent', agentId: bo.userId })
  await ringAt(bo)
  await decide(bo, 'inbound.accept')
  await caller.hears(bo.room)
  await join(bo, caller)
  await until(async () => expect((await view(ada)).presence).toBe('ready'))
  await stubFor(bindings, 'room', bo.room).deliver(
    { type: 'participant.left', at: Date.now(), providerId: 'CA-line' },
    'bo-lost',
  )
  const ring = await ringAt(ada, 30_000)
  expect(ring.callId).toBe(caller.callId)
  await caller.hears('/sounds/hold.wav')
  await decide(ada, 'inbound.accept')
  await caller.hears(ada.room)
})

test('a program hands over by the API what an agent has on the line, and is told by name what cannot be', async () => {
  const { ada, bo, caller } = await adaTalks()
  const path = `/v1.0/calls/${encodeURIComponent(caller.callId)}`
  const asked = (destination: object) => floor.ask(`POST ${path}/transfer`, { destination })
  expect((await asked({ type: 'mars', target: 'x' })).status).toBe(400)
  expect((await asked({ type: 'tel', target: 'not a number' })).status).toBe(400)
  // An id that is too long is refused and not cut, because what is left could be somebody else's.
  expect((await asked({ type: 'agent', target: `${bo.userId}${'x'.repeat(40)}` })).status).toBe(400)
  expect((await asked({ type: 'queue', target: 'w_far.q_1' })).status).toBe(422)
  expect((await asked({ type: 'agent', target: bo.userId })).status).toBe(202)
  await ringAt(bo)
  expect((await asked({ type: 'agent', target: bo.userId })).status).toBe(422)
  expect((await floor.ask(`POST ${path}/takeback`)).status).toBe(202)
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'taken-back' }))
  expect((await asked({ type: 'agent', target: bo.userId })).status).toBe(202)
  await ringAt(bo)
  await decide(bo, 'inbound.accept')
  await caller.hears(bo.room)
  await until(async () => expect((await view(bo)).conversation?.callId).toBe(caller.callId))
  await caller.report('completed')
  await until(async () => expect((await view(bo)).conversation).toBeNull())
  expect((await asked({ type: 'agent', target: ada.userId })).status).toBe(409)
})

test('a number is handed over to only by those who may place calls, within the limits of a dial by hand [S4-27]', async () => {
  const { ada, caller } = await adaTalks()
  const to = { kind: 'number', number: '+14155550197' }
  await writeProfile(bindings, ada.id, { ...DEFAULT_PROFILE, allowOutbound: false })
  for (const askFirst of [false, true])
    expect(await ada.desk.command(say({ type: 'call.transfer', callId: caller.callId, to, askFirst }))).toMatchObject({
      type: 'refused',
      reason: 'outbound-not-allowed',
    })
  const asked = { destination: { type: 'tel', target: to.number } }
  const path = `POST /v1.0/calls/${encodeURIComponent(caller.callId)}/transfer`
  expect((await floor.ask(path, asked)).status).toBe(422)
  await writeProfile(bindings, ada.id, DEFAULT_PROFILE)
  const trunk = stubFor(bindings, 'trunk', 'w_test')
  const rules = await trunk.clearanceRules()
  const none = { ...rules.limits.agent, callsPerDay: 0 }
  await trunk.clearanceRules({ ...rules, limits: { ...rules.limits, agent: none } })
  try {
    await hand(ada, caller.callId, to)
    await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'not-cleared' }))
  } finally {
    await trunk.clearanceRules(rules)
  }
  await hand(ada, caller.callId, to)
  await caller.hears(`>${to.number}<`)
  await caller.report('completed')
  await until(async () => expect(await view(ada)).toMatchObject({ conversation: null, presence: 'ready' }))
})
