/** Reports over the API: figures of the log's calls, by day of the workspace's zone, also when a call changes later or stands in a file. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import type { SumsQuery } from '../../src/actors/log/report/rollups.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { endOfMonth, monthOf, monthsAfter } from '../../src/core/month.ts'
import { dateIn, dayAfter, daysOf } from '../../src/core/report/days.ts'
import { REPORT_NAMES } from '../../src/core/report/reports.ts'
import { ScriptedStorage } from '../../src/providers/storage/scripted/scripted.ts'
import type { Report } from '../../src/wire/report.ts'
import { LIMITS_MAX, reportOf } from '../../src/worker/report.ts'
import { archived, filled, inMonth, OLD } from './archived-month.ts'
import { tellCall } from './report-calls.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, migrated } from './stage.ts'

const ZONE = 'America/New_York'
const NOW = Date.now()
const TODAY = dateIn(ZONE, NOW)
const MONTH = monthOf(NOW)

beforeAll(async () => {
  await migrated()
}, 60_000)

async function lead(workspaceId: string): Promise<Person> {
  await stubFor(bindings, 'workspace', workspaceId).settings({ timeZone: ZONE })
  return person(`Lead of ${workspaceId}`, 'supervisor', workspaceId)
}
async function read(who: Person, name: string, query = '?range=today'): Promise<Report> {
  const answer = await ask(who, `GET /v1.0/reports/${name}${query}`)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json<Report>()
}
/** The values of a row by the names of its figures. */
function valuesOf({ figures }: Report, values: readonly unknown[] = []): Record<string, unknown> {
  return Object.fromEntries(figures.map(({ name }, at) => [name, values[at]]))
}
const totalOf = (report: Report) => valuesOf(report, report.total)
const rowOf = (report: Report, label: string) => valuesOf(report, report.rows.find(row => row.label === label)?.values)

test('what happened on calls is counted, and a call that changes later counts anew', async () => {
  const [id, queue] = ['w_floor', 'w_floor.q_1']
  const who = await lead(id)
  const call = (n: number, more: object) => tellCall(id, { n, at: NOW, ...more })
  await call(1, { result: 'no-answer' })
  await call(2, { result: 'connected', talkedMs: 120_000, desk: 'bo' })
  await call(3, {
    result: 'no-seat',
    talkedMs: 2_000,
    more: [{ source: `${id}.c_1`, fact: { type: 'leg-abandoned' } }],
  })
  await call(4, { result: 'number-refused', to: '+442079460000' })
  await call(5, {
    inbound: true,
    talkedMs: 9_000,
    more: [
      { source: queue, about: { queue }, fact: { type: 'caller-queued' } },
      { source: queue, about: { queue }, fact: { type: 'caller-connected', waitedMs: 7_000 } },
      { source: `${id}.ai`, fact: { type: 'talk-ordered', order: { agentId: 'ai_7' } } },
    ],
  })
  expect(totalOf(await read(who, 'calls'))).toMatchObject({ calls: 5, dialed: 4, answered: 2, conversations: 2 })
  expect(totalOf(await read(who, 'abandonment'))).toMatchObject({
    answered_for_agents: 2,
    abandoned: 1,
    abandon_rate: 50,
  })
  expect(rowOf(await read(who, 'zones'), 'America/Los_Angeles')).toMatchObject({ dialed: 3, answer_rate: 66.7 })
  expect(rowOf(await read(who, 'numbers'), '+14155550100')).toMatchObject({ dialed: 4, refused: 1, health: null })
  expect(rowOf(await read(who, 'queues'), queue)).toMatchObject({
    queued: 1,
    queue_taken: 1,
    service_level: 100,
    wait_seconds: 7,
  })
  expect(rowOf(await read(who, 'ai'), 'ai_7')).toMatchObject({ calls: 1, conversations: 1, talk_minutes: 0.2 })
  expect((await read(who, 'outcomes')).rows.map(row => row.label)).toContain('Nobody was free')
  const hours = await read(who, 'hours')
  expect(totalOf(hours)).toMatchObject({ dialed: 4, answered: 2 })
  expect(hours.rows).toHaveLength(1)
  // An outcome that is saved later takes the day out of what was added up.
  const desk = `${id}.d_bo`
  const saved = { type: 'outcome-saved', at: NOW, outcomeId: 'sold', personal: { note: '' } }
  const facts = [{ seq: 1, about: { call: `${id}.c_1.b2.1`, desk }, fact: saved }]
  await logOf(bindings, id).hear(desk, JSON.stringify(facts))
  expect(rowOf(await read(who, 'outcomes'), 'Outcome: sold')).toMatchObject({ calls: 1, talk_minutes: 2 })
  expect(totalOf(await read(who, 'calls', '?range=today&agent_id=bo'))).toMatchObject({ calls: 1, conversations: 1 })
  expect(totalOf(await read(who, 'calls', `?from=${dayAfter(TODAY, -2)}&to=${dayAfter(TODAY, -1)}`))).toMatchObject({
    calls: 0,
  })
})

