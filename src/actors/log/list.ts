/** Reads pages of a month's call log, with the filters of the list: from its rows (SQL), and from rows of the archive (`fits`). */
import type { CallRow } from '../../wire/api.ts'
import type { Row } from './archive/texts.ts'
import type { LogQuery } from './contract.ts'
import { rowOf } from './rows.ts'

/** A search by fewer digits than these would match nearly every number. */
const NUMBER_DIGITS_MIN = 3

/** The place in a list: month, time of the beginning and id of the last row that was given or looked at. */
export function cursorAt(month: string, { at, callId }: { at: number; callId: string }): string {
  return `${month}~${at}~${callId}`
}

/** The place of a cursor within this month; null: before the newest row. */
export function placeInMonth(month: string, cursor: string | null): { at: number; callId: string } | null {
  const [of, time, callId] = (cursor ?? '').split('~')
  return of === month && time && callId ? { at: Number(time), callId } : null
}

/** Null: this is no cursor of ours. */
export function monthOfCursor(cursor: string): string | null {
  return /^([a-z0-9-]{1,16})~\d{1,15}~[A-Za-z0-9_.-]{1,160}$/.exec(cursor)?.[1] ?? null
}

/** Rows of this month, newest first, behind the cursor if that is of this month. */
export function rowsOf(sql: SqlStorage, month: string, query: LogQuery): CallRow[] {
  const { where, values } = filterOf(month, query)
  return sql
    .exec(`SELECT * FROM calls ${where} ORDER BY created_ms DESC, call_id DESC LIMIT ?`, ...values, query.limit)
    .toArray()
    .map(rowOf)
}

/** The row of the call that has this id, ours or the carrier's; null: this object has none. */
export function callHere(sql: SqlStorage, column: 'call_id' | 'provider_id', id: string): CallRow | null {
  const [row] = sql.exec(`SELECT * FROM calls WHERE ${column} = ?`, id).toArray()
  return row ? rowOf(row) : null
}

function filterOf(month: string, query: LogQuery): { where: string; values: (string | number)[] } {
  const parts: string[] = []
  const values: (string | number)[] = []
  const place = placeInMonth(month, query.cursor)
  if (place) {
    parts.push('(created_ms, call_id) < (?, ?)')
    values.push(place.at, place.callId)
  }
  for (const [column, value] of valuesOf(query)) {
    parts.push(`${column} = ?`)
    values.push(value)
  }
  if (query.q) {
    const digits = digitsOf(query.q)
    const texts = [like(query.q), like(query.q)]
    const number = digits === null ? '' : " OR number LIKE ? ESCAPE '!'"
    parts.push(`(name LIKE ? ESCAPE '!' OR note LIKE ? ESCAPE '!'${number})`)
    values.push(...texts, ...(digits === null ? [] : [like(digits)]))
  }
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values }
}

/** The columns that must have one value. */
export function valuesOf(query: LogQuery): [column: string, value: string][] {
  const wanted: [string, string | undefined][] = [
    ['direction', query.direction],
    ['outcome', query.outcome],
    ['result', query.result],
    ['agent_id', query.agentId],
  ]
  return wanted.flatMap(([column, value]) => (value ? [[column, value] as [string, string]] : []))
}

/** Would the filter of `rowsOf` take this row? */
export function fits(row: Row, query: LogQuery): boolean {
  return valuesOf(query).every(([column, value]) => row[column] === value) && fitsText(row, query.q)
}

/** The part of the filter that looks at personal values. */
export function fitsText(row: Row, q: string | undefined): boolean {
  if (!q) return true
  const digits = digitsOf(q)
  const has = (column: string, text: string) => folded(String(row[column] ?? '')).includes(folded(text))
  return has('name', q) || has('note', q) || (digits !== null && has('number', digits))
}

/** As LIKE compares: the letters A to Z are those of a to z, and no others are alike. */
function folded(text: string): string {
  return text.replaceAll(/[A-Z]+/g, letters => letters.toLowerCase())
}

/** Searches by digits only if the text looks like a number; a name may hold digits too. */
function digitsOf(q: string): string | null {
  const digits = /^[\d\s()+./-]+$/.test(q) ? q.replaceAll(/\D/g, '') : ''
  return digits.length >= NUMBER_DIGITS_MIN ? digits : null
}

/** Matches anywhere in the text; characters that mean something in a pattern are escaped. */
function like(text: string): string {
  return `%${text.replaceAll(/[!%_]/g, sign => `!${sign}`)}%`
}
