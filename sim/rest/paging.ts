import { type Form, one, whole } from './form.ts'

/** The page envelope that every list of the 2010 API has. */

const PAGE_SIZE = 50
export const PAGE_SIZE_MAX = 1_000

interface Item {
  sid: string
}

/** A page of `items` (newest first). The token names the last item of the page before. */
export function page<T extends Item>(
  path: string,
  query: Form,
  key: string,
  items: readonly T[],
  render: (item: T) => Record<string, unknown>,
): Record<string, unknown> {
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
    first_page_uri: uri(0, null),
    next_page_uri: more ? uri(number + 1, `PA${last.sid}`) : null,
    previous_page_uri: number > 0 ? uri(number - 1, null) : null,
    page: number,
    page_size: size,
    start,
    end: Math.max(start, start + shown.length - 1),
    uri: uri(number, token),
    [key]: shown.map(render),
  }
}
