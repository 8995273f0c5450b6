/** The call log's filters, as they stand in the address. */
import type { CallRow } from '../../wire/api.ts'

export interface CallSearch {
  direction?: 'outbound' | 'inbound'
  q?: string
  outcome?: string
}

/** Filters come from the address: unknown or wrong values are dropped. */
export function readCallSearch(search: Record<string, unknown>): CallSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 100) : undefined)
  const direction = search.direction
  return {
    direction: direction === 'outbound' || direction === 'inbound' ? direction : undefined,
    q: typeof search.q === 'number' ? String(search.q) : text(search.q),
    outcome: text(search.outcome),
  }
}

/** The server filters too where it can; this keeps the page right when it cannot. */
export function matches(row: CallRow, { direction, q, outcome }: CallSearch): boolean {
  if (direction !== undefined && row.direction !== direction) return false
  if (outcome !== undefined && row.outcome !== outcome) return false
  if (q === undefined) return true
  const digits = q.replaceAll(/\D/g, '')
  const hay = `${row.name} ${row.number} ${row.note}`.toLowerCase()
  return hay.includes(q.toLowerCase()) || (digits.length >= 3 && row.number.replaceAll(/\D/g, '').includes(digits))
}
