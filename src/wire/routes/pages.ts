/** What the rows of lists share: a page is asked for by cursor, and an answer in words. */
import { z } from 'zod'

export const page = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number<number>().int().min(1).max(200).default(50),
})

/** An answer that only says in a word what was done. */
export const done = z.object({ message: z.string() })

/** Rows of a request that could not be taken, named as they were sent. */
export const refusedRows = z.array(z.object({ field: z.string(), message: z.string() }))
