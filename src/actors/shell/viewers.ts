/**
 * Who looks at this object on a page. A page reads it for its desk, and by that its desk is told of changes until `VIEWED_MS` have passed: a
 * page that goes on looking reads again before. Nothing is said to anybody while nobody looks. It is a hint and no debt: a page reads now
 * and then all the same.
 */
import type { Neighbours } from '../neighbours.ts'
import type { Platform } from './platform.ts'
import { VIEWERS_TABLE } from './tables.ts'

/** Written when less than half of it is left, so an open page costs a row each 150 s. */
export const VIEWED_MS = 5 * 60_000
export const VIEWERS_MAX = 50
const TRIES_MAX = 3
const AGAIN_MS = 100

export interface ViewersParts {
  platform: Pick<Platform, 'store' | 'now' | 'sleep' | 'keepAlive'>
  /** False: this desk has no page that looks any more. */
  tell(deskId: string): Promise<boolean>
  /** what pages show of this object, as text; a change of the rest is not told. Absent: every change is. */
  shown?: () => string
}

export class Viewers {
  readonly #parts: ViewersParts
  /** desk → until when; null: not read yet in this life of the object */
  #known: Map<string, number> | null = null
  #told: string | null = null
  #telling = false
  #changed = false

  constructor(parts: ViewersParts) {
    this.#parts = parts
  }

  /** A page of this desk reads the object now. */
  keep(deskId: string | undefined): void {
    if (deskId === undefined) return
    const now = this.#parts.platform.now()
    const known = this.#read()
    if ((known.get(deskId) ?? 0) > now + VIEWED_MS / 2) return
    const { sql } = this.#parts.platform.store
    sql.exec(VIEWERS_TABLE)
    sql.exec('DELETE FROM viewers WHERE until < ?', now)
    for (const [id, until] of known) if (until < now) known.delete(id)
    if (known.size >= VIEWERS_MAX && !known.has(deskId)) return
    known.set(deskId, now + VIEWED_MS)
    sql.exec('INSERT OR REPLACE INTO viewers (desk, until) VALUES (?, ?)', deskId, now + VIEWED_MS)
  }

  /** To be called after a commit. */
  changed(): void {
    if (this.#read().size === 0 || this.#current().length === 0) return
    const shown = this.#parts.shown?.() ?? null
    if (shown !== null && shown === this.#told) return
    this.#told = shown
    this.#changed = true
    if (this.#telling) return
    this.#telling = true
    this.#parts.platform.keepAlive(this.#tellAll())
  }

  /** Changes that come while the desks are being told are told together. */
  async #tellAll(): Promise<void> {
    try {
      while (this.#changed) {
        this.#changed = false
        await Promise.all(this.#current().map(deskId => this.#tell(deskId)))
      }
    } finally {
      this.#telling = false
    }
  }

  async #tell(deskId: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        if (!(await this.#parts.tell(deskId))) this.#drop(deskId)
        return
      } catch {
        if (tries === TRIES_MAX) return
        await this.#parts.platform.sleep(AGAIN_MS)
      }
    }
  }

  #drop(deskId: string): void {
    this.#read().delete(deskId)
    this.#parts.platform.store.sql.exec('DELETE FROM viewers WHERE desk = ?', deskId)
  }

  #current(): string[] {
    const now = this.#parts.platform.now()
    return [...this.#read()].flatMap(([deskId, until]) => (until >= now ? [deskId] : []))
  }

  #read(): Map<string, number> {
    this.#known ??= this.#stored()
    return this.#known
  }

  #stored(): Map<string, number> {
    try {
      const rows = this.#parts.platform.store.sql.exec('SELECT desk, until FROM viewers').toArray()
      return new Map(rows.map(row => [String(row.desk), Number(row.until)]))
    } catch {
      // There is no such table: nobody has ever looked.
      return new Map()
    }
  }
}

/** Viewers of the object `of`, told by way of their desks. */
export function viewersOf(near: Neighbours, platform: Platform, of: string, shown?: () => string): Viewers {
  const tell = (deskId: string) => near.actor('desk', deskId).liveChanged(of)
  return new Viewers({ platform, tell, ...(shown ? { shown } : {}) })
}
