/** A program calls a member of the team, or somebody into a conference. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { writeProfile } from '../../src/actors/profile/profile-of.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { DEFAULT_PROFILE } from '../../src/core/desk/voice-profile.ts'
import { phoneName } from '../../src/core/phone-names.ts'
import type { VoiceCall } from '../../src/wire/voice-call.ts'
import { bindings, carrier, migrated, signed, until } from './stage.ts'
import { decide, type Floor, floorOf, ringAt, type Sitting, say, sits } from './switchboard.ts'

let floor = {} as Floor
beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557961')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

const FLOW = [
  { type: 'talk', option: { text: 'The server is down.' } },
  { type: 'digits_receive', option: { duration: 60_000, length: 1 } },
]
async function place(body: object): Promise<VoiceCall> {
  const answer = await floor.ask('POST /v1.0/calls', body)
  expect(answer.status, await answer.clone().text()).toBe(201)
  return answer.json<VoiceCall>()
}
const toAgent = ({ userId }: Sitting) => ({ destinations: [{ type: 'agent', target: userId }], actions: FLOW })
const read = async (id: string) => (await floor.ask(`GET /v1.0/calls/${encodeURIComponent(id)}`)).json<VoiceCall>()
const view = async ({ desk }: Sitting) => (await desk.view()) as NonNullable<Awaited<ReturnType<typeof desk.view>>>
const creates = async () => (await carrier.requests()).filter(one => one.form.To !== undefined)

/** The carrier has this call, and asks what it hears. */
async function sidOf(id: string): Promise<string> {
  return until(async () => {
    const { call } = await stubFor(bindings, 'call', id).read()
    if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
    return call.providerId
  })
}
const answers = async (id: string, sid: string) =>
  (await signed(`/twilio/w_test/calls/${id}/answer`, { CallSid: sid, CallStatus: 'in-progress' })).text()
const reports = (id: string, sid: string, status: string) =>
  signed(`/twilio/w_test/calls/${id}/status`, { CallSid: sid, CallStatus: status })

test('a member of the team is called: the desk rings, then their own phone, and the flow talks with them', async () => {
  const ada = await sits()
  const call = await place(toAgent(ada))
  expect(call).toMatchObject({ status: 'dialing', destination: { type: 'agent', target: ada.userId } })
  const ring = await ringAt(ada)
  expect(ring).toMatchObject({ callId: call.id, transfer: { program: {}, of: { kind: 'call', id: call.id } } })
  const sid = await sidOf(call.id)
  expect((await creates()).map(one => one.form.To)).toEqual([
    `client:${phoneName(ada.id)}?callId=${encodeURIComponent(call.id)}`,
  ])
  await decide(ada, 'inbound.accept')
  expect(await answers(call.id, sid)).toContain('>The server is down.<')
  await until(async () => expect((await view(ada)).conversation?.callId).toBe(call.id))
  expect(await read(call.id)).toMatchObject({ status: 'progressing', destination: { type: 'agent' } })
  // Nobody else gets this agent meanwhile.
  const second = await place(toAgent(ada))
  await until(async () => expect(await read(second.id)).toMatchObject({ status: 'hangup', hangup_reason: 'noanswer' }))
  expect(await ada.desk.command(say({ type: 'call.hang-up', callId: call.id }))).toMatchObject({ type: 'accepted' })
  await until(async () =>
    expect((await carrier.requests()).some(one => one.path.includes(sid) && one.form.Status === 'completed')).toBe(
      true,
    ),
  )
  await reports(call.id, sid, 'completed')
  await until(async () => expect(await view(ada)).toMatchObject({ conversation: null, presence: 'ready' }))
  expect(await read(call.id)).toMatchObject({ status: 'hangup', hangup_reason: 'normal' })
  expect(await creates()).toHaveLength(1)
})

test('one who declines, does not answer, or is not free ends the call as no answer, and the desk is free', async () => {
  const ada = await sits()
  const declined = await place(toAgent(ada))
  await ringAt(ada)
  const sid = await sidOf(declined.id)
  await decide(ada, 'inbound.decline')
  const missed = { status: 'hangup', hangup_reason: 'noanswer' }
  await until(async () => expect(await read(declined.id)).toMatchObject(missed))
  await until(async () =>
    expect((await carrier.requests()).some(one => one.path.includes(sid) && one.form.Status === 'completed')).toBe(
      true,
    ),
  )
  const ringsOut = await place(toAgent(ada))
  await ringAt(ada)
  await reports(ringsOut.id, await sidOf(ringsOut.id), 'no-answer')
  await until(async () => expect(await read(ringsOut.id)).toMatchObject(missed))
  await until(async () => expect(await view(ada)).toMatchObject({ inbound: null, presence: 'ready' }))
  await carrier.reset()
  await writeProfile(bindings, ada.id, { ...DEFAULT_PROFILE, allowInbound: false })
  const barred = await place(toAgent(ada))
  await until(async () => expect(await read(barred.id)).toMatchObject(missed))
  await writeProfile(bindings, ada.id, DEFAULT_PROFILE)
  await ada.desk.command(say({ type: 'presence.paused' }))
  const away = await place(toAgent(ada))
  await until(async () => expect(await read(away.id)).toMatchObject(missed))
  expect(await creates()).toEqual([])
})

test('a program hangs up while it rings: the desk is free', async () => {
  const ada = await sits()
  const call = await place(toAgent(ada))
  await ringAt(ada)
  const sid = await sidOf(call.id)
  expect((await floor.ask(`POST /v1.0/calls/${encodeURIComponent(call.id)}/hangup`)).status).toBe(202)
  await until(async () =>
    expect((await carrier.requests()).some(one => one.path.includes(sid) && one.form.Status === 'canceled')).toBe(true),
  )
  await reports(call.id, sid, 'canceled')
  await until(async () => expect(await view(ada)).toMatchObject({ inbound: null, presence: 'ready' }))
})

test('somebody is called into a conference, and each wrong destination is named', async () => {
  const source = { type: 'tel', target: '+14155558971' }
  const call = await place({ source, destinations: [{ type: 'conference', target: 'weekly' }] })
  expect(call).toMatchObject({ destination: { type: 'tel', target: '+14155558971' }, source: { target: floor.number } })
  const sid = await sidOf(call.id)
  await until(async () => expect(await answers(call.id, sid)).toContain('<Conference'))
  const wrong: [object, string][] = [
    [{ destinations: [{ type: 'conference', target: 'weekly' }] }, 'source'],
    [{ source, destinations: [{ type: 'conference', target: 'weekly' }], actions: FLOW }, 'actions'],
    [{ source, destinations: [{ type: 'conference', target: 'w_far.cf_1' }] }, 'destinations.0.target'],
    [{ destinations: [{ type: 'agent', target: 'nobody' }], actions: FLOW }, 'destinations.0.target'],
    [{ destinations: [{ type: 'sip', target: 'sip:a b' }], actions: FLOW }, 'destinations.0.target'],
    [{ destinations: [{ type: 'extension', target: '100' }], actions: FLOW }, 'destinations.0.target'],
    [{ destinations: [source, { type: 'agent', target: 'nobody' }], actions: FLOW }, 'destinations.1.type'],
  ]
  for (const [body, field] of wrong) {
    const answer = await floor.ask('POST /v1.0/calls', body)
    expect(answer.status, field).toBe(400)
    expect((await answer.json<{ fields: { field: string }[] }>()).fields.map(one => one.field)).toEqual([field])
  }
})
