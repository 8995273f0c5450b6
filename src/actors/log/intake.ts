/**
 * Takes pages of facts. Every actor of a workspace reports here, so pages that arrive within a moment share one
 * transaction; their senders keep what is not confirmed.
 */
import { heardOf, type LoggedFact, saveEvents } from './events.ts'
import type { Months } from './months.ts'
import { noteOpen } from './open.ts'
import { noteStints } from './report/stints.ts'
import { changeCalls } from './rows.ts'

const GATHER_MS = 25
/** Where somebody waits for the events of these facts. */
const GATHER_SOON_MS = 5

export interface Written {
  /** something is known of a call that has not begun here */
  early: boolean
  /** a call or a round may be open that was not before */
  opened: boolean
  /** characters of all events that this object has now; 0: nothing was written */
  eventChars: number
  /** those that were not known before, in the order of their numbers */
  fresh: LoggedFact[]
}
interface Waiting {
  facts: LoggedFact[]
  resolve(taken: boolean): void
  reject(error: Error): void
}

export class Intake {
  readonly #storage: DurableObjectStorage
  readonly #months: Months
  readonly #written: (written: Written) => void
  readonly #hurries: () => boolean
  readonly #waiting: Waiting[] = []

  /** `hurries`: somebody waits for events */
  constructor(
    storage: DurableObjectStorage,
    months: Months,
    written: (written: Written) => void,
    hurries: () => boolean,
  ) {
    this.#storage = storage
    this.#months = months
    this.#written = written
    this.#hurries = hurries
  }

  /** False: the month is over, and nothing was taken. */
  take(facts: LoggedFact[]): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      this.#waiting.push({ facts, resolve, reject })
      const gatherMs = this.#hurries() ? GATHER_SOON_MS : GATHER_MS
      if (this.#waiting.length === 1) setTimeout(() => this.#write(), gatherMs)
    })
  }

  /** Writes all waiting pages in one transaction. If that fails, each is tried alone: a bad page must not hold up the others. */
  #write(): void {
    const pages = this.#waiting.splice(0)
    try {
      // Asked again, because the month may have ended while these pages waited.
      const taken = !this.#months.isOver(Date.now())
      if (taken) this.#project(pages)
      for (const page of pages) page.resolve(taken)
    } catch {
      for (const page of pages) this.#writeAlone(page)
    }
  }

  #writeAlone(page: Waiting): void {
    try {
      this.#project([page])
      page.resolve(true)
    } catch (error) {
      page.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #project(pages: Waiting[]): void {
    const facts = pages.flatMap(page => page.facts)
    const now = Date.now()
    this.#written(this.#storage.transactionSync(() => projectFacts(this.#storage.sql, facts, now)))
  }
}

/** Each fact once: those at or below the last seq heard of their actor change nothing. */
export function projectFacts(sql: SqlStorage, facts: LoggedFact[], now: number): Written {
  const heard = heardOf(
    sql,
    facts.map(one => one.source),
  )
  const fresh = facts.filter(({ source, seq }) => {
    if (seq <= (heard.get(source) ?? 0)) return false
    heard.set(source, seq)
    return true
  })
  if (fresh.length === 0) return { early: false, opened: false, eventChars: 0, fresh }
  const eventChars = saveEvents(sql, fresh)
  const early = changeCalls(sql, fresh, now)
  noteStints(sql, fresh)
  return { early, opened: noteOpen(sql, fresh, now), eventChars, fresh }
}
