/** Flows by the API: what is refused at the door, versions, numbers, and calls that were never placed. */
import { evictDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Flow } from '../../src/wire/flow.ts'
import { ask, JSON_TYPE, type Person, person } from './security/people.ts'
import { bindings, carrier, migrated, request, signed, until } from './stage.ts'

const NUMBER = '+14155557901'
const HELLO = [{ type: 'answer' }, { type: 'talk', option: { text: 'Hello.' } }]
let admin = {} as Person
let away = {} as Person

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  away = await person('Away', 'admin', 'w_far')
  const entry = { number: NUMBER, name: 'Main', deskId: null, inFlightCap: 9, cooldownMs: 0 }
  await stubFor(bindings, 'trunk', 'w_test').saveNumber(entry)
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

async function made(actions: unknown, more: object = {}): Promise<Flow> {
  const answer = await ask(admin, 'POST /v1.0/flows', { name: 'Reception', actions, ...more })
  expect(answer.status, await answer.clone().text()).toBe(201)
  return answer.json<Flow>()
}
async function refused(endpoint: string, body: object): Promise<[number, string[]]> {
  const answer = await ask(admin, endpoint, body)
  const { fields = [] } = await answer.json<{ fields?: { field: string }[] }>()
  return [answer.status, fields.map(one => one.field)]
}

let calls = 0
async function heard(): Promise<string> {
  calls += 1
  const form = {
    CallSid: `CA${String(calls).padStart(32, 'f')}`,
    From: '+14155551234',
    To: NUMBER,
    CallStatus: 'ringing',
  }
  return (await signed('/twilio/w_test/inbound', { ...form, Direction: 'inbound' })).text()
}
const bind = (flow_id: string | null) => ask(admin, `PUT /v1.0/numbers/${encodeURIComponent(NUMBER)}`, { flow_id })

test('without a key and without a session nothing is made, at the root as under the version [S1-4]', async () => {
  const before = await (await ask(admin, 'GET /v1.0/flows')).text()
  for (const path of ['/flows', '/v1.0/flows', '/calls', '/v1.0/calls'])
    for (const authorization of [undefined, 'Bearer tk_wrong', 'Bearer ']) {
      const headers = { ...JSON_TYPE, ...(authorization === undefined ? {} : { Authorization: authorization }) }
      const body = JSON.stringify({ name: 'X', actions: HELLO, destinations: [{ target: '+14155550401' }] })
      expect((await request(path, { method: 'POST', headers, body })).status, path).toBe(401)
    }
  expect(await (await ask(admin, 'GET /v1.0/flows')).text()).toBe(before)
  expect(await carrier.requests()).toEqual([])
})

/** As a flow names it. */
const variable = (name: string) => `${'$'}{${name}}`
interface Page {
  items: Flow[]
  next: string | null
}
const page = async (cursor: string | null, limit: number): Promise<Page> => {
  const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
  const answer = await ask(admin, `GET /v1.0/flows?limit=${limit}${after}`)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json<Page>()
}

test('flows are listed by change, the newest first, page by page, also while one of them is changed', async () => {
  const made: string[] = []
  for (const name of ['A', 'B', 'C', 'D']) {
    const answer = await ask(admin, 'POST /v1.0/flows', { name, actions: HELLO })
    made.push((await answer.json<Flow>()).id)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  const [a = '', b = '', c = '', d = ''] = made
  const ids = ({ items }: Page) => items.map(one => one.id)
  expect(ids(await page(null, 4))).toEqual([d, c, b, a])
  expect((await ask(admin, `PUT /v1.0/flows/${b}`, { detail: 'changed' })).status).toBe(200)
  const first = await page(null, 2)
  expect(ids(first)).toEqual([b, d])
  await new Promise(resolve => setTimeout(resolve, 2))
  expect((await ask(admin, `POST /v1.0/flows/${a}/publish`, {})).status).toBe(200)
  // What nobody has touched comes once; what was published stands in front now.
  const second = await page(first.next, 1)
  expect(ids(second)).toEqual([c])
  expect(ids(await page(null, 3))).toEqual([a, b, d])
  const all: string[] = []
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const one: Page = await page(cursor, 3)
    all.push(...ids(one))
    cursor = one.next
  }
  expect(new Set(all).size).toBe(all.length)
  expect(all.slice(0, 4)).toEqual([a, b, d, c])
  for (const wrong of ['flows~x', 'flows~fl_1', 'queues~1~fl_1', 'flows~1~'])
    expect((await ask(admin, `GET /v1.0/flows?cursor=${wrong}`)).status, wrong).toBe(400)
})

