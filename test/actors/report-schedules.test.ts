/** Reports that are sent by themselves: when, once a period also over a crash, by the ordinary events, and by whom they are kept. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { periodOf } from '../../src/core/report/schedule.ts'
import type { ReportSchedule } from '../../src/wire/report.ts'
import { REST_MS, SCHEDULES_MAX, SENT_PER_WORKSPACE, sendReports } from '../../src/worker/report-schedules.ts'
import { logging } from './logging.ts'
import { tellCall } from './report-calls.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, migrated } from './stage.ts'

const DAY_MS = 24 * 3_600_000
const DAILY = { name: 'Every morning', report: 'numbers', range: 'today', every: 'day', hour: 0, time_zone: 'UTC' }
interface Told {
  id: string
  type: string
  data: { report_schedule_id: string; report: string; link: string; name: string; table: { rows: unknown[] } }
}

beforeAll(async () => {
  await migrated()
}, 60_000)
beforeEach(async () => {
  await bindings.DB.prepare('DELETE FROM report_schedules').run()
})

async function made(who: Person, body: object = DAILY): Promise<ReportSchedule> {
  const answer = await ask(who, 'POST /v1.0/report_schedules', body)
  expect(answer.status, await answer.clone().text()).toBe(201)
  return answer.json<ReportSchedule>()
}
const at = ({ id }: ReportSchedule) => `/v1.0/report_schedules/${encodeURIComponent(id)}`
const list = async (who: Person) =>
  (await (await ask(who, 'GET /v1.0/report_schedules')).json<{ items: ReportSchedule[] }>()).items
async function sent(who: Person): Promise<Told[]> {
  const { items } = await (await ask(who, 'GET /v1.0/events?types=report_ready&limit=200')).json<{ items: Told[] }>()
  return items
}
const due = (moment: number) => bindings.DB.prepare('UPDATE report_schedules SET nextMs = ?').bind(moment).run()

test('a report that is due is sent with its figures and a link, once, and the next one a day later', async () => {
  const who = await person('Lead', 'admin', 'w_sent')
  const now = Date.now()
  await tellCall('w_sent', { n: 1, at: now, result: 'connected', talkedMs: 60_000 })
  const schedule = await made(who)
  expect(schedule).toMatchObject({ paused: false, sent_ms: null, by: 'Lead' })
  expect(Number(schedule.next_ms)).toBeGreaterThan(now)
  await sendReports(bindings, now)
  expect(await sent(who)).toEqual([])
  await due(now - 1)
  await sendReports(bindings, now)
  const [told, ...others] = await sent(who)
  expect(others).toEqual([])
  expect(told?.data).toMatchObject({ report_schedule_id: schedule.id, report: 'numbers', name: 'Every morning' })
  expect(told?.data.table).toMatchObject({
    rows: [{ label: '+14155550100', values: [1, 100, 0, null] }],
    more: false,
  })
  expect(told?.data.link).toMatch(/^http:\/\/127\.0\.0\.1:5050\/app\/reports\?report=numbers&from=20/)
  const [after] = await list(who)
  expect(after?.sent_ms).toBe(now)
  expect(Number(after?.next_ms)).toBeGreaterThan(now)
  expect(Number(after?.next_ms) - now).toBeLessThanOrEqual(DAY_MS)
})

test('a run that died after the event does not send it again, and neither do two runs at once', async () => {
  const who = await person('Lead', 'admin', 'w_crash')
  const now = Date.now()
  await made(who)
  await due(now - 1)
  // The log has it, and nothing was written down.
  await Promise.all([sendReports(bindings, now), sendReports(bindings, now)])
  await due(now - 1)
  await sendReports(bindings, now)
  expect(await sent(who)).toHaveLength(1)
  const [told] = await sent(who)
  expect(told?.id).toMatch(new RegExp(`:${periodOf(now - 1, 'UTC')}$`))
  // The next day is another period.
  await due(now + DAY_MS)
  await sendReports(bindings, now + DAY_MS)
  expect(await sent(who)).toHaveLength(2)
})

test('a report that is paused is not sent, and one that is deleted is gone', async () => {
  const who = await person('Lead', 'supervisor', 'w_paused')
  const schedule = await made(who)
  const paused = await ask(who, `PUT ${at(schedule)}`, { ...DAILY, paused: true })
  expect(await paused.json()).toMatchObject({ id: schedule.id, paused: true, next_ms: null })
  await due(1)
  await sendReports(bindings, Date.now())
  expect(await sent(who)).toEqual([])
  expect((await ask(who, `DELETE ${at(schedule)}`)).status).toBe(200)
  expect(await list(who)).toEqual([])
  expect((await ask(who, `DELETE ${at(schedule)}`)).status).toBe(404)
})

test('a report that fails stops no other, and is tried again', async () => {
  const [one, other] = [await person('Lead', 'admin', 'w_bad'), await person('Lead', 'admin', 'w_good')]
  await made(one)
  await made(other)
  const now = Date.now()
  await due(now - 1)
  await bindings.DB.prepare("UPDATE report_schedules SET report = 'none' WHERE workspaceId = 'w_bad'").run()
  await logging('error', 'a report was not sent', () => sendReports(bindings, now))
  expect([await sent(one), await sent(other)]).toMatchObject([[], [{ type: 'report_ready' }]])
  await bindings.DB.prepare("UPDATE report_schedules SET report = 'calls' WHERE workspaceId = 'w_bad'").run()
  await sendReports(bindings, now + REST_MS - 1)
  expect(await sent(one)).toEqual([])
  await sendReports(bindings, now + REST_MS)
  expect(await sent(one)).toHaveLength(1)
})

test('a workspace whose reports fail does not fill a run, and those that have failed are the last of the next', async () => {
  const [one, other] = [await person('Lead', 'admin', 'w_many'), await person('Lead', 'admin', 'w_few')]
  const now = Date.now()
  for (let n = 0; n < SENT_PER_WORKSPACE + 2; n += 1) await made(one)
  await bindings.DB.prepare("UPDATE report_schedules SET report = 'none'").run()
  await made(other)
  await due(now - 1)
  const tries = async () => {
    const rows = await bindings.DB.prepare('SELECT workspaceId AS id, tries FROM report_schedules').all()
    const of = (id: string) => rows.results.filter(row => row.id === id).map(row => Number(row.tries))
    return [of('w_many').sort(), of('w_few')]
  }
  await logging('error', 'a report was not sent', () => sendReports(bindings, now))
  const once = Array.from({ length: SENT_PER_WORKSPACE }, () => 1)
  expect(await tries()).toEqual([[0, 0, ...once], [0]])
  expect(await sent(other)).toHaveLength(1)
  // The two that were left over come first, before those that have rested.
  await logging('error', 'a report was not sent', () => sendReports(bindings, now + REST_MS))
  expect(await tries()).toEqual([[1, 1, 1, 1, ...once.slice(2).map(() => 2)], [0]])
})

test('a report whose figures do not come holds up no other', async () => {
  const [one, other] = [await person('Lead', 'admin', 'w_slow'), await person('Lead', 'admin', 'w_quick')]
  const now = Date.now()
  await made(one)
  await made(other)
  await due(now - 1)
  await bindings.DB.prepare("UPDATE report_schedules SET nextMs = nextMs - 1 WHERE workspaceId = 'w_slow'").run()
  // The object of this workspace never answers.
  const silent = { settings: () => new Promise<never>(() => {}) }
  const getByName = (name: string) => (name === 'w_slow' ? silent : bindings.WORKSPACE.getByName(name))
  const env = { ...bindings, WORKSPACE: { getByName } } as unknown as typeof bindings
  await logging('error', 'a report was not sent', () => sendReports(env, now, 2_000))
  expect([await sent(one), await sent(other)]).toMatchObject([[], [{ type: 'report_ready' }]])
})

test('another workspace has no part in it, what is wrong is named, and there is a limit', async () => {
  const [who, stranger] = [await person('Lead', 'supervisor', 'w_mine'), await person('Lead', 'admin', 'w_theirs')]
  const schedule = await made(who)
  expect(await list(stranger)).toEqual([])
  expect((await ask(stranger, `PUT ${at(schedule)}`, DAILY)).status).toBe(404)
  expect((await ask(stranger, `DELETE ${at(schedule)}`)).status).toBe(404)
  for (const [field, value] of [
    ['hour', 24],
    ['every', 'hour'],
    ['time_zone', 'Mars/Olympus'],
    ['report', 'secrets'],
    ['name', ''],
  ]) {
    const answer = await ask(who, 'POST /v1.0/report_schedules', { ...DAILY, [String(field)]: value })
    const { fields } = await answer.json<{ fields?: { field: string }[] }>()
    expect([answer.status, fields?.[0]?.field]).toEqual([400, field])
  }
  expect((await ask(who, 'POST /v1.0/report_schedules', { ...DAILY, campaign_id: 'w_theirs.c_1' })).status).toBe(404)
  await Promise.all(Array.from({ length: SCHEDULES_MAX - 1 }, () => made(who)))
  expect((await ask(who, 'POST /v1.0/report_schedules', DAILY)).status).toBe(422)
  expect(await list(who)).toHaveLength(SCHEDULES_MAX)
})
