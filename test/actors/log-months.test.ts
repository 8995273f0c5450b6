/** The log by month: one event sequence over all months, rows that live in the month in which their call began. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { logFeed } from '../../src/actors/feeds.ts'
import type { LoggedFact } from '../../src/actors/log/events.ts'
import { projectFacts } from '../../src/actors/log/intake.ts'
import { neighboursOf } from '../../src/actors/neighbours.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { logId } from '../../src/core/ids.ts'
import { monthOf, monthsAfter } from '../../src/core/month.ts'
import { room } from '../../src/core/room/room.ts'
import type { CallDetail, EventPage, LogEvent } from '../../src/wire/api.ts'
import { bindings, cookieOf, request, twice } from './stage.ts'

const NOW = monthOf(Date.now())
const NEXT = monthsAfter(NOW, 1)
const LINKS = { kind: 'single', batchId: null, campaignId: null, contactId: 'p1', deskId: null, agentName: null }

const logOfMonth = (workspaceId: string, month: string) => stubFor(bindings, 'log', logId(workspaceId, month))
const objectOf = (stub: unknown) => stub as DurableObjectStub

function begun(callId: string, at: number): Omit<LoggedFact, 'source'>[] {
  const personal = { to: '+15005550001', from: '+14155550001', name: 'Ann' }
  const about = { call: callId }
  return [
    { seq: 1, about, fact: { type: 'call-created', at, links: LINKS, options: {}, talk: null, personal } },
    { seq: 2, about, fact: { type: 'call-placed', at: at + 1, providerId: `CA-${callId}`, status: 'queued' } },
  ]
}

async function tell(workspaceId: string, month: string, source: string, facts: Omit<LoggedFact, 'source'>[]) {
  return logOfMonth(workspaceId, month).hear(source, JSON.stringify(facts))
}

/** Reads to the end, in pages of `limit`. */
async function allEvents(workspaceId: string, month: string, limit: number, types: string[] | null = null) {
  const found: LogEvent[] = []
  for (let cursor: string | null = null; ; ) {
    const json = await logOfMonth(workspaceId, month).events({ cursor, limit, types })
    const page = JSON.parse(json ?? '') as EventPage
    found.push(...page.items)
    cursor = page.next
    if (!page.more) return found
  }
}

twice('every fact is one event, in order, without a gap and with its subjects [S1-56]', async (stage, tag) => {
  const id = `w_events${tag}`
  const log = stage.stub('log', logId(id, NOW))
  const callId = `${id}.call_1`
  const desk = `${id}.d_ada`
  const deskFacts = [
    { seq: 1, about: { desk }, fact: { type: 'desk-opened', at: 5, agent: { name: 'Ada' } } },
    {
      seq: 2,
      about: { desk, call: callId },
      fact: { type: 'lane-changed', at: 6, callId, patch: { phase: 'ringing' } },
    },
    {
      seq: 3,
      about: { desk, call: callId },
      fact: { type: 'note-saved', at: 7, callId, personal: { text: 'Friday' } },
    },
  ]
  await log.hear(callId, JSON.stringify(begun(callId, 1)))
  await log.hear(desk, JSON.stringify(deskFacts.slice(0, 2)))
  // A page that comes again has one new fact.
  await log.hear(desk, JSON.stringify(deskFacts))
  const events = await allEvents(id, NOW, 2)
  expect(events.map(one => [one.id, one.type])).toEqual([
    [`${callId}:1`, 'call-created'],
    [`${callId}:2`, 'call-placed'],
    [`${desk}:1`, 'desk-opened'],
    [`${desk}:2`, 'lane-changed'],
    [`${desk}:3`, 'note-saved'],
  ])
  expect(events.map(one => Number(one.cursor.split('~')[1]))).toEqual([1, 2, 3, 4, 5])
  expect(events[2]).toMatchObject({ about: { desk }, data: { agent: { name: 'Ada' } }, personal: null })
  // A snapshot that repeats other facts is there with its subjects alone.
  expect(events[3]).toMatchObject({ about: { desk, call: callId }, data: {}, personal: null })
  expect(events[4]).toMatchObject({ data: { callId }, personal: { text: 'Friday' } })
  expect(events[0]?.data).not.toHaveProperty('personal')
  const detail = JSON.parse((await log.detail(callId)) ?? '') as CallDetail
  expect(detail.timeline.map(line => line.type)).toEqual(['call-created', 'call-placed', 'note-saved'])
  expect(detail.call.note).toBe('Friday')
  expect((await allEvents(id, NOW, 50, ['note-saved', 'call-placed'])).map(one => one.type)).toEqual([
    'call-placed',
    'note-saved',
  ])
  expect(await log.events({ cursor: '2031-01~0', limit: 1, types: null })).toBeNull()
  expect(await log.events({ cursor: 'nonsense', limit: 1, types: null })).toBeNull()
})

