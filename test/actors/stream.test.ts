/** The socket of events: what is sent, what survives a break, an eviction and a lost word, and how little one socket may take of the others. */
import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { WINDOW_EVENTS } from '../../src/core/events/stream/window.ts'
import { logId } from '../../src/core/ids.ts'
import { monthOf, monthsAfter } from '../../src/core/month.ts'
import { bindings, migrated, request, until } from './stage.ts'
import { LIFE, life, open, program, ring, tell } from './stream-stage.ts'

beforeAll(migrated)

const objectOf = (workspaceId: string) => stubFor(bindings, 'stream', workspaceId) as unknown as DurableObjectStub

test('a socket gets the events of its topics as they happen, in order and in one form with the list', async () => {
  const { headers } = await program('w_stream')
  const client = await open(headers)
  expect(await client.ask({ type: 'ping' })).toEqual({ type: 'pong', cursor: null })
  await tell('w_stream.call_before')
  expect(await client.subscribe(['call_ringing', 'call_hungup', 'call:w_stream.call_2'])).toMatchObject({
    type: 'subscribed',
    topics: ['call_ringing', 'call_hungup', 'call:w_stream.call_2'],
  })
  expect(await tell('w_stream.call_1')).toBe('listened')
  await tell('w_stream.call_2')
  await until(async () => expect(client.types).toEqual(['call_ringing', 'call_hungup', ...LIFE]))
  expect(client.events.map(({ topic }) => topic).slice(0, 3)).toEqual([
    ...['call_ringing', 'call_hungup', 'call:w_stream.call_2'],
  ])
  const list = await request('/v1.0/events?limit=200', { headers })
  const { items } = await list.json<{ items: { id: string; cursor: string }[] }>()
  for (const { event, id, cursor } of client.events) {
    expect(items).toContainEqual(event)
    expect(event).toMatchObject({ id, cursor })
  }
  client.send({ type: 'unsubscribe', topics: ['call_ringing'] })
  await client.ask({ type: 'ping' })
  await tell('w_stream.call_3')
  await until(async () => expect(client.types.at(-1)).toBe('call_hungup'))
  expect(client.types.filter(type => type === 'call_ringing')).toHaveLength(2)
  client.close()
})

test('a client that comes back with its cursor misses nothing, in either vocabulary, and gets what it did not acknowledge again', async () => {
  const { headers } = await program('w_back')
  const first = await open(headers)
  await first.subscribe(['*'], { vocabulary: 'voipbin' })
  await tell('w_back.call_1')
  await until(async () => expect(first.events).toHaveLength(LIFE.length))
  expect(first.types.at(-1)).toBe('call_hangup')
  const { cursor } = first.events[2] ?? { cursor: '' }
  first.close()
  await until(async () => expect(await stubFor(bindings, 'stream', 'w_back').poke()).toBe(false))
  await tell('w_back.call_2')
  const second = await open(headers)
  const answer = await second.subscribe(['*'], { cursor })
  expect(answer).toMatchObject({ type: 'subscribed', cursor })
  await until(async () => expect(second.types).toEqual([...LIFE.slice(3), ...LIFE]))
  // It is told when it has what it missed: seven events later, and before anything that is new.
  const said = () => second.messages.findIndex(({ type }) => type === 'caught_up')
  await until(async () => expect(said()).toBe(8))
  await tell('w_back.call_3')
  await until(async () => expect(second.events).toHaveLength(12))
  expect(second.messages.filter(({ type }) => type === 'caught_up')).toEqual([
    { type: 'caught_up', cursor: second.events[6]?.cursor },
  ])
  expect(second.events.slice(0, 2).map(({ id }) => id)).toEqual(first.events.slice(3).map(({ id }) => id))
  second.close()
})

test('the cursor of `GET /v1.0/events` is one of the socket, and the other way round', async () => {
  const { headers } = await program('w_both')
  await tell('w_both.call_1')
  const page = await request('/v1.0/events?limit=2', { headers })
  const { next } = await page.json<{ next: string }>()
  const client = await open(headers)
  await client.subscribe(['*'], { cursor: next })
  await until(async () => expect(client.types).toEqual(LIFE.slice(2)))
  const rest = await request(`/v1.0/events?cursor=${client.events[0]?.cursor}`, { headers })
  expect((await rest.json<{ items: { type: string }[] }>()).items.map(({ type }) => type)).toEqual(LIFE.slice(3))
  client.close()
})

