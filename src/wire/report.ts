/** Reports: what may be asked for, and the table that is answered. */
import { z } from 'zod'
import { DAYS_MAX } from '../core/report/days.ts'
import { REPORT_NAMES } from '../core/report/reports.ts'
import { nameText } from './name.ts'
import { timeZone } from './time-zone.ts'

const DAY_MS = 24 * 3_600_000

/** Ranges that have a name; a day is one of the workspace's time zone. */
export const RANGES = ['today', 'yesterday', 'last_7_days', 'last_30_days', 'this_month', 'last_month'] as const
export const reportName = z.enum(REPORT_NAMES)

const date = z
  .string()
  .regex(/^20\d\d-\d\d-\d\d$/, 'not a date such as 2026-12-01')
  .refine(text => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true, 'no such day')
/** Of which calls. */
export const reportFilters = z.object({
  campaign_id: z.string().max(128).optional(),
  agent_id: z.string().max(64).optional(),
})
/** A range with a name, or two dates; nothing: the last seven days. */
export const reportQuery = reportFilters
  .extend({ range: z.enum(RANGES).optional(), from: date.optional(), to: date.optional() })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    error: 'both dates are needed',
    path: ['to'],
  })
  .refine(({ from, range }) => from === undefined || range === undefined, {
    error: 'either a range or two dates',
    path: ['range'],
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    error: 'is before the first day',
    path: ['to'],
  })
  .refine(({ from, to }) => from === undefined || to === undefined || countOf(from, to) <= DAYS_MAX, {
    error: `more than ${DAYS_MAX} days`,
    path: ['to'],
  })
export type ReportQuery = z.infer<typeof reportQuery>

export const reportFigure = z.object({
  name: z.string(),
  words: z.string(),
  unit: z.enum(['count', 'percent', 'seconds', 'minutes', 'hours', 'perHour', 'word']),
  /** its definition */
  means: z.string(),
})
export type ReportFigure = z.infer<typeof reportFigure>

export const reportKind = z.object({
  name: reportName,
  title: z.string(),
  says: z.string(),
  /** what a row stands for */
  key: z.string(),
  figures: z.array(reportFigure),
  /** names of figures that are worth a picture */
  chart: z.array(z.string()),
})
export type ReportKind = z.infer<typeof reportKind>

/** A report that is sent by itself is about days that are over, or that end when it is sent. */
export const sentRange = z.enum(RANGES)
const rhythm = {
  every: z.enum(['day', 'week']),
  /** 0 is Sunday; a daily one takes no notice of it */
  weekday: z.number().int().min(0).max(6),
  hour: z.number().int().min(0).max(23),
  time_zone: timeZone,
}
/** The whole of it, also when it is changed. */
export const reportScheduleBody = reportFilters.extend({
  name: nameText(80),
  report: reportName,
  range: sentRange.default('yesterday'),
  ...rhythm,
  weekday: rhythm.weekday.default(1),
  paused: z.boolean().default(false),
})
export type ReportScheduleBody = z.infer<typeof reportScheduleBody>

export const reportSchedule = z.object({
  id: z.string(),
  name: z.string(),
  report: reportName,
  range: sentRange,
  campaign_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  ...rhythm,
  paused: z.boolean(),
  /** ms since the epoch; null: it is paused */
  next_ms: z.number().nullable(),
  /** null: it was never sent */
  sent_ms: z.number().nullable(),
  /** who has made it */
  by: z.string(),
})
export type ReportSchedule = z.infer<typeof reportSchedule>

const value = z.union([z.number(), z.string()]).nullable()
export const reportRows = z.array(
  z.object({
    key: z.string(),
    label: z.string(),
    /** in the order of the figures; null: nothing to count */
    values: z.array(value),
  }),
)
export const report = reportKind.extend({
  from: z.string(),
  to: z.string(),
  time_zone: z.string(),
  /** when it was added up, ms since the epoch */
  at: z.number(),
  rows: reportRows,
  /** of all rows together */
  total: z.array(value),
  /** the most that may be abandoned of the campaign, or the strictest of all campaigns, in percent; null: there is no limit */
  abandon_limit: z.number().nullable(),
  /** true: there are more campaigns than were asked for their limit, and one of those may have a stricter one */
  abandon_limit_partial: z.boolean(),
})
export type Report = z.infer<typeof report>

function countOf(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
}
