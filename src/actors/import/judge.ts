/** What is said of each row: by itself, against the other rows of the list, and against the book of the workspace. */
import type { Field } from '../../core/import/fields.ts'
import { type Judged, judgeRow, personOf, placesOf } from '../../core/import/row.ts'
import { readNumber } from '../../wire/phone-number.ts'
import type { ContactAsk } from '../people.ts'
import type { ImportRow, ImportSettings, Verdict } from './contract.ts'
import type { Record } from './source.ts'

/** Asks the book; one answer for each person. */
export type AsksBook = (ask: ContactAsk) => Promise<(string | null)[]>

/** A row with one of these has its number and its id; another row with them is a duplicate. */
const TAKEN = "('ok', 'fixed', 'update', 'known')"

/** So many duplicates of one row are looked at again when it is corrected. */
const WAITING_MAX = 50
const SAME_NUMBER = `SELECT n FROM rows WHERE number = ? AND n <> ? AND verdict IN ${TAKEN} LIMIT 1`
const SAME_ID = `SELECT n FROM rows WHERE contact_id = ? AND n <> ? AND verdict IN ${TAKEN} LIMIT 1`

interface Said {
  verdict: Verdict | 'header'
  field: Field | null
  message: string
  number: string | null
  extension: string | null
  contactId: string | null
}
const HEADER: Said = { verdict: 'header', field: null, message: '', number: null, extension: null, contactId: null }

/** `firstN`: of the first row that has anything in it */
type Judging = ImportSettings & { firstN: number }

export class Judge {
  readonly #sql: SqlStorage
  readonly #asksBook: AsksBook

  constructor(sql: SqlStorage, asksBook: AsksBook) {
    this.#sql = sql
    this.#asksBook = asksBook
  }

  /** Judges these rows and writes them down. `newId`: the id of a contact whom the list gives none. */
  async judge(rows: readonly Record[], settings: Judging, newId: (n: number) => string): Promise<void> {
    const { country } = settings
    const places = placesOf(settings.columns ?? [])
    const alone = rows.map(({ cells }) => judgeRow(cells, places, written => readNumber(written, country)))
    const people = rows.map(({ cells }, index) => ({
      contactId: personOf(cells, places).contactId,
      number: alone[index]?.number ?? '',
    }))
    const known = await this.#asksBook({ do: 'known', people })
    // Whoever is named by an id may be somebody else by their number.
    const named = people.filter(one => one.contactId !== null)
    const byNumber = await this.#asksBook({ do: 'known', people: named.map(one => ({ ...one, contactId: null })) })
    const others = new Map(named.map((one, index) => [one, byNumber[index] ?? null]))
    for (const [index, row] of rows.entries()) {
      const isHeader = row.n === settings.firstN && settings.header === true
      const given = people[index]?.contactId ?? null
      const inBook = known[index] ?? null
      const judged = this.#among(row.n, alone[index] as Judged, given, inBook, newId)
      const person = people[index]
      const isMoved = judged.verdict === 'update' && person !== undefined && others.get(person) !== given
      const said = isHeader
        ? HEADER
        : isMoved
          ? { ...judged, field: 'phone' as const, message: `${given} gets this number` }
          : judged
      this.#write(row, said)
    }
  }

  #among(n: number, judged: Judged, given: string | null, inBook: string | null, newId: (n: number) => string): Said {
    const { number, verdict } = judged
    if (verdict === 'refused' || number === null) return { ...judged, contactId: null }
    const twin = this.#twin(n, number, given)
    if (twin !== null) return { ...judged, ...twin, verdict: 'duplicate', contactId: given }
    if (inBook === null) return { ...judged, contactId: given ?? newId(n) }
    if (inBook === given) return { ...judged, verdict: 'update', contactId: given }
    const message = `this number is in the contacts already (${inBook})`
    return { ...judged, verdict: 'known', field: 'phone', message, contactId: inBook }
  }

  /** The row that has this number or id; null: none has. */
  #twin(n: number, number: string, given: string | null): { field: Field; message: string } | null {
    const [same] = this.#sql.exec(SAME_NUMBER, number, n).toArray()
    if (same !== undefined) return { field: 'phone', message: `the same number as row ${same.n}` }
    if (given === null) return null
    const [named] = this.#sql.exec(SAME_ID, given, n).toArray()
    return named === undefined ? null : { field: 'contactId', message: `the same id as row ${named.n}` }
  }

  #write({ n, cells }: Record, { verdict, field, message, number, extension, contactId }: Said): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO rows (n, cells, verdict, field, message, number, extension, contact_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      n,
      JSON.stringify(cells),
      ...[verdict, field, message, number, extension, contactId],
    )
  }

  /** Rows that are duplicates because of the number or the id that this row has. */
  waitingFor(n: number): Record[] {
    const waits = `SELECT one.n, one.cells FROM rows AS one JOIN rows AS held ON held.n = ?1 AND one.n <> ?1 AND one.verdict = 'duplicate'
      AND (one.number = held.number OR one.contact_id = held.contact_id) ORDER BY one.n LIMIT ${WAITING_MAX}`
    return this.#sql.exec(waits, n).toArray().map(recordOf)
  }
}

export function recordOf(row: { [name: string]: SqlStorageValue }): Record {
  return { n: Number(row.n), cells: JSON.parse(String(row.cells)) as string[] }
}

export function rowOf(row: { [name: string]: SqlStorageValue }): ImportRow {
  return {
    ...recordOf(row),
    verdict: row.verdict as Verdict,
    field: row.field as Field | null,
    message: String(row.message),
    number: row.number === null || row.number === undefined ? null : String(row.number),
    extension: row.extension === null || row.extension === undefined ? null : String(row.extension),
    saved: row.saved === 1,
  }
}