test('what is wrong with a flow is named with its step and field, and nothing is saved [S1-16]', async () => {
  const step = (type: string, option: object = {}, more: object = {}) => ({ id: 's', type, option, ...more })
  for (const [actions, field] of [
    [[step('nonsense')], 'actions.s.type'],
    [[step('talk')], 'actions.s.text'],
    [[step('talk', { text: 'x' }, { next_id: 'nowhere' })], 'actions.s.next_id'],
    [[step('variable_set', { key: 'a', value: 'b' }, { next_id: 's' })], 'actions.s'],
    [[step('conference_join', { conference_id: 'w_test.cf_none' })], 'actions.s.conference_id'],
    [[step('queue_join', { queue_id: 'w_test.q_none' })], 'actions.s.queue_id'],
    [[step('queue_join', { queue_id: 'w_far.q_1' })], 'actions.s.queue_id'],
    [[step('transfer', { to: { type: 'queue', target: 'w_test.q_none' } })], 'actions.s.to'],
    [[step('connect', { destinations: [{ type: 'queue', target: 'w_test.q_none' }] })], 'actions.s.destinations'],
    [
      [step('call', { destinations: [{ type: 'tel', target: '+15002009001' }], flow_id: 'fl_nobody' })],
      'actions.s.flow_id',
    ],
    [[step('recording_start', { duration: 5 })], 'actions.s.duration'],
    [[step('fetch', { event_url: 'https://127.0.0.1/next' })], 'actions.s.event_url'],
    [[step('fetch', { event_url: 'https://[::1]/next' })], 'actions.s.event_url'],
    [[step('webhook_fetch', { uri: `https://10.1.2.3/${variable('caller')}` })], 'actions.s.uri'],
    [[step('webhook_fetch', { uri: 'https://2130706433/' })], 'actions.s.uri'],
    [[step('webhook_send', { uri: 'https://metadata.google.internal/x' })], 'actions.s.uri'],
    [[step('webhook_send', { uri: 'http://api.example.com/' })], 'actions.s.uri'],
    // The steps of another call are looked at like these.
    [
      [
        step('call', {
          destinations: [{ type: 'tel', target: '+15002009001' }],
          actions: [step('fetch', { event_url: 'https://127.0.0.1/next' })],
        }),
      ],
      'actions.s.actions',
    ],
    [[], 'actions'],
    ['text', 'actions'],
  ] as const) {
    const [status, fields] = await refused('POST /v1.0/flows', { name: 'Wrong', actions })
    expect([status, fields[0]], JSON.stringify(actions)).toEqual([400, expect.stringContaining(field)])
  }
  const { items } = await (await ask(admin, 'GET /v1.0/flows?limit=200')).json<{ items: Flow[] }>()
  expect(items.filter(one => one.name === 'Wrong')).toEqual([])
})

test('a public address is saved, and one that a variable will name is judged when the step runs', async () => {
  const uris = [
    `https://api.example.com/v1?n=${variable('caller')}`,
    variable('server'),
    `https://${variable('server')}/v1`,
  ]
  const actions = uris.map((uri, at) => ({ id: `w${at}`, type: 'webhook_send', option: { uri } }))
  expect((await ask(admin, 'POST /v1.0/flows', { name: 'Servers', actions })).status).toBe(201)
  const inside = [{ id: 'w', type: 'webhook_send', option: { uri: 'https://192.168.1.1/' } }]
  const call = { source: { target: NUMBER }, destinations: [{ target: '+14155550402' }], actions: inside }
  expect(await refused('POST /v1.0/calls', call)).toEqual([400, ['actions.w.uri']])
})

