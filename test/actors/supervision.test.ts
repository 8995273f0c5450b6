/** A supervisor on an agent's conversation: from the request over the phone's question to the carrier, what the agent is told, and who may. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { deskId, deskName } from '../../src/core/ids.ts'
import { phoneName } from '../../src/core/phone-names.ts'
import type { CallDetail } from '../../src/wire/api.ts'
import type { Live, Supervision } from '../../src/wire/supervision.ts'
import { ask, type Person, person, signedIn } from './security/people.ts'
import { deskWithLine, say } from './sitting.ts'
import { bindings, carrier, migrated, plainStage, signed, until } from './stage.ts'
import { type Caller, type Floor, floorOf, rings, type Sitting, sits, talks } from './switchboard.ts'

let floor = {} as Floor
let sam = {} as Person
let root = {} as Person
beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557951')
  sam = await person('Sam', 'supervisor')
  root = await person('Root', 'admin')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

async function adaTalks(): Promise<{ ada: Sitting; caller: Caller }> {
  const ada = await sits()
  await floor.queue([ada], { wrap_up: 0 })
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await talks(ada, caller)
  return { ada, caller }
}
const view = async ({ desk }: Sitting) => (await desk.view()) as NonNullable<Awaited<ReturnType<typeof desk.view>>>
const at = (callId: string) => `/v1.0/calls/${encodeURIComponent(callId)}/supervise`
const named = (id: string) => `/v1.0/supervisions/${encodeURIComponent(id)}`

async function asks(who: Person, callId: string, mode: string): Promise<Supervision> {
  const answer = await ask(who, `POST ${at(callId)}`, { mode })
  expect(answer.status, await answer.clone().text()).toBe(201)
  return answer.json<Supervision>()
}
const read = async (who: Person, { id }: Supervision) => {
  const answer = await ask(who, `GET ${named(id)}`)
  return answer.ok ? await answer.json<Supervision>() : answer.status
}

let legs = 0
/** The phone of this person's page dials with the id; its leg comes into the room. */
async function listens(who: Person, { id }: Supervision, room: string): Promise<{ sid: string; page: string }> {
  legs += 1
  const sid = `CA${String(legs).padStart(32, 'f')}`
  const page = await dials(who, id, sid)
  if (!page.includes('<Conference')) return { sid, page }
  const label = /participantLabel="([^"]+)"/.exec(page)?.[1] ?? ''
  const joined = {
    StatusCallbackEvent: 'participant-join',
    ConferenceSid: 'CF-1',
    CallSid: sid,
    ParticipantLabel: label,
  }
  await signed(`/twilio/w_test/rooms/${room}/conference`, { ...joined, Muted: 'true', SequenceNumber: `${legs}` })
  return { sid, page }
}
async function dials({ userId }: Person, supervisionId: string, sid: string): Promise<string> {
  const From = `client:${phoneName(deskId('w_test', deskName(userId)))}`
  const form = { CallSid: sid, From, To: '', kind: 'supervision', supervisionId }
  return (await signed('/twilio/w_test/voice', form)).text()
}
/** What the carrier was asked about this leg, newest last. */
const asked = async (sid: string) => (await carrier.requests()).filter(one => one.path.includes(sid))
const isEnded = (sid: string) =>
  until(async () => expect((await asked(sid)).some(one => one.form.Status === 'completed')).toBe(true))
const shown = async (ada: Sitting) => (await view(ada)).conversation?.supervisors ?? []
const live = async () => (await (await ask(sam, 'GET /api/live')).json<Live>()).agents

test('a supervisor comes in muted, speaks to the agent alone, then to both, and the agent reads each of it', async () => {
  const { ada, caller } = await adaTalks()
  const made = await asks(sam, caller.callId, 'listen')
  expect(made).toMatchObject({ call_id: caller.callId, status: 'joining', mode: null, announced: true })
  const { sid, page } = await listens(sam, made, ada.room)
  expect(page).toContain('muted="true"')
  expect(page).toContain('startConferenceOnEnter="false"')
  expect(page).toContain('endConferenceOnExit="false"')
  await until(async () => expect(await read(sam, made)).toMatchObject({ status: 'progressing', mode: 'listen' }))
  await until(async () => expect(await shown(ada)).toMatchObject([{ name: 'Sam', mode: 'listen' }]))
  expect(await asked(sid)).toEqual([])
  for (const [mode, form] of [
    ['whisper', { Muted: 'false', Coaching: 'true', CallSidToCoach: 'CA-line' }],
    ['barge', { Muted: 'false', Coaching: 'false' }],
    ['listen', { Muted: 'true', Coaching: 'false' }],
  ] as const) {
    expect((await ask(sam, `PUT ${named(made.id)}`, { mode })).status).toBe(200)
    await until(async () => expect((await asked(sid)).at(-1)?.form).toEqual(form))
    await until(async () => expect(await shown(ada)).toMatchObject([{ name: 'Sam', mode }]))
    expect(await read(sam, made)).toMatchObject({ mode, wanted_mode: mode, refused: false })
  }
  const agentNow = (await live()).find(one => one.agentId === deskName(ada.userId))
  expect(agentNow).toMatchObject({ state: 'on-call', call: { callId: caller.callId, whyNot: null } })
  expect(agentNow?.call?.supervisors).toMatchObject([{ name: 'Sam', mode: 'listen' }])
  expect((await ask(sam, `DELETE ${named(made.id)}`)).status).toBe(200)
  await isEnded(sid)
  await until(async () => expect(await shown(ada)).toEqual([]))
  expect(await read(sam, made)).toBe(404)
  // The others talk on.
  expect((await view(ada)).conversation?.callId).toBe(caller.callId)
  expect((await asked(caller.sid)).filter(one => one.form.Status === 'completed')).toEqual([])
})

