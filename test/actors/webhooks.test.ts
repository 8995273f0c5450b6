/** Endpoints of webhooks as objects: what survives an eviction, a lost word, the end of a month; what is refused at the door. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test, vi } from 'vitest'
import { LogActor } from '../../src/actors/log/actor.ts'
import type { LoggedFact } from '../../src/actors/log/events.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { FAILING_MAX_MS } from '../../src/core/events/ladder.ts'
import { logId } from '../../src/core/ids.ts'
import { monthOf, monthsAfter } from '../../src/core/month.ts'
import type { PublicEvent, PublicEventPage } from '../../src/wire/events.ts'
import { bindings, carrier, cookieOf, migrated, request, twice, until } from './stage.ts'

const SETTINGS = { name: 'CRM', types: ['*'], vocabulary: 'seed', retries: 'short' } as const
const SECRET = `whsec_${btoa('a secret of these tests!')}`
const NOW = monthOf(Date.now())
const LINKS = { kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }

beforeAll(migrated)

function life(callId: string, at: number): Omit<LoggedFact, 'source'>[] {
  const about = { call: callId }
  const personal = { to: '+15005550001', from: '+14155550001', name: 'Ann' }
  const facts = [
    { type: 'call-created', at, links: LINKS, options: {}, talk: null, personal },
    { type: 'call-placed', at: at + 1, providerId: 'CA1', status: 'queued' },
    { type: 'call-ringing', at: at + 2 },
    { type: 'call-answered', at: at + 3 },
    { type: 'call-hungup', at: at + 9, reason: 'normal', providerStatus: 'completed', talkedMs: 6, code: null },
  ]
  return facts.map((fact, index) => ({ seq: index + 1, about, fact }))
}
const PUBLIC = ['call_created', 'call_ringing', 'call_answered', 'call_hungup']

async function endpoint(id: string) {
  const stub = stubFor(bindings, 'subscriber', id)
  await stub.create({ ...SETTINGS, types: ['*'], url: `https://example.com/${id}` }, SECRET)
  return stub
}
const tell = (callId: string, facts = life(callId, 1_000)) =>
  logOf(bindings, callId.split('.')[0] ?? '').hear(callId, JSON.stringify(facts))
/** Types that were taken, the oldest first. */
async function taken(id: string): Promise<string[]> {
  const page = await stubFor(bindings, 'subscriber', id).deliveries({ before: null, limit: 100, callId: null })
  return (page?.items ?? []).flatMap(one => (one.state === 'delivered' ? [one.type] : [])).reverse()
}

twice('an endpoint gets what happens after it was made, in order', async (stage, tag) => {
  const workspaceId = `w_hook${tag}`
  await tell(`${workspaceId}.call_before`)
  const id = `${workspaceId}.wh_1`
  const made = stage.stub('subscriber', id)
  await made.create({ ...SETTINGS, types: ['*'], url: `https://example.com/${id}` }, SECRET)
  expect(await tell(`${workspaceId}.call_1`)).toBe('listened')
  await until(async () => expect(await taken(id)).toEqual(PUBLIC))
  // A page that is sent again makes no second message.
  await tell(`${workspaceId}.call_1`)
  await made.poke()
  expect(await taken(id)).toEqual(PUBLIC)
  expect(await made.read()).toMatchObject({ status: 'enabled', waiting: 0, failing_since: null })
})

test('a word that is lost is made up for by the alarm, and the endpoint is told again from then on', async () => {
  const id = 'w_hooklost.wh_1'
  const stub = await endpoint(id)
  const log = logOf(bindings, 'w_hooklost')
  await log.unlisten(id)
  expect(await tell('w_hooklost.call_1')).toBe(true)
  await runDurableObjectAlarm(stub as unknown as DurableObjectStub)
  await until(async () => expect(await taken(id)).toEqual(PUBLIC))
  expect(await tell('w_hooklost.call_2')).toBe('listened')
})

