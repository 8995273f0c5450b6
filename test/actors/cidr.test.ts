/** A foreign system starts a call with a key: one more call among the others, and in nobody's race. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { SOLO_POLICY } from '../../src/core/batch/batch.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import type { CallRow } from '../../src/wire/api.ts'
import { makeKey } from '../../src/worker/api-keys.ts'
import { ask, JSON_TYPE, type Person, person } from './security/people.ts'
import { bindings, carrier, migrated, request, signed, until } from './stage.ts'

const NUMBERS = ['+14155557801', '+14155557802']
let admin = {} as Person
let key = ''
let otherKey = ''

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  await person('Far', 'admin', 'w_far')
  const book = stubFor(bindings, 'workspace', 'w_test')
  await book.setProfile('Acme', 'Acme', '+14155550100')
  const robin = aiAgentBody.parse({ name: 'Robin', prompt: 'Help.', opening: 'Hello.', language: 'en-US' })
  await book.saveAiAgent('ai_robin', robin, 'Root')
  for (const number of NUMBERS)
    await stubFor(bindings, 'trunk', 'w_test').saveNumber({
      number,
      name: '',
      deskId: null,
      inFlightCap: 9,
      cooldownMs: 0,
    })
  const wanted = {
    workspaceId: 'w_test',
    scopes: ['calls:originate' as const],
    addresses: [],
    madeBy: 'Root',
    endsMs: null,
  }
  key = (await makeKey(bindings, { ...wanted, name: 'CRM' }, Date.now()))?.key ?? ''
  otherKey = (await makeKey(bindings, { ...wanted, name: 'Another' }, Date.now()))?.key ?? ''
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

interface Started {
  callId: string
  callSid: string
  status: string
}
function by(given: string, endpoint: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const [method = 'GET', path = ''] = endpoint.split(' ')
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return request(path, { method, headers: { ...JSON_TYPE, Authorization: `Bearer ${given}`, ...headers }, ...sent })
}
async function originate(to: string, more: object = {}): Promise<Started> {
  const answer = await by(key, 'POST /api/cidr/originate', { to, ...more })
  expect(answer.status, await answer.clone().text()).toBe(201)
  return answer.json<Started>()
}
async function listed(): Promise<CallRow[]> {
  return (await (await ask(admin, 'GET /api/calls?limit=200')).json<{ items: CallRow[] }>()).items
}

test('a key starts a call, a session does not; the answer comes before anybody has answered [S3-58]', async () => {
  expect((await ask(admin, 'POST /api/cidr/originate', { to: '+14155550301' })).status).toBe(401)
  expect(await carrier.creates('+14155550301')).toEqual([])
  const started = await originate('+14155550301')
  expect(started).toMatchObject({ callSid: expect.stringMatching(/^CA/), status: 'dialing' })
  expect(started.callId).toMatch(/^w_test\.call_/)
  expect(await carrier.creates('+14155550301')).toHaveLength(1)
  const read = await by(key, `GET /api/cidr/calls/${started.callId}`)
  expect(await read.json()).toEqual(started)
  // Whose key it is not sees no such call.
  expect((await by(otherKey, `GET /api/cidr/calls/${started.callId}`)).status).toBe(404)
  expect((await by(otherKey, `POST /api/cidr/calls/${started.callId}/hangup`)).status).toBe(404)
})

test('it is answered by an AI agent, and it ends when the program says so [S3-58]', async () => {
  const { callId, callSid } = await originate('+14155550302', { message: 'Your parcel is here.' })
  const answered = await signed(`/twilio/w_test/calls/${callId}/answer`, {
    CallSid: callSid,
    CallStatus: 'in-progress',
  })
  expect(await answered.text()).toContain('<Stream')
  const { call, talk } = await stubFor(bindings, 'call', callId).read()
  expect(call.phase === 'live' && [call.links.kind, call.party.message, talk !== null]).toEqual([
    'cidr',
    'Your parcel is here.',
    true,
  ])
  expect((await by(key, `POST /api/cidr/calls/${callId}/hangup`)).status).toBe(202)
  await until(async () => {
    const ended = (await carrier.requests()).filter(one => one.path.includes(callSid) && one.form.Status !== undefined)
    expect(ended.map(one => one.form.Status)).toEqual(['completed'])
  })
  expect((await by(key, `POST /api/cidr/calls/${callId}/hangup`)).status).toBe(202)
})

test('the same request twice is one call; another body under its key is refused [D7]', async () => {
  const once = { 'Idempotency-Key': 'order-7' }
  const both = await Promise.all([1, 2].map(() => by(key, 'POST /api/cidr/originate', { to: '+14155550303' }, once)))
  const [first, second] = await Promise.all(both.map(answer => answer.json<Started>()))
  expect(first).toEqual(second)
  expect(await carrier.creates('+14155550303')).toHaveLength(1)
  expect((await by(key, 'POST /api/cidr/originate', { to: '+14155550304' }, once)).status).toBe(422)
})

test('the rules of dialing and the limits of one caller hold for a program, and bad input names its field [C1] [D13]', async () => {
  const wrong = async (body: object) => {
    const answer = await by(key, 'POST /api/cidr/originate', body)
    const { fields = [] } = await answer.json<{ fields?: { field: string }[] }>()
    return [answer.status, fields.map(one => one.field).join()]
  }
  expect((await ask(admin, 'POST /api/do-not-call', { number: '+1 (415) 555-0305' })).status).toBe(201)
  expect(await wrong({ to: '415.555.0305' })).toEqual([422, 'to'])
  expect(await wrong({ to: 'nobody' })).toEqual([400, 'to'])
  expect(await wrong({})).toEqual([400, 'to'])
  expect(await wrong({ to: '+14155550306', from: '+14155559999' })).toEqual([400, 'from'])
  expect(await wrong({ to: '+14155550306', agentId: 'nobody' })).toEqual([404, ''])
  expect(await carrier.requests()).toEqual([])
  const trunk = stubFor(bindings, 'trunk', 'w_test')
  const rules = await trunk.clearanceRules()
  const { agent } = rules.limits
  await trunk.clearanceRules({ ...rules, limits: { ...rules.limits, agent: { ...agent, atOnce: 1 } } })
  const started = await by(otherKey, 'POST /api/cidr/originate', { to: '+14155550307' })
  expect(started.status).toBe(201)
  const second = await by(otherKey, 'POST /api/cidr/originate', { to: '+14155550308' })
  expect([second.status, await second.text()]).toEqual([422, expect.stringContaining('agent-at-once')])
  await trunk.clearanceRules(rules)
})

/** A round of two people, dialled. */
async function round(batchId: string, firstNumber: number) {
  const legs = [1, 2].map(n => ({
    callId: `${batchId}.${n}`,
    contactId: null,
    name: `Person ${n}`,
    to: `+1415555${firstNumber + n}`,
    from: NUMBERS[0] ?? '',
  }))
  const place = { kind: 'room' as const, room: 'w_test.d_nobody.1' }
  await stubFor(bindings, 'batch', batchId).open({
    policy: { ...SOLO_POLICY, amd: 'off' },
    legs,
    seats: [{ seatId: `seat-${batchId}`, deskId: 'w_test.d_nobody', place }],
    campaignId: null,
    agentName: null,
    record: false,
    clearance: { purpose: 'single', agent: null, hours: null },
  })
  const sids: string[] = []
  for (const { callId } of legs)
    sids.push(
      await until(async () => {
        const { call } = await stubFor(bindings, 'call', callId).read()
        if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
        return call.providerId
      }),
    )
  return { legs, sids }
}

