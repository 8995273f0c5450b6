/** A page that shows what others do is told of a change by its own desk's socket, and nobody is told anything while nobody looks. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { deskId, deskName } from '../../src/core/ids.ts'
import type { Conference } from '../../src/wire/conference.ts'
import type { Live } from '../../src/wire/supervision.ts'
import { ask, callOf, type OpenSocket, type Person, person, socketOf } from './security/people.ts'
import { say } from './sitting.ts'
import { bindings, carrier, migrated, plainStage, request, signed, until } from './stage.ts'
import { type Floor, floorOf, rings, sits } from './switchboard.ts'

let floor = {} as Floor
beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557961')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

interface Page extends OpenSocket {
  of(id: string): number
  looks(on: boolean): Promise<void>
}

async function pageOf(who: Person): Promise<Page> {
  const socket = await socketOf(who, '/api/desk')
  const send = (action: object) => socket.send(JSON.parse(say(action)) as object)
  send({ type: 'hello', protocol: 1, tabId: 'tab', since: 0 })
  await until(async () => expect(socket.messages[0]?.type).toBe('view'))
  return Object.assign(socket, {
    of: (id: string) => socket.messages.filter(one => one.type === 'live' && one.of === id).length,
    async looks(on: boolean) {
      const before = socket.messages.filter(one => one.type === 'accepted').length
      send({ type: 'look', on })
      await until(async () => expect(socket.messages.filter(one => one.type === 'accepted')).toHaveLength(before + 1))
    },
  })
}

/** A supervisor whose page Live is in front and has been read. */
async function watching(name: string): Promise<{ who: Person; page: Page }> {
  const who = await person(name, 'supervisor')
  const page = await pageOf(who)
  await page.looks(true)
  expect((await ask(who, 'GET /api/live')).status).toBe(200)
  return { who, page }
}
const stateOf = async (who: Person, userId: string) =>
  (await (await ask(who, 'GET /api/live')).json<Live>()).agents.find(one => one.agentId === deskName(userId))?.state

const object = (kind: 'desk' | 'room', id: string) => stubFor(bindings, kind, id) as unknown as DurableObjectStub
const viewersOf = (kind: 'desk' | 'room', id: string) =>
  runInDurableObject(object(kind, id), (_, { storage }) => {
    const there = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'viewers'").toArray()
    return there.length === 0
      ? []
      : storage.sql
          .exec('SELECT desk FROM viewers')
          .toArray()
          .map(row => row.desk)
  })

test('a supervisor whose page looks is told within 500 ms that an agent is on a break, and reads it', async () => {
  const ada = await sits()
  const { who, page } = await watching('Sam')
  expect(await stateOf(who, ada.userId)).toBe('ready')
  const began = Date.now()
  await ada.desk.command(say({ type: 'presence.paused' }))
  await until(async () => expect(page.of(ada.id)).toBe(1))
  expect(await stateOf(who, ada.userId)).toBe('paused')
  expect(Date.now() - began).toBeLessThan(500)
})

test('what a page does not show of a desk is not told', async () => {
  const [ada, bo] = [await sits(), await sits()]
  const { page } = await watching('Sam')
  await ada.desk.command(say({ type: 'presence.paused' }))
  await until(async () => expect(page.of(ada.id)).toBe(1))
  await ada.desk.command(say({ type: 'mute.changed', muted: true }))
  await ada.desk.command(say({ type: 'presence.ready' }))
  // What Ada's desk had to say was said before this.
  await bo.desk.command(say({ type: 'presence.paused' }))
  await until(async () => expect([page.of(bo.id), page.of(ada.id) > 1]).toEqual([1, true]))
  expect(page.of(ada.id)).toBe(2)
})

test('an agent who opens their page is here for others at once', async () => {
  const who = await person('Late', 'agent')
  const { page } = await watching('Sam')
  const id = deskId('w_test', deskName(who.userId))
  await pageOf(who)
  await until(async () => expect(page.of(id)).toBeGreaterThan(0))
})

test('a tab that is hidden is told nothing more, and the agent’s desk forgets it at the first change', async () => {
  const ada = await sits()
  const { who, page } = await watching('Sam')
  const sam = deskId('w_test', deskName(who.userId))
  expect(await viewersOf('desk', ada.id)).toContain(sam)
  await page.looks(false)
  await ada.desk.command(say({ type: 'presence.paused' }))
  await until(async () => expect(await viewersOf('desk', ada.id)).not.toContain(sam))
  expect(page.of(ada.id)).toBe(0)
  // In front again: the page reads, and is told again.
  await page.looks(true)
  expect(await stateOf(who, ada.userId)).toBe('paused')
  await ada.desk.command(say({ type: 'presence.ready' }))
  await until(async () => expect(page.of(ada.id)).toBe(1))
})