test('whoever is called back has waited once, on the call on which they came', async () => {
  const [id, queue] = ['w_back', 'w_back.q_1']
  const who = await lead(id)
  const said = (type: string, more = {}) => ({ source: queue, about: { queue }, fact: { type, ...more } })
  const hours = { waitedMs: 7_200_000, callback: true }
  await tellCall(id, { n: 1, at: NOW, inbound: true, more: [said('caller-queued'), said('callback-kept')] })
  await tellCall(id, { n: 2, at: NOW, talkedMs: 9_000, more: [said('caller-connected', hours)] })
  await tellCall(id, { n: 3, at: NOW, talkedMs: 9_000, more: [said('caller-left', hours)] })
  const taken = [said('caller-queued'), said('caller-connected', { waitedMs: 7_000 })]
  await tellCall(id, { n: 4, at: NOW, inbound: true, talkedMs: 9_000, more: taken })
  expect(totalOf(await read(who, 'queues'))).toEqual({
    ...{ queued: 2, queue_taken: 1, queue_left: 0 },
    ...{ service_level: 100, wait_seconds: 7 },
  })
})

test('agents have the time that their phone was ready, and the time after calls', async () => {
  const id = 'w_hours'
  const who = await lead(id)
  const [desk, from] = [`${id}.d_ada`, NOW - 1_800_000]
  // Half an hour may begin on the day before.
  const range = `?from=${dayAfter(TODAY, -1)}&to=${TODAY}`
  const fact = (seq: number, type: string, at: number, more = {}) => ({
    seq,
    about: { desk },
    fact: { type, at, ...more },
  })
  const facts = [
    fact(1, 'phone-changed', from, { state: 'registered', ownerTabId: 't' }),
    fact(2, 'phone-changed', from + 1, { state: 'registered', ownerTabId: 't' }),
    fact(3, 'wrap-up-started', from + 600_000),
    fact(4, 'wrap-up-ended', from + 630_000),
    fact(5, 'phone-changed', from + 1_440_000, { state: 'off', ownerTabId: null }),
  ]
  await logOf(bindings, id).hear(desk, JSON.stringify(facts))
  await tellCall(id, { n: 1, at: from + 500_000, result: 'connected', talkedMs: 90_000 })
  const report = await read(who, 'agents', range)
  expect(report.rows).toHaveLength(1)
  expect(rowOf(report, 'Ada')).toEqual({
    ...{ calls: 1, conversations: 1, talk_minutes: 1.5, signed_in_hours: 0.4 },
    ...{ conversations_per_hour: 2.5, wrap_up_seconds: 30 },
  })
  // A conversation of no agent stands in no row, so it is not in the total either.
  const more = [{ source: `${id}.ai`, fact: { type: 'talk-ordered', order: { agentId: 'ai_7' } } }]
  await tellCall(id, { n: 2, at: from + 500_000, inbound: true, talkedMs: 9_000, more })
  expect(totalOf(await read(who, 'calls', range))).toMatchObject({ calls: 2, conversations: 2 })
  expect(totalOf(await read(who, 'agents', range))).toMatchObject({ calls: 1, conversations: 1, talk_minutes: 1.5 })
  // The time at the desk is of all campaigns.
  const asked = { from: dayAfter(TODAY, -1), to: TODAY, campaign_id: `${id}.c_1` }
  const ofOne = await reportOf(bindings, id, 'agents', asked)
  expect(rowOf(ofOne, 'Ada')).toMatchObject({ conversations: 1, signed_in_hours: 0.4, conversations_per_hour: null })
  expect(totalOf(ofOne)).toMatchObject({ conversations_per_hour: null })
})

