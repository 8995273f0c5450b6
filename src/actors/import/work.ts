/** What an import does beside requests: it reads, judges, saves, fills a campaign and undoes, some rows at a time, and knows how far it has come. */
import { uniqueOfImport } from '../../core/ids.ts'
import { BrokenFile } from '../../core/import/csv.ts'
import { guess, hasHeader, signatureOf } from '../../core/import/fields.ts'
import { type Places, personOf, placesOf } from '../../core/import/row.ts'
import { readNumber, shownNumber } from '../../wire/phone-number.ts'
import type { ContactEntry } from '../contracts.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import { BROKE_OFF, type ImportBoard } from './board.ts'
import type { ImportSettings, ImportState, Phase } from './contract.ts'
import { Judge, recordOf } from './judge.ts'
import { type Record, recordsOf } from './source.ts'
import { ROWS_MAX } from './tables.ts'

/** Rows in one step, which is one question to a neighbour. */
const STEP = 1_000

/** Phases that go on by themselves, and what comes after each. */
const AFTER = { checking: 'checked', importing: 'imported', filling: 'imported', undoing: 'undone' } as const
type Working = keyof typeof AFTER
export function isWorking(phase: Phase): phase is Working {
  return phase in AFTER
}

export class ImportWork {
  readonly #env: Env
  readonly #sql: SqlStorage
  readonly #board: ImportBoard
  readonly #judge: Judge
  readonly #workspaceId: string

  constructor(env: Env, sql: SqlStorage, board: ImportBoard, workspaceId: string) {
    this.#env = env
    this.#sql = sql
    this.#board = board
    this.#workspaceId = workspaceId
    this.#judge = new Judge(sql, ask => this.#book.peopleOfList(ask))
  }

