/** What imports offer: the object that is named by the workspace keeps their list and the mappings, each import has an object of its own. */
import type { Field } from '../../core/import/fields.ts'
import type { Encoding } from './text.ts'

type Actor = Rpc.DurableObjectBranded

/**
 * Of a row. `ok`, `fixed` (with what was corrected) and `update` (somebody of the book, by id) are saved; `known` is in the book with this number,
 * and stays as it is; `duplicate` has the number or the id of another row; `refused` cannot be taken.
 */
export type Verdict = 'ok' | 'fixed' | 'update' | 'known' | 'duplicate' | 'refused'
export const VERDICTS: readonly Verdict[] = ['ok', 'fixed', 'update', 'known', 'duplicate', 'refused']

export type Phase =
  | 'new'
  | 'reading'
  | 'checking'
  | 'checked'
  | 'importing'
  | 'imported'
  | 'filling'
  | 'undoing'
  | 'undone'
  | 'failed'

export interface ImportSettings {
  /** ISO 3166: how numbers without a plus are read */
  country: string
  /** what each column is; null: nobody has said it yet */
  columns: (Field | null)[] | null
  /** is the first row a header? null: nobody has said it yet */
  header: boolean | null
}
export interface ImportState extends ImportSettings {
  importId: string
  name: string
  by: string
  madeMs: number
  phase: Phase
  /** why the file could not be read; null: nothing is wrong */
  problem: string | null
  /** what is done without being asked once the file is read */
  upTo: 'check' | 'import'
  kind: 'csv' | 'xlsx' | null
  encoding: Encoding | null
  separator: string | null
  /** the first row as it was written, and its place in the file */
  first: string[]
  firstN: number
  /** what a person or a program has said, without any guess */
  asked: ImportSettings
  /** rows of data */
  rows: number
  /** of the work that is going on: the last row that is done */
  cursor: number
  /** campaigns that have people of this import; the last one is being filled, while that is going on */
  campaigns: string[]
  /** people that the campaigns got */
  filled: number
  /** people whom `undo` left in the book, because they have been called or others rely on them */
  kept: number
}
export interface Import extends ImportState {
  counts: Record<Verdict, number>
  /** rows that are in the book */
  saved: number
  samples: string[][]
}
export interface ImportRow {
  n: number
  cells: string[]
  verdict: Verdict
  field: Field | null
  message: string
  number: string | null
  /** digits to send after the answer */
  extension: string | null
  saved: boolean
}

export type Received = 'read' | 'busy' | 'gone'
export interface RowsQuery {
  verdict: Verdict | null
  after: number
  limit: number
}
/** Work that goes on by itself: people are saved, get into a campaign, or are taken back. */
export type Wanted = { do: 'commit' } | { do: 'fill'; campaignId: string } | { do: 'undo' }
/** `busy`: something is going on already; `phase`: this is not possible now */
export type Begun = 'begun' | 'busy' | 'phase' | 'gone'

export interface ImportContract extends Actor {
  // The workspace's object.
  enlist(importId: string): Promise<boolean>
  strike(importId: string): Promise<void>
  has(importId: string): Promise<boolean>
  listed(before: { changedMs: number; id: string } | null, limit: number): Promise<string[]>
  mappingFor(signature: string): Promise<(Field | null)[] | null>
  rememberMapping(signature: string, columns: (Field | null)[]): Promise<void>

  // The object of an import.
  make(name: string, by: string, settings: ImportSettings, upTo: ImportState['upTo']): Promise<Import>
  read(): Promise<Import | null>
  /** Reads the file while it comes. Whatever was read before is replaced, as long as nobody was imported. */
  receive(file: ReadableStream<Uint8Array>): Promise<Received>
  /** Judges all rows anew by these settings. */
  recheck(settings: ImportSettings): Promise<Begun>
  rows(query: RowsQuery): Promise<ImportRow[]>
  /** Null: there is no such row, or it is saved already. */
  fix(n: number, cells: string[]): Promise<ImportRow | 'busy' | null>
  begin(wanted: Wanted): Promise<Begun>
  forget(): Promise<boolean>
}
