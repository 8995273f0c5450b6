/** The API's answers about reports, for tests that only look at screens. */
import { NO_SUMS } from '../../src/core/report/cells.ts'
import { dayAfter } from '../../src/core/report/days.ts'
import { FIGURES, REPORT_NAMES, REPORTS, type ReportName, valuesOf } from '../../src/core/report/reports.ts'
import type { Report, ReportKind, ReportSchedule } from '../../src/wire/report.ts'
import { answerOf } from './fake-ai.ts'

const FROM = '2026-11-25'
const DAYS = 7

function kindOf(name: ReportName): ReportKind {
  const { title, says, key, figures, ...one } = REPORTS[name]
  const defined = figures.map(figure => {
    const { words, unit, means } = FIGURES[figure]
    return { name: figure, words, unit, means }
  })
  return { name, title, says, key, figures: defined, chart: 'chart' in one ? [...one.chart] : [] }
}

/** Figures of a team that has a good day in the middle of the week. */
function countedAt(at: number) {
  const dialed = 400 + 60 * ((at * 5) % DAYS)
  const answered = Math.round(dialed * (0.08 + 0.01 * (at % 5)))
  const sums = { ...NO_SUMS, calls: dialed + 40, dialed, answered, answeredForAgents: answered }
  return {
    sums: { ...sums, conversations: answered - 2, abandoned: at % 3, refused: 9, talkedMs: answered * 95_000 },
    ...{ signedInMs: 7 * 3_600_000, wrapUpMs: answered * 21_000, wrapUps: answered, answerRate: 0.1 },
  }
}

const LABELS: Partial<Record<ReportName, readonly string[]>> = {
  hours: Array.from({ length: DAYS }, (_, at) => `${String(9 + at).padStart(2, '0')}:00`),
  agents: ['Ada', 'Bo', 'Cy with a long name that does not end soon', 'Di', 'Ed', 'Fay', 'Gil'],
}

function reportOf(name: ReportName): Report {
  const rows =
    name === 'queues'
      ? []
      : Array.from({ length: DAYS }, (_, at) => {
          const label = LABELS[name]?.[at] ?? dayAfter(FROM, at)
          return { key: label, label, values: valuesOf(name, countedAt(at)) }
        })
  return {
    ...kindOf(name),
    ...{ from: FROM, to: dayAfter(FROM, DAYS - 1), time_zone: 'America/New_York', at: Date.now(), rows },
    total: valuesOf(name, countedAt(1)),
    abandon_limit: name === 'abandonment' ? 3 : null,
    abandon_limit_partial: false,
  }
}

const MONDAY: ReportSchedule = {
  ...{ id: 'w_demo.rs_1', name: 'Monday figures', report: 'agents', range: 'last_7_days', campaign_id: null },
  ...{ agent_id: null, every: 'week', weekday: 1, hour: 8, time_zone: 'America/New_York', paused: false },
  ...{ next_ms: Date.UTC(2026, 11, 7, 13), sent_ms: Date.UTC(2026, 10, 30, 13), by: 'Ada' },
}

/** Null: not one of these addresses. */
export function reportAnswer(pathname: string): unknown {
  if (pathname === '/v1.0/reports')
    return answerOf('GET /v1.0/reports', { items: REPORT_NAMES.map(kindOf), next: null })
  if (pathname === '/v1.0/report_schedules')
    return answerOf('GET /v1.0/report_schedules', { items: [MONDAY], next: null })
  const name = /^\/v1\.0\/reports\/([a-z]+)$/.exec(pathname)?.[1]
  return name === undefined ? null : answerOf('GET /v1.0/reports/:report', reportOf(name as ReportName))
}