test('what the log brings is taken by whoever has read as far as that, in the words of the endpoint; others read', async () => {
  const id = 'w_hookbrought.wh_1'
  const stub = stubFor(bindings, 'subscriber', id)
  await stub.create({ ...SETTINGS, types: ['*'], vocabulary: 'voipbin', url: `https://example.com/${id}` }, SECRET)
  const asked = vi.spyOn(LogActor.prototype, 'publicEvents')
  for (const [index, call] of ['call_1', 'call_2', 'call_3'].entries()) {
    await tell(`w_hookbrought.${call}`)
    await until(async () => expect(await taken(id)).toHaveLength(4 * (index + 1)))
  }
  // It had read to the end when it was made, and was brought the rest.
  expect(asked.mock.calls.filter(([, listener]) => listener === id).length).toBeLessThan(3)
  asked.mockRestore()
  expect((await taken(id)).slice(-4)).toEqual(['call_created', 'call_ringing', 'call_progressing', 'call_hangup'])

  const invented = {
    id: 'w_hookbrought.call_9:1',
    cursor: '2020-01~8',
    type: 'call_ringing',
    timestamp: '2020-01-01T00:00:00Z',
  }
  const itemsJson = JSON.stringify([{ ...invented, data: { id: 'w_hookbrought.call_9' } }])
  expect(await stub.poke({ from: '2020-01~7', to: '2020-01~9', itemsJson })).toBe('reads')
  await tell('w_hookbrought.call_4')
  await until(async () => expect(await taken(id)).toHaveLength(16))
})

test('an endpoint that wants more from now on misses nothing of it, and what it did not want stays away [S1-64]', async () => {
  const id = 'w_hooktypes.wh_1'
  const stub = stubFor(bindings, 'subscriber', id)
  await stub.create({ ...SETTINGS, types: ['call_hungup'], url: `https://example.com/${id}` }, SECRET)
  for (const call of ['call_1', 'call_2']) await tell(`w_hooktypes.${call}`)
  await until(async () => expect(await taken(id)).toEqual(['call_hungup', 'call_hungup']))
  await stub.change({ types: ['*'] })
  await tell('w_hooktypes.call_3')
  await until(async () => expect(await taken(id)).toEqual(['call_hungup', 'call_hungup', ...PUBLIC]))
})

test('an object that dies with messages under way sends them again when it is woken, each call in its order', async () => {
  await carrier.fail({ updates: '500' })
  const id = 'w_hookdies.wh_1'
  const stub = await endpoint(id)
  for (const call of ['call_1', 'call_2', 'call_3']) {
    await tell(`w_hookdies.${call}`)
    await evictDurableObject(stub as unknown as DurableObjectStub)
  }
  await carrier.reset()
  await runInDurableObject(stub as unknown as DurableObjectStub, (_, state) => {
    state.storage.sql.exec('UPDATE messages SET due_at = 0')
  })
  await evictDurableObject(stub as unknown as DurableObjectStub)
  await runDurableObjectAlarm(stub as unknown as DurableObjectStub)
  await until(async () => expect(await taken(id)).toHaveLength(12))
  const { items = [] } = (await stub.deliveries({ before: null, limit: 100, callId: null })) ?? {}
  const delivered = items.filter(({ state }) => state === 'delivered').reverse()
  expect(new Set(delivered.map(one => one.event_id)).size).toBe(12)
  for (const call of ['call_1', 'call_2', 'call_3'])
    expect(delivered.filter(one => one.call_id === `w_hookdies.${call}`).map(({ type }) => type)).toEqual(PUBLIC)
})

test('a month that begins tells those who listened to the one before', async () => {
  const id = 'w_hookmonth.wh_1'
  await endpoint(id)
  await tell('w_hookmonth.call_0')
  const next = stubFor(bindings, 'log', logId('w_hookmonth', monthsAfter(NOW, 1)))
  const callId = 'w_hookmonth.call_1'
  expect(await next.hear(callId, JSON.stringify(life(callId, 1_000)))).toBe('listened')
  expect(await next.listening()).toEqual([{ id, events: null }])
  // This month is over, and the events of both are one sequence.
  const now = logOf(bindings, 'w_hookmonth') as unknown as DurableObjectStub
  await runInDurableObject(now, (_, state) => void state.storage.sql.exec('UPDATE month SET sealed = 1'))
  await evictDurableObject(now)
  const items: PublicEvent[] = []
  for (let cursor: string | null = null; ; ) {
    const json = await next.publicEvents({ cursor, limit: 3, events: null, vocabulary: 'seed' })
    const page = JSON.parse(json ?? '') as PublicEventPage
    items.push(...page.items)
    cursor = page.next
    if (items.length === 2 * PUBLIC.length) break
  }
  expect(items.map(({ type }) => type)).toEqual([...PUBLIC, ...PUBLIC])
  expect(items[0]?.data).toMatchObject({ id: 'w_hookmonth.call_0', status: 'dialing', tm_hangup: null })
})

