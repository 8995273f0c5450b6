/** Named filters of the call log, kept in this browser. */
import { type CallSearch, readCallSearch } from './call-search.ts'

export interface SavedView {
  name: string
  search: CallSearch
}
export const VIEWS_MAX = 20
export const NAME_MAX = 40
const KEY = 'trunkline.call-views'

/** Reads only what is a view, so that an old or broken entry never breaks the page. */
export function parseViews(text: string | null): SavedView[] {
  let found: unknown
  try {
    found = JSON.parse(text ?? '[]')
  } catch {
    return []
  }
  if (!Array.isArray(found)) return []
  return found.flatMap(one => {
    const { name, search } = (one ?? {}) as Record<string, unknown>
    if (typeof name !== 'string' || name.trim() === '' || typeof search !== 'object' || search === null) return []
    return [{ name: name.slice(0, NAME_MAX), search: readCallSearch(search as Record<string, unknown>) }]
  })
}

/** A view of a known name takes its place; the newest is the last. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  return [...views.filter(one => one.name !== view.name), view].slice(-VIEWS_MAX)
}

export function isFiltered(search: CallSearch): boolean {
  return Object.values(search).some(value => value !== undefined)
}

export const readViews = (): SavedView[] => parseViews(localStorage.getItem(KEY))
export const keepViews = (views: readonly SavedView[]): void => localStorage.setItem(KEY, JSON.stringify(views))