test('a number leads to a flow, a draft changes no call, publishing does, and a rollback takes it back [S1-13] [S1-14] [S1-63]', async () => {
  const flow = await made(HELLO)
  expect((await bind(flow.id)).status).toBe(200)
  expect(await heard()).toContain('>Hello.<')
  const talk = (text: string) => [{ type: 'answer' }, { type: 'talk', option: { text } }]
  const draft = await ask(admin, `PUT /v1.0/flows/${flow.id}`, { actions: talk('Good day.'), publish: false })
  expect(await draft.json()).toMatchObject({ version: 1 })
  expect(await heard()).toContain('>Hello.<')
  expect(await (await ask(admin, `POST /v1.0/flows/${flow.id}/publish`, {})).json()).toMatchObject({ version: 2 })
  expect(await heard()).toContain('>Good day.<')
  expect((await ask(admin, `POST /v1.0/flows/${flow.id}/rollback`, { version: 1 })).status).toBe(200)
  expect(await heard()).toContain('>Hello.<')
  const { items } = await (await ask(admin, `GET /v1.0/flows/${flow.id}/versions`)).json<{
    items: { version: number; rolledBackTo: number | null; changes: object[] }[]
  }>()
  expect(items.map(one => [one.version, one.rolledBackTo])).toEqual([
    [3, 1],
    [2, null],
    [1, null],
  ])
  expect(items[0]?.changes).toEqual([{ stepId: 'step-2', change: 'changed', fields: ['text'] }])
  expect((await ask(admin, `DELETE /v1.0/flows/${flow.id}`)).status).toBe(200)
  expect(await heard()).not.toContain('>Hello.<')
  expect((await bind(null)).status).toBe(200)
})

