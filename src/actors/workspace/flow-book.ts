/** The flows of a workspace: drafts, and the versions that calls run. The rules of versions are `src/core/flow/versions.ts`. */
import type { Action } from '../../core/flow/flow.ts'
import {
  type FlowBook as Book,
  type Canary,
  type FlowVersion,
  publish,
  rollBack,
  startCanary,
  versionFor,
} from '../../core/flow/versions.ts'
import { unreachable } from '../../core/machine.ts'
import type { FlowAsk, FlowChange, FlowRow, FlowToRun } from '../books.ts'
import type { Schema } from '../shell/schema.ts'

export const FLOW_SCHEMA: Schema = {
  firstTable: 'flows',
  tables: `
CREATE TABLE flows (flow_id TEXT PRIMARY KEY, name TEXT NOT NULL, detail TEXT NOT NULL, draft TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0,
  canary TEXT, made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, changed_by TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE flow_versions (flow_id TEXT NOT NULL, version INTEGER NOT NULL, actions TEXT NOT NULL, at INTEGER NOT NULL, rolled_back_to INTEGER,
  PRIMARY KEY (flow_id, version)) WITHOUT ROWID;
`,
  migrations: [],
}
/** Flows of one workspace. */
export const FLOWS_MAX = 500

type Row = Record<string, SqlStorageValue>

