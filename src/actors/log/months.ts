/**
 * The months of a workspace's log. Each is an object of its own; the object that is named by the workspace alone has what
 * 0.1.0 wrote (`before`) and the list of months. A month learns the earlier ones once, at its first fact.
 */
import { logId, monthOfLog, workspaceOf } from '../../core/ids.ts'
import { endOfMonth, monthsAfter } from '../../core/month.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import { ARCHIVE_AFTER_MONTHS, LOG_KEPT_MONTHS } from './tables.ts'

/** The name of what 0.1.0 wrote, in cursors and lists. */
export const BEFORE = 'before'

export class Months {
  /** `before`: this is the object that is named by the workspace alone */
  readonly own: string
  readonly workspaceId: string
  readonly #env: Env
  readonly #sql: SqlStorage
  #entered: boolean
  #sealed: boolean
  #earlier: string[] | null = null

  constructor(env: Env, sql: SqlStorage, id: string) {
    this.#env = env
    this.#sql = sql
    this.own = monthOfLog(id) ?? BEFORE
    this.workspaceId = workspaceOf(id)
    const [row] = sql.exec('SELECT entered, sealed FROM month').toArray()
    this.#entered = row?.entered === 1
    this.#sealed = row?.sealed === 1
  }

  /** When this object deletes itself; null: never. */
  get expiresAt(): number | null {
    return this.own === BEFORE ? null : endOfMonth(monthsAfter(this.own, LOG_KEPT_MONTHS))
  }

  /** When all of this month may go to files; null: never. What 0.1.0 wrote has no month and does not grow. */
  get archiveAt(): number | null {
    return this.own === BEFORE ? null : endOfMonth(monthsAfter(this.own, ARCHIVE_AFTER_MONTHS))
  }

  /** When this month is over; what 0.1.0 wrote is of any time. */
  get endsAt(): number {
    return this.own === BEFORE ? Number.POSITIVE_INFINITY : endOfMonth(this.own)
  }

  get entered(): boolean {
    return this.#entered
  }

  /**
   * Is this month over? Once the answer was yes it stays yes, whatever the clock says, because a reader may have gone on to
   * the next month.
   */
  isOver(now: number): boolean {
    if (this.#sealed) return true
    if (this.own !== BEFORE && now < endOfMonth(this.own)) return false
    this.#sql.exec('UPDATE month SET sealed = 1')
    this.#sealed = true
    return true
  }

  /** Puts this month in the list. False: a later one is there already, so this one takes nothing. */
  async enter(): Promise<boolean> {
    const months = await this.at(null).months(this.own)
    if (months === null) return false
    this.#earlier = this.#before(months)
    this.#sql.exec('UPDATE month SET entered = 1')
    this.#entered = true
    return true
  }

  /** Takes this month from the list. */
  async leave(): Promise<void> {
    await this.at(null).months(null, this.own)
  }

  /** Months before this one, newest first; the last of them is `before`. */
  async earlier(): Promise<string[]> {
    if (this.own === BEFORE) return []
    if (this.#earlier !== null) return this.#earlier
    const earlier = this.#before((await this.at(null).months(null)) ?? [])
    // A month that has taken a fact gets no earlier neighbour any more.
    if (this.#entered) this.#earlier = earlier
    return earlier
  }

  #before(months: string[]): string[] {
    const earlier = months.filter(month => month < this.own).sort()
    return [...earlier.reverse(), BEFORE]
  }

  /** The object of a month; null: the one that is named by the workspace alone. */
  at(month: string | null) {
    const plain = month === null || month === BEFORE
    return stubFor(this.#env, 'log', plain ? this.workspaceId : logId(this.workspaceId, month))
  }
}

/** The list of months, in the object that is named by the workspace alone. */
export class MonthList {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** All months; `entering` joins them, `leaving` is dropped. Null: it may not enter, because a later one has. */
  read(entering: string | null, leaving: string | null): string[] | null {
    if (leaving !== null) this.#sql.exec('DELETE FROM months WHERE month = ?', leaving)
    const months = this.#sql.exec('SELECT month FROM months ORDER BY month').toArray()
    const known = months.map(row => String(row.month))
    if (entering === null || known.includes(entering)) return known
    if (known.some(month => month > entering)) return null
    this.#sql.exec('INSERT INTO months (month) VALUES (?)', entering)
    return [...known, entering]
  }
}
