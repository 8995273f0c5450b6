/** The one row of an endpoint: its settings, its secrets, how far it has read, and how it is doing. */
import { FAILING_MAX_MS } from '../../core/events/ladder.ts'
import { OVERLAP_HOURS, type Webhook, type WebhookChange } from '../../wire/webhook.ts'
import type { EndpointSettings } from './contract.ts'

export interface Endpoint extends EndpointSettings {
  cursor: string
  disabled: Webhook['disabled_because']
  failingSince: number | null
  /** the server asked for a pause until then */
  holdUntil: number
  madeMs: number
  secret: string
  oldSecret: string | null
  oldUntil: number | null
}

/** The row is kept in memory as well. How far the endpoint has read is there first, and is written by `store`. */
export class EndpointRow {
  readonly #sql: SqlStorage
  #known: Endpoint | null = null
  /** not written yet; null: as the row says */
  #cursor: string | null = null

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Null: it was never made, or is gone. */
  read(): Endpoint | null {
    this.#known ??= this.#read()
    return this.#known && this.#cursor !== null ? { ...this.#known, cursor: this.#cursor } : this.#known
  }

  /** What is in memory only is forgotten, and the row is read anew when it is wanted. */
  reload(): void {
    this.#known = null
    this.#cursor = null
  }

  #read(): Endpoint | null {
    const [row] = this.#sql.exec('SELECT * FROM endpoint').toArray()
    if (row === undefined) return null
    const number = (value: SqlStorageValue | undefined) =>
      value === null || value === undefined ? null : Number(value)
    return {
      ...(JSON.parse(String(row.settings)) as EndpointSettings),
      cursor: String(row.cursor),
      disabled: row.disabled as Endpoint['disabled'],
      failingSince: number(row.failing_since),
      holdUntil: Number(row.hold_until),
      madeMs: Number(row.made_ms),
      secret: String(row.secret),
      oldSecret: row.old_secret === null ? null : String(row.old_secret),
      oldUntil: number(row.old_until),
    }
  }

  make(settings: EndpointSettings, secret: string, cursor: string, now: number): void {
    this.#sql.exec(
      'INSERT OR IGNORE INTO endpoint (id, settings, secret, cursor, made_ms) VALUES (1, ?, ?, ?, ?)',
      ...[JSON.stringify(settings), secret, cursor, now],
    )
  }

  /** To enable it forgets how it failed. */
  change({ enabled, ...change }: WebhookChange, known: Endpoint): void {
    this.#known = null
    const { url, name, types, vocabulary, retries } = { ...known, ...withoutGaps(change) }
    this.#sql.exec('UPDATE endpoint SET settings = ?', JSON.stringify({ url, name, types, vocabulary, retries }))
    if (enabled === false && known.disabled === null) this.#sql.exec("UPDATE endpoint SET disabled = 'by-hand'")
    if (enabled === true) this.#sql.exec('UPDATE endpoint SET disabled = NULL, failing_since = NULL, hold_until = 0')
  }

  rotate(secret: string, now: number): void {
    this.#known = null
    const until = now + OVERLAP_HOURS * 3_600_000
    this.#sql.exec('UPDATE endpoint SET old_secret = secret, old_until = ?, secret = ?', until, secret)
  }

  /** It has read so far. `store` writes it. */
  move(cursor: string): void {
    this.#cursor = cursor
  }
  /** In the transaction that writes the messages up to there. */
  store(): void {
    if (this.#cursor === null) return
    this.#sql.exec('UPDATE endpoint SET cursor = ?', this.#cursor)
    this.#known = this.read()
    this.#cursor = null
  }

  /** A message was taken, or not. Returns why the endpoint is disabled by that; null: it is not. */
  note(taken: boolean, gone: boolean, holdUntil: number, now: number): 'gone' | 'failing' | null {
    const known = this.read()
    if (taken && known?.failingSince === null && known.holdUntil === 0) return null
    this.#known = null
    if (taken) {
      this.#sql.exec('UPDATE endpoint SET failing_since = NULL, hold_until = 0')
      return null
    }
    this.#sql.exec(
      'UPDATE endpoint SET failing_since = COALESCE(failing_since, ?), hold_until = MAX(hold_until, ?)',
      ...[now, holdUntil],
    )
    const since = this.#read()?.failingSince ?? now
    const because = gone ? 'gone' : now - since >= FAILING_MAX_MS ? 'failing' : null
    if (because !== null) this.#sql.exec('UPDATE endpoint SET disabled = ?', because)
    return because
  }

  forget(): void {
    this.#sql.exec('DELETE FROM endpoint')
    this.reload()
  }
}

/** Those that sign now. */
export function secretsOf({ secret, oldSecret, oldUntil }: Endpoint, now: number): string[] {
  return oldSecret !== null && oldUntil !== null && oldUntil > now ? [secret, oldSecret] : [secret]
}

/** As people and programs read it: without its secret. */
export function shownEndpoint(id: string, known: Endpoint, waiting: number, now: number): Webhook {
  const { url, name, types, vocabulary, retries, disabled, failingSince, oldUntil, madeMs } = known
  const text = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    ...{ id, url, name, types, vocabulary, retries, waiting },
    status: disabled === null ? 'enabled' : 'disabled',
    disabled_because: disabled,
    failing_since: text(failingSince),
    old_secret_until: oldUntil !== null && oldUntil > now ? text(oldUntil) : null,
    tm_create: new Date(madeMs).toISOString(),
  }
}

function withoutGaps(change: Omit<WebhookChange, 'enabled'>): Partial<EndpointSettings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