export class FlowBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** As typed RPC carries it: options of steps have no fixed shape. */
  answerJson(ask: FlowAsk, now: number): string | null {
    const answer = this.answer(ask, now)
    return answer === null ? null : JSON.stringify(answer)
  }

  /** One question or change; null: there is no such flow or version, or there are too many. */
  answer(ask: FlowAsk, now: number): FlowRow | FlowRow[] | FlowVersion[] | FlowToRun | true | null {
    switch (ask.do) {
      case 'list':
        return this.list(ask.after, ask.limit)
      case 'read':
        return this.read(ask.flowId)
      case 'create':
        return this.create(ask.flowId, ask.change, ask.by, now)
      case 'change':
        return this.change(ask.flowId, ask.change, ask.by, now)
      case 'remove':
        return this.remove(ask.flowId) || null
      case 'publish':
        return this.publish(ask.flowId, now)
      case 'roll-back':
        return this.rollBack(ask.flowId, ask.version, now)
      case 'canary':
        return this.startCanary(ask.flowId, ask.percent, now)
      case 'versions':
        return this.read(ask.flowId) === null ? null : this.versions(ask.flowId)
      case 'run':
        return this.toRun(ask.flowId, ask.callId)
      default:
        return unreachable(ask)
    }
  }

  list(after: Extract<FlowAsk, { do: 'list' }>['after'], limit: number): FlowRow[] {
    const { changedMs, id } = after ?? { changedMs: Number.MAX_SAFE_INTEGER, id: '' }
    return this.#sql
      .exec(
        'SELECT * FROM flows WHERE (-changed_ms, flow_id) > (?, ?) ORDER BY changed_ms DESC, flow_id LIMIT ?',
        ...[-changedMs, id, limit],
      )
      .toArray()
      .map(rowOf)
  }

  read(flowId: string): FlowRow | null {
    const [row] = this.#sql.exec('SELECT * FROM flows WHERE flow_id = ?', flowId).toArray()
    return row === undefined ? null : rowOf(row)
  }

  /** Null: there are too many. `actionsJson`: checked. */
  create(flowId: string, change: Required<FlowChange>, by: string, now: number): FlowRow | null {
    const [count] = this.#sql.exec('SELECT COUNT(*) AS n FROM flows').toArray()
    if (Number(count?.n) >= FLOWS_MAX) return null
    this.#sql.exec(
      'INSERT INTO flows (flow_id, name, detail, draft, made_ms, changed_ms, changed_by) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[flowId, change.name, change.detail, change.actionsJson, now, now, by],
    )
    return this.read(flowId)
  }

  /** Null: there is no such flow. What is not named stays. */
  change(flowId: string, change: FlowChange, by: string, now: number): FlowRow | null {
    const known = this.read(flowId)
    if (known === null) return null
    const { name = known.name, detail = known.detail, actionsJson = known.draftJson } = change
    this.#sql.exec(
      'UPDATE flows SET name = ?, detail = ?, draft = ?, changed_ms = ?, changed_by = ? WHERE flow_id = ?',
      ...[name, detail, actionsJson, now, by, flowId],
    )
    return this.read(flowId)
  }

  /** Calls that run it keep their version, which is in their own state. */
  remove(flowId: string): boolean {
    this.#sql.exec('DELETE FROM flow_versions WHERE flow_id = ?', flowId)
    return this.#sql.exec('DELETE FROM flows WHERE flow_id = ?', flowId).rowsWritten > 0
  }

  /** Null: there is no such flow. */
  publish(flowId: string, now: number): FlowRow | null {
    return this.#become(flowId, now, book => publish(book, now))
  }
  /** Null: there is no such flow, or no such version. */
  rollBack(flowId: string, version: number, now: number): FlowRow | null {
    return this.#become(flowId, now, book => rollBack(book, version, now))
  }
  /** Null: there is no such flow, nothing was published, or the share is none. */
  startCanary(flowId: string, percent: number, now: number): FlowRow | null {
    return this.#become(flowId, now, book => startCanary(book, percent, now))
  }

  versions(flowId: string): FlowVersion[] {
    return this.#bookOf(flowId)?.versions.slice().reverse() ?? []
  }

  /** The version that this call gets. Null: there is no such flow, or it was never published. */
  toRun(flowId: string, callId: string): FlowToRun | null {
    const book = this.#bookOf(flowId)
    const found = book === null ? null : versionFor(book, callId)
    if (found === null) return null
    return { flowId, version: found.version, actionsJson: JSON.stringify(found.actions), variables: {} }
  }

  #become(flowId: string, now: number, next: (book: Book) => Book | null): FlowRow | null {
    const book = this.#bookOf(flowId)
    const changed = book === null ? null : next(book)
    if (book === null || changed === null) return null
    const { draft, published, canary, versions } = changed
    for (const one of versions.filter(({ version }) => !book.versions.some(known => known.version === version)))
      this.#sql.exec(
        'INSERT INTO flow_versions (flow_id, version, actions, at, rolled_back_to) VALUES (?, ?, ?, ?, ?)',
        ...[flowId, one.version, JSON.stringify(one.actions), one.at, one.rolledBackTo ?? null],
      )
    for (const { version } of book.versions.filter(one => !versions.some(kept => kept.version === one.version)))
      this.#sql.exec('DELETE FROM flow_versions WHERE flow_id = ? AND version = ?', flowId, version)
    this.#sql.exec(
      'UPDATE flows SET draft = ?, published = ?, canary = ?, changed_ms = ? WHERE flow_id = ?',
      ...[JSON.stringify(draft), published, canary === null ? null : JSON.stringify(canary), now, flowId],
    )
    return this.read(flowId)
  }

  #bookOf(flowId: string): Book | null {
    const known = this.read(flowId)
    if (known === null) return null
    const versions = this.#sql
      .exec('SELECT * FROM flow_versions WHERE flow_id = ? ORDER BY version', flowId)
      .toArray()
      .map(versionOf)
    const { published, canary } = known
    return { draft: JSON.parse(known.draftJson) as Action[], versions, published, canary }
  }
}

function rowOf(row: Row): FlowRow {
  return {
    flowId: String(row.flow_id),
    name: String(row.name),
    detail: String(row.detail),
    draftJson: String(row.draft),
    published: Number(row.published),
    canary: row.canary === null ? null : (JSON.parse(String(row.canary)) as Canary),
    madeMs: Number(row.made_ms),
    changedMs: Number(row.changed_ms),
    changedBy: String(row.changed_by),
  }
}

function versionOf(row: Row): FlowVersion {
  const one = { version: Number(row.version), actions: JSON.parse(String(row.actions)) as Action[], at: Number(row.at) }
  return row.rolled_back_to === null ? one : { ...one, rolledBackTo: Number(row.rolled_back_to) }
}
