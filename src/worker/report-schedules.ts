/**
 * Reports that are sent by themselves, in D1, because the cron that sends them looks at all workspaces. A report is sent as an event, which
 * webhooks and sockets get as any other. Its number in the log is that of its period, and the log takes each number once: a
 * run that dies anywhere is done again, and nobody gets a report twice.
 */
import type { Env } from '../actors/env.ts'
import { logOf } from '../actors/stubs.ts'
import { unique } from '../actors/unique.ts'
import type { ReportFact } from '../core/events/notices.ts'
import { type ReportScheduleId, reportScheduleId } from '../core/ids.ts'
import { nextAfter, periodOf, type Rhythm } from '../core/report/schedule.ts'
import { type ReportSchedule, type ReportScheduleBody, reportFilters, reportName, sentRange } from '../wire/report.ts'
import { reportOf } from './report.ts'
import { within } from './within.ts'

export const SCHEDULES_MAX = 50
/** Reports that one run of the cron sends; those left over are the first of the next run. */
const SENT_PER_RUN = 50
/** So one workspace does not fill a run. */
export const SENT_PER_WORKSPACE = 10
/** Whatever takes longer has failed. */
const SEND_MS = 30_000
/** A run begins no report after this, because the next one comes. */
const RUN_MS = 4 * 60_000
/** A report that fails rests for so long, then for twice as long, and so on. */
export const REST_MS = 5 * 60_000
const REST_MAX_MS = 6 * 3_600_000
/** Rows of an event; the whole report stands behind its link. */
const ROWS_TOLD = 100

const STORED_QUERY = reportFilters.extend({ range: sentRange })
/** The limit is part of the insert, so that requests at once do not pass it together. */
const MAKE = `INSERT INTO report_schedules (scheduleId, workspaceId, name, report, query, every, weekday, hour, zone, paused, nextMs, madeBy, madeMs)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
  WHERE (SELECT COUNT(*) FROM report_schedules WHERE workspaceId = ?2) < ${SCHEDULES_MAX}`
const CHANGE = `UPDATE report_schedules SET name = ?3, report = ?4, query = ?5, every = ?6, weekday = ?7, hour = ?8, zone = ?9, paused = ?10, nextMs = ?11, tries = 0, tryMs = 0
  WHERE workspaceId = ?1 AND scheduleId = ?2 RETURNING *`

/** Those that have failed come after those that have not. */
const DUE = `SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY workspaceId ORDER BY tries, nextMs, scheduleId) AS place
    FROM report_schedules WHERE paused = 0 AND nextMs <= ?1 AND tryMs <= ?1)
  WHERE place <= ${SENT_PER_WORKSPACE} ORDER BY tries, nextMs, scheduleId LIMIT ${SENT_PER_RUN}`

interface Stored extends Rhythm {
  scheduleId: ReportScheduleId
  workspaceId: string
  name: string
  report: string
  query: string
  paused: number
  nextMs: number
  sentMs: number | null
  tries: number
  madeBy: string
  madeMs: number
}

export async function schedulesOf(env: Env, workspaceId: string): Promise<ReportSchedule[]> {
  const query = 'SELECT * FROM report_schedules WHERE workspaceId = ? ORDER BY madeMs DESC, scheduleId'
  const { results } = await env.DB.prepare(query).bind(workspaceId).all<Stored>()
  return results.map(shown)
}

/** Null: the workspace has as many as it may have. */
export async function makeSchedule(
  env: Env,
  workspaceId: string,
  body: ReportScheduleBody,
  by: string,
  now: number,
): Promise<ReportSchedule | null> {
  const id = reportScheduleId(workspaceId, unique())
  const made = await env.DB.prepare(MAKE)
    .bind(id, workspaceId, ...valuesOf(body, now), by, now)
    .run()
  if (made.meta.changes === 0) return null
  return scheduleOf(env, workspaceId, id)
}

/** Null: there is no such schedule here. */
export async function changeSchedule(
  env: Env,
  workspaceId: string,
  id: ReportScheduleId,
  body: ReportScheduleBody,
  now: number,
): Promise<ReportSchedule | null> {
  const row = await env.DB.prepare(CHANGE)
    .bind(workspaceId, id, ...valuesOf(body, now))
    .first<Stored>()
  return row && shown(row)
}

export async function scheduleOf(env: Env, workspaceId: string, id: string): Promise<ReportSchedule | null> {
  const query = 'SELECT * FROM report_schedules WHERE workspaceId = ? AND scheduleId = ?'
  const row = await env.DB.prepare(query).bind(workspaceId, id).first<Stored>()
  return row && shown(row)
}

