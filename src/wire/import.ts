/** Imports: a list of people on its way into the book, row by row. */
import { z } from 'zod'
import { COLUMNS_MAX } from '../core/import/csv.ts'
import { FIELDS } from '../core/import/fields.ts'
import { nameText } from './name.ts'
import { countryCode } from './phone-number.ts'

const field = z.enum(FIELDS)
/** `ok`, `fixed` and `update` are saved; `known` is in the book already and stays as it is; `duplicate` and `refused` are not taken */
const verdict = z.enum(['ok', 'fixed', 'update', 'known', 'duplicate', 'refused'])
const phase = z.enum([
  ...(['new', 'reading', 'checking', 'checked', 'importing', 'imported'] as const),
  ...(['filling', 'undoing', 'undone', 'failed'] as const),
])

const columns = z
  .array(field.nullable())
  .max(COLUMNS_MAX)
  .refine(list => {
    const named = list.filter(one => one !== null && one !== 'phone')
    return new Set(named).size === named.length
  }, 'only phone may be more than one column')

export const newImport = z.object({
  name: nameText(120),
  /** ISO 3166: how numbers without a plus are read; absent: the workspace's country */
  country: countryCode.optional(),
  /** what each column is, null for one that is left out; absent: as a list with the same header was read before, or guessed */
  columns: columns.optional(),
  /** is the first row a header? absent: guessed */
  header: z.boolean().optional(),
  /** `check`: a dry run; `import`: what can be taken is saved as soon as the file is read */
  upTo: z.enum(['check', 'import']).default('check'),
})
export const importSettings = z.object({ country: countryCode, columns, header: z.boolean() })

const CELL_CHARS_MAX = 4_000
export const fixedRow = z.object({ cells: z.array(z.string().max(CELL_CHARS_MAX)).min(1).max(COLUMNS_MAX) })
export const rowNumber = z.object({ row: z.string().regex(/^[1-9]\d{0,8}$/, 'the number of a row') })
export const fillsCampaign = z.object({ campaignId: z.string().min(1).max(100) })
export const rowsAsked = z.object({
  verdict: verdict.optional(),
  cursor: z
    .string()
    .regex(/^rows~\d{1,9}$/, 'not a cursor of this list')
    .optional(),
  limit: z.coerce.number<number>().int().min(1).max(200).default(50),
})

export const shownImport = z.object({
  importId: z.string(),
  name: z.string(),
  madeMs: z.number(),
  phase,
  /** why the file could not be read */
  problem: z.string().nullable(),
  kind: z.enum(['csv', 'xlsx']).nullable(),
  encoding: z.string().nullable(),
  separator: z.string().nullable(),
  country: z.string(),
  columns: z.array(field.nullable()).nullable(),
  header: z.boolean().nullable(),
  /** the first row as it was written, and some rows after it */
  first: z.array(z.string()),
  samples: z.array(z.array(z.string())),
  rows: z.number().int(),
  /** of what is going on: the last row that is done */
  cursor: z.number().int(),
  counts: z.record(verdict, z.number().int()),
  /** people of the list who are in the book now */
  saved: z.number().int(),
  campaigns: z.array(z.string()),
  /** people whom the last campaign got */
  filled: z.number().int(),
  /** people whom undoing left, because somebody has called them or relies on them */
  kept: z.number().int(),
})
export type ShownImport = z.infer<typeof shownImport>

export const shownRow = z.object({
  n: z.number().int(),
  cells: z.array(z.string()),
  verdict,
  field: field.nullable(),
  message: z.string(),
  number: z.string().nullable(),
  /** digits that are sent after the answer */
  extension: z.string().nullable(),
  saved: z.boolean(),
})
export type ShownRow = z.infer<typeof shownRow>