test('days without a message that was taken turn an endpoint off, which is an event', async () => {
  await carrier.fail({ updates: '500' })
  const id = 'w_hookdead.wh_1'
  const stub = await endpoint(id)
  await tell('w_hookdead.call_1')
  await until(async () => expect((await stub.read())?.failing_since).not.toBeNull())
  expect(await stub.read()).toMatchObject({ status: 'enabled' })
  await runInDurableObject(stub as unknown as DurableObjectStub, (_, state) => {
    state.storage.sql.exec('UPDATE endpoint SET failing_since = failing_since - ?', FAILING_MAX_MS)
    state.storage.sql.exec('UPDATE messages SET due_at = 0')
  })
  await runDurableObjectAlarm(stub as unknown as DurableObjectStub)
  await until(async () => expect(await stub.read()).toMatchObject({ status: 'disabled', disabled_because: 'failing' }))
  await until(async () => {
    const query = { cursor: null, limit: 200, events: null, vocabulary: 'seed' } as const
    const json = await logOf(bindings, 'w_hookdead').publicEvents(query)
    const { items } = JSON.parse(json ?? '') as PublicEventPage
    expect(items.at(-1)).toMatchObject({ type: 'webhook_disabled', data: { id, because: 'failing' } })
  })
  expect(await stub.poke()).toBe(false)
  await carrier.reset()
})

test('a server that says 500 for a day gets a message thirteen times, the next of its call after that, and everything in order [S1-51]', async () => {
  await carrier.fail({ updates: '500' })
  const id = 'w_hookday.wh_1'
  const stub = stubFor(bindings, 'subscriber', id)
  await stub.create({ ...SETTINGS, retries: 'long', types: ['*'], url: `https://example.com/${id}` }, SECRET)
  const sql = <T>(query: string) =>
    runInDurableObject(
      stub as unknown as DurableObjectStub,
      (_, state) => state.storage.sql.exec(query).toArray() as T[],
    )
  const tries = async () => (await sql<{ n: number }>('SELECT COUNT(*) AS n FROM attempts'))[0]?.n
  const began = Date.now()
  await tell('w_hookday.call_1', life('w_hookday.call_1', began))
  try {
    for (let attempt = 1; attempt < 13; attempt += 1) {
      await until(async () => expect(await tries()).toBe(attempt))
      const [first] = await sql<{ due_at: number; state: string }>(
        'SELECT due_at, state FROM messages ORDER BY n LIMIT 1',
      )
      expect(first?.state).toBe('due')
      vi.setSystemTime((first?.due_at ?? 0) + 1)
      await runDurableObjectAlarm(stub as unknown as DurableObjectStub)
    }
    await until(async () => expect(await sql("SELECT n FROM messages WHERE state = 'dead'")).toHaveLength(1))
    expect((Date.now() - began) / 3_600_000).toBeGreaterThan(19)
    expect(await stub.read()).toMatchObject({ status: 'enabled', waiting: 3 })
    await carrier.reset()
    vi.setSystemTime(Date.now() + 3_600_000)
    await runDurableObjectAlarm(stub as unknown as DurableObjectStub)
    await until(async () => expect(await taken(id)).toEqual(PUBLIC.slice(1)))
  } finally {
    vi.useRealTimers()
  }
  // What was given up is sent again when somebody wants it.
  expect(await stub.replay({ call_id: 'w_hookday.call_1' })).toBe(4)
  await until(async () => expect((await taken(id)).slice(-4)).toEqual(PUBLIC))
})

test('what waits is bounded: the log keeps the rest until there is room', async () => {
  await carrier.fail({ updates: '500' })
  const id = 'w_hookfull.wh_1'
  const stub = await endpoint(id)
  await runInDurableObject(stub as unknown as DurableObjectStub, (_, state) => {
    // Two thousand messages that are not due for an hour.
    state.storage.sql.exec(
      `INSERT INTO messages (event_id, lane, type, body, at, due_at) SELECT 'e' || value, 'l' || value, 'call_ringing', '{}', ?, ?
       FROM (WITH RECURSIVE c (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c WHERE value < 2000) SELECT value FROM c)`,
      Date.now(),
      Date.now() + 3_600_000,
    )
  })
  // An object reads what waits when it wakes.
  await evictDurableObject(stub as unknown as DurableObjectStub)
  await tell('w_hookfull.call_1')
  await stub.poke()
  await until(async () => expect((await stub.read())?.waiting).toBe(2_000))
  await carrier.reset()
  await runInDurableObject(stub as unknown as DurableObjectStub, (_, state) => {
    state.storage.sql.exec('UPDATE messages SET due_at = 0')
  })
  await evictDurableObject(stub as unknown as DurableObjectStub)
  await runDurableObjectAlarm(stub as unknown as DurableObjectStub)
  // Two thousand requests take a while on a machine that has other work.
  const arrived = async () => expect((await taken(id)).slice(-4)).toEqual(PUBLIC)
  await vi.waitFor(arrived, { timeout: 90_000, interval: 200 })
}, 120_000)

