/** The call log's filters, as they stand in the address. */
import type { CallFilters } from '../../wire/api.ts'

export type CallSearch = Pick<CallFilters, 'direction' | 'q' | 'outcome'>

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