/** False: there is no such schedule here. */
export async function removeSchedule(env: Env, workspaceId: string, id: ReportScheduleId): Promise<boolean> {
  const query = 'DELETE FROM report_schedules WHERE workspaceId = ? AND scheduleId = ?'
  return (await env.DB.prepare(query).bind(workspaceId, id).run()).meta.changes > 0
}

/** `now`, ms since the epoch: what is due by then is sent. `sendMs`: how long one of them may take. */
export async function sendReports(env: Env, now: number, sendMs = SEND_MS): Promise<void> {
  const began = Date.now()
  const { results } = await env.DB.prepare(DUE).bind(now).all<Stored>()
  for (const schedule of results) {
    if (Date.now() - began > RUN_MS) return
    try {
      await begin(env, schedule, now)
      await within(sendMs, send(env, schedule, now))
    } catch {
      console.error(JSON.stringify({ message: 'a report was not sent', schedule: schedule.scheduleId }))
    }
  }
}

/** Stands before the report is made, so that one that ends the whole run is not the first of the next one. */
async function begin(env: Env, { scheduleId, nextMs, tries }: Stored, now: number): Promise<void> {
  await env.DB.prepare('UPDATE report_schedules SET tries = ?, tryMs = ? WHERE scheduleId = ? AND nextMs = ?')
    .bind(tries + 1, now + Math.min(REST_MS * 2 ** tries, REST_MAX_MS), scheduleId, nextMs)
    .run()
}

async function send(env: Env, schedule: Stored, now: number): Promise<void> {
  const { scheduleId, workspaceId, nextMs, zone } = schedule
  const fact = await factOf(env, schedule)
  const told = [{ seq: periodOf(nextMs, zone), about: { report: scheduleId }, fact }]
  // At the end of a month the next run tells the next month.
  if ((await logOf(env, workspaceId).hear(scheduleId, JSON.stringify(told))) === false) return
  // What was missed while nothing ran is not sent late. Whoever has changed the schedule meanwhile has said when it is due.
  const sent =
    'UPDATE report_schedules SET nextMs = ?, sentMs = ?, tries = 0, tryMs = 0 WHERE scheduleId = ? AND nextMs = ?'
  await env.DB.prepare(sent)
    .bind(nextAfter(schedule, Math.max(now, nextMs)), now, scheduleId, nextMs)
    .run()
}

/** The figures as they are now, over the days that count from when it was due. */
async function factOf(env: Env, { workspaceId, name, report, query, nextMs }: Stored): Promise<ReportFact> {
  const asked = STORED_QUERY.parse(JSON.parse(query))
  const {
    from,
    to,
    time_zone: timeZone,
    key,
    figures,
    rows,
    total,
  } = await reportOf(env, workspaceId, reportName.parse(report), asked, nextMs)
  const link = new URL('/app/reports', env.PUBLIC_BASE_URL ?? 'http://localhost')
  const { campaign_id: campaign, agent_id: agent } = asked
  for (const [field, value] of Object.entries({ report, from, to, campaign, agent }))
    if (value !== undefined) link.searchParams.set(field, value)
  const columns = figures.map(({ name: figure, words, unit }) => ({ name: figure, words, unit }))
  const table = { key, columns, rows: rows.slice(0, ROWS_TOLD), total, more: rows.length > ROWS_TOLD }
  return { type: 'report-ready', at: nextMs, report, from, to, timeZone, link: link.href, personal: { name, table } }
}

function valuesOf(body: ReportScheduleBody, now: number): (string | number)[] {
  const { name, report, range, campaign_id, agent_id, every, weekday, hour, time_zone: zone, paused } = body
  const rhythm = [every, weekday, hour, zone, paused ? 1 : 0, nextAfter({ every, weekday, hour, zone }, now)]
  return [name, report, JSON.stringify({ range, campaign_id, agent_id }), ...rhythm]
}

function shown(row: Stored): ReportSchedule {
  const { scheduleId: id, name, every, weekday, hour, zone, paused, nextMs, sentMs, madeBy: by } = row
  const { range, campaign_id = null, agent_id = null } = STORED_QUERY.parse(JSON.parse(row.query))
  return {
    ...{ id, name, report: reportName.parse(row.report), range, campaign_id, agent_id, every, weekday, hour },
    ...{ time_zone: zone, paused: paused === 1, next_ms: paused === 1 ? null : nextMs, sent_ms: sentMs, by },
  }
}
