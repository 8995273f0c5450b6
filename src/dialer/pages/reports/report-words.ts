/** Values of reports in words. */
import type { ReportFigure, ReportSchedule } from '../../../wire/report.ts'

type Rhythm = Pick<ReportSchedule, 'every' | 'weekday' | 'hour' | 'time_zone'>

const UNITS: Record<ReportFigure['unit'], string> = {
  count: '',
  percent: ' %',
  seconds: ' s',
  minutes: ' min',
  hours: ' h',
  perHour: '',
  word: '',
}

/** Null: there was nothing to count. */
export function valueWords(value: number | string | null | undefined, { unit }: ReportFigure): string {
  if (value === null || value === undefined) return '–'
  return typeof value === 'string' ? value : `${value.toLocaleString('en-US')}${UNITS[unit]}`
}

/** `Tue, 1 Dec` of a date; anything else as it is. */
export function labelWords(label: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(label)) return label
  const format = { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat('en-GB', format).format(new Date(`${label}T00:00:00Z`))
}

/** What a picture says to whoever cannot see it; the table has every number. */
export function pictureWords(words: string, labels: readonly string[], values: readonly (number | null)[]): string {
  let best = -1
  for (const [at, value] of values.entries()) if (value !== null && (best < 0 || value > (values[best] ?? 0))) best = at
  const most = best < 0 ? 'nothing yet' : `most on ${labelWords(labels[best] ?? '')} with ${values[best]}`
  return `${words}, ${labels.length} values, ${most}. The table below has all of them.`
}

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

/** `each Monday at 08:00, America/New_York` */
export function rhythmWords({ every, weekday, hour, time_zone: zone }: Rhythm): string {
  const day = every === 'day' ? 'each day' : `each ${WEEKDAYS[weekday]}`
  return `${day} at ${String(hour).padStart(2, '0')}:00, ${zone}`
}
