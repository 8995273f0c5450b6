/** The voice API beside flows and queues: people of the team, numbers, calls, and flows as they run. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { VoiceAgent } from '../../src/wire/voice-agent.ts'
import type { Activeflow, VoiceCall, VoiceCallRow } from '../../src/wire/voice-call.ts'
import { ask, type Person, person, socketOf } from './security/people.ts'
import { bindings, carrier, migrated, signed, until } from './stage.ts'

const NUMBERS = ['+14155558101', '+14155558102', '+14155558103']
const [MAIN = ''] = NUMBERS
let admin = {} as Person
let ada = {} as Person
let away = {} as Person

interface List<T> {
  items: T[]
  next: string | null
}
const read = async <T>(who: Person, path: string): Promise<T> => (await ask(who, `GET ${path}`)).json<T>()
async function refused(who: Person, endpoint: string, body?: object): Promise<[number, string[]]> {
  const answer = await ask(who, endpoint, body)
  const { fields = [] } = await answer.json<{ fields?: { field: string }[] }>()
  return [answer.status, fields.map(one => one.field)]
}

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  ada = await person('Ada', 'agent')
  away = await person('Away', 'admin', 'w_far')
  for (const number of NUMBERS) {
    const entry = { number, name: `Line ${number.at(-1)}`, deskId: null, inFlightCap: 9, cooldownMs: 0 }
    await stubFor(bindings, 'trunk', 'w_test').saveNumber(entry)
  }
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

/** Everything in a list, one thing a page. */
async function pages<T>(who: Person, path: string): Promise<T[]> {
  const found: T[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { items, next }: List<T> = await read(who, `${path}?limit=1${cursor && `&cursor=${cursor}`}`)
    found.push(...items)
    cursor = next
  }
  return found
}

test('the team is listed with what each desk says, and an agent takes a break and ends it', async () => {
  const all = await pages<VoiceAgent>(admin, '/v1.0/agents')
  expect(all.map(one => [one.name, one.role, one.status]).sort()).toEqual([
    ['Ada', 'agent', 'offline'],
    ['Root', 'admin', 'offline'],
  ])
  const own = all.find(one => one.name === 'Ada')
  expect(own).toMatchObject({ user_id: ada.userId, tm_status: null, addresses: [{ type: 'agent', target: own?.id }] })
  const put = async (status: string) => (await ask(ada, 'PUT /v1.0/agents/me/status', { status })).json<VoiceAgent>()
  // Whoever has no page open is offline, break or not.
  expect(await put('away')).toMatchObject({ status: 'offline', tm_status: expect.any(String) })
  const socket = await socketOf(ada, '/api/desk')
  socket.send({ id: 'h', type: 'hello', protocol: 1, tabId: 'tab', since: 0 })
  await until(async () => expect(socket.messages.at(-1)?.type).toBe('view'))
  expect(await put('away')).toMatchObject({ user_id: ada.userId, status: 'away', tm_status: expect.any(String) })
  expect((await put('away')).status).toBe('away')
  expect(await read(admin, `/agents/${own?.id}`)).toMatchObject({ name: 'Ada', status: 'away' })
  const back = await put('available')
  expect(['available', 'offline']).toContain(back.status)
  expect(await refused(ada, 'PUT /v1.0/agents/me/status', { status: 'busy' })).toEqual([400, ['status']])
})

test('a person of another workspace is not there, and neither is a cursor of another list', async () => {
  expect((await refused(admin, `GET /v1.0/agents/${away.userId}`))[0]).toBe(404)
  expect((await pages<VoiceAgent>(away, '/v1.0/agents')).map(one => one.name)).toEqual(['Away'])
  for (const path of ['agents', 'numbers', 'calls', 'activeflows']) {
    expect(await refused(admin, `GET /v1.0/${path}?cursor=flows~a`), path).toEqual([400, ['cursor']])
    expect(await refused(admin, `GET /v1.0/${path}?limit=0`), path).toEqual([400, ['limit']])
    expect(await refused(admin, `GET /v1.0/${path}?other=1`), path).toEqual([400, ['other']])
  }
})