test('a day is one of the workspace, whichever months of the log have its calls, and a new zone is a new day', async () => {
  const id = 'w_days'
  const who = await lead(id)
  // An hour into the UTC month it is still the last day of the month before in New York.
  const at = endOfMonth(monthsAfter(MONTH, -1)) + 3_600_000
  await tellCall(id, { n: 1, at, result: 'busy' })
  const day = dateIn(ZONE, at)
  const range = `?from=${dayAfter(day, -1)}&to=${dayAfter(day, 1)}`
  const callsOn = async () => {
    const report = await read(who, 'calls', range)
    return report.rows.filter(row => row.values[0] === 1).map(row => row.label)
  }
  expect(await callsOn()).toEqual([day])
  await stubFor(bindings, 'workspace', id).settings({ timeZone: 'Europe/Berlin' })
  expect(await callsOn()).toEqual([dayAfter(day, 1)])
})

test('a month in files adds up to what its rows added up to', async () => {
  const [id, count] = ['w_files', 23]
  await filled(id, count)
  await inMonth(id, OLD, new ScriptedStorage(), async parts => {
    const days = daysOf(`${OLD}-01`, dayAfter(`${monthsAfter(OLD, 1)}-01`, -1), 'UTC')
    const query: SumsQuery = { cut: 'outcome', by: 'key', days, zone: 'UTC', campaign: null, agent: null }
    const before = await parts.reader.figures(query)
    expect(before.sums.reduce((sum, row) => sum + row.calls, 0)).toBe(count)
    expect(await archived(parts)).toBeGreaterThan(8)
    // Nothing of what was added up is left.
    parts.sql.exec('DELETE FROM rolled_days')
    parts.sql.exec('DELETE FROM rollups')
    expect(await parts.reader.figures(query)).toEqual(before)
  })
})

test('a month of 100,000 calls is read from its sums: a fiftieth of the rows that a plain count reads', async () => {
  const id = 'w_large'
  const days = daysOf(`${MONTH}-01`, dayAfter(`${monthsAfter(MONTH, 1)}-01`, -1), 'UTC')
  const query: SumsQuery = { cut: 'day', by: 'day', days, zone: 'UTC', campaign: null, agent: null }
  await logOf(bindings, id).head()
  await runInDurableObject(logOf(bindings, id) as unknown as DurableObjectStub, async (_, { storage: { sql } }) => {
    sql.exec(
      `INSERT INTO calls (call_id, created_ms, agent_id, agent_name, campaign_id, number, dial_from, result, talked_ms)
       WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
       SELECT '${id}.c_1.b' || i || '.1', ? + i * 25000, 'a' || (i % 20), 'Ada', '${id}.c_' || (i % 2), '+1415555' || (1000 + i % 9000),
         '+1415556' || (1000 + i % 10), CASE WHEN i % 10 = 0 THEN 'connected' ELSE 'no-answer' END, CASE WHEN i % 10 = 0 THEN 60000 ELSE 0 END FROM n`,
      days[0]?.fromMs ?? 0,
    )
  })
  const sum = async () => {
    const { sums } = await logOf(bindings, id).figures(query)
    return {
      calls: sums.reduce((all, row) => all + row.calls, 0),
      talks: sums.reduce((all, row) => all + row.conversations, 0),
    }
  }
  expect(await sum()).toEqual({ calls: 100_000, talks: 10_000 })
  await runInDurableObject(logOf(bindings, id) as unknown as DurableObjectStub, (_, { storage: { sql } }) => {
    const rows = (text: string) => {
      const cursor = sql.exec(text)
      cursor.toArray()
      return cursor.rowsRead
    }
    const counted = rows('SELECT COUNT(*) FROM calls WHERE +created_ms >= 0')
    const summed = rows(
      "SELECT SUM(calls) FROM rollups WHERE cut = 'day' AND from_ms IN (SELECT from_ms FROM rolled_days)",
    )
    expect(counted / summed).toBeGreaterThan(50)
  })
}, 60_000)

