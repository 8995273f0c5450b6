/** Months that are over stand in files, and answer as they did from their rows. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { placeOf } from '../../src/actors/log/archive/segments.ts'
import { projectFacts } from '../../src/actors/log/intake.ts'
import { R2Storage } from '../../src/providers/storage/r2/r2.ts'
import { type Fault, type Operation, ScriptedStorage } from '../../src/providers/storage/scripted/scripted.ts'
import type { CallDetail } from '../../src/wire/api.ts'
import {
  answersOf,
  archived,
  bucket,
  countsOf,
  eventsOf,
  factsOf,
  filesOf,
  filled,
  inMonth,
  logOfMonth,
  NOW,
  OLD,
  objectOf,
  type Parts,
  SMALL,
} from './archived-month.ts'

const LATE_MS = 8 * 24 * 3_600_000

test('every question to a month in files has the answer that its rows gave [D10]', async () => {
  const [id, count] = ['w_alike', 23]
  await filled(id, count)
  await inMonth(id, OLD, new R2Storage(bucket()), async parts => {
    const before = await answersOf(parts, id, count)
    expect(before['list {} by 3']).toHaveLength(count)
    expect(before['list {"q":"ann"} by 3']).not.toHaveLength(0)
    expect(await archived(parts)).toBeGreaterThan(8)
    expect(countsOf(parts)).toMatchObject({ calls: 0, events: 0 })
    expect(await answersOf(parts, id, count)).toEqual(before)
    // Half way: some are here and some are there, and nobody sees a seam.
    expect(await parts.archiver.step(Date.now(), true)).toBe(false)
  })
  expect((await filesOf(`log-${id}/${OLD}/`)).filter(key => key.endsWith('manifest.ndjson.gz'))).toHaveLength(1)
})

test('while a month moves, each step leaves every answer as it was [D10]', async () => {
  const [id, count] = ['w_halfway', 11]
  await filled(id, count)
  await inMonth(id, OLD, new ScriptedStorage(), async parts => {
    const before = await answersOf(parts, id, count)
    let steps = 0
    while (await parts.archiver.step(Date.now(), true)) {
      steps += 1
      expect(await answersOf(parts, id, count)).toEqual(before)
    }
    expect(steps).toBeGreaterThan(5)
  })
})

/** Moves a month with a fault at operation `at`; the object loses its memory there, and another one goes on. True: the fault came. */
async function interrupted(id: string, count: number, at: number, how: Fault | 'hangs'): Promise<boolean> {
  await filled(id, count)
  let [operations, armed] = [0, false]
  let struck: () => void = () => undefined
  const strike = new Promise<void>(resolve => {
    struck = resolve
  })
  const storage = new ScriptedStorage(() => {
    operations += 1
    if (!armed || operations !== at) return null
    struck()
    return how === 'hangs' ? new Promise<Fault>(() => undefined) : how
  })
  const whole = (parts: Parts) => eventsOf(parts, 200, null)
  const before = await inMonth(id, OLD, storage, parts => answersOf(parts, id, count))
  const first = await inMonth(id, OLD, storage, async parts => {
    armed = true
    operations = 0
    const moved = archived(parts).catch(() => null)
    return Promise.race([moved, strike.then(() => 'struck' as const)])
  })
  armed = false
  // The parts of the first life are left where they stand; these are new ones on the same disk.
  await inMonth(id, OLD, storage, async parts => {
    expect((await whole(parts)).map(event => Number(event.cursor.split('~')[1]))).toEqual(
      Array.from({ length: (before['events null by 200'] as unknown[]).length }, (_, n) => n + 1),
    )
    await archived(parts)
    expect(countsOf(parts)).toMatchObject({ calls: 0, events: 0 })
    expect(await answersOf(parts, id, count)).toEqual(before)
  })
  return first === null || first === 'struck'
}

test.each(['down', 'lost', 'refused', 'hangs'] as const)(
  'a move that ends at any operation (%s) goes on later, and no row is lost or doubled [D10]',
  async how => {
    let at = 1
    while (await interrupted(`w_cut${how}${at}`, 7, at, how)) at += 1
    // Two files and two operations for each segment, and the list of all.
    expect(at).toBeGreaterThan(14)
  },
  120_000,
)