  get #book() {
    return stubFor(this.#env, 'workspace', this.#workspaceId)
  }
  get #list() {
    return stubFor(this.#env, 'import', this.#workspaceId)
  }
  get #state(): ImportState {
    return this.#board.state as ImportState
  }

  async receive(file: ReadableStream<Uint8Array>): Promise<void> {
    this.#board.clear()
    this.#board.change({
      // What was guessed for the file before is no word about this one.
      ...this.#state.asked,
      first: [],
      phase: 'reading',
      problem: null,
      kind: null,
      encoding: null,
      separator: null,
      rows: 0,
      cursor: 0,
    })
    try {
      await this.#read(file)
    } catch (error) {
      // Whatever else is thrown comes from the connection that brought the file.
      const problem = error instanceof BrokenFile ? error.message : BROKE_OFF
      this.#board.clear()
      this.#board.change({ phase: 'failed', problem, rows: 0 })
      return
    }
    this.#board.change(this.#next('checking'))
  }

  async #read(file: ReadableStream<Uint8Array>): Promise<void> {
    let held: Record[] = []
    let isFirst = true
    const judge = async (rows: Record[]) => {
      if (rows.length === 0) return
      if (isFirst) await this.#settle(rows)
      isFirst = false
      const count =
        this.#state.rows + rows.length - (rows[0]?.n === this.#state.firstN && this.#state.header === true ? 1 : 0)
      if (count > ROWS_MAX) throw new BrokenFile(`the list has more than ${ROWS_MAX} rows; cut it into several`)
      await this.#judge.judge(rows, this.#state, n => this.#newId(n))
      this.#board.change({ rows: count, cursor: rows.at(-1)?.n ?? 0 })
    }
    const source = { sql: this.#sql, tell: (about: Partial<ImportState>) => void this.#board.change(about) }
    for await (const records of recordsOf(file, source)) {
      held = held.length === 0 ? records : held.concat(records)
      while (held.length >= STEP) {
        await judge(held.slice(0, STEP))
        held = held.slice(STEP)
      }
    }
    await judge(held)
    if (this.#state.rows === 0) throw new BrokenFile('the file has no rows')
  }

  /** What the first rows show, where nobody has said it: is there a header, and what is each column? */
  async #settle(rows: Record[]): Promise<void> {
    const { country, header: stated, columns } = this.#state
    const first = rows[0]?.cells ?? []
    const isNumber = (text: string) => readNumber(text, country).ok
    const header = stated ?? hasHeader(first, isNumber)
    const known = columns ?? (header ? await this.#list.mappingFor(signatureOf(first)) : null)
    const samples = rows.slice(header ? 1 : 0, 200).map(one => one.cells)
    this.#board.change({
      first,
      firstN: rows[0]?.n ?? 1,
      header,
      columns: known ?? guess(header ? first : [], samples, isNumber),
    })
  }

  #newId(n: number): string {
    return `p_${uniqueOfImport(this.#state.importId)}_${n}`
  }

  /** Everything is judged anew by these settings. */
  async recheck(settings: ImportSettings): Promise<void> {
    if (settings.columns !== null && settings.header === true)
      await this.#list.rememberMapping(signatureOf(this.#state.first), settings.columns)
    this.#sql.exec("UPDATE rows SET verdict = 'header', number = NULL, contact_id = NULL")
    const [all] = this.#sql.exec('SELECT COUNT(*) AS n FROM rows').toArray()
    const rows = Number(all?.n) - (settings.header === true && Number(all?.n) > 0 ? 1 : 0)
    this.#board.change({ ...settings, asked: settings, phase: 'checking', cursor: 0, rows })
  }

  /** A row is written anew. Whoever waited for its number has it now. */
  async fix(n: number, cells: string[]): Promise<void> {
    const waiting = this.#judge.waitingFor(n)
    await this.#judge.judge([{ n, cells }], this.#state, one => this.#newId(one))
    if (waiting.length > 0) await this.#judge.judge(waiting, this.#state, one => this.#newId(one))
  }

  /** One step of what is going on. */
  async step(): Promise<void> {
    const { phase, cursor } = this.#state
    if (!isWorking(phase)) return
    const last = await this.#steps[phase](cursor)
    this.#board.change(last === null ? this.#next(phase) : { cursor: last })
  }

  #next(phase: Working): Partial<ImportState> {
    const onward = phase === 'checking' && this.#state.upTo === 'import' && this.#state.columns?.includes('phone')
    return onward ? { phase: 'importing', cursor: 0, upTo: 'check' } : { phase: AFTER[phase], cursor: 0 }
  }

  /** Each does the rows behind a place; the last row that is done, or null when none was left. */
  readonly #steps: { [phase in Working]: (cursor: number) => Promise<number | null> } = {
    checking: async cursor => {
      const rows = this.#sql.exec('SELECT n, cells FROM rows WHERE n > ? ORDER BY n LIMIT ?', cursor, STEP).toArray()
      await this.#judge.judge(rows.map(recordOf), this.#state, n => this.#newId(n))
      return lastOf(rows)
    },
    importing: async cursor => {
      const rows = this.#rows(cursor, "saved = 0 AND verdict IN ('ok', 'fixed', 'update', 'known')")
      if (rows.length === 0) return null
      // Somebody may have come into the book, or gone, since the rows were judged: these are judged once more, and come again.
      const stale = await this.#stale(rows)
      if (stale.length > 0) {
        await this.#judge.judge(stale.map(recordOf), this.#state, n => this.#newId(n))
        return cursor
      }
      const relied = rows.filter(row => row.verdict === 'known').map(row => String(row.contact_id))
      const places = placesOf(this.#state.columns ?? [])
      const entries = rows.filter(row => row.verdict !== 'known').map(row => entryOf(row, places))
      await this.#book.peopleOfList({ do: 'import', importId: this.#state.importId, entries, relied })
      const done = rows.map(row => row.n)
      this.#sql.exec('UPDATE rows SET saved = 1 WHERE n IN (SELECT value FROM json_each(?))', JSON.stringify(done))
      return lastOf(rows)
    },
    filling: async cursor => {
      const rows = this.#rows(cursor, 'saved = 1')
      if (rows.length === 0) return null
      await this.#fill(rows)
      return lastOf(rows)
    },
    undoing: async cursor => {
      const rows = this.#rows(cursor, 'saved = 1')
      if (rows.length === 0) return null
      await this.#undo(rows)
      return lastOf(rows)
    },
  }

  /** A row that is saved a second time has its own contact, and is not stale. */
  async #stale(rows: { [name: string]: SqlStorageValue }[]) {
    const people = rows.map(row => ({ contactId: String(row.contact_id), number: String(row.number) }))
    const now = await this.#book.peopleOfList({ do: 'known', people })
    const isOfBook = (verdict: unknown) => verdict === 'known' || verdict === 'update'
    return rows.filter((row, index) => now[index] !== row.contact_id && (now[index] !== null || isOfBook(row.verdict)))
  }

  #rows(cursor: number, where: string) {
    return this.#sql.exec(`SELECT * FROM rows WHERE n > ? AND ${where} ORDER BY n LIMIT ?`, cursor, STEP).toArray()
  }

  /** The campaign gets people as the book has them. */
  async #fill(rows: { [name: string]: SqlStorageValue }[]): Promise<void> {
    const { campaigns, columns, filled } = this.#state
    const places = placesOf(columns ?? [])
    const agreed = new Set(
      rows.filter(row => personOf(recordOf(row).cells, places).aiConsent).map(row => String(row.contact_id)),
    )
    const people = await this.#book.contacts(rows.map(row => String(row.contact_id)))
    const { added } = await stubFor(this.#env, 'campaign', campaigns.at(-1) ?? '').addContacts(
      people.map(one => ({
        contactId: one.contactId,
        name: `${one.firstName} ${one.lastName}`.trim(),
        company: one.company,
        number: one.phone,
        numberShown: shownNumber(one.phone),
        timeZone: one.timeZone,
        postcode: one.postcode,
        extension: one.extension,
        aiConsent: agreed.has(one.contactId),
      })),
    )
    this.#board.change({ filled: filled + added })
  }

  /** Those whom this import has made and nobody has called go, first from the campaigns, so that nobody is called meanwhile. */
  async #undo(rows: { [name: string]: SqlStorageValue }[]): Promise<void> {
    const { campaigns, importId, kept } = this.#state
    const made = rows.filter(row => row.verdict !== 'known' && row.verdict !== 'update')
    const all = made.map(row => String(row.contact_id))
    // Whom the book keeps stays in the campaigns as well.
    const needed = new Set(await this.#book.peopleOfList({ do: 'kept', importId, ids: all }))
    let ids = all.filter(id => !needed.has(id))
    for (const campaignId of new Set(campaigns)) {
      const stays = new Set(await stubFor(this.#env, 'campaign', campaignId).removeContacts(ids))
      ids = ids.filter(id => !stays.has(id))
    }
    const stays = new Set(await this.#book.peopleOfList({ do: 'undo', importId, ids }))
    const gone = new Set(ids.filter(id => !stays.has(id)))
    const places = rows
      .filter(row => row.verdict === 'known' || row.verdict === 'update' || gone.has(String(row.contact_id)))
      .map(row => row.n)
    this.#sql.exec('UPDATE rows SET saved = 0 WHERE n IN (SELECT value FROM json_each(?))', JSON.stringify(places))
    this.#board.change({ kept: kept + made.length - gone.size })
  }
}

function entryOf(row: { [name: string]: SqlStorageValue }, places: Places): ContactEntry {
  const { aiConsent: _, contactId: __, ...person } = personOf(recordOf(row).cells, places)
  const extension = row.extension === null || row.extension === undefined ? null : String(row.extension)
  return { ...person, contactId: String(row.contact_id), phone: String(row.number), extension }
}

function lastOf(rows: { [name: string]: SqlStorageValue }[]): number | null {
  const last = rows.at(-1)?.n
  return last === undefined ? null : Number(last)
}
