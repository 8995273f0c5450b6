/** The call log of a workspace: rows projected from the actors' facts, idempotent by source and seq. */
import { DurableObject } from 'cloudflare:workers'
import type { CallDetail, CallRow } from '../../wire/api.ts'
import type { LogContract, LogQuery } from '../contracts.ts'
import type { Env } from '../env.ts'
import { crmState } from './crm.ts'
import { LOG_TABLES, type LoggedRow, type LogPage, projectPages, rowOf, timelineOf } from './rows.ts'

export const PAGE_MAX = 200
/** Fewer digits than these are in nearly every number. */
const NUMBER_DIGITS_MIN = 3
/** Every call of a workspace is told here: what comes within this time is one transaction. */
const GATHER_MS = 25

interface Waiting extends LogPage {
  resolve(): void
  reject(error: Error): void
}

export class LogActor extends DurableObject<Env> implements LogContract {
  readonly #sql: SqlStorage
  /** pages that wait to be written together; their senders keep what is not confirmed */
  readonly #heard: Waiting[] = []

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#sql.exec(LOG_TABLES)
  }

  /** One page of an actor's facts, as JSON: no structured clone of thousands of small objects. */
  async hear(source: string, factsJson: string): Promise<void> {
    const facts = JSON.parse(factsJson) as LoggedRow[]
    await new Promise<void>((resolve, reject) => {
      this.#heard.push({ source, facts, resolve, reject })
      if (this.#heard.length === 1) setTimeout(() => this.#write(), GATHER_MS)
    })
  }

  /** All that came meanwhile in one transaction; a page that cannot be written must not hold up the others. */
  #write(): void {
    const pages = this.#heard.splice(0)
    try {
      this.ctx.storage.transactionSync(() => projectPages(this.#sql, pages))
    } catch {
      for (const page of pages) this.#writeAlone(page)
      return
    }
    for (const { resolve } of pages) resolve()
  }

  #writeAlone(page: Waiting): void {
    try {
      this.ctx.storage.transactionSync(() => projectPages(this.#sql, [page]))
      page.resolve()
    } catch (error) {
      page.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Newest first; the cursor is the last row's time and id. */
  async list(query: LogQuery): Promise<{ items: CallRow[]; next: string | null }> {
    const limit = Math.min(Math.max(1, query.limit), PAGE_MAX)
    const { where, values } = filterOf(query)
    const rows = this.#sql
      .exec(`SELECT * FROM calls ${where} ORDER BY created_ms DESC, call_id DESC LIMIT ?`, ...values, limit + 1)
      .toArray()
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const next = rows.length > limit && last ? `${last.created_ms}~${last.call_id}` : null
    return { items: page.map(rowOf), next }
  }

  /** As JSON: a timeline's data has no fixed shape, which typed RPC cannot carry. */
  async detail(callId: string): Promise<string | null> {
    const [row] = this.#sql.exec('SELECT * FROM calls WHERE call_id = ?', callId).toArray()
    if (!row) return null
    const timeline = timelineOf(this.#sql, callId)
    return JSON.stringify({ call: rowOf(row), timeline, crm: crmState(timeline) } satisfies CallDetail)
  }

  /** By the carrier's id, for the seed's status route. */
  async byProviderId(providerId: string): Promise<CallRow | null> {
    const [row] = this.#sql.exec('SELECT * FROM calls WHERE provider_id = ?', providerId).toArray()
    return row ? rowOf(row) : null
  }
}

function filterOf(query: LogQuery): { where: string; values: (string | number)[] } {
  const parts: string[] = []
  const values: (string | number)[] = []
  const [time, callId] = (query.cursor ?? '').split('~')
  if (time && callId) {
    parts.push('(created_ms, call_id) < (?, ?)')
    values.push(Number(time), callId)
  }
  for (const [column, value] of [
    ['direction', query.direction],
    ['outcome', query.outcome],
    ['result', query.result],
    ['agent_name', query.agent],
  ] as const) {
    if (!value) continue
    parts.push(`${column} = ?`)
    values.push(value)
  }
  if (query.q) {
    // A number as people write it; a name that holds digits is no number.
    const digits = /^[\d\s()+./-]+$/.test(query.q) ? query.q.replaceAll(/\D/g, '') : ''
    const texts = [like(query.q), like(query.q)]
    const number = digits.length >= NUMBER_DIGITS_MIN ? " OR number LIKE ? ESCAPE '!'" : ''
    parts.push(`(name LIKE ? ESCAPE '!' OR note LIKE ? ESCAPE '!'${number})`)
    values.push(...texts, ...(number === '' ? [] : [like(digits)]))
  }
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values }
}

/** Anywhere in the text; the pattern's own signs mean themselves. */
function like(text: string): string {
  return `%${text.replaceAll(/[!%_]/g, sign => `!${sign}`)}%`
}
