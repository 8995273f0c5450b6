/** Where credit is limited, the ledger is asked for money before a call goes out. Elsewhere nobody is asked, so that a call costs no more than before. */
import type { ClearanceAsk, OnRecord } from '../../core/clearance/clearance.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'

/** Whoever is chosen for a call within this time of a refusal is not dialled in vain. */
const REMEMBERED_MS = 15_000

export class Credit {
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #workspaceId: string
  #limited: boolean | null = null
  #refused: { credit: OnRecord['credit']; untilMs: number } = { credit: null, untilMs: 0 }

  constructor(sql: SqlStorage, env: Env, workspaceId: string) {
    this.#sql = sql
    this.#env = env
    this.#workspaceId = workspaceId
  }

  get limited(): boolean {
    this.#limited ??= this.#sql.exec("SELECT 1 FROM learned WHERE what = 'credit-limited'").toArray().length > 0
    return this.#limited
  }

  limit(limited: boolean): void {
    this.#sql.exec(
      limited
        ? "INSERT OR IGNORE INTO learned (what) VALUES ('credit-limited')"
        : "DELETE FROM learned WHERE what = 'credit-limited'",
    )
    this.#limited = limited
    this.#refused = { credit: null, untilMs: 0 }
  }

  /** What is known of the money for a call without asking; null: nothing that speaks against it. */
  lately(now: number): OnRecord['credit'] {
    return now < this.#refused.untilMs ? this.#refused.credit : null
  }

  async hold({ callId, to, purpose }: ClearanceAsk & { callId: string }): Promise<OnRecord['credit']> {
    const credit = (await this.#ledger().hold({ callId, to, purpose })) ?? 'held'
    const untilMs = credit === 'out-of-money' || credit === 'day-limit' ? Date.now() + REMEMBERED_MS : 0
    this.#refused = { credit, untilMs }
    return credit
  }

  /** If it does not come through, the ledger gives the money back by itself after a while. */
  async release(callId: string): Promise<void> {
    if (!this.limited) return
    try {
      await this.#ledger().release(callId)
    } catch {
      // Nothing is lost: the hold has an end of its own.
    }
  }

  #ledger() {
    return stubFor(this.#env, 'billing', this.#workspaceId)
  }
}
