/**
 * The idempotency keys of a workspace. A key is claimed before the request runs, in one synchronous step, so that of several
 * requests at once only one runs. The answer is kept for the repeats; a claim without an answer expires.
 */
import type { KeptAnswer, KeyClaim } from '../contracts.ts'
import { unique } from '../unique.ts'

const TABLES = `
CREATE TABLE IF NOT EXISTS idempotency (key TEXT PRIMARY KEY, digest TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS idempotency_claims (key TEXT PRIMARY KEY, digest TEXT NOT NULL, token TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
`
/** Clients may retry a creating POST for this long. */
export const IDEMPOTENCY_KEPT_MS = 24 * 3_600_000
const SWEEP_MS = 3_600_000
/** Longer than any request runs: the slowest waits 10 s for the CRM and 12 s for the carrier. */
export const IDEMPOTENCY_CLAIM_MS = 60_000

export class KeyBook {
  readonly #storage: DurableObjectStorage
  readonly #sql: SqlStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    this.#sql = storage.sql
    this.#sql.exec(TABLES)
  }

  async claim(key: string, digest: string, now: number): Promise<KeyClaim> {
    const claim = this.#claim(key, digest, now)
    if (claim.is === 'claimed') await this.#sweepSoon(now)
    return claim
  }

  /** There is no await between the look and the claim. */
  #claim(key: string, digest: string, now: number): KeyClaim {
    const [kept] = this.#sql
      .exec('SELECT * FROM idempotency WHERE key = ? AND at > ?', key, now - IDEMPOTENCY_KEPT_MS)
      .toArray()
    if (kept)
      return kept.digest === digest
        ? { is: 'done', status: Number(kept.status), body: String(kept.body) }
        : { is: 'conflict' }
    const [running] = this.#sql
      .exec('SELECT digest FROM idempotency_claims WHERE key = ? AND at > ?', key, now - IDEMPOTENCY_CLAIM_MS)
      .toArray()
    if (running) return { is: running.digest === digest ? 'busy' : 'conflict' }
    const token = unique()
    this.#sql.exec(
      'INSERT OR REPLACE INTO idempotency_claims (key, digest, token, at) VALUES (?, ?, ?, ?)',
      key,
      digest,
      token,
      now,
    )
    return { is: 'claimed', token }
  }

  /** The answer of a request whose claim has expired meanwhile is dropped: another one may own the key. */
  async settle(key: string, token: string, { status, body }: KeptAnswer, now: number): Promise<void> {
    const [claim] = this.#sql
      .exec('SELECT digest FROM idempotency_claims WHERE key = ? AND token = ?', key, token)
      .toArray()
    if (!claim) return
    this.#sql.exec(
      'INSERT OR REPLACE INTO idempotency (key, digest, status, body, at) VALUES (?, ?, ?, ?, ?)',
      key,
      claim.digest,
      status,
      body,
      now,
    )
    this.release(key, token)
    await this.#sweepSoon(now)
  }

  release(key: string, token: string): void {
    this.#sql.exec('DELETE FROM idempotency_claims WHERE key = ? AND token = ?', key, token)
  }

  async #sweepSoon(now: number): Promise<void> {
    if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm(now + SWEEP_MS)
  }

  /** By the alarm of the object, which rings again while there is something left. */
  async sweep(now: number): Promise<void> {
    this.#sql.exec('DELETE FROM idempotency WHERE at < ?', now - IDEMPOTENCY_KEPT_MS)
    this.#sql.exec('DELETE FROM idempotency_claims WHERE at < ?', now - IDEMPOTENCY_CLAIM_MS)
    const [row] = this.#sql
      .exec('SELECT (SELECT COUNT(*) FROM idempotency) + (SELECT COUNT(*) FROM idempotency_claims) AS n')
      .toArray()
    if (Number(row?.n ?? 0) > 0) await this.#storage.setAlarm(now + SWEEP_MS)
  }
}
