/** The gate before every call: verdicts, calls-per-second slots, and the changes to what verdicts follow from. */
import type { ClearanceAsk, Verdict } from '../../core/clearance/clearance.ts'
import { takeSlot } from '../../core/pacing/pacing.ts'
import { accountOf } from '../../providers/registry.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import { ClearanceBook } from './clearance-book.ts'
import type { NewListed, Removal, Removed } from './contract.ts'
import { Credit } from './credit.ts'

const SLOTS_KEPT_MS = 60_000

export class Gate {
  readonly book: ClearanceBook
  readonly credit: Credit
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
    this.credit = new Credit(storage.sql, env, workspaceId)
  }

  async clear(ask: ClearanceAsk & { callId: string }): Promise<{ verdict: Verdict; notBefore: number }> {
    await this.learn()
    const perSecond = (await accountOf(this.#env, this.#workspaceId))?.callsPerSecond ?? 1
    // Money is asked for last, and only for a call that nothing else forbids.
    const credit = this.credit.limited && this.book.judge(ask, Date.now()).cleared ? await this.credit.hold(ask) : null
    const now = Date.now()
    // One step: of two calls to one number that ask at the same time, one is refused.
    const answer = this.#storage.transactionSync(() => {
      const verdict = this.book.take(ask, now, credit)
      return { verdict, notBefore: verdict.cleared ? this.#slot(ask.callId, perSecond, now) : now }
    })
    if (credit === 'held' && !answer.verdict.cleared) await this.credit.release(ask.callId)
    return answer
  }

  async judge(asks: readonly ClearanceAsk[]): Promise<Verdict[]> {
    await this.learn()
    const now = Date.now()
    const lately = this.credit.lately(now)
    return asks.map(ask => {
      const credit = ask.uncharged === true && this.credit.limited ? 'call-limit' : lately
      return this.book.judge(ask, now, credit)
    })
  }

  /** Returns how many numbers were not on their list before. */
  list(entries: readonly NewListed[]): number {
    const now = Date.now()
    return this.#storage.transactionSync(() => {
      // Whoever asks not to be called takes back what they agreed to.
      for (const { number, campaignId, area } of entries)
        if (campaignId === null && !area) this.book.withdrawConsents(number, now)
      return this.book.list.add(entries, now)
    })
  }

  unlist(removal: Removal): Removed {
    const now = Date.now()
    const { list } = this.book
    const { by, reason } = removal
    return this.#storage.transactionSync(() => {
      if ('source' in removal) return list.removeSource(removal.source, by, reason, now)
      const { number, campaignId } = removal
      const removed = list.remove(number, campaignId, by, reason, now)
      return { removed, stillListed: list.entryFor(number, campaignId) === null ? 0 : 1 }
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
