/** The list of queues of a workspace. Settings, agents and callers are the queue's own (`src/actors/queue`). */
import { unreachable } from '../../core/machine.ts'
import type { QueueAsk, QueueRow } from '../books.ts'
import type { Schema } from '../shell/schema.ts'

export const QUEUE_SCHEMA: Schema = {
  firstTable: 'queues',
  tables: `
CREATE TABLE queues (queue_id TEXT PRIMARY KEY, name TEXT NOT NULL, detail TEXT NOT NULL, made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
  changed_by TEXT NOT NULL) WITHOUT ROWID;
`,
  migrations: [],
}
/** Queues of one workspace. */
export const QUEUES_MAX = 200

export class QueueBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Null: there is no such queue, or there are too many. */
  answer(ask: QueueAsk, now: number): QueueRow[] | null {
    switch (ask.do) {
      case 'list':
        return this.#list(ask.after, ask.limit)
      case 'read':
        return this.#read(ask.queueId)
      case 'save':
        return this.#save(ask, now)
      case 'remove':
        return this.#sql.exec('DELETE FROM queues WHERE queue_id = ?', ask.queueId).rowsWritten > 0 ? [] : null
      default:
        return unreachable(ask)
    }
  }

  #list(after: string | null, limit: number): QueueRow[] {
    return this.#sql
      .exec('SELECT * FROM queues WHERE queue_id > ? ORDER BY queue_id LIMIT ?', after ?? '', limit)
      .toArray()
      .map(rowOf)
  }

  #read(queueId: string): QueueRow[] | null {
    const rows = this.#sql.exec('SELECT * FROM queues WHERE queue_id = ?', queueId).toArray()
    return rows.length === 0 ? null : rows.map(rowOf)
  }

  #save({ queueId, name, detail, by }: Extract<QueueAsk, { do: 'save' }>, now: number): QueueRow[] | null {
    const [count] = this.#sql.exec('SELECT COUNT(*) AS n FROM queues').toArray()
    if (this.#read(queueId) === null && Number(count?.n) >= QUEUES_MAX) return null
    this.#sql.exec(
      `INSERT INTO queues (queue_id, name, detail, made_ms, changed_ms, changed_by) VALUES (?1, ?2, ?3, ?4, ?4, ?5)
       ON CONFLICT (queue_id) DO UPDATE SET name = ?2, detail = ?3, changed_ms = ?4, changed_by = ?5`,
      ...[queueId, name, detail, now, by],
    )
    return this.#read(queueId)
  }
}

function rowOf(row: Record<string, SqlStorageValue>): QueueRow {
  return {
    queueId: String(row.queue_id),
    name: String(row.name),
    detail: String(row.detail),
    madeMs: Number(row.made_ms),
    changedMs: Number(row.changed_ms),
    changedBy: String(row.changed_by),
  }
}
