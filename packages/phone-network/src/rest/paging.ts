import { type Form, one, whole } from './form.ts'
import type { RestAsk } from './route.ts'

/** The pages of a list: the envelope of the 2010 API, and the `meta` of the younger ones. */

const PAGE_SIZE = 50
export const PAGE_SIZE_MAX = 1_000

interface Item {
  sid: string
}

interface Cut<T> {
  shown: readonly T[]
  size: number
  number: number
  start: number
  first: string
  next: string | null
  previous: string | null
  here: string
}

/** A page of `items` (newest first). The token names the last item of the page before. */
function cut<T extends Item>(path: string, query: Form, items: readonly T[]): Cut<T> {
  const size = whole(query, 'PageSize', 1, PAGE_SIZE_MAX, PAGE_SIZE)
  const number = whole(query, 'Page', 0, 1_000_000, 0)
  const token = one(query, 'PageToken')
  const after = token === null ? -1 : items.findIndex(item => `PA${item.sid}` === token)
  const start = token !== null && after >= 0 ? after + 1 : number * size
  const shown = items.slice(start, start + size)
  const uri = (pageNumber: number, pageToken: string | null): string => {
    const params = new URLSearchParams()
    for (const [name, values] of query) {
      if (!['Page', 'PageSize', 'PageToken'].includes(name)) for (const value of values) params.append(name, value)
    }
    params.set('PageSize', String(size))
    params.set('Page', String(pageNumber))
    if (pageToken !== null) params.set('PageToken', pageToken)
    return `${path}?${params}`
  }
  const last = shown.at(-1)
  const more = last !== undefined && start + size < items.length
  return {
    shown,
    size,
    number,
    start,
    first: uri(0, null),
    next: more ? uri(number + 1, `PA${last.sid}`) : null,
    previous: number > 0 ? uri(number - 1, null) : null,
    here: uri(number, token),
  }
}

/** A page of the 2010 API. */
export function page<T extends Item>(
  path: string,
  query: Form,
  key: string,
  items: readonly T[],
  render: (item: T) => Record<string, unknown>,
): Record<string, unknown> {
  const { shown, size, number, start, first, next, previous, here } = cut(path, query, items)
  return {
    first_page_uri: first,
    next_page_uri: next,
    previous_page_uri: previous,
    page: number,
    page_size: size,
    start,
    end: Math.max(start, start + shown.length - 1),
    uri: here,
    [key]: shown.map(render),
  }
}

/** A page of an API with whole URLs under `meta`, such as monitor.twilio.com. */
export function metaPage<T extends Item>(
  { origin, path, query }: RestAsk,
  key: string,
  items: readonly T[],
  render: (item: T) => Record<string, unknown>,
): Record<string, unknown> {
  const { shown, size, number, first, next, previous, here } = cut(origin + path, query, items)
  return {
    [key]: shown.map(render),
    meta: {
      first_page_url: first,
      key,
      next_page_url: next,
      page: number,
      page_size: size,
      previous_page_url: previous,
      url: here,
    },
  }
}