test('every use stands in the timeline of the call with who and when, and a silent one is told to no agent', async () => {
  const { ada, caller } = await adaTalks()
  const rule = (word: string) => ask(root, 'PUT /api/workspace/supervision', { rule: word })
  expect((await rule('silent')).status).toBe(200)
  expect(await (await ask(sam, 'GET /api/workspace')).json()).toMatchObject({ supervision: 'silent' })
  const made = await asks(sam, caller.callId, 'barge')
  expect(made.announced).toBe(false)
  await listens(sam, made, ada.room)
  await until(async () => expect(await read(sam, made)).toMatchObject({ mode: 'barge' }))
  await ask(sam, `DELETE ${named(made.id)}`)
  const agent = { cookie: await signedIn(await emailOf(ada)) }
  const path = `GET /api/calls/${encodeURIComponent(caller.callId)}`
  const story = async (who: Pick<Person, 'cookie'>) =>
    (await (await ask(who, path)).json<CallDetail>()).timeline.filter(one => one.type.startsWith('supervis'))
  await until(async () =>
    expect((await story(sam)).map(one => one.words)).toEqual([
      'Supervision is asked for: Sam speaks to both',
      'The supervisor’s phone comes: Sam',
      'Sam listens',
      'Sam speaks to both',
      'The supervisor is gone: Sam, stopped',
    ]),
  )
  expect((await story(sam)).every(one => one.at > 0)).toBe(true)
  expect(await story(agent)).toEqual([])
  expect(await shown(ada)).toEqual([])
  expect((await rule('announced')).status).toBe(200)
  expect((await ask(sam, 'PUT /api/workspace/supervision', { rule: 'silent' })).status).toBe(403)
  expect((await rule('secret')).status).toBe(400)
})

async function emailOf({ userId }: Sitting): Promise<string> {
  const row = await bindings.DB.prepare('SELECT email FROM user WHERE id = ?').bind(userId).first<{ email: string }>()
  return row?.email ?? ''
}

test('agents may not, other tenants find nothing, and nobody listens with somebody else’s supervision', async () => {
  const { ada, caller } = await adaTalks()
  const agent = { ...sam, cookie: await signedIn(await emailOf(ada)) }
  const far = await person('Far', 'supervisor', 'w_far')
  const other = await person('Olga', 'supervisor')
  expect((await ask(agent, `POST ${at(caller.callId)}`, {})).status).toBe(403)
  expect((await ask(agent, 'GET /api/live')).status).toBe(403)
  expect((await ask(far, `POST ${at(caller.callId)}`, {})).status).toBe(404)
  expect((await ask(sam, `POST ${at('w_test.call_nobody')}`, {})).status).toBe(404)
  expect((await ask(sam, `POST ${at(caller.callId)}`, { mode: 'shout' })).status).toBe(400)
  const made = await asks(sam, caller.callId, 'listen')
  for (const [who, status] of [
    [far, 404],
    [other, 404],
    [agent, 403],
  ] as const) {
    expect((await ask(who, `GET ${named(made.id)}`)).status).toBe(status)
    expect((await ask(who, `PUT ${named(made.id)}`, { mode: 'barge' })).status).toBe(status)
    expect((await ask(who, `DELETE ${named(made.id)}`)).status).toBe(status)
  }
  expect((await listens(other, made, ada.room)).page).not.toContain('<Conference')
  const { sid } = await listens(sam, made, ada.room)
  await until(async () => expect(await read(sam, made)).toMatchObject({ mode: 'listen' }))
  // A second phone of the same person is not let in with it.
  expect(await dials(sam, made.id, `${sid.slice(0, -1)}0`)).not.toContain('<Conference')
  for (const odd of ['', 'w_test.d_x.1.vnone', 'w_far.d_x.1.v1', made.id.slice(0, -1), 'x'.repeat(200)])
    expect(await dials(sam, odd, `CA${'0'.repeat(31)}1`)).toContain('nothing to listen to')
  // A second supervisor listens as well.
  const second = await asks(other, caller.callId, 'listen')
  await listens(other, second, ada.room)
  await until(async () => expect(await shown(ada)).toMatchObject([{ name: 'Sam' }, { name: 'Olga' }]))
})