test('numbers are listed with the flow that answers each [S1-14]', async () => {
  const flow = await ask(admin, 'POST /v1.0/flows', { name: 'Hello', actions: [{ type: 'answer' }] })
  const { id } = await flow.json<{ id: string }>()
  await ask(admin, `PUT /v1.0/numbers/${encodeURIComponent(MAIN)}`, { flow_id: id })
  const all = await pages<{ number: string; flow_id: string | null }>(admin, '/numbers')
  expect(all.filter(one => NUMBERS.includes(one.number)).map(one => [one.number, one.flow_id])).toEqual([
    [MAIN, id],
    ['+14155558102', null],
    ['+14155558103', null],
  ])
  expect((await pages<{ number: string }>(away, '/numbers')).filter(one => NUMBERS.includes(one.number))).toEqual([])
})

let calls = 0
/** A caller on the main line; the flow waits for a key. */
async function caller(): Promise<{ id: string; sid: string }> {
  calls += 1
  const sid = `CA${String(calls).padStart(32, 'e')}`
  const form = { CallSid: sid, From: '+14155551234', To: MAIN, CallStatus: 'ringing', Direction: 'inbound' }
  expect(await (await signed('/twilio/w_test/inbound', form)).text()).toContain('<Gather')
  const id = (await stubFor(bindings, 'trunk', 'w_test').callOf(sid)) ?? ''
  return { id, sid }
}

test('a flow that runs is listed and read, its stop hangs up, and a second stop is 409 [S1-16]', async () => {
  const actions = [
    { id: 'hello', type: 'answer' },
    { id: 'key', type: 'digits_receive', option: { duration: 60_000, length: 1 } },
  ]
  const made = await (await ask(admin, 'POST /v1.0/flows', { name: 'Waits', actions })).json<{ id: string }>()
  await ask(admin, `PUT /v1.0/numbers/${encodeURIComponent(MAIN)}`, { flow_id: made.id })
  const { id, sid } = await caller()
  const running: Partial<Activeflow> = {
    ...{ id, flow_id: made.id, version: 1, status: 'running', reference_type: 'call', reference_id: id },
    ...{ current_action_id: 'key', end_reason: null },
  }
  expect(await read(admin, `/activeflows/${id}`)).toMatchObject(running)
  await until(async () =>
    expect((await read<List<Activeflow>>(admin, '/v1.0/activeflows')).items).toContainEqual(
      expect.objectContaining(running),
    ),
  )
  expect((await read<List<Activeflow>>(ada, '/v1.0/activeflows')).items).toEqual([])
  expect((await read<List<Activeflow>>(away, '/v1.0/activeflows')).items).toEqual([])
  for (const endpoint of [`GET /v1.0/activeflows/${id}`, `POST /v1.0/activeflows/${id}/stop`])
    expect((await refused(away, endpoint))[0], endpoint).toBe(404)
  expect((await ask(admin, `POST /v1.0/activeflows/${id}/stop`)).status).toBe(202)
  const url = await until(async () => {
    const told = (await carrier.requests()).find(one => one.method === 'POST' && one.path.includes(sid))
    if (told?.form.Url === undefined) throw new Error('the carrier was not told')
    return new URL(told.form.Url)
  })
  const asked = { CallSid: sid, From: '+14155551234', To: MAIN, CallStatus: 'in-progress', Direction: 'inbound' }
  expect(await (await signed(`${url.pathname}${url.search}`, asked)).text()).toContain('<Hangup')
  expect(await read(admin, `/v1.0/activeflows/${id}`)).toMatchObject({ status: 'ended', end_reason: 'stopped' })
  expect((await refused(admin, `POST /v1.0/activeflows/${id}/stop`))[0]).toBe(409)
})

test('calls are listed from the log, an agent sees their own alone, and nobody those of another workspace [S1-4]', async () => {
  const { id } = await caller()
  const found = await until(async () => {
    const row = (await read<List<VoiceCallRow>>(admin, '/calls?limit=200')).items.find(one => one.id === id)
    if (row === undefined) throw new Error('the log has not heard of it')
    return row
  })
  const whole = await read<VoiceCall>(admin, `/v1.0/calls/${id}`)
  expect(found).toMatchObject({ source: whole.source, destination: whole.destination, direction: 'incoming' })
  expect((await pages<VoiceCallRow>(admin, '/v1.0/calls')).map(one => one.id)).toContain(id)
  expect((await read<List<VoiceCallRow>>(ada, '/v1.0/calls')).items).toEqual([])
  expect((await read<List<VoiceCallRow>>(away, '/v1.0/calls')).items).toEqual([])
})
