/** The socket of events in the wrong hands: wrong messages, wrong cursors, too many of everything, other tenants, and sign-ins and keys that end. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { SILENT_MS } from '../../../src/actors/stream/subscriptions.ts'
import { stubFor } from '../../../src/actors/stubs.ts'
import { sealed } from '../../../src/core/events/stream/cursor.ts'
import { WINDOW_EVENTS } from '../../../src/core/events/stream/window.ts'
import { monthOf } from '../../../src/core/month.ts'
import { STREAM_SOCKETS_MAX, STREAM_SOCKETS_OF_ONE_MAX, TOPICS_MAX } from '../../../src/wire/stream.ts'
import { bindings, migrated, until } from '../stage.ts'
import { LIFE, life, open, program, ring, tell, upgrade } from '../stream-stage.ts'
import { ask, type Person, person } from './people.ts'

let admin = {} as Person

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
})

const objectOf = (workspaceId: string) => stubFor(bindings, 'stream', workspaceId) as unknown as DurableObjectStub
const NOW = monthOf(Date.now())

test('a wrong message is answered with the field that is wrong, and the socket goes on', async () => {
  const { headers } = await program('w_wrong')
  await tell('w_wrong.call_1')
  await tell('w_other.call_1')
  const client = await open(headers)
  const many = Array.from({ length: TOPICS_MAX }, (_, n) => `call:w_wrong.call_${n}`)
  const topics = ['*']
  const wrong: [object | string, string, string][] = [
    ['nonsense', 'bad-message', ''],
    ['null', 'bad-message', ''],
    [{ type: 'dance' }, 'bad-message', 'type'],
    [{ type: 'subscribe' }, 'bad-message', 'topics'],
    [{ type: 'subscribe', topics: [] }, 'bad-message', 'topics'],
    [{ type: 'subscribe', topics: ['*', 7] }, 'bad-message', 'topics.1'],
    [{ type: 'subscribe', topics, since: 1 }, 'bad-message', 'since'],
    [{ type: 'subscribe', topics, vocabulary: 'latin' }, 'bad-message', 'vocabulary'],
    [{ type: 'subscribe', topics: ['*', 'call_flown'] }, 'unknown-topic', 'topics.1'],
    [{ type: 'subscribe', topics: ['call:w_other.call_1'] }, 'unknown-topic', 'topics.0'],
    [{ type: 'subscribe', topics: [...many, '*'] }, 'bad-message', 'topics'],
    ...['garbage', `${NOW}~1`, sealed('w_other', `${NOW}~1`), sealed('w_wrong', `${NOW}~999`)].map(
      (cursor): [object, string, string] => [{ type: 'subscribe', topics, cursor }, 'bad-cursor', 'cursor'],
    ),
    [{ type: 'subscribe', topics, cursor: sealed('w_wrong', '2031-01~1') }, 'bad-cursor', 'cursor'],
    [{ type: 'ack', cursor: sealed('w_wrong', `${NOW}~1`) }, 'not-sent', 'cursor'],
  ]
  for (const [message, code, field] of wrong) {
    const said = typeof message === 'string' ? message : JSON.stringify(message).slice(0, 90)
    expect(await client.ask(message), said).toMatchObject({ type: 'error', code, field })
  }
  expect(await client.subscribe(many)).toMatchObject({ type: 'subscribed' })
  expect(await client.subscribe(topics)).toMatchObject({ code: 'too-many-topics', field: 'topics' })
  const cursor = sealed('w_wrong', `${NOW}~1`)
  expect(await client.subscribe(['call:w_wrong.call_1'], { cursor })).toMatchObject({ code: 'has-a-place' })
  expect(await client.ask({ type: 'ack', cursor: sealed('w_other', `${NOW}~1`) })).toMatchObject({ code: 'bad-cursor' })
  await tell('w_wrong.call_2')
  await until(async () => expect(client.types).toEqual(LIFE))
  const future = sealed('w_wrong', `${NOW}~${Number(client.cursor.split('~')[1]) + 1}`)
  expect(await client.ask({ type: 'ack', cursor: future })).toMatchObject({ code: 'not-sent', field: 'cursor' })
  expect(client.closed).toBeNull()
  client.close()
})

test('what is no text, too long or too much closes the socket with its code', async () => {
  const { headers } = await program('w_much')
  const long = await open(headers)
  long.send('x'.repeat(40_000))
  await until(async () => expect(long.closed?.code).toBe(1009))
  const flood = await open(headers)
  for (let n = 0; n < 3_000 && flood.closed === null; n += 1) flood.send({ type: 'ping' })
  await until(async () => expect(flood.closed?.code).toBe(4429))
  expect(await stubFor(bindings, 'stream', 'w_much').poke()).toBe(false)
})

test('the address takes no key, and a socket needs one that may read events', async () => {
  const { headers } = await program('w_door')
  const key = headers.Authorization.slice('Bearer '.length)
  expect((await upgrade({}, `/v1.0/ws?token=${key}`)).status).toBe(401)
  expect((await upgrade(headers, '/v1.0/ws?token=x')).status).toBe(400)
  expect((await upgrade({ ...headers, Origin: 'https://evil.example' })).status).toBe(403)
  const elsewhere = await upgrade({ Cookie: admin.cookie, Origin: 'https://evil.example' })
  expect(elsewhere.status).toBe(403)
})

test('tenants are apart: nobody hears of another workspace', async () => {
  const [mine, other] = [await program('w_tena'), await program('w_tenb')]
  const [a, b] = [await open(mine.headers), await open(other.headers)]
  for (const client of [a, b]) await client.subscribe(['*', 'call-status-user-ada', 'inbound-call'])
  await tell('w_tena.call_1', life('w_tena.call_1', { deskId: 'w_tena.d_ada' }))
  await tell('w_tenb.call_1', life('w_tenb.call_1', { deskId: 'w_tenb.d_ada' }))
  for (const [client, name] of [[a, 'w_tena'] as const, [b, 'w_tenb'] as const]) {
    // Five events, and four of them for the agent as well.
    await until(async () => expect(client.events).toHaveLength(LIFE.length + 4))
    for (const { id } of client.events) expect(id.startsWith(`${name}.`)).toBe(true)
    client.close()
  }
})

test('an agent gets what becomes of their own calls, and nothing else [S3-49] [S3-50]', async () => {
  const [ada, bo] = [await person('Ada', 'agent'), await person('Bo', 'agent')]
  const client = await open({ Cookie: ada.cookie })
  for (const topic of ['*', 'call_answered', 'call:w_test.call_mine', `call-status-user-${bo.userId}`])
    expect(await client.subscribe([topic]), topic).toMatchObject({ code: 'not-allowed', field: 'topics.0' })
  const topic = `call-status-user-${ada.userId}`
  await client.subscribe([topic, 'inbound-call'])
  const rings = (n: number, desk: string) => ({
    ...{ seq: n, about: { call: 'w_test.call_in', desk }, fact: { type: 'inbound-rang', at: 2_000 + n } },
  })
  const received = { type: 'call-received', at: 1_999, providerId: 'CA9', links: { kind: 'inbound' } }
  await tell('w_test.call_in', [{ seq: 1, about: { call: 'w_test.call_in' }, fact: received }])
  const desks = [bo, ada].map(({ userId }) => `w_test.d_${userId}`)
  for (const desk of desks) await tell(desk, [rings(1, desk)])
  await tell('w_test.call_hers', life('w_test.call_hers', { deskId: desks[0] }))
  await tell('w_test.call_mine', life('w_test.call_mine', { deskId: desks[1] }))
  await until(async () => expect(client.events.at(-1)?.event).toMatchObject({ status: 'completed' }))
  expect(client.events.map(one => one.topic)).toEqual(['inbound-call', topic, topic, topic, topic])
  expect(client.events[0]?.id).toBe(`${desks[1]}:1:legacy`)
  client.close()
})

test('sign-out, a change of the role and a revoked key close their sockets with 4401, and no other', async () => {
  const [ada, bo] = [await person('Ada', 'supervisor'), await person('Bo', 'supervisor')]
  const [out, stays] = [await open({ Cookie: ada.cookie }), await open({ Cookie: bo.cookie })]
  const { keyId, headers } = await program('w_test')
  const key = await open(headers)
  const others = await open((await program('w_test')).headers)
  for (const client of [out, stays, key, others]) await client.subscribe(['*'])
  expect((await ask(ada, 'POST /api/auth/sign-out', {})).status).toBe(200)
  await until(async () => expect(out.closed).toEqual({ code: 4401, reason: 'the sign-in is over' }))
  expect((await ask(admin, `DELETE /api/keys/${keyId}`)).status).toBe(200)
  await until(async () => expect(key.closed?.code).toBe(4401))
  await tell('w_test.call_after')
  await until(async () => expect(stays.types).toEqual(LIFE))
  expect([stays.closed, others.closed]).toEqual([null, null])
  expect((await ask(admin, `PATCH /api/members/${bo.userId}`, { role: 'agent' })).status).toBe(200)
  await until(async () => expect(stays.closed?.code).toBe(4401))
  expect(out.types).toEqual([])
  others.close()
})

test('a key whose time is over gets nothing more, whether events come or not', async () => {
  const ends = Date.now() + 1_500
  const { headers } = await program('w_ends', ends)
  const client = await open(headers)
  await client.subscribe(['*'])
  // The alarm stands at the end of the key, not at the next look.
  await until(async () => expect(client.closed?.code).toBe(4401))
  expect(Date.now()).toBeGreaterThanOrEqual(ends)
  await tell('w_ends.call_1')
  expect(client.types).toEqual([])
  expect((await upgrade(headers)).status).toBe(401)
})

test('a key that was revoked behind our back is found by the alarm', async () => {
  const { headers, keyId } = await program('w_gone')
  const client = await open(headers)
  await client.subscribe(['*'])
  await bindings.DB.prepare('DELETE FROM api_keys WHERE keyId = ?').bind(keyId).run()
  await runDurableObjectAlarm(objectOf('w_gone'))
  await until(async () => expect(client.closed?.code).toBe(4401))
})

test('a socket that stays full and silent for five minutes gives its place back', async () => {
  const { headers } = await program('w_stuck')
  const [stuck, quiet] = [await open(headers), await open(headers)]
  await stuck.subscribe(['*'])
  await quiet.subscribe(['call_hungup'])
  await ring('w_stuck.call_1', WINDOW_EVENTS + 10)
  await until(async () => expect(stuck.events).toHaveLength(WINDOW_EVENTS))
  await runDurableObjectAlarm(objectOf('w_stuck'))
  expect(stuck.closed).toBeNull()
  await runInDurableObject(objectOf('w_stuck'), (_, state) => {
    for (const socket of state.getWebSockets()) {
      const known = socket.deserializeAttachment() as { busyUntilMs: number }
      expect(JSON.stringify(known).length).toBeLessThan(2_048)
      socket.serializeAttachment({ ...known, busyUntilMs: Date.now() - SILENT_MS - 1 })
    }
  })
  const { evictDurableObject } = await import('cloudflare:test')
  await evictDurableObject(objectOf('w_stuck'))
  await runDurableObjectAlarm(objectOf('w_stuck'))
  await until(async () => expect(stuck.closed?.code).toBe(4408))
  expect(quiet.closed).toBeNull()
  quiet.close()
})

test('there are so many sockets of a person, and so many of a workspace, and one that closes makes room', async () => {
  const cy = await person('Cy', 'supervisor', 'w_full')
  const own = []
  for (let n = 0; n < STREAM_SOCKETS_OF_ONE_MAX; n += 1) own.push(await open({ Cookie: cy.cookie }))
  const refused = await upgrade({ Cookie: cy.cookie })
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '60'])
  const { headers } = await program('w_full')
  const more = []
  for (let n = own.length; n < STREAM_SOCKETS_MAX; n += 1) more.push(await open(headers))
  expect((await upgrade(headers)).status).toBe(429)
  more.pop()?.close()
  await until(async () => expect((await upgrade(headers)).status).toBe(101))
  for (const client of [...own, ...more]) client.close()
}, 60_000)
