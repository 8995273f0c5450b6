/** Which report over which days, as it stands in the address, so that a report is a link. */
import type { ReportKind, ReportQuery } from '../../../wire/report.ts'

export type ReportRange = NonNullable<ReportQuery['range']>
export const RANGE_WORDS: Record<ReportRange, string> = {
  today: 'Today',
  yesterday: 'Yesterday',
  last_7_days: 'Last 7 days',
  last_30_days: 'Last 30 days',
  this_month: 'This month',
  last_month: 'Last month',
}
export interface ReportSearch {
  report?: ReportKind['name']
  range?: ReportRange
  from?: string
  to?: string
  campaign?: string
  agent?: string
}
/** The list of names is the server's; this one keeps a wrong address from being asked. */
const NAMES: Record<ReportKind['name'], true> = {
  ...{ calls: true, hours: true, zones: true, abandonment: true, outcomes: true },
  ...{ agents: true, numbers: true, ai: true, queues: true },
}

/** Unknown or wrong values are dropped. */
export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 128) : undefined)
  const date = (value: unknown) => (/^20\d\d-\d\d-\d\d$/.test(String(value)) ? String(value) : undefined)
  const [report, range] = [text(search.report), text(search.range)]
  const [from, to] = [date(search.from), date(search.to)]
  const dates = from === undefined || to === undefined ? {} : { from, to }
  return {
    report: report !== undefined && report in NAMES ? (report as ReportKind['name']) : undefined,
    range: range !== undefined && range in RANGE_WORDS ? (range as ReportRange) : undefined,
    campaign: text(search.campaign),
    agent: text(search.agent),
    ...dates,
  }
}

/** What the server is asked. Two dates are stronger than a range. */
export function queryOf({ range, from, to, campaign, agent }: ReportSearch): ReportQuery {
  const days = from !== undefined && to !== undefined ? { from, to } : { range: range ?? 'last_7_days' }
  return { ...days, campaign_id: campaign, agent_id: agent }
}