test('a rare type is found behind thousands of others, a bounded number of rows at a time', async () => {
  const id = 'w_rare'
  const at = 10
  const facts = Array.from({ length: 4_500 }, (_, n) => ({
    seq: n + 1,
    about: { desk: `${id}.d_a` },
    fact: { type: n === 4_400 ? 'mute-changed' : 'presence-changed', at, paused: true },
  }))
  for (let from = 0; from < facts.length; from += 500) await tell(id, NOW, `${id}.d_a`, facts.slice(from, from + 500))
  const first = JSON.parse(
    (await logOfMonth(id, NOW).events({ cursor: null, limit: 5, types: ['mute-changed'] })) ?? '',
  ) as EventPage
  expect(first).toMatchObject({ items: [], more: true })
  expect((await allEvents(id, NOW, 5, ['mute-changed'])).map(one => one.id)).toEqual([`${id}.d_a:4401`])
})

twice('a call of an earlier month gets its end there, and is found, listed and told from there', async (stage, tag) => {
  const id = `w_edge${tag}`
  const [older, newer] = [`${id}.call_1`, `${id}.call_2`]
  await tell(id, NOW, older, begun(older, 1_000))
  await tell(id, NEXT, newer, begun(newer, 2_000))
  const next = stage.stub('log', logId(id, NEXT))
  const end = {
    type: 'call-hungup',
    at: 3_000,
    reason: 'normal',
    providerStatus: 'completed',
    talkedMs: 500,
    code: null,
  }
  await next.hear(older, JSON.stringify([{ seq: 3, about: { call: older }, fact: end }]))
  const desk = `${id}.d_ada`
  const outcome = { type: 'outcome-saved', at: 4_000, callId: older, outcomeId: 'sold', personal: { note: 'yes' } }
  await next.hear(desk, JSON.stringify([{ seq: 1, about: { call: older, desk }, fact: outcome }]))
  // Its time comes when the call has not begun here for ten seconds.
  await runInDurableObject(objectOf(logOfMonth(id, NEXT)), (_, ctx) => {
    ctx.storage.sql.exec('UPDATE early SET since = since - 10000')
  })
  expect(await runDurableObjectAlarm(objectOf(logOfMonth(id, NEXT)))).toBe(true)
  const { items } = await next.list({ cursor: null, limit: 10 })
  expect(items.map(row => row.callId)).toEqual([newer, older])
  expect(items[1]).toMatchObject({ status: 'hangup', talkedMs: 500, outcome: 'sold', note: 'yes' })
  const one = await next.list({ cursor: null, limit: 1 })
  expect(one.items.map(row => row.callId)).toEqual([newer])
  const two = await next.list({ cursor: one.next, limit: 1 })
  expect([two.items.map(row => row.callId), two.next]).toEqual([[older], null])
  expect((await next.byProviderId(`CA-${older}`))?.callId).toBe(older)
  const detail = JSON.parse((await next.detail(older)) ?? '') as CallDetail
  expect(detail.timeline.map(line => line.type)).toEqual([
    'call-created',
    'call-placed',
    'call-hungup',
    'outcome-saved',
  ])
  expect(await next.detail(`${id}.call_3`)).toBeNull()
  const left = await runInDurableObject(objectOf(logOfMonth(id, NEXT)), (_, ctx) =>
    ctx.storage.sql.exec('SELECT * FROM early').toArray(),
  )
  expect(left).toEqual([])
  // A reader goes over the end of the month without a gap.
  await sealed(id, NOW)
  expect((await allEvents(id, NEXT, 1)).map(event => event.id)).toEqual([
    `${older}:1`,
    `${older}:2`,
    `${newer}:1`,
    `${newer}:2`,
    `${older}:3`,
    `${desk}:1`,
  ])
})

/** The month is over, whatever the clock says. */
async function sealed(workspaceId: string, month: string): Promise<void> {
  const object = objectOf(logOfMonth(workspaceId, month))
  await runInDurableObject(object, (_, ctx) => {
    ctx.storage.sql.exec('UPDATE month SET sealed = 1')
  })
  await evictDurableObject(object)
}

test('facts of a round that overtake the beginning of its call are in its row', async () => {
  const id = 'w_overtaken'
  const [callId, batchId] = [`${id}.c_1.b1.1`, `${id}.c_1.b1`]
  const about = { call: callId, batch: batchId }
  await tell(id, NOW, batchId, [
    { seq: 1, about, fact: { type: 'leg-judged', at: 1, legId: callId, verdict: 'human' } },
    { seq: 2, about, fact: { type: 'leg-ended', at: 2, legId: callId, outcome: 'connected', cause: 'completed' } },
  ])
  expect((await logOfMonth(id, NOW).list({ cursor: null, limit: 5 })).items).toEqual([])
  await tell(id, NOW, callId, begun(callId, 1))
  const { items } = await logOfMonth(id, NOW).list({ cursor: null, limit: 5 })
  expect(items).toMatchObject([{ callId, answeredBy: 'human', result: 'connected', name: 'Ann' }])
})