test('what is read back unlike what was written leaves the rows where they are [D10]', async () => {
  const [id, count] = ['w_unlike', 6]
  await filled(id, count)
  let bad = true
  const storage = new ScriptedStorage(operation => (operation === 'get' && bad ? 'changed' : null))
  await inMonth(id, OLD, storage, async parts => {
    const before = countsOf(parts)
    await expect(archived(parts)).rejects.toThrow('unlike')
    expect(countsOf(parts)).toMatchObject({ calls: before.calls, events: before.events })
    bad = false
    await archived(parts)
    expect(countsOf(parts)).toMatchObject({ calls: 0, events: 0 })
    bad = true
    // Whoever reads a file that has changed finds out as well.
    await expect(parts.reader.detail(`${id}.c_1.b1.1`)).rejects.toThrow('unlike')
  })
})

test('a late fact of a call in files is in its row and in the list, and in the files later [D10]', async () => {
  const [id, count] = ['w_late', 12]
  await filled(id, count)
  const storage = new R2Storage(bucket())
  await inMonth(id, OLD, storage, archived)
  const callId = `${id}.c_1.b3.1`
  const outcome = {
    type: 'outcome-saved',
    at: Date.now(),
    callId,
    outcomeId: 'late-sale',
    personal: { note: 'in spring' },
  }
  const about = { call: callId, desk: `${id}.d_agent0` }
  await logOfMonth(id, NOW).hear(`${id}.d_agent0`, JSON.stringify([{ seq: 1, about, fact: outcome }]))
  await runInDurableObject(objectOf(id, NOW), (_, ctx) => {
    ctx.storage.sql.exec('UPDATE early SET since = since - 10000')
  })
  await runDurableObjectAlarm(objectOf(id, NOW))
  const found = async () => {
    const log = logOfMonth(id, NOW)
    const byOutcome = await log.list({ cursor: null, limit: 10, outcome: 'late-sale' })
    const byNote = await log.list({ cursor: null, limit: 10, q: 'in spring' })
    const detail = JSON.parse((await log.detail(callId)) ?? '') as CallDetail
    return [...byOutcome.items, ...byNote.items, detail.call]
  }
  const row = { callId, outcome: 'late-sale', note: 'in spring', name: 'Zoë' }
  expect(await found()).toMatchObject([row, row, row])
  await inMonth(id, OLD, storage, async parts => {
    expect(countsOf(parts)).toMatchObject({ late: 1 })
    const files = await filesOf(`log-${id}/${OLD}/calls`)
    await archived(parts, Date.now() + LATE_MS)
    expect(countsOf(parts)).toMatchObject({ late: 0 })
    // The files of before go a minute later.
    await archived(parts, Date.now() + LATE_MS + 120_000)
    const renewed = await filesOf(`log-${id}/${OLD}/calls`)
    expect(renewed).toHaveLength(files.length)
    expect(renewed.filter(key => !files.includes(key))).toHaveLength(2)
  })
  expect(await found()).toMatchObject([row, row, row])
  // The carrier's id of a call may come late as well.
  expect(
    await logOfMonth(id, OLD).amend(JSON.stringify({ [callId]: { provider_id: 'CAlate' }, [`${id}.call_no`]: {} })),
  ).toEqual([callId])
  expect(await logOfMonth(id, NOW).byProviderId('CAlate')).toMatchObject(row)
})

test('a row that changes while its files are written is not lost [D10]', async () => {
  const [id, count] = ['w_changing', 4]
  await filled(id, count)
  const callId = `${id}.c_1.b2.1`
  let amended = false
  const storage = new ScriptedStorage(async (operation, key) => {
    if (operation !== 'put' || !key.includes('/calls/') || amended) return null
    amended = true
    await logOfMonth(id, OLD).amend(JSON.stringify({ [callId]: { outcome: 'changed' } }))
    return null
  })
  await inMonth(id, OLD, storage, async parts => {
    await archived(parts)
    expect(countsOf(parts)).toMatchObject({ calls: 0, late: 0 })
    expect(await parts.reader.rowOf('call_id', callId)).toMatchObject({ outcome: 'changed' })
  })
  expect(amended).toBe(true)
})

