/** Several rows by one statement: each `exec` costs 15 to 20 µs whatever it writes (measured), a row costs one or two. */

/** A statement may bind this many values (Durable Objects: limits of SQL). */
const BOUND_MAX = 100

/** `head` ends before `VALUES`, e.g. `INSERT INTO facts (seq, at)`; `tail` follows the rows, e.g. `ON CONFLICT DO NOTHING`. */
export function insertRows(sql: SqlStorage, head: string, rows: SqlStorageValue[][], tail = ''): void {
  const width = rows[0]?.length ?? 0
  const most = Math.max(1, Math.floor(BOUND_MAX / Math.max(1, width)))
  for (let from = 0; from < rows.length; from += most) {
    const part = rows.slice(from, from + most)
    sql.exec(`${head} VALUES ${listOf(part.length, listOf(width, '?'))} ${tail}`, ...part.flat())
  }
}

/** `statement` ends before the list, e.g. `DELETE FROM outbox WHERE id IN`. */
export function forIds(sql: SqlStorage, statement: string, ids: number[]): void {
  for (let from = 0; from < ids.length; from += BOUND_MAX) {
    const part = ids.slice(from, from + BOUND_MAX)
    sql.exec(`${statement} ${listOf(part.length, '?')}`, ...part)
  }
}

/** `(?, ?, ?)`, and of these again `((?, ?), (?, ?))` without the outer pair. */
function listOf(count: number, item: string): string {
  const items = Array.from({ length: count }, () => item).join(', ')
  return item === '?' ? `(${items})` : items
}