test('two races, an inbound call and one of a program: a winner in one race touches no other call, and all are in one list [S3-21] [S3-59] [S3-60]', async () => {
  const mine = await round('w_test.c_cidr.b1', 4_100)
  const theirs = await round('w_test.c_cidr.b2', 4_200)
  const started = await originate('+14155550309')
  const inboundSid = `CA${'9'.repeat(32)}`
  const inbound = { CallSid: inboundSid, From: '+14155551234', To: NUMBERS[1] ?? '', CallStatus: 'ringing' }
  expect((await signed('/twilio/w_test/inbound', inbound)).status).toBe(200)
  const usage = async (number: string) =>
    Number((await stubFor(bindings, 'trunk', 'w_test').numbers()).find(row => row.number === number)?.in_flight)
  const [create] = await carrier.creates('+14155550309')
  expect(await usage(create?.form.From ?? '')).toBeGreaterThan(0)

  const [winner] = mine.legs
  await stubFor(bindings, 'batch', 'w_test.c_cidr.b1').claim(winner?.callId ?? '', mine.sids[0] ?? '', null)
  const updates = async () => (await carrier.requests()).filter(one => one.form.Status !== undefined)
  await until(async () =>
    expect((await updates()).map(one => one.path.split('/').at(-1))).toEqual([`${mine.sids[1]}.json`]),
  )

  // A race knows its own legs and no other call.
  const state = await stubFor(bindings, 'batch', 'w_test.c_cidr.b1').read()
  expect(JSON.stringify(state)).not.toContain(started.callId)
  const callIds = [...mine.legs, ...theirs.legs, started].map(one => one.callId)
  await until(async () => {
    const rows = await listed()
    const rowOf = (callId: string) => rows.find(row => row.callId === callId)
    for (const callId of callIds) expect(rowOf(callId), callId).toBeDefined()
    expect(rowOf(started.callId)).toMatchObject({ kind: 'cidr', direction: 'outbound', status: 'dialing' })
    const calling = rows.filter(row => row.number === inbound.From)
    expect(calling).toMatchObject([{ kind: 'inbound', direction: 'inbound' }])
    for (const { callId } of theirs.legs) expect(rowOf(callId)?.status, callId).not.toBe('hangup')
  })
  const events = await (await ask(admin, 'GET /api/events?limit=200&types=call-created')).text()
  expect(events).toContain(started.callId)
})

test('a call of a program is nobody else’s: another workspace has no such call in its list [S3-60]', async () => {
  const started = await originate('+14155550310')
  await until(async () => expect((await listed()).some(row => row.callId === started.callId)).toBe(true))
  const away = await person('Away', 'admin', 'w_far')
  expect(await (await ask(away, 'GET /api/calls?limit=200')).text()).not.toContain(started.callId)
  expect((await ask(away, `GET /api/calls/${started.callId}`)).status).toBe(404)
})

test('a call can be read as soon as it was placed [S3-59]', async () => {
  const { callId } = await originate('+14155550311')
  const read = await ask(admin, `GET /api/calls/${callId}`)
  expect([read.status, (await read.json<{ call: CallRow }>()).call.kind]).toEqual([200, 'cidr'])
})
