/** The gate before every call: verdicts, calls-per-second slots, and the changes to what verdicts follow from. */
import type { ClearanceAsk, Verdict } from '../../core/clearance/clearance.ts'
import { takeSlot } from '../../core/pacing/pacing.ts'
import { accountOf } from '../../providers/registry.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import { ClearanceBook } from './clearance-book.ts'
import type { ListChange } from './contract.ts'

const SLOTS_KEPT_MS = 60_000

export class Gate {
  readonly book: ClearanceBook
  readonly #storage: DurableObjectStorage
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #workspaceId: string
  #learned = false

  constructor(storage: DurableObjectStorage, env: Env, workspaceId: string) {
    this.#storage = storage
    this.#sql = storage.sql
    this.#env = env
    this.#workspaceId = workspaceId
    this.book = new ClearanceBook(storage.sql, env.CALLING_RULES)
  }

  async clear(ask: ClearanceAsk & { callId: string }): Promise<{ verdict: Verdict; notBefore: number }> {
    await this.learn()
    const perSecond = (await accountOf(this.#env, this.#workspaceId))?.callsPerSecond ?? 1
    const now = Date.now()
    // One step: of two calls to one number that ask at the same time, one is refused.
    return this.#storage.transactionSync(() => {
      const verdict = this.book.take(ask, now)
      return { verdict, notBefore: verdict.cleared ? this.#slot(ask.callId, perSecond, now) : now }
    })
  }

  async judge(asks: readonly ClearanceAsk[]): Promise<Verdict[]> {
    await this.learn()
    const now = Date.now()
    return asks.map(ask => this.book.judge(ask, now))
  }

  /** Returns how many entries came or went. */
  change(change: ListChange): number {
    const now = Date.now()
    return this.#storage.transactionSync(() => {
      switch (change.do) {
        case 'add':
          // Whoever asks not to be called takes back what they agreed to.
          for (const { number, campaignId, area } of change.entries)
            if (campaignId === null && !area) this.book.withdrawConsents(number, now)
          return this.book.list.add(change.entries, now)
        case 'remove':
          return this.book.list.remove(change.number, change.campaignId, change.by, change.reason, now) ? 1 : 0
        case 'remove-source':
          return this.book.list.removeSource(change.source, change.by, change.reason, now)
      }
    })
  }

  /** An older release kept opt-outs in the workspace, so the workspace is asked once. */
  async learn(): Promise<void> {
    if (this.#learned) return
    if (this.#sql.exec("SELECT 1 FROM learned WHERE what = 'opt-outs'").toArray().length === 0) {
      const old = await stubFor(this.#env, 'workspace', this.#workspaceId).optOuts()
      const entries = old.map(({ number, because }) => ({
        number,
        campaignId: null,
        area: false,
        source: because,
        by: because,
        note: '',
      }))
      this.book.list.add(entries, Date.now())
      this.#sql.exec("INSERT OR IGNORE INTO learned (what) VALUES ('opt-outs')")
    }
    this.#learned = true
  }

  #slot(leg: string, perSecond: number, now: number): number {
    const [known] = this.#sql.exec('SELECT at FROM slots WHERE call_id = ?', leg).toArray()
    if (known) return Number(known.at)
    const taken = this.#sql.exec('SELECT at FROM slots ORDER BY at DESC LIMIT ?', perSecond).toArray()
    const at = takeSlot(taken.map(row => Number(row.at)).reverse(), now, perSecond)
    this.#sql.exec('DELETE FROM slots WHERE at < ?', now - SLOTS_KEPT_MS)
    this.#sql.exec('INSERT INTO slots (call_id, at) VALUES (?, ?)', leg, at)
    return at
  }
}