test('bad input is refused with its field: addresses, secrets, types, cursors, ranges', async () => {
  const cookie = await cookieOf('root')
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { Cookie: cookie, 'Content-Type': 'application/json' }
    const answer = await request(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    const json = (await answer.json()) as { id?: string; fields?: { field: string }[] }
    return [answer.status, json.fields?.[0]?.field ?? json.id ?? ''] as const
  }
  for (const url of [
    ...['http://example.com', 'https://10.0.0.1/x', 'https://[::1]/', 'https://localhost./', 'https://a.internal'],
    ...[
      'https://user:pass@example.com',
      'https://example.com:22/',
      'ftp://example.com',
      'example.com',
      'https://2130706433/',
    ],
    ...['https://169.254.169.254/latest', 'https://127.0.0.1.nip.io/', 'http://127.0.0.2/'],
  ])
    expect(await ask('POST', '/v1.0/webhooks', { url }), url).toEqual([400, 'url'])
  const url = 'https://example.com/hooks'
  const base64 = (bytes: number) => btoa('s'.repeat(bytes))
  for (const secret of [
    'whsec_short',
    base64(32),
    `whsec_${base64(23)}`,
    `whsec_${base64(65)}`,
    `whsec_${'!'.repeat(32)}`,
    32,
  ])
    expect(await ask('POST', '/v1.0/webhooks', { url, secret }), String(secret)).toEqual([400, 'secret'])
  expect(await ask('POST', '/v1.0/webhooks', { url, types: ['call_flown'] })).toEqual([400, 'types.0'])
  const [made, id] = await ask('POST', '/v1.0/webhooks', { url })
  expect(made).toBe(201)
  expect(await ask('PUT', `/v1.0/webhooks/${id}`, { url: 'https://10.1.2.3' })).toEqual([400, 'url'])
  const replay = (body: object) => ask('POST', `/v1.0/webhooks/${id}/replay`, body)
  expect((await replay({}))[0]).toBe(400)
  expect((await replay({ event_id: 'a', call_id: 'b' }))[0]).toBe(400)
  const [since, until] = ['2026-11-02T00:00:00Z', '2026-11-01T00:00:00Z']
  expect((await replay({ since, until }))[0]).toBe(400)
  // Whoever reads on from the future would miss what comes before it.
  const { next } = await (await request('/v1.0/events', { headers: { Cookie: cookie } })).json<PublicEventPage>()
  const place = Number(next.split('~')[1])
  expect((await request(`/v1.0/events?cursor=${next}`, { headers: { Cookie: cookie } })).status).toBe(200)
  for (const cursor of [`${NOW}~${place + 100_000}`, `${NOW}~999999999999999`, 'before~1', `w_far.${next}`])
    expect(await ask('GET', `/v1.0/events?cursor=${cursor}`), cursor).toEqual([400, 'cursor'])
  for (const cursor of ['garbage', '2031-01~4', '2026-13~1', '2026-11~-1', 'before~x'])
    expect(await ask('GET', `/v1.0/events?cursor=${cursor}`), cursor).toEqual([400, 'cursor'])
  expect(await ask('GET', '/v1.0/events?types=call_flown')).toEqual([400, 'types'])
  expect(await ask('GET', `/v1.0/webhooks/${id}/deliveries?cursor=x`)).toEqual([400, 'cursor'])
  expect(await ask('GET', '/v1.0/webhooks?cursor=flows~1')).toEqual([400, 'cursor'])
  for (const other of ['w_far.wh_1', 'w_test.wh_nobody', 'w_test.call_1', 'x'])
    expect((await ask('GET', `/v1.0/webhooks/${other}`))[0], other).toBe(404)
  expect((await ask('DELETE', `/v1.0/webhooks/${id}`))[0]).toBe(200)
  expect((await ask('DELETE', `/v1.0/webhooks/${id}`))[0]).toBe(404)
  expect((await ask('GET', `/v1.0/webhooks/${id}`))[0]).toBe(404)
})