test('an eviction with open sockets loses nothing and sends nothing twice', async () => {
  const { headers } = await program('w_evict')
  const [all, one] = [await open(headers), await open(headers)]
  await all.subscribe(['*'])
  await one.subscribe(['call_answered'])
  for (let n = 0; n < 6; n += 1) {
    await tell(`w_evict.call_${n}`)
    if (n % 2 === 0) await until(async () => expect(all.events).toHaveLength((n + 1) * LIFE.length))
    all.send({ type: 'ack', cursor: all.cursor })
    await evictDurableObject(objectOf('w_evict'))
  }
  await until(async () => expect(all.types).toEqual(Array(6).fill(LIFE).flat()))
  await until(async () => expect(one.types).toEqual(Array(6).fill('call_answered')))
  expect(new Set(all.events.map(({ id }) => id)).size).toBe(6 * LIFE.length)
  expect([all.closed, one.closed]).toEqual([null, null])
  // Topics and acknowledgements are remembered as well.
  expect(await one.ask({ type: 'unsubscribe', topics: ['call_ringing'] })).toMatchObject({ topics: ['call_answered'] })
  for (const client of [all, one]) client.close()
})

test('a socket that acknowledges nothing is sent one window, delays nobody, and reads on from the log when it does', async () => {
  const { headers } = await program('w_slow')
  const [slow, quick] = [await open(headers), await open(headers)]
  for (const client of [slow, quick]) await client.subscribe(['*'])
  const count = 2 * WINDOW_EVENTS + 30
  const acks = setInterval(() => quick.cursor && quick.send({ type: 'ack', cursor: quick.cursor }), 30)
  await ring('w_slow.call_1', count)
  await until(async () => expect(quick.events).toHaveLength(count))
  expect(slow.events).toHaveLength(WINDOW_EVENTS)
  await evictDurableObject(objectOf('w_slow'))
  while (slow.events.length < count) {
    const had = slow.events.length
    slow.send({ type: 'ack', cursor: slow.cursor })
    await until(async () => expect(slow.events.length).toBeGreaterThan(had))
  }
  clearInterval(acks)
  expect(slow.events.map(({ id }) => id)).toEqual(quick.events.map(({ id }) => id))
  for (const client of [slow, quick]) client.close()
})

test('a word of the log that is lost is made up for by the alarm, and the log is told to speak again', async () => {
  const { headers } = await program('w_lost')
  const client = await open(headers)
  await client.subscribe(['*'])
  await tell('w_lost.call_0')
  await until(async () => expect(client.events).toHaveLength(LIFE.length))
  await logOf(bindings, 'w_lost').unlisten('w_lost')
  expect(await tell('w_lost.call_1')).toBe(true)
  await runDurableObjectAlarm(objectOf('w_lost'))
  await until(async () => expect(client.events).toHaveLength(2 * LIFE.length))
  expect(await tell('w_lost.call_2')).toBe('listened')
  await until(async () => expect(client.events).toHaveLength(3 * LIFE.length))
  client.close()
  await until(async () => expect(await logOf(bindings, 'w_lost').listening()).toEqual([]))
  expect(await tell('w_lost.call_3')).toBe(true)
})

test('a month that begins tells the sockets of the month before', async () => {
  const { headers } = await program('w_newmonth')
  const client = await open(headers)
  await client.subscribe(['*'])
  const next = stubFor(bindings, 'log', logId('w_newmonth', monthsAfter(monthOf(Date.now()), 1)))
  const callId = 'w_newmonth.call_1'
  expect(await next.hear(callId, JSON.stringify(life(callId)))).toBe('listened')
  expect(await next.listening()).toEqual([{ id: 'w_newmonth', events: null }])
  client.close()
})

test('programs of the seed hear what becomes of an agent’s call, and which call rings at a desk [S3-49] [S3-50]', async () => {
  const { headers } = await program('w_seed')
  const client = await open(headers)
  await client.subscribe(['call-status-user-ada', 'inbound-call'])
  const mine = { deskId: 'w_seed.d_ada', agentName: 'Ada' }
  await tell('w_seed.call_1', life('w_seed.call_1', mine))
  await tell('w_seed.call_2', life('w_seed.call_2', { ...mine, deskId: 'w_seed.d_bo' }))
  const inbound = { type: 'call-received', at: 2_000, providerId: 'CA1', links: { kind: 'inbound' } }
  const personal = { to: '+14155550001', from: '+15005550009', name: 'Pat' }
  const about = { call: 'w_seed.call_3' }
  await tell('w_seed.call_3', [{ seq: 1, about, fact: { ...inbound, personal } }])
  await tell('w_seed.d_ada', [
    {
      seq: 1,
      about: { ...about, desk: 'w_seed.d_ada' },
      fact: { type: 'inbound-rang', at: 2_001, callId: about.call },
    },
  ])
  const to = '+15005550001'
  await until(async () =>
    expect(client.events.map(({ topic, event }) => [topic, event])).toEqual([
      ['call-status-user-ada', { to, status: 'initiated' }],
      ['call-status-user-ada', { to, status: 'ringing' }],
      ['call-status-user-ada', { to, status: 'in-progress' }],
      ['call-status-user-ada', { to, status: 'completed', reason: 'normal' }],
      [
        'inbound-call',
        { callId: 'w_seed.call_3', from: '+15005550009', to: '+14155550001', contactId: null, name: 'Pat' },
      ],
    ]),
  )
  client.close()
})
