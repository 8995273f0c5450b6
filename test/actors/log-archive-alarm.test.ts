/** When a month of the log moves to files: its alarm, the API on what has moved, the end of its time, and a bucket that is down or absent. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { EarlyChanges } from '../../src/actors/log/early.ts'
import { projectFacts } from '../../src/actors/log/intake.ts'
import { Months } from '../../src/actors/log/months.ts'
import { OpenThings } from '../../src/actors/log/open.ts'
import { ARCHIVE_AFTER_MONTHS, LOG_KEPT_MONTHS } from '../../src/actors/log/tables.ts'
import { LogTimer } from '../../src/actors/log/timer.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { logId } from '../../src/core/ids.ts'
import { endOfMonth, monthsAfter } from '../../src/core/month.ts'
import { R2Storage } from '../../src/providers/storage/r2/r2.ts'
import { ScriptedStorage } from '../../src/providers/storage/scripted/scripted.ts'
import type { CallDetail, CallRow, List } from '../../src/wire/api.ts'
import {
  archived,
  bucket,
  countsOf,
  factsOf,
  filesOf,
  filled,
  inMonth,
  logOfMonth,
  NOW,
  OLD,
  objectOf,
} from './archived-month.ts'
import { logging } from './logging.ts'
import { bindings, cookieOf, request, until } from './stage.ts'

test('the alarm moves a month when it has been over for long, and not while something is open [D10]', async () => {
  const id = 'w_alarmed'
  const young = monthsAfter(NOW, -ARCHIVE_AFTER_MONTHS)
  for (const month of [OLD, young]) await filled(id, 3, month)
  const ring = async (month: string) => {
    await runInDurableObject(objectOf(id, month), (_, ctx) => ctx.storage.setAlarm(Date.now() + 60_000))
    await runDurableObjectAlarm(objectOf(id, month))
    return inMonth(id, month, null, async parts => countsOf(parts))
  }
  const open = (change: string) => runInDurableObject(objectOf(id, OLD), (_, ctx) => void ctx.storage.sql.exec(change))
  await open("INSERT INTO open VALUES ('w_alarmed.call_1', 'call', 1)")
  expect(await ring(OLD)).toMatchObject({ calls: 3, segments: 0 })
  await open('DELETE FROM open')
  expect(await ring(OLD)).toMatchObject({ calls: 0, events: 0, segments: 2 })
  expect(await ring(young)).toMatchObject({ calls: 3, segments: 0 })
  // It wakes when its time has come.
  const due = await runInDurableObject(objectOf(id, young), (_, ctx) => ctx.storage.getAlarm())
  expect(due).toBe(endOfMonth(monthsAfter(young, ARCHIVE_AFTER_MONTHS)))
})

test('a call of an archived month is listed, searched and told through the API [D10]', async () => {
  const workspace = 'w_test'
  await filled(workspace, 9)
  await runInDurableObject(objectOf(workspace, OLD), (_, ctx) => ctx.storage.setAlarm(Date.now() + 60_000))
  await runDurableObjectAlarm(objectOf(workspace, OLD))
  expect(await inMonth(workspace, OLD, null, async parts => countsOf(parts))).toMatchObject({ calls: 0, events: 0 })
  const Cookie = await cookieOf('root')
  const get = async <T>(path: string): Promise<T> => {
    const answer = await request(path, { headers: { Cookie } })
    expect(answer.status).toBe(200)
    return (await answer.json()) as T
  }
  const callId = `${workspace}.c_1.b4.1`
  const { items } = await get<List<CallRow>>('/api/calls?limit=200')
  expect(items.filter(row => row.callId.startsWith(`${workspace}.c_1.b`))).toHaveLength(9)
  for (const query of ['q=ann-m', 'q=(415)%20555-1004', 'outcome=sold&q=quote%204']) {
    const found = await get<List<CallRow>>(`/api/calls?limit=50&${query}`)
    expect(found.items.map(row => row.callId)).toContain(callId)
    expect(found.items.length).toBeLessThan(4)
  }
  const detail = await get<CallDetail>(`/api/calls/${callId}`)
  expect(detail.call).toMatchObject({
    name: 'ann-marie',
    number: '+14155551004',
    outcome: 'sold',
    note: 'wants quote 4',
  })
  expect(detail.timeline.map(line => line.type)).toEqual([
    ...['call-created', 'call-placed', 'leg-judged', 'call-hungup', 'outcome-saved'],
  ])
  // Its own agent reads it, another one does not.
  const ada = await request(`/api/calls/${callId}`, { headers: { Cookie: await cookieOf('ada') } })
  expect(ada.status).toBe(404)
})

test('when the time of a month is over, its files are deleted as well, and no others [D10]', async () => {
  const id = 'w_gone'
  const ended = monthsAfter(NOW, -LOG_KEPT_MONTHS - 2)
  for (const month of [ended, OLD]) await stubFor(bindings, 'log', id).months(month)
  for (const month of [ended, OLD]) await filled(id, 3, month)
  for (const month of [ended, OLD]) await inMonth(id, month, new R2Storage(bucket()), archived)
  const others = await filesOf(`log-${id}/${OLD}/`)
  expect((await filesOf(`log-${id}/${ended}/`)).length).toBeGreaterThan(4)
  await runInDurableObject(objectOf(id, ended), (_, ctx) => ctx.storage.setAlarm(Date.now() + 60_000))
  await runDurableObjectAlarm(objectOf(id, ended))
  expect(await filesOf(`log-${id}/${ended}/`)).toEqual([])
  expect(await filesOf(`log-${id}/`)).toEqual(others)
  expect(await stubFor(bindings, 'log', id).months(null)).toEqual([OLD, NOW])
  expect((await logOfMonth(id, ended).list({ cursor: null, limit: 5 })).items).toEqual([])
})

test('without a bucket a month stays where it is [D10]', async () => {
  const id = 'w_bucketless'
  await filled(id, 4)
  await inMonth(id, OLD, null, async parts => {
    expect(parts.archiver.due(Date.now(), 0)).toBeNull()
    expect(await archived(parts)).toBe(0)
    expect(countsOf(parts)).toMatchObject({ calls: 4, segments: 0 })
  })
})

test('a bucket that does not answer is an error in the log, and the alarm tries again [D10]', async () => {
  const id = 'w_outage'
  await filled(id, 4)
  const object = objectOf(id, OLD)
  // A file that is in the way of nothing but its own hash: the object remembers another one.
  await inMonth(id, OLD, new R2Storage(bucket()), archived)
  await runInDurableObject(object, async (_, ctx) => {
    ctx.storage.sql.exec("INSERT INTO late VALUES (?, (SELECT MAX(id) FROM segments), 1, '{}')", `${id}.c_1.b1.1`)
    for (const key of await filesOf(`log-${id}/${OLD}/calls`)) await bucket().delete(key)
    await ctx.storage.setAlarm(Date.now() + 60_000)
  })
  await logging('error', 'the log was not archived', async () => {
    await runDurableObjectAlarm(object)
    const armed = await until(() => runInDurableObject(object, (_, ctx) => ctx.storage.getAlarm()))
    expect(armed).toBeLessThanOrEqual(Date.now() + 60_000)
  })
})

test('while the bucket is down, facts that come in do not make the alarm try faster than once a minute [D10]', async () => {
  const id = 'w_down'
  const facts = Array.from({ length: 30 }, (_, n) => factsOf(id, n, NOW)).flat()
  let tries = 0
  const down = new ScriptedStorage(operation => {
    if (operation === 'put') tries += 1
    return 'down'
  })
  await inMonth(id, NOW, down, async ({ sql, archiver, ctx }) => {
    const { eventChars } = projectFacts(sql, facts, Date.now())
    sql.exec('DELETE FROM open')
    const months = new Months(bindings, sql, logId(id, NOW))
    const parts = { early: new EarlyChanges(sql, months), open: new OpenThings(sql, bindings.DB), archiver }
    const timer = new LogTimer(ctx.storage, months, parts)
    const struck = Date.now()
    await logging('error', 'the log was not archived', () => timer.strike(struck))
    for (let n = 0; n < 5; n += 1) await timer.noteEvents(eventChars)
    expect(await ctx.storage.getAlarm()).toBe(struck + 60_000)
    // An alarm that rings for something else meanwhile does not try either.
    await timer.strike(struck + 1_000)
    expect(tries).toBe(1)
    expect(countsOf({ sql }).events).toBe(facts.length)
    await ctx.storage.deleteAlarm()
  })
})
