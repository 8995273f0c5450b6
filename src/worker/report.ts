/** A report: the sums of the log under the names that people know, as a table of figures. */

import type { Env } from '../actors/env.ts'
import type { Figures } from '../actors/log/reader.ts'
import type { SumsRow } from '../actors/log/report/rollups.ts'
import { logOf, stubFor } from '../actors/stubs.ts'
import { deskName } from '../core/ids.ts'
import { NO_SUMS, NO_ZONE, SEVERAL_ZONES, SUMS, type Sums } from '../core/report/cells.ts'
import { type Day, dateIn, dayAfter, daysOf } from '../core/report/days.ts'
import { type Counted, FIGURES, REPORTS, type ReportName, valuesOf } from '../core/report/reports.ts'
import type { Report, ReportKind, ReportQuery } from '../wire/report.ts'
import { agentsOf } from './api/agent-book.ts'
import { csvLine } from './csv.ts'
import { membersOf } from './people.ts'

const NAMES_MAX = 1_000
const QUEUES_MAX = 500
/** Each is one question to another object. */
export const LIMITS_MAX = 50
/** More rows are left out: a table of a thousand numbers is read by nobody. */
const ROWS_MAX = 1_000
/** How calls end that have no saved outcome, as `result` of a call says it. */
const RESULTS: Record<string, string> = {
  none: 'No result',
  connected: 'Spoke, no outcome saved',
  'hung-up-early': 'Hung up at once',
  busy: 'Busy',
  'no-answer': 'No answer',
  failed: 'Failed',
  refused: 'Refused',
  'not-cleared': 'Forbidden by a rule',
  'number-refused': 'Our number was refused',
  released: 'Let go, somebody else answered',
  machine: 'Machine',
  fax: 'Fax',
  'no-seat': 'Nobody was free',
  'agent-left': 'The agent left',
  'agent-hung-up': 'The agent hung up',
  voicemail: 'Voicemail',
}

export function kindOf(name: ReportName): ReportKind {
  const { title, says, key, figures, ...one } = REPORTS[name]
  const chart = 'chart' in one ? [...one.chart] : []
  const defined = figures.map(figure => {
    const { words, unit, means } = FIGURES[figure]
    return { name: figure, words, unit, means }
  })
  return { name, title, says, key, figures: defined, chart }
}

/** `at`: from when ranges count. */
export async function reportOf(
  env: Env,
  workspaceId: string,
  name: ReportName,
  query: ReportQuery,
  at = Date.now(),
): Promise<Report> {
  const { timeZone } = await stubFor(env, 'workspace', workspaceId).settings()
  const [from, to] = datesOf(query, dateIn(timeZone, at))
  const days = daysOf(from, to, timeZone)
  const { cut, by } = REPORTS[name]
  const [campaign, agent] = [query.campaign_id ?? null, query.agent_id ?? null]
  const asked = { cut, by, days, zone: timeZone, campaign, agent }
  const found = await logOf(env, workspaceId).figures(asked)
  const named = await namesFor(env, workspaceId, name)
  const stints = found.stints.filter(one => agent === null || one.agent === agent)
  const rate = rateOf(found.sums)
  const timeOf = (key: string | null) => {
    const own = stints.filter(one => key === null || one.agent === key)
    const sum = (kind: string, what: 'ms' | 'times') =>
      own.reduce((all, one) => all + (one.kind === kind ? one[what] : 0), 0)
    return { signedInMs: sum('signed-in', 'ms'), wrapUpMs: sum('wrap-up', 'ms'), wrapUps: sum('wrap-up', 'times') }
  }
  const counted = (sums: Sums, key: string | null): Counted => ({
    sums,
    ...(by === 'agent' ? timeOf(key) : { signedInMs: 0, wrapUpMs: 0, wrapUps: 0 }),
    answerRate: rate,
    ofOneCampaign: campaign !== null,
  })
  const kept = rowsOf(name, found, days)
  const rows = kept.slice(0, ROWS_MAX).map(row => ({
    key: row.key,
    label: named(row),
    values: valuesOf(name, counted(row, row.key)),
  }))
  return {
    ...kindOf(name),
    ...{ from, to, time_zone: timeZone, at, rows },
    // Of the rows that the table has, also those that are left out at its end.
    total: valuesOf(name, counted(totalOf(kept), null)),
    ...(name === 'abandonment' ? await limitOf(env, workspaceId, campaign) : NO_LIMIT),
  }
}

export function reportCsv({ key, figures, rows }: Report): string {
  const lines = rows.map(({ label, values }) => csvLine([label, ...values]))
  return `\uFEFF${csvLine([key, ...figures.map(one => one.words)])}${lines.join('')}`
}