test('a repeated webhook gets the same page, a step that is done the page after it, also when the object was lost in between [S1-16] [S1-19]', async () => {
  const menu = { text: 'Press 1.', target_ids: { 1: 'one' } }
  const flow = await made([
    { type: 'answer' },
    { type: 'menu', option: menu },
    { id: 'one', type: 'talk', option: { text: 'One.' } },
  ])
  await bind(flow.id)
  const sid = `CA${'d'.repeat(32)}`
  const form = { CallSid: sid, From: '+14155551234', To: NUMBER, CallStatus: 'ringing', Direction: 'inbound' }
  const first = await (await signed('/twilio/w_test/inbound', form)).text()
  expect(first).toContain('<Gather')
  expect(await (await signed('/twilio/w_test/inbound', form)).text()).toBe(first)
  const action = /action="[^"]*(\/twilio\/w_test\/calls\/[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const keyed = { ...form, CallStatus: 'in-progress', Digits: '1' }
  const callId = (await stubFor(bindings, 'trunk', 'w_test').callOf(sid)) ?? ''
  const evicted = () => evictDurableObject(stubFor(bindings, 'call', callId) as unknown as DurableObjectStub)
  await evicted()
  const second = await (await signed(action, keyed)).text()
  expect(second).toContain('>One.<')
  await evicted()
  expect(await (await signed(action, keyed)).text()).toBe(second)
  await bind(null)
})

test('the record of a call stands before its flow has run a step, called by a person or by a program [S1-1] [S1-2]', async () => {
  const flow = await made(HELLO)
  await bind(flow.id)
  await heard()
  const brought = await stubFor(bindings, 'trunk', 'w_test').callOf(`CA${String(calls).padStart(32, 'f')}`)
  const body = { destinations: [{ target: '+15002000105' }], flow_id: flow.id, source: { target: NUMBER } }
  const answer = await ask(admin, 'POST /v1.0/calls', body)
  expect(answer.status, await answer.clone().text()).toBe(201)
  const { id: placed } = await answer.json<{ id: string }>()
  const sid = await until(async () => {
    const { call } = await stubFor(bindings, 'call', placed).read()
    expect(call.phase === 'live' && call.providerId).toBeTruthy()
    return call.phase === 'live' ? call.providerId : null
  })
  const form = {
    CallSid: sid ?? '',
    From: NUMBER,
    To: '+15002000105',
    CallStatus: 'in-progress',
    Direction: 'outbound-api',
  }
  expect(await (await signed(`/twilio/w_test/calls/${placed}/answer`, form)).text()).toContain('>Hello.<')
  for (const callId of [brought ?? '', placed])
    await until(async () => {
      const { timeline } = await (await ask(admin, `GET /api/calls/${callId}`)).json<{ timeline: { type: string }[] }>()
      const types = timeline.map(one => one.type)
      const [record, step] = [
        types.findIndex(type => type === 'call-created' || type === 'call-received'),
        types.indexOf('flow-step-entered'),
      ]
      expect(record, types.join()).toBeGreaterThanOrEqual(0)
      expect(step, types.join()).toBeGreaterThan(record)
    })
  await bind(null)
})

test('a call with variables over the limits, an unknown flow or a number that is not ours is refused by name [S1-5] [S1-6]', async () => {
  const destinations = [{ type: 'tel', target: '+14155550402' }]
  const call = (more: object) => refused('POST /v1.0/calls', { destinations, actions: HELLO, ...more })
  expect(await call({ variables: { big: 'x'.repeat(33_000) } })).toEqual([400, ['variables.big']])
  expect(await call({ variables: { 'voipbin.x': 'y' } })).toEqual([400, ['variables.voipbin.x']])
  expect(await call({ flow_id: 'fl_nobody' })).toEqual([400, ['flow_id']])
  expect(await call({ actions: undefined })).toEqual([400, ['flow_id']])
  expect(await call({ source: { type: 'tel', target: '+14155559999' } })).toEqual([400, ['source.target']])
  expect(await call({ destinations: [...destinations, ...destinations] })).toEqual([400, ['destinations.1.target']])
  // Some domains of our carrier are of other workspaces.
  for (const host of ['sip.twilio.com', 'sip.us1.twilio.com', 'sip.ashburn.twilio.com'])
    expect(await call({ destinations: [{ type: 'sip', target: `sip:ada@far.${host}` }] }), host).toEqual([
      400,
      ['destinations.0.target'],
    ])
  await ask(admin, 'POST /api/do-not-call', { number: '+14155550402' })
  expect(await call({})).toEqual([422, ['destinations.0.target']])
  // The exchange of somebody else calls that number, however its address is written.
  const at = (user: string) => call({ destinations: [{ type: 'sip', target: `sip:${user}@gw.example` }] })
  for (const user of ['%2B14155550402', '+14155550402:x', '0014155550402'])
    expect(await at(user), user).toEqual([422, ['destinations.0.target']])
  for (const user of ['14155550402', '4155550402'])
    expect(await at(user), user).toEqual([400, ['destinations.0.target']])
  expect(await carrier.requests()).toEqual([])
})

test('a flow is its workspace’s alone, and so is the call that runs it [S1-14]', async () => {
  const flow = await made(HELLO)
  for (const endpoint of [`GET /v1.0/flows/${flow.id}`, `DELETE /v1.0/flows/${flow.id}`])
    expect((await ask(away, endpoint)).status, endpoint).toBe(404)
  const destinations = [{ type: 'tel', target: '+14155550403' }]
  const placed = await ask(admin, 'POST /v1.0/calls', { destinations, flow_id: flow.id })
  const { id, status, flow_id } = await placed.json<{ id: string; status: string; flow_id: string }>()
  expect([placed.status, status, flow_id]).toEqual([201, 'dialing', flow.id])
  await until(async () => expect(await carrier.creates('+14155550403')).toHaveLength(1))
  expect((await ask(away, `GET /v1.0/calls/${id}`)).status).toBe(404)
  expect((await ask(admin, `POST /v1.0/calls/${id}/hangup`)).status).toBe(202)
})

test.each(['flows', 'queues', 'conferences'])(
  'no number leads to one of the %s that is deleted [S1-14]',
  async kind => {
    const body = { name: 'Soon gone', actions: HELLO }
    const { actions: _none, ...named } = body
    const made = await ask(
      admin,
      `POST /v1.0/${kind}`,
      kind === 'flows' ? body : { ...named, ...(kind === 'queues' ? { members: [] } : {}) },
    )
    expect(made.status, await made.clone().text()).toBe(201)
    const { id } = await made.json<{ id: string }>()
    const field = `${kind.slice(0, -1)}_id`
    const path = `/v1.0/numbers/${encodeURIComponent(NUMBER)}`
    expect((await ask(admin, `PUT ${path}`, { [field]: id })).status).toBe(200)
    expect((await ask(admin, `DELETE /v1.0/${kind}/${encodeURIComponent(id)}`)).status).toBe(200)
    expect(await (await ask(admin, `GET ${path}`)).json()).toMatchObject({ [field]: null })
    expect(await heard()).toContain('<Record')
  },
)