test('whoever is no supervisor any more, or is removed, listens no longer', async () => {
  const { ada, caller } = await adaTalks()
  const demoted = await person('Dana', 'supervisor')
  const removed = await person('Remo', 'admin')
  const [one, other] = [await asks(demoted, caller.callId, 'listen'), await asks(removed, caller.callId, 'barge')]
  const sids = [(await listens(demoted, one, ada.room)).sid, (await listens(removed, other, ada.room)).sid]
  await until(async () => expect(await shown(ada)).toHaveLength(2))
  expect((await ask(root, `PATCH /api/members/${demoted.userId}`, { role: 'agent' })).status).toBe(200)
  expect((await ask(root, `DELETE /api/members/${removed.userId}`)).status).toBe(200)
  for (const sid of sids) await isEnded(sid)
  await until(async () => expect(await shown(ada)).toEqual([]))
  expect((await view(ada)).conversation?.callId).toBe(caller.callId)
})

test('whoever must set a second factor up first listens no longer', async () => {
  const { ada, caller } = await adaTalks()
  const made = await asks(sam, caller.callId, 'listen')
  const { sid } = await listens(sam, made, ada.room)
  await until(async () => expect(await shown(ada)).toHaveLength(1))
  const have = (factor: 0 | 1) =>
    bindings.DB.prepare('UPDATE user SET twoFactorEnabled = ? WHERE id <> ?').bind(factor, sam.userId).run()
  const requires = (required: boolean) => ask(root, 'PUT /api/workspace/second-factor', { required })
  await have(1)
  expect((await requires(true)).status).toBe(200)
  await isEnded(sid)
  await until(async () => expect(await shown(ada)).toEqual([]))
  expect((await view(ada)).conversation?.callId).toBe(caller.callId)
  expect((await requires(false)).status).toBe(200)
  await have(0)
})

test('with the person everybody’s listening ends, and a phone that comes too late hears why', async () => {
  const { ada, caller } = await adaTalks()
  const made = await asks(sam, caller.callId, 'listen')
  const { sid } = await listens(sam, made, ada.room)
  await until(async () => expect(await read(sam, made)).toMatchObject({ mode: 'listen' }))
  const left = {
    StatusCallbackEvent: 'participant-leave',
    ConferenceSid: 'CF-1',
    CallSid: caller.sid,
    SequenceNumber: '900',
  }
  await signed(`/twilio/w_test/rooms/${ada.room}/conference`, left)
  await isEnded(sid)
  expect(await read(sam, made)).toBe(404)
  expect(await dials(sam, made.id, `CA${'0'.repeat(31)}2`)).toContain('nothing to listen to')
  await caller.report('completed')
  await until(async () => expect((await view(ada)).conversation).toBeNull())
  const none = await ask(sam, `POST ${at(caller.callId)}`, {})
  expect(none.status).toBe(409)
  expect(await none.text()).toContain('No agent talks on this call now.')
})

test('a supervisor takes the person over onto an open line, without a ring, and is refused in words without one', async () => {
  const { ada, caller } = await adaTalks()
  const path = `POST /api/calls/${encodeURIComponent(caller.callId)}/take-over`
  const refused = await ask(sam, path)
  expect(refused.status).toBe(409)
  expect(await refused.text()).toContain('Your phone is not ready')
  const samDesk = deskId('w_test', deskName(sam.userId))
  const line = await deskWithLine(plainStage, samDesk)
  const taken = await ask(sam, path)
  expect(taken.status, await taken.clone().text()).toBe(200)
  await caller.hears(line.room)
  await until(async () => expect((await view(ada)).conversation).toBeNull())
  await until(async () => expect((await line.desk.view())?.conversation?.callId).toBe(caller.callId))
  // Nobody takes their own call over, or listens to it.
  expect((await ask(sam, path)).status).toBe(409)
  expect((await ask(sam, `POST ${at(caller.callId)}`, {})).status).toBe(409)
  await caller.report('completed')
  await until(async () => expect((await line.desk.view())?.conversation).toBeNull())
  await line.desk.command(say({ type: 'phone.lost', tabId: 'tab', reason: 'test' }))
})

test('the room of nobody keeps nothing of a supervision', async () => {
  const room = stubFor(bindings, 'room', 'w_test.d_nobody.1')
  expect(await room.supervise('w_test.d_nobody.1.v1', 'w_test.d_x', 'CA1')).toBeNull()
  expect((await room.read()).room).toBe('')
})
