/** Reads pages of a month's call log, with the filters of the list. */
import type { CallRow } from '../../wire/api.ts'
import type { LogQuery } from '../contracts.ts'
import { rowOf } from './rows.ts'

/** A search by fewer digits than these would match nearly every number. */
const NUMBER_DIGITS_MIN = 3

/** The place in a list: month, time of the beginning and id of the last row that was given. */
export function cursorAt(month: string, row: CallRow): string {
  return `${month}~${row.createdMs}~${row.callId}`
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

/** The row of the call that has this id, ours or the carrier's; null: it did not begin in this month. */
export function callHere(sql: SqlStorage, column: 'call_id' | 'provider_id', id: string): CallRow | null {
  const [row] = sql.exec(`SELECT * FROM calls WHERE ${column} = ?`, id).toArray()
  return row ? rowOf(row) : null
}

function filterOf(month: string, query: LogQuery): { where: string; values: (string | number)[] } {
  const parts: string[] = []
  const values: (string | number)[] = []
  const [of, time, callId] = (query.cursor ?? '').split('~')
  if (of === month && time && callId) {
    parts.push('(created_ms, call_id) < (?, ?)')
    values.push(Number(time), callId)
  }
  for (const [column, value] of [
    ['direction', query.direction],
    ['outcome', query.outcome],
    ['result', query.result],
    ['agent_id', query.agentId],
  ] as const) {
    if (!value) continue
    parts.push(`${column} = ?`)
    values.push(value)
  }
  if (query.q) {
    // Searches by digits only if the text looks like a number; a name may hold digits too.
    const digits = /^[\d\s()+./-]+$/.test(query.q) ? query.q.replaceAll(/\D/g, '') : ''
    const texts = [like(query.q), like(query.q)]
    const number = digits.length >= NUMBER_DIGITS_MIN ? " OR number LIKE ? ESCAPE '!'" : ''
    parts.push(`(name LIKE ? ESCAPE '!' OR note LIKE ? ESCAPE '!'${number})`)
    values.push(...texts, ...(number === '' ? [] : [like(digits)]))
  }
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values }
}

/** Matches anywhere in the text; characters that mean something in a pattern are escaped. */
function like(text: string): string {
  return `%${text.replaceAll(/[!%_]/g, sign => `!${sign}`)}%`
}
