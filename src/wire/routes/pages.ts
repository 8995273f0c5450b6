/** What the rows of lists share: a page is asked for by cursor, and an answer in words. */
import { z } from 'zod'

export const page = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number<number>().int().min(1).max(200).default(50),
})

/** Pages of a list in the order of its ids. A cursor names its list, so that any other text is refused: `members~7f…`. */
function pagesById(list: string) {
  const form = new RegExp(`^${list}~[A-Za-z0-9_.-]{1,64}$`)
  return {
    query: page.extend({ cursor: z.string().regex(form, 'not a cursor of this list').optional() }),
    /** null: from the beginning */
    after: (cursor: string | undefined): string | null => cursor?.slice(list.length + 1) ?? null,
    /** The cursor of the next page; null: a page that is not full is the last one. */
    next: (ids: string[], limit: number): string | null =>
      ids.length === limit && ids.length > 0 ? `${list}~${ids.at(-1)}` : null,
  }
}

/** The place of a list that is ordered by change, the newest first. */
export interface ChangedBefore {
  changedMs: number
  id: string
}

/**
 * Pages of a list in the order of change, the newest first. A cursor is the place behind the last row: `flows~1767000000000~fl_7f…`. Rows that
 * nobody changes meanwhile come once; what is changed stands in front again, for the next reading.
 */
function pagesByChange(list: string) {
  const form = new RegExp(`^${list}~[0-9]{1,15}~[A-Za-z0-9_-]{1,64}$`)
  return {
    query: page.extend({ cursor: z.string().regex(form, 'not a cursor of this list').optional() }),
    /** null: from the beginning */
    after: (cursor: string | undefined): ChangedBefore | null => {
      const [, changed, id] = cursor?.split('~') ?? []
      return changed === undefined || id === undefined ? null : { changedMs: Number(changed), id }
    },
    /** The cursor of the next page; null: a page that is not full is the last one. */
    next: (rows: ChangedBefore[], limit: number): string | null => {
      const last = rows.at(-1)
      return rows.length === limit && last !== undefined ? `${list}~${last.changedMs}~${last.id}` : null
    },
  }
}
export const flowPages = pagesByChange('flows')
export const importPages = pagesByChange('imports')
export const memberPages = pagesById('members')
export const contactPages = pagesById('contacts')
export const teamPages = pagesById('agents')
export const numberPages = pagesById('numbers')
export const queuePages = pagesById('queues')
export const extensionPages = pagesById('extensions')
export const trunkPages = pagesById('trunks')
export const maskPages = pagesById('masks')
export const maskSessionPages = pagesById('masksessions')
export const conferencePages = pagesById('conferences')

/** Pages of the call log in the voice API. Each call of a page may be asked for more, so a page is small. */
export const callPages = page.extend({ limit: z.coerce.number<number>().int().min(1).max(50).default(25) })

/** An answer that only says in a word what was done. */
export const done = z.object({ message: z.string() })

/** Rows of a request that could not be taken, named as they were sent. */
export const refusedRows = z.array(z.object({ field: z.string(), message: z.string() }))