test('the limit of abandonment asks fifty campaigns at most, and says when there are more', async () => {
  const id = 'w_limits'
  let asked = 0
  const limitWith = async (count: number) => {
    asked = 0
    const known = Array.from({ length: count }, (_, n) => ({ campaignId: `${id}.c_${n}`, name: 'Q4', lines: 1 }))
    const book = { settings: async () => ({ timeZone: ZONE }), campaigns: async () => known }
    const read = async () => {
      asked += 1
      return { state: { settings: { abandonMax: 0.03 } } }
    }
    const fakes = { WORKSPACE: { getByName: () => book }, CAMPAIGN: { getByName: () => ({ read }) } }
    const env = { ...bindings, ...fakes } as unknown as typeof bindings
    const { abandon_limit: limit, abandon_limit_partial: partial } = await reportOf(env, id, 'abandonment', {})
    return { limit, partial }
  }
  expect(await limitWith(LIMITS_MAX)).toEqual({ limit: 3, partial: false })
  expect(await limitWith(LIMITS_MAX + 30)).toEqual({ limit: 3, partial: true })
  expect(asked).toBe(LIMITS_MAX)
})

test('a range that is none names its field, and a stranger’s campaign is not there', async () => {
  const who = await lead('w_ranges')
  const field = async (query: string) => {
    const answer = await ask(who, `GET /v1.0/reports/calls?${query}`)
    const { fields } = await answer.json<{ fields?: { field: string }[] }>()
    return [answer.status, fields?.map(one => one.field)]
  }
  expect(await field('from=2026-12-01')).toEqual([400, ['to']])
  expect(await field('from=2026-12-02&to=2026-12-01')).toEqual([400, ['to']])
  expect(await field('from=2024-12-02&to=2026-12-01')).toEqual([400, ['to']])
  expect(await field('from=2026-02-30&to=2026-03-01')).toEqual([400, ['from']])
  expect(await field('range=ever')).toEqual([400, ['range']])
  expect((await ask(who, 'GET /v1.0/reports/secrets')).status).toBe(404)
  expect((await ask(who, 'GET /v1.0/reports/calls?campaign_id=w_test.c_1')).status).toBe(404)
})

test('every report is there as a table for a spreadsheet, with its definitions in the list', async () => {
  const who = await lead('w_sheet')
  await tellCall('w_sheet', { n: 1, at: NOW, result: 'connected', talkedMs: 60_000, to: '+14155550101' })
  const list = await ask(who, 'GET /v1.0/reports')
  const { items } = await list.json<{ items: { name: string; figures: { means: string }[] }[] }>()
  expect(items.map(one => one.name)).toEqual(REPORT_NAMES)
  expect(items.every(one => one.figures.every(figure => figure.means.length > 10))).toBe(true)
  const csv = await (await ask(who, 'GET /v1.0/reports/numbers/table.csv?range=today')).text()
  // A number begins with a plus, which a spreadsheet would take for a formula.
  expect(csv).toBe("Number,Dialed,Answer rate,Refused,Health\r\n'+14155550100,1,100,0,\r\n")
  for (const name of REPORT_NAMES)
    expect((await ask(who, `GET /v1.0/reports/${name}/table.csv?range=today`)).status, name).toBe(200)
})