test('a running month keeps its newest events, and knows of repeats of those that have gone [D10]', async () => {
  const id = 'w_running'
  const facts = Array.from({ length: 40 }, (_, n) => factsOf(id, n, NOW)).flat()
  const storage = new ScriptedStorage()
  await inMonth(id, NOW, storage, async parts => {
    const write = (some: typeof facts) => projectFacts(parts.sql, some, Date.now())
    const half = facts.slice(0, facts.length / 2)
    const { eventChars } = write(half)
    expect(parts.archiver.isFull(eventChars)).toBe(true)
    while (await parts.archiver.step(Date.now(), false));
    const kept = countsOf(parts)
    expect(kept.segments).toBeGreaterThan(1)
    // The calls stay in their rows, and the newest events too.
    expect(kept.calls).toBe(
      new Set(half.flatMap(({ fact, about }) => (fact.type === 'call-created' ? about.call : []))).size,
    )
    expect(kept.events).toBeGreaterThan(5)
    expect(kept.events).toBeLessThan(half.length)
    // The page comes again, and then with what is new in it.
    expect(write(half)).toMatchObject({ eventChars: 0 })
    write(facts)
    while (await parts.archiver.step(Date.now(), false));
    const events = await eventsOf(parts, 7, null)
    expect(events.map(event => event.id)).toEqual(facts.map(({ source, seq }) => `${source}:${seq}`))
    expect(events.map(event => Number(event.cursor.split('~')[1]))).toEqual(facts.map((_, n) => n + 1))
    const detail = await parts.reader.detail(`${id}.c_1.b0.1`)
    expect(detail?.timeline.map(line => line.type)).toEqual([
      ...['call-created', 'call-placed', 'leg-judged', 'call-hungup', 'outcome-saved'],
    ])
    // What is counted is what is there.
    const counted = parts.sql.exec('SELECT event_chars FROM month').one().event_chars
    const there = parts.sql
      .exec(
        `SELECT SUM(LENGTH(source) + LENGTH(type) + COALESCE(LENGTH(call_id), 0) + LENGTH(about) + LENGTH(data)
          + COALESCE(LENGTH(personal), 0) + 30) AS n FROM events`,
      )
      .one().n
    expect(counted).toBe(there)
  })
})

test('a page of the list and a call cost few reads of files [D10]', async () => {
  const [id, count] = ['w_few', 200]
  await filled(id, count)
  let reads: Operation[] = []
  const storage = new ScriptedStorage(operation => {
    reads.push(operation)
    return null
  })
  const cost = async (work: () => Promise<unknown>) => {
    reads = []
    await work()
    return reads.length
  }
  const limits = { ...SMALL, segmentCalls: 10 }
  await inMonth(id, OLD, storage, archived, limits)
  const asked = <T>(work: (parts: Parts) => Promise<T>) => inMonth(id, OLD, storage, work, limits)
  // Each time with new parts, that have nothing in memory.
  expect(await cost(() => asked(({ reader }) => reader.list({ cursor: null, limit: 5 })))).toBe(2)
  expect(await cost(() => asked(({ reader }) => reader.detail(`${id}.c_1.b77.1`)))).toBeLessThanOrEqual(4)
  expect(await cost(() => asked(({ reader }) => reader.rowOf('provider_id', 'CA77')))).toBe(2)
  expect(await cost(() => asked(({ reader }) => reader.rowOf('call_id', `${id}.call_unknown`)))).toBe(0)
  // A value that no segment has costs nothing, and words cost one file for each segment that does not have them.
  expect(await cost(() => asked(({ reader }) => reader.list({ cursor: null, limit: 5, outcome: 'none' })))).toBe(0)
  expect(await cost(() => asked(({ reader }) => reader.list({ cursor: null, limit: 5, q: 'nobody at all' })))).toBe(20)
})

test('a search looks into a bounded number of files, and its cursor goes on from there [D10]', async () => {
  const [id, count] = ['w_far', 140]
  await filled(id, count)
  const limits = { ...SMALL, segmentCalls: 4 }
  await inMonth(
    id,
    OLD,
    new ScriptedStorage(),
    async parts => {
      await archived(parts)
      const first = await parts.reader.list({ cursor: null, limit: 5, q: '555-1002' })
      expect(first.items).toEqual([])
      expect(first.next).not.toBeNull()
      const second = await parts.reader.list({ cursor: first.next, limit: 5, q: '555-1002' })
      expect(second).toMatchObject({ items: [{ callId: `${id}.c_1.b2.1` }], next: null })
    },
    limits,
  )
})

test('places of ids are spread: a million calls have no two alike', () => {
  const places = new Set<number>()
  for (let n = 0; n < 250_000; n += 1) {
    for (let leg = 1; leg <= 3; leg += 1) places.add(placeOf(`w_main.c_spring.b${n}.${leg}`))
    places.add(placeOf(`CA${n.toString(16).padStart(32, '0')}`))
  }
  expect(places.size).toBe(1_000_000)
  const upper = new Set([...places].slice(0, 50_000).map(place => Math.floor(place / 2 ** 32)))
  // 50,000 draws of 65,536 leave about 35,000 different ones.
  expect(upper.size).toBeGreaterThan(33_000)
})