test('a page that is closed is forgotten', async () => {
  const ada = await sits()
  const { who, page } = await watching('Sam')
  const sam = deskId('w_test', deskName(who.userId))
  page.close()
  await until(async () => {
    await ada.desk.command(say({ type: 'presence.paused' }))
    await ada.desk.command(say({ type: 'presence.ready' }))
    expect(await viewersOf('desk', ada.id)).not.toContain(sam)
  })
})

test('objects that have slept go on telling: who looks is stored, and the socket hibernates', async () => {
  const ada = await sits()
  const { who, page } = await watching('Sam')
  await evictDurableObject(object('desk', ada.id))
  await evictDurableObject(object('desk', deskId('w_test', deskName(who.userId))))
  await plainStage.stub('desk', ada.id).command(say({ type: 'presence.paused' }))
  await until(async () => expect(page.of(ada.id)).toBe(1))
})

test('a caller of a queue is told to a page that shows queues', async () => {
  const ada = await sits()
  const queue = await floor.queue([ada])
  const { page } = await watching('Sam')
  const before = page.of(queue.id)
  await ada.desk.command(say({ type: 'presence.paused' }))
  await (await rings(floor)).hears('You are next.')
  await until(async () => expect(page.of(queue.id)).toBeGreaterThan(before))
})

test('a conference tells whoever reads it, a program is not kept, and another workspace is told nothing', async () => {
  const root = await person('Root', 'admin')
  const page = await pageOf(root)
  await page.looks(true)
  const { id } = await (await ask(root, 'POST /v1.0/conferences', { name: 'Told' })).json<Conference>()
  const away = await person('Away', 'admin', 'w_far')
  const far = await pageOf(away)
  await far.looks(true)
  const path = `/v1.0/conferencecalls?conference_id=${encodeURIComponent(id)}`
  expect((await ask(away, `GET ${path}`)).status).toBe(404)
  const made = await ask(root, 'POST /api/keys', { name: 'Reader', scopes: ['conferences:read'] })
  const { key } = await made.json<{ key: string }>()
  expect((await request(path, { headers: { Authorization: `Bearer ${key}` } })).status).toBe(200)
  expect((await ask(root, `GET ${path}`)).status).toBe(200)
  expect(await viewersOf('room', id)).toEqual([deskId('w_test', deskName(root.userId))])
  await ask(root, `PUT /v1.0/conferences/${encodeURIComponent(id)}`, { locked: true })
  await until(async () => expect(page.of(id)).toBeGreaterThan(0))
  expect(far.messages.some(one => one.type === 'live')).toBe(false)
})

test('an agent whose page looks is told when the recording of their call changes, and of nothing else of the call', async () => {
  const agent = await person('Rec', 'agent')
  const page = await pageOf(agent)
  await page.looks(true)
  const callId = 'w_test.call_toldofrec'
  await callOf(callId, { agentName: 'Rec', agentId: agent.userId })
  const sid = await until(async () => {
    const { call } = await stubFor(bindings, 'call', callId).read()
    if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
    return call.providerId
  })
  const form = { CallSid: sid, AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '' }
  const report = (path: string, more: Record<string, string>) =>
    signed(`/twilio/w_test/calls/${callId}/${path}`, { ...form, ...more })
  const state = async () =>
    (await (await ask(agent, `GET /v1.0/calls/${callId}/recording_state`)).json<{ state: string }>()).state
  await report('status', { CallStatus: 'ringing', SequenceNumber: '2' })
  expect(await state()).toBe('none')
  const recording = { RecordingSid: `RE${'9'.repeat(32)}`, RecordingSource: 'StartCallRecordingAPI' }
  await report('status', { CallStatus: 'in-progress', SequenceNumber: '3' })
  await report('recording', { ...recording, RecordingStatus: 'in-progress' })
  await until(async () => expect(page.of(callId)).toBe(1))
  expect(await state()).toBe('recording')
  expect((await ask(agent, `POST /v1.0/calls/${callId}/recording_pause`)).status).toBe(202)
  await until(async () => expect(await state()).toBe('paused'))
  await until(async () => expect(page.of(callId)).toBeGreaterThanOrEqual(2))
  const told = page.of(callId)
  await ask(agent, `POST /v1.0/calls/${callId}/recording_resume`)
  await until(async () => expect(page.of(callId)).toBe(told + 1))
  await report('status', { CallStatus: 'completed', SequenceNumber: '4' })
  await until(async () => expect(page.of(callId)).toBe(told + 2))
  expect(await state()).toBe('none')
  // What comes of it afterwards changes nothing on the line.
  await report('recording', { ...recording, RecordingStatus: 'completed', RecordingDuration: '3' })
  await until(async () =>
    expect((await stubFor(bindings, 'call', callId).read()).recording).toEqual({
      [recording.RecordingSid]: 'completed',
    }),
  )
  expect(page.of(callId)).toBe(told + 2)
})
