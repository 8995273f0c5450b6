/** A caller who reaches nobody leaves a message: it is in the right inbox once, it can be played, and it goes when it must. */
import { evictDurableObject, listDurableObjectIds, runInDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { deskId } from '../../src/core/ids.ts'
import type { InboxEntry } from '../../src/wire/inbox.ts'
import type { Queue } from '../../src/wire/queue.ts'
import { ask, type Person, person, socketOf } from './security/people.ts'
import { BASE, bindings, carrier, migrated, request, signed, until } from './stage.ts'

let root = {} as Person
let away = {} as Person
let numbers = 0
let calls = 0
const DAY_MS = 24 * 3_600_000

beforeAll(async () => {
  await migrated()
  root = await person('Root', 'admin')
  away = await person('Away', 'admin', 'w_far')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

/** Somebody of the team whose desk has a number of its own. */
async function bo() {
  numbers += 1
  const who = await person('Bo', 'agent')
  const desk = deskId('w_test', who.userId)
  const screen = await socketOf(who, '/api/desk')
  const number = `+1415555${4_000 + numbers}`
  const entry = { number, name: '', deskId: desk, inFlightCap: 9, cooldownMs: 0 }
  await stubFor(bindings, 'trunk', 'w_test').saveNumber(entry)
  return { ...who, number, screen }
}

/** A call to a number, step by step as the carrier takes it. */
async function caller(to: string) {
  calls += 1
  const sid = `CA${String(calls).padStart(32, 'd')}`
  const from = `+1415777${1_000 + calls}`
  const form = { CallSid: sid, AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '', From: from, To: to, Direction: 'inbound' }
  const send = async (path: string, more: Record<string, string>) =>
    (
      await signed(path.replace(BASE, '').replaceAll('&amp;', '&'), { ...form, CallStatus: 'in-progress', ...more })
    ).text()
  const page = await send('/twilio/w_test/inbound', { CallStatus: 'ringing' })
  const callId = (await stubFor(bindings, 'trunk', 'w_test').callOf(sid)) ?? ''
  const at = `/twilio/w_test/calls/${callId}`
  const recorded = (id: string, seconds: number) => ({
    RecordingSid: id,
    RecordingStatus: 'completed',
    RecordingDuration: String(seconds),
    RecordingSource: 'RecordVerb',
  })
  return {
    ...{ sid, from, callId, page, send },
    unanswered: () => send(`${at}/dial-action`, { DialCallStatus: 'no-answer' }),
    /** The sound is at the carrier, as if somebody had spoken, or had been silent. */
    speaks: (id: string, seconds = 4, loud = true) => carrier.recordings({ [id]: { call: sid, seconds, loud } }),
    told: (id: string, seconds = 4) => send(`${at}/recording`, recorded(id, seconds)),
    hangsUp: () => send(`${at}/status`, { CallStatus: 'completed', SequenceNumber: '9' }),
  }
}

async function listed(who: Person, path = 'inbox'): Promise<InboxEntry[]> {
  const answer = await ask(who, `GET /v1.0/${path}`)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return (await answer.json<{ items: InboxEntry[] }>()).items
}

/** The one entry of this person's inbox, when its sound is as it should be; the carrier is asked 10 s after the end of a call. */
function entryOf(who: Person, sound: InboxEntry['sound'], timeout = 20_000): Promise<InboxEntry> {
  const looks = async () => {
    const items = await listed(who)
    expect(items.map(one => one.sound)).toEqual([sound])
    return items[0] as InboxEntry
  }
  return vi.waitFor(looks, { timeout, interval: 50 })
}
const audio = ({ cookie }: Person, id: string, headers: Record<string, string> = {}) =>
  request(`/v1.0/voicemails/${encodeURIComponent(id)}/audio`, { headers: { Cookie: cookie, ...headers } })
const waiting = async (who: Person) =>
  (await (await ask(who, 'GET /v1.0/inbox-waiting')).json<{ waiting: number }>()).waiting
const namedByEvent = async (callId: string) => {
  const answer = await ask(root, 'GET /v1.0/events?types=voicemail_left&limit=200')
  const { items } = await answer.json<{ items: { data: Record<string, string> }[] }>()
  return items.find(({ data }) => data.call_id === callId)?.data.recording_id
}
const path = (id: string) => `/v1.0/inbox/${encodeURIComponent(id)}`

test('an agent does not answer: the caller stays, leaves a message, and the agent has it in the inbox [S4-4]', async () => {
  const agent = await bo()
  const one = await caller(agent.number)
  expect(one.page).toContain('<Dial')
  const greeting = await one.unanswered()
  expect(greeting).toContain('Please leave a message after the tone')
  expect(greeting).toMatch(/<Record [^>]*maxLength="180"/)
  await one.speaks('REfirst')
  await one.told('REfirst')
  await one.hangsUp()
  const entry = await entryOf(agent, 'kept')
  expect(entry).toMatchObject({ kind: 'voicemail', number: one.from, seconds: 4, transcript_state: 'no-provider' })
  // The event names it as the list of recordings does.
  await until(async () => expect(await namedByEvent(one.callId)).toBe(entry.id))
  expect((await ask(root, `GET /v1.0/recordings/${entry.id}`)).status).toBe(200)
  expect(entry.box).toMatchObject({ kind: 'person', name: 'Bo' })
  expect(await waiting(agent)).toBe(1)
  await until(async () => expect(agent.screen.messages.some(message => message.type === 'inbox')).toBe(true))
  // The whole, a part, and what lies behind the end.
  const whole = new Uint8Array(await (await audio(agent, entry.id)).arrayBuffer())
  expect(whole.length).toBe(44 + 4 * 16_000)
  const part = await audio(agent, entry.id, { Range: 'bytes=44-1043' })
  expect([part.status, part.headers.get('Content-Range')]).toEqual([206, `bytes 44-1043/${whole.length}`])
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.subarray(44, 1_044))
  const behind = await audio(agent, entry.id, { Range: `bytes=${whole.length}-` })
  expect([behind.status, behind.headers.get('Content-Range')]).toEqual([416, `bytes */${whole.length}`])
  await behind.text()
})

test('it is handled and taken back, deleted and brought back, by whoever may', async () => {
  const agent = await bo()
  const one = await caller(agent.number)
  await one.unanswered()
  await one.speaks('REsecond')
  await one.told('REsecond')
  const { id } = await entryOf(agent, 'kept')
  const handled = await (await ask(agent, `PUT ${path(id)}`, { handled: true })).json<InboxEntry>()
  expect([handled.handled_by, handled.tm_handled === null]).toEqual(['Bo', false])
  expect(await waiting(agent)).toBe(0)
  expect(await listed(agent, 'inbox?state=open')).toEqual([])
  expect(await (await ask(agent, `PUT ${path(id)}`, { handled: false })).json()).toMatchObject({ tm_handled: null })
  expect((await ask(agent, `DELETE ${path(id)}`)).status).toBe(200)
  expect(await listed(agent)).toEqual([])
  expect((await audio(agent, id)).status).toBe(404)
  expect((await ask(agent, `POST ${path(id)}/restore`)).status).toBe(200)
  expect(await listed(agent, 'voicemails')).toMatchObject([{ id }])
  // A colleague, and another tenant, are not told that it exists; whoever leads the team sees it.
  const other = await bo()
  for (const stranger of [other, away]) {
    expect((await audio(stranger, id)).status).toBe(404)
    expect((await ask(stranger, `PUT ${path(id)}`, { handled: true })).status).toBe(404)
    expect((await ask(stranger, `DELETE ${path(id)}`)).status).toBe(404)
    expect((await listed(stranger, 'inbox?whose=all')).some(entry => entry.id === id)).toBe(false)
  }
  expect((await listed(root, 'inbox?whose=all')).some(entry => entry.id === id)).toBe(true)
  expect((await listed(root)).some(entry => entry.id === id)).toBe(false)
})

test('the callback is lost and the object dies: the call is missed at first, and then it is one message', async () => {
  const agent = await bo()
  const one = await caller(agent.number)
  await one.unanswered()
  await one.speaks('RElost')
  await one.hangsUp()
  expect((await entryOf(agent, 'none')).kind).toBe('missed')
  const call = stubFor(bindings, 'call', one.callId)
  // Its alarm asks the carrier.
  await evictDurableObject(call as unknown as DurableObjectStub)
  const entry = await entryOf(agent, 'kept', 60_000)
  expect(entry).toMatchObject({ id: one.callId, kind: 'voicemail' })
  // It was late and not lost, and it comes twice.
  await one.told('RElost')
  await evictDurableObject(stubFor(bindings, 'call', one.callId) as unknown as DurableObjectStub)
  await one.told('RElost')
  const fetched = (await carrier.requests()).filter(({ path: asked }) => asked.includes('RElost.wav'))
  expect([(await listed(agent)).length, fetched.length]).toEqual([1, 1])
}, 90_000)

test('the object of the inbox dies before it has fetched the sound: it is fetched afterwards, once', async () => {
  const agent = await bo()
  const one = await caller(agent.number)
  await one.unanswered()
  await one.told('RElater')
  await entryOf(agent, 'due')
  await evictDurableObject(stubFor(bindings, 'inbox', 'w_test') as unknown as DurableObjectStub)
  await one.speaks('RElater')
  await runInDurableObject(stubFor(bindings, 'inbox', 'w_test') as unknown as DurableObjectStub, async (_, it) => {
    it.storage.sql.exec('UPDATE entries SET due_at = 0 WHERE entry_id = ?', one.callId)
    await it.storage.setAlarm(Date.now())
  })
  expect((await entryOf(agent, 'kept', 60_000)).kind).toBe('voicemail')
}, 90_000)

test('three seconds of silence are a missed call, and the carrier keeps nothing of it', async () => {
  const agent = await bo()
  const one = await caller(agent.number)
  await one.unanswered()
  await one.speaks('REsilent', 3, false)
  await one.told('REsilent', 3)
  await until(async () => expect(await listed(agent)).toMatchObject([{ kind: 'missed', sound: 'none', seconds: null }]))
  expect(await carrier.recordings()).toEqual([])
})

test('a number that nobody has: the message is for whoever leads the team, with the words of the workspace', async () => {
  const number = '+14155554999'
  await stubFor(bindings, 'trunk', 'w_test').saveNumber({
    number,
    name: '',
    deskId: null,
    inFlightCap: 9,
    cooldownMs: 0,
  })
  const words = { kind: 'workspace', text: 'This is the night service of Acme.' }
  expect((await ask(root, 'PUT /v1.0/voicemail-greetings', words)).status).toBe(200)
  const agent = await bo()
  expect((await ask(agent, 'PUT /v1.0/voicemail-greetings', words)).status).toBe(403)
  const one = await caller(number)
  expect(one.page).toContain('This is the night service of Acme.')
  await one.speaks('REgeneral')
  await one.told('REgeneral')
  await until(async () => expect((await listed(root)).filter(entry => entry.call_id === one.callId).length).toBe(1))
  expect(await listed(agent)).toEqual([])
  await ask(root, 'PUT /v1.0/voicemail-greetings', { kind: 'workspace', text: '' })
})

test('a queue that nobody serves: its members have the message, and nobody else', async () => {
  const [member, other] = [await bo(), await bo()]
  const made = await ask(root, 'POST /v1.0/queues', {
    name: 'Support',
    members: [{ agent_id: member.userId }],
    wait_timeout: 1_000,
  })
  const queue = await made.json<Queue>()
  const actions = [
    { id: 'wait', type: 'queue_join', option: { queue_id: queue.id } },
    { id: 'box', type: 'voicemail', option: {} },
  ]
  const flow = await (await ask(root, 'POST /v1.0/flows', { name: 'Support', actions })).json<{ id: string }>()
  const number = '+14155554998'
  await stubFor(bindings, 'trunk', 'w_test').saveNumber({
    number,
    name: '',
    deskId: null,
    inFlightCap: 9,
    cooldownMs: 0,
  })
  expect((await ask(root, `PUT /v1.0/numbers/${encodeURIComponent(number)}`, { flow_id: flow.id })).status).toBe(200)
  const one = await caller(number)
  await until(async () => {
    const { voicemail } = (await stubFor(bindings, 'call', one.callId).read()) as unknown as {
      voicemail: { asked: boolean }
    }
    expect(voicemail.asked).toBe(true)
  })
  await one.speaks('REqueue')
  await one.told('REqueue')
  await one.hangsUp()
  const entry = await entryOf(member, 'kept')
  expect(entry.box).toMatchObject({ kind: 'queue', id: queue.id, name: 'Support' })
  expect(await listed(other)).toEqual([])
})

test('what is older than the workspace keeps it goes, and its sound as well, here and at the carrier', async () => {
  const agent = await bo()
  const one = await caller(agent.number)
  await one.unanswered()
  await one.speaks('REold')
  await one.told('REold')
  const { id } = await entryOf(agent, 'kept')
  const inbox = stubFor(bindings, 'inbox', 'w_test')
  const place = await inbox.soundOf(id, null)
  if (place?.is !== 'file') throw new Error('it was not copied')
  expect(await bindings.ARCHIVE?.head(place.key)).not.toBeNull()
  const ageMs = 10 * DAY_MS
  await runInDurableObject(inbox as unknown as DurableObjectStub, async (_, { storage }) => {
    storage.sql.exec('UPDATE entries SET at = at - ? WHERE entry_id = ?', ageMs, id)
    storage.sql.exec('DELETE FROM sweeps')
    await storage.setAlarm(Date.now())
  })
  // Ten days are not ninety.
  await until(async () => expect(await swept()).toBe(true))
  expect(await carrier.recordings()).toEqual(['REold'])
  expect((await ask(root, 'PUT /api/workspace/voicemail', { days: 7 })).status).toBe(200)
  await runInDurableObject(inbox as unknown as DurableObjectStub, async (_, { storage }) => {
    storage.sql.exec('DELETE FROM sweeps')
    await storage.setAlarm(Date.now())
  })
  await until(async () => expect(await listed(agent)).toEqual([]))
  expect([await carrier.recordings(), await bindings.ARCHIVE?.head(place.key)]).toEqual([[], null])
  await ask(root, 'PUT /api/workspace/voicemail', { days: 90 })
})

/** The sweep has run and has written down when it runs next. */
async function swept(): Promise<boolean> {
  const inbox = stubFor(bindings, 'inbox', 'w_test') as unknown as DurableObjectStub
  return runInDurableObject(inbox, (_, { storage }) => storage.sql.exec('SELECT 1 FROM sweeps').toArray().length > 0)
}

test('what was deleted an hour ago is gone for good', async () => {
  const agent = await bo()
  const one = await caller(agent.number)
  await one.unanswered()
  await one.speaks('REgone')
  await one.told('REgone')
  const { id } = await entryOf(agent, 'kept')
  await ask(agent, `DELETE ${path(id)}`)
  const inbox = stubFor(bindings, 'inbox', 'w_test')
  await runInDurableObject(inbox as unknown as DurableObjectStub, async (_, { storage }) => {
    storage.sql.exec('UPDATE entries SET deleted_at = deleted_at - 3600001 WHERE entry_id = ?', id)
  })
  expect((await ask(agent, `POST ${path(id)}/restore`)).status).toBe(404)
  await runInDurableObject(inbox as unknown as DurableObjectStub, (_, { storage }) => storage.setAlarm(Date.now()))
  await until(async () => expect(await carrier.recordings()).toEqual([]))
  expect(await inbox.soundOf(id, null)).toBeNull()
})

const leads = async (number: string, body: object) => ask(root, `PUT /v1.0/numbers/${encodeURIComponent(number)}`, body)

test('a number leads straight to a queue: who is not answered leaves a message for its members, who gives up is missed there', async () => {
  const member = await bo()
  const made = await ask(root, 'POST /v1.0/queues', {
    name: 'Support',
    members: [{ agent_id: member.userId }],
    wait_timeout: 1_000,
  })
  const queue = await made.json<Queue>()
  const led = await leads(member.number, { queue_id: queue.id })
  expect(await led.json()).toMatchObject({ queue_id: queue.id, user_id: null, flow_id: null })
  const one = await caller(member.number)
  const gaveUp = await caller(member.number)
  await gaveUp.hangsUp()
  await until(async () => expect(await listed(member)).toMatchObject([{ kind: 'missed', call_id: gaveUp.callId }]))
  const state = async () => (await stubFor(bindings, 'call', one.callId).read()).voicemail
  await until(async () => expect(await state()).toMatchObject({ asked: true }))
  await one.speaks('REdirect')
  await one.told('REdirect')
  await until(async () => {
    const items = await listed(member)
    expect(items.map(entry => entry.kind).sort()).toEqual(['missed', 'voicemail'])
    expect(items.every(entry => entry.box.id === queue.id)).toBe(true)
  })
})

test('a number leads to exactly one thing, whoever had it before', async () => {
  const who = await bo()
  const made = await ask(root, 'POST /v1.0/conferences', { name: 'Standup' })
  const conference = await made.json<{ id: string }>()
  const nowhere = { flow_id: null, queue_id: null, conference_id: null, agent_id: null, user_id: null }
  const read = async () => (await ask(root, `GET /v1.0/numbers/${encodeURIComponent(who.number)}`)).json()
  expect(await read()).toMatchObject({ ...nowhere, user_id: who.userId })
  const both = await leads(who.number, { conference_id: conference.id, user_id: who.userId })
  expect(both.status).toBe(400)
  expect((await both.json<{ fields: { field: string }[] }>()).fields.map(one => one.field)).toEqual(['user_id'])
  expect((await leads(who.number, {})).status).toBe(400)
  for (const wrong of [{ queue_id: 'w_far.q_1' }, { user_id: away.userId }, { conference_id: 'x' }, { agent_id: 'no' }])
    expect((await leads(who.number, wrong)).status).toBe(422)
  expect(await read()).toMatchObject({ ...nowhere, user_id: who.userId })
  expect(await (await leads(who.number, { conference_id: conference.id })).json()).toMatchObject({
    ...nowhere,
    conference_id: conference.id,
  })
  const inside = await caller(who.number)
  await until(async () =>
    expect(await inside.send(`/twilio/w_test/calls/${inside.callId}/answer`, {})).toContain('<Conference'),
  )
  // A flow that is not there need not be let go; nobody lets go of everything.
  expect(await (await leads(who.number, { flow_id: null })).json()).toMatchObject({ conference_id: conference.id })
  expect(await (await leads(who.number, nowhere)).json()).toMatchObject(nowhere)
  expect((await caller(who.number)).page).toContain('leave a message')
})

test('who asks to be called back is in the inbox until somebody has talked with them', async () => {
  const member = await bo()
  const made = await ask(root, 'POST /v1.0/queues', { name: 'Support', members: [{ agent_id: member.userId }] })
  const { id: queueId } = await made.json<Queue>()
  const queue = stubFor(bindings, 'queue', queueId)
  const personal = { from: '+14155554997', to: '' }
  const wanted = { type: 'callback.wanted' as const, at: Date.now(), entryId: 'e9', personal }
  await queue.deliver(wanted, 'wanted')
  await queue.deliver({ ...wanted, entryId: 'e10' }, 'wanted again')
  await until(async () =>
    expect(await listed(member)).toMatchObject([{ kind: 'callback', number: '+14155554997', tm_handled: null }]),
  )
  await stubFor(bindings, 'inbox', 'w_test').callbackDone('e9')
  expect(await listed(member)).toMatchObject([{ kind: 'callback', handled_by: 'Trunkline' }])
})

test('a step names a box that is not there: the team has the message, and no object comes into being', async () => {
  const number = '+14155554996'
  const known = { number, name: '', deskId: null, inFlightCap: 9, cooldownMs: 0 }
  await stubFor(bindings, 'trunk', 'w_test').saveNumber(known)
  const before = (await listDurableObjectIds(bindings.DESK)).length
  for (const box of ['somebody-else', 'w_far.q_1', 'w_test.q_none']) {
    const actions = [{ id: 'box', type: 'voicemail', option: { box } }]
    const flow = await (await ask(root, 'POST /v1.0/flows', { name: box, actions })).json<{ id: string }>()
    expect((await leads(number, { flow_id: flow.id })).status).toBe(200)
    const one = await caller(number)
    await one.hangsUp()
    await until(async () =>
      expect((await listed(root)).find(entry => entry.call_id === one.callId)?.box.kind).toBe('workspace'),
    )
  }
  // The desk of whoever leads the team has been told, and no other.
  expect((await listDurableObjectIds(bindings.DESK)).length).toBeLessThanOrEqual(before + 1)
})