/** The first and the last day. */
function datesOf({ range, from, to }: ReportQuery, today: string): [string, string] {
  if (from !== undefined && to !== undefined) return [from, to]
  const month = `${today.slice(0, 8)}01`
  switch (range) {
    case 'today':
      return [today, today]
    case 'yesterday':
      return [dayAfter(today, -1), dayAfter(today, -1)]
    case 'last_30_days':
      return [dayAfter(today, -29), today]
    case 'this_month':
      return [month, today]
    case 'last_month': {
      const last = dayAfter(month, -1)
      return [`${last.slice(0, 8)}01`, last]
    }
    default:
      return [dayAfter(today, -6), today]
  }
}

/** Days stand in their order, also those without a call; hours too; anything else by its size. */
function rowsOf(name: ReportName, { sums, stints }: Figures, days: readonly Day[]): SumsRow[] {
  const known = new Map(sums.map(row => [row.key, row]))
  const { by } = REPORTS[name]
  if (by === 'day') {
    if (sums.length === 0) return []
    return days.map(({ date, fromMs }) => ({ label: '', ...NO_SUMS, ...known.get(String(fromMs)), key: date }))
  }
  if (name === 'hours') return sums.toSorted((a, b) => a.key.localeCompare(b.key))
  const rows = sums.filter(row => by !== 'agent' || row.key !== '')
  // Whoever was there and had no call stands in the table as well.
  if (by === 'agent')
    for (const { agent } of stints)
      if (!rows.some(row => row.key === agent)) rows.push({ ...NO_SUMS, key: agent, label: '' })
  return rows.toSorted((a, b) => b.calls - a.calls || a.key.localeCompare(b.key))
}

async function namesFor(env: Env, workspaceId: string, name: ReportName): Promise<(row: SumsRow) => string> {
  switch (name) {
    case 'agents': {
      const people = await membersOf(env, workspaceId, null, NAMES_MAX)
      const names = new Map(people.map(one => [deskName(one.userId) as string, one.name]))
      return ({ key, label }) => names.get(key) ?? (label || key)
    }
    case 'ai': {
      const agents = await agentsOf(env, workspaceId)
      const names = new Map(agents.map(one => [one.agentId, one.body.name]))
      return ({ key }) => names.get(key) ?? key
    }
    case 'queues': {
      const ask = { do: 'list', after: null, limit: QUEUES_MAX } as const
      const queues = (await stubFor(env, 'workspace', workspaceId).queues(ask)) ?? []
      const names = new Map(queues.map(one => [one.queueId as string, one.name]))
      return ({ key }) => names.get(key) ?? key
    }
    case 'hours':
      return ({ key }) => `${key}:00`
    case 'zones':
      return ({ key }) => (key === NO_ZONE ? 'Not known' : key === SEVERAL_ZONES ? 'Several' : key)
    case 'outcomes':
      return outcomeWords((await stubFor(env, 'workspace', workspaceId).outcomes({})).labels)
    default:
      return ({ key }) => key
  }
}

/** An outcome by its label; the key of the row has its id. */
function outcomeWords(labels: Record<string, string>): ({ key }: { key: string }) => string {
  const known = new Map(Object.entries(labels))
  return ({ key }) => {
    const [of, ...rest] = key.split(':')
    const word = rest.join(':')
    return of === 'result' ? (RESULTS[word] ?? word) : `Outcome: ${known.get(word) ?? word}`
  }
}

type Limit = Pick<Report, 'abandon_limit' | 'abandon_limit_partial'>
const NO_LIMIT: Limit = { abandon_limit: null, abandon_limit_partial: false }

async function limitOf(env: Env, workspaceId: string, campaign: string | null): Promise<Limit> {
  const known = await stubFor(env, 'workspace', workspaceId).campaigns()
  const wanted = known.filter(one => campaign === null || one.campaignId === campaign)
  const asked = wanted.slice(0, LIMITS_MAX)
  const states = await Promise.all(asked.map(one => stubFor(env, 'campaign', one.campaignId).read()))
  const limits = states.flatMap(({ state }) => (state.settings?.abandonMax == null ? [] : [state.settings.abandonMax]))
  return {
    abandon_limit: limits.length === 0 ? null : Math.round(Math.min(...limits) * 1_000) / 10,
    abandon_limit_partial: wanted.length > asked.length,
  }
}

function totalOf(rows: readonly SumsRow[]): Sums {
  return Object.fromEntries(SUMS.map(name => [name, rows.reduce((sum, row) => sum + row[name], 0)])) as Sums
}

function rateOf(rows: readonly SumsRow[]): number | null {
  const { answered, dialed } = totalOf(rows)
  return dialed === 0 ? null : answered / dialed
}