test('a month that is over takes nothing more, and the sender goes on with the next', async () => {
  const id = 'w_over'
  expect(await tell(id, '2020-01', `${id}.call_1`, begun(`${id}.call_1`, 1))).toBe(false)
  await tell(id, NOW, `${id}.call_2`, begun(`${id}.call_2`, 1))
  await sealed(id, NOW)
  const name = `${id}.d_ada.1`
  const owner = { kind: 'desk' as const, id: `${id}.d_ada` }
  await logFeed(neighboursOf(bindings), room, name).deliver([
    { seq: 1, fact: { type: 'room-named', at: 1, room: name, owner } },
  ])
  const events = await allEvents(id, NEXT, 10)
  expect(events.map(event => [event.cursor.slice(0, 7), event.id])).toEqual([
    [NOW, `${id}.call_2:1`],
    [NOW, `${id}.call_2:2`],
    [NEXT, `${name}:1`],
  ])
  expect(events[2]?.about).toEqual({ room: name, desk: owner.id })
  // A month does not enter behind a later one, so what a reader has passed stays as it was.
  expect(await logOfMonth(id, NOW).months(monthsAfter(NOW, -1))).toEqual([monthsAfter(NOW, -1)])
  expect(await stubFor(bindings, 'log', id).months(monthsAfter(NOW, -1))).toBeNull()
})

test('a log is deleted when its time is over, and leaves the list [D10]', async () => {
  const id = 'w_expired'
  const old = monthsAfter(NOW, -62)
  await stubFor(bindings, 'log', id).months(old)
  await stubFor(bindings, 'log', id).months(NOW)
  const object = objectOf(logOfMonth(id, old))
  const facts = begun(`${id}.call_1`, 1).map(one => ({ source: `${id}.call_1`, ...one }))
  await runInDurableObject(object, async (_, ctx) => {
    projectFacts(ctx.storage.sql, facts, 1)
    await ctx.storage.setAlarm(Date.now() + 60_000)
  })
  const calls = () => logOfMonth(id, NOW).list({ cursor: null, limit: 5 })
  expect((await calls()).items).toHaveLength(1)
  await runDurableObjectAlarm(object)
  expect(await stubFor(bindings, 'log', id).months(null)).toEqual([NOW])
  // A reader that has the older list finds nothing, and no error.
  expect((await calls()).items).toEqual([])
  await evictDurableObject(objectOf(logOfMonth(id, NOW)))
  expect((await calls()).items).toEqual([])
})

test('a supervisor reads the events of the workspace, an agent does not', async () => {
  const callId = 'w_test.call_forapi'
  await tell('w_test', NOW, callId, begun(callId, Date.now()))
  const get = async (path: string, who: string) =>
    request(path, { headers: { Cookie: await cookieOf(who) } }) as Promise<Response>
  expect((await get('/api/events', 'ada')).status).toBe(403)
  expect((await get('/api/events?cursor=2031-01~4', 'root')).status).toBe(400)
  const answer = await get('/api/events?types=call-created&limit=200', 'root')
  const page = (await answer.json()) as EventPage
  expect(page.items.filter(event => event.about.call === callId)).toMatchObject([
    { id: `${callId}:1`, about: { call: callId }, personal: { name: 'Ann' } },
  ])
})

test('a month in which nothing happens is no place to read on from, and whoever stands in one goes on with the next', async () => {
  const id = 'w_quiet'
  const later = monthsAfter(NOW, 2)
  await tell(id, NOW, `${id}.call_1`, begun(`${id}.call_1`, 1))
  const first = objectOf(logOfMonth(id, NOW))
  await runInDurableObject(first, (_, state) => void state.storage.sql.exec('UPDATE month SET sealed = 1'))
  await evictDurableObject(first)
  const read = async (month: string, cursor: string) => {
    const json = await logOfMonth(id, month).events({ cursor, limit: 50, types: null })
    return json === null ? null : (JSON.parse(json) as EventPage)
  }
  // The reader asks in the quiet month, and stays where it is.
  expect(await read(NEXT, `${NOW}~2`)).toMatchObject({ items: [], next: `${NOW}~2`, more: false })
  await tell(id, later, `${id}.call_2`, begun(`${id}.call_2`, 9))
  for (const cursor of [`${NOW}~2`, `${NEXT}~0`])
    expect((await read(later, cursor))?.items.map(one => one.id)).toEqual([`${id}.call_2:1`, `${id}.call_2:2`])
  expect(await read(later, `${NEXT}~3`)).toBeNull()
  expect(await read(later, '2031-01~0')).toBeNull()
})
