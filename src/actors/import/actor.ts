/** One import, which outlives the browser that began it. The object that is named by the workspace alone has the list and the mappings. */
import { DurableObject } from 'cloudflare:workers'
import { workspaceOf } from '../../core/ids.ts'
import type { Field } from '../../core/import/fields.ts'
import type { Env } from '../env.ts'
import { migrate } from '../shell/schema.ts'
import { stubFor } from '../stubs.ts'
import { ImportBoard } from './board.ts'
import { ImportList } from './book.ts'
import type {
  Begun,
  Import,
  ImportContract,
  ImportRow,
  ImportSettings,
  ImportState,
  Phase,
  Received,
  RowsQuery,
  Wanted,
} from './contract.ts'
import { HOUR_MS, IMPORT_SCHEMA, KEPT_MS } from './tables.ts'
import { ImportWork, isWorking } from './work.ts'

/** So long one alarm works before the next one goes on. */
const WORK_MS = 2_000
const RETRY_MS = 5_000
/** Rows that are not saved may be mended and saved. */
const COMMITS: Phase[] = ['checked', 'imported', 'undone']

export class ImportActor extends DurableObject<Env> implements ImportContract {
  readonly #id: string
  readonly #board: ImportBoard
  readonly #list: ImportList
  readonly #work: ImportWork
  #isBusy = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    migrate(ctx.storage, { actor: IMPORT_SCHEMA })
    this.#id = ctx.id.name ?? ''
    this.#board = new ImportBoard(ctx.storage.sql)
    this.#list = new ImportList(ctx.storage.sql)
    this.#work = new ImportWork(env, ctx.storage.sql, this.#board, workspaceOf(this.#id))
    // An alarm may have been lost between what was written and when it was set.
    if (isWorking(this.#board.state?.phase ?? 'new')) void ctx.storage.setAlarm(Date.now())
  }

  async enlist(importId: string): Promise<boolean> {
    return this.#list.enlist(importId, Date.now())
  }
  async strike(importId: string): Promise<void> {
    this.#list.strike(importId)
  }
  async has(importId: string): Promise<boolean> {
    return this.#list.has(importId)
  }
  async listed(before: { changedMs: number; id: string } | null, limit: number): Promise<string[]> {
    return this.#list.listed(before, limit)
  }
  async mappingFor(signature: string): Promise<(Field | null)[] | null> {
    return this.#list.mappingFor(signature)
  }
  async rememberMapping(signature: string, columns: (Field | null)[]): Promise<void> {
    this.#list.remember(signature, columns, Date.now())
  }

  async make(name: string, by: string, settings: ImportSettings, upTo: ImportState['upTo']): Promise<Import> {
    const fresh = { phase: 'new', problem: null, kind: null, encoding: null, separator: null } as const
    const counted = { asked: settings, first: [], firstN: 1, rows: 0, cursor: 0, campaigns: [], filled: 0, kept: 0 }
    this.#board.change({ importId: this.#id, name, by, madeMs: Date.now(), upTo, ...settings, ...fresh, ...counted })
    await this.#arm()
    return this.#board.shown() as Import
  }
  async read(): Promise<Import | null> {
    return this.#board.shown()
  }
  async receive(file: ReadableStream<Uint8Array>): Promise<Received> {
    const phase = this.#board.state?.phase
    if (phase === undefined) return 'gone'
    if (this.#isBusy || !['new', 'failed', 'checked'].includes(phase)) return 'busy'
    await this.#alone(() => this.#work.receive(file))
    return 'read'
  }
  async recheck(settings: ImportSettings): Promise<Begun> {
    const may = this.#may('checked')
    if (may !== 'begun') return may
    await this.#alone(() => this.#work.recheck(settings))
    return may
  }
  async rows(query: RowsQuery): Promise<ImportRow[]> {
    return this.#board.rows(query)
  }
  async fix(n: number, cells: string[]): Promise<ImportRow | 'busy' | null> {
    const row = this.#board.row(n)
    if (row === null || row.saved) return null
    if (this.#may(...COMMITS) !== 'begun') return 'busy'
    await this.#alone(() => this.#work.fix(n, cells))
    return this.#board.row(n)
  }
  async begin(wanted: Wanted): Promise<Begun> {
    const may = this.#may(...(wanted.do === 'commit' ? COMMITS : ['imported' as const]))
    if (may === 'begun') this.#board.begin(wanted)
    await this.#arm()
    return may
  }
  async forget(): Promise<boolean> {
    if (this.#isBusy || isWorking(this.#board.state?.phase ?? 'new')) return false
    await this.#end()
    return true
  }

  override async alarm(): Promise<void> {
    const { state } = this.#board
    if (state === null) return
    if (isWorking(state.phase)) return this.#alone(() => this.#steps())
    if (this.#isBusy || Date.now() < state.madeMs + KEPT_MS) return this.#arm()
    const struck = stubFor(this.env, 'import', workspaceOf(this.#id)).strike(this.#id)
    // An alarm that throws too often is gone, and the list would stay for ever.
    const isStruck = await struck.then(() => true).catch(() => false)
    await (isStruck ? this.#end() : this.ctx.storage.setAlarm(Date.now() + HOUR_MS))
  }

  async #steps(): Promise<void> {
    const until = Date.now() + WORK_MS
    try {
      while (isWorking(this.#board.state?.phase ?? 'new') && Date.now() < until) await this.#work.step()
    } catch {
      // A neighbour did not answer. How far the work has come is on record, and a row that is done twice is the same.
      console.error(JSON.stringify({ message: 'a step of an import is tried again' }))
      await this.ctx.storage.setAlarm(Date.now() + RETRY_MS)
    }
  }

  #may(...phases: Phase[]): Begun {
    const phase = this.#board.state?.phase
    if (phase === undefined) return 'gone'
    if (this.#isBusy || isWorking(phase) || phase === 'reading') return 'busy'
    return phases.includes(phase) ? 'begun' : 'phase'
  }

  /** One thing at a time; requests that only read are answered meanwhile. */
  async #alone(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true
    try {
      await work()
    } finally {
      this.#isBusy = false
      await this.#arm()
    }
  }

  async #arm(): Promise<void> {
    const { state } = this.#board
    if (state === null) return
    const now = Date.now()
    if (!isWorking(state.phase)) return this.ctx.storage.setAlarm(Math.max(now + 60_000, state.madeMs + KEPT_MS))
    const next = await this.ctx.storage.getAlarm()
    if (next === null || next > now + RETRY_MS) await this.ctx.storage.setAlarm(now)
  }

  async #end(): Promise<void> {
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    this.#board.reset()
    migrate(this.ctx.storage, { actor: IMPORT_SCHEMA })
  }
}
