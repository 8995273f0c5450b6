/** The workspace's list of masks, and which of them two people get. Who may meet at a mask is the mask's own word; what stands here is a hint. */
import { maskOfSession, maskSessionId, numberOfMask } from '../../core/ids.ts'
import { inOrderFor, type Offered } from '../../core/mask/choose.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import { unique } from '../unique.ts'
import type { Opened, SessionAsk } from './contract.ts'
import { KEPT_MS, MASKS_MAX } from './tables.ts'

/** So many masks are asked for one session; each that refuses costs a call to its object. */
const ASKED_MAX = 25

export class MaskBook {
  readonly #sql: SqlStorage
  readonly #env: Env
  /** openings with a name that are under way: a second one waits for the first */
  readonly #naming = new Map<string, Promise<Opened>>()

  constructor(sql: SqlStorage, env: Env) {
    this.#sql = sql
    this.#env = env
  }

  enlist(maskId: string, now: number): boolean {
    if (!this.has(maskId) && Number(this.#sql.exec('SELECT COUNT(*) AS n FROM listed').one().n) >= MASKS_MAX)
      return false
    this.#sql.exec('INSERT OR IGNORE INTO listed (mask_id, made_ms) VALUES (?, ?)', maskId, now)
    return true
  }
  /** With the sessions that were there. */
  strike(maskId: string): void {
    this.#sql.exec('DELETE FROM assigned WHERE mask_id = ?', maskId)
    this.#sql.exec('DELETE FROM listed WHERE mask_id = ?', maskId)
  }
  listed(after: string | null, limit: number): string[] {
    const rows = this.#sql.exec(
      'SELECT mask_id FROM listed WHERE (?1 IS NULL OR mask_id > ?1) ORDER BY mask_id LIMIT ?2',
      ...[after, limit],
    )
    return rows.toArray().map(row => String(row.mask_id))
  }

  named(name: string): string | null {
    const [row] = this.#sql.exec('SELECT session_id FROM assigned WHERE name = ?', name).toArray()
    return row === undefined ? null : String(row.session_id)
  }
  /** The newest first; `after`: a session's id. */
  sessions(maskId: string | null, after: string | null, limit: number): string[] {
    const behind = '(SELECT at, session_id FROM assigned WHERE session_id = ?1)'
    const rows = this.#sql.exec(
      `SELECT session_id FROM assigned WHERE (?1 IS NULL OR (at, session_id) < ${behind}) AND (?3 IS NULL OR mask_id = ?3)
        ORDER BY at DESC, session_id DESC LIMIT ?2`,
      ...[after, limit, maskId],
    )
    return rows.toArray().map(row => String(row.session_id))
  }
  over(sessionIds: readonly string[], now: number): void {
    for (const id of sessionIds) this.#sql.exec('UPDATE assigned SET over = 1 WHERE session_id = ?', id)
    this.#sql.exec('DELETE FROM assigned WHERE over = 1 AND at < ?', now - KEPT_MS)
  }

  has(maskId: string): boolean {
    return this.#sql.exec('SELECT 1 FROM listed WHERE mask_id = ?', maskId).toArray().length > 0
  }

  async assign(ask: SessionAsk, now: number): Promise<Opened> {
    const { uniqueName } = ask
    if (uniqueName === null) return this.#open(ask, now)
    // One after the other, so that a name is one session.
    for (let before = this.#naming.get(uniqueName); before !== undefined; before = this.#naming.get(uniqueName))
      await before.catch(() => undefined)
    const opening = this.#again(ask, uniqueName).then(known => known ?? this.#open(ask, now))
    this.#naming.set(uniqueName, opening)
    return opening.finally(() => this.#naming.delete(uniqueName))
  }

  /**
   * Null: no session has this name. One that the mask does not know was being opened when something died: it is opened now, or its name is
   * free.
   */
  async #again({ maskId: _, uniqueName: __, ...wanted }: SessionAsk, uniqueName: string): Promise<Opened | null> {
    const sessionId = this.named(uniqueName)
    if (sessionId === null) return null
    const mask = stubFor(this.#env, 'mask', maskOfSession(sessionId))
    const session = await mask.session(sessionId)
    if (session === null) {
      const opened = this.has(maskOfSession(sessionId)) ? await mask.open({ ...wanted, sessionId }) : null
      if (opened?.is === 'open') return { is: 'open', session: opened.session, isNew: true }
      this.#erase(sessionId)
      return null
    }
    const isSame = session.a.number === wanted.a.number && session.b.number === wanted.b.number
    return isSame ? { is: 'open', session, isNew: false } : { is: 'refused', because: 'name-taken' }
  }

  /** The row comes first: a session that is opened and whose answer is lost can be found, and closed. */
  async #open({ maskId, uniqueName, ...wanted }: SessionAsk, now: number): Promise<Opened> {
    const offered = maskId === null ? this.#offered(wanted) : this.#only(maskId)
    let last: Opened = { is: 'refused', because: maskId === null ? 'no-mask-free' : 'no-mask' }
    for (const { maskId: at } of offered.slice(0, ASKED_MAX)) {
      const sessionId = maskSessionId(at, unique())
      this.#write(sessionId, at, wanted, uniqueName, now)
      const opened = await stubFor(this.#env, 'mask', at).open({ ...wanted, sessionId })
      // A result of another object is not handed on as it is: the platform would wait for its disposal.
      if (opened.is === 'open') return { is: 'open', session: opened.session, isNew: true }
      this.#erase(sessionId)
      last = { is: 'refused', because: opened.because }
      // What is wrong with the parties is wrong at every mask.
      const elsewhere = ['party-taken', 'pin-taken', 'party-is-mask', 'too-many', 'no-mask']
      if (maskId !== null || !elsewhere.includes(opened.because)) return last
    }
    return maskId === null ? { is: 'refused', because: 'no-mask-free' } : last
  }

  #erase(sessionId: string): void {
    this.#sql.exec('DELETE FROM assigned WHERE session_id = ?', sessionId)
  }

  #only(maskId: string): Pick<Offered, 'maskId'>[] {
    return this.has(maskId) ? [{ maskId }] : []
  }

  #offered({ a, b }: Pick<SessionAsk, 'a' | 'b'>): Offered[] {
    const parties = [a.number, b.number]
    const rows = this.#sql
      .exec(
        `SELECT mask_id, (SELECT COUNT(*) FROM assigned WHERE assigned.mask_id = listed.mask_id AND over = 0) AS n FROM listed`,
      )
      .toArray()
    const open = this.#sql
      .exec('SELECT mask_id, a, b, over, at FROM assigned WHERE a IN (?1, ?2) OR b IN (?1, ?2) ORDER BY at', ...parties)
      .toArray()
    const isPair = (row: Record<string, SqlStorageValue>) =>
      parties.includes(String(row.a)) && parties.includes(String(row.b))
    const busy = new Set(open.filter(row => row.over === 0 || !isPair(row)).map(row => String(row.mask_id)))
    const before = open.findLast(isPair)?.mask_id
    const offered = rows.map(row => {
      const maskId = String(row.mask_id)
      return { maskId, number: numberOfMask(maskId), sessions: Number(row.n), busy: busy.has(maskId) }
    })
    return inOrderFor(parties, offered, before === undefined ? null : String(before))
  }

  #write(
    sessionId: string,
    maskId: string,
    { a, b }: Pick<SessionAsk, 'a' | 'b'>,
    name: string | null,
    now: number,
  ): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO assigned (session_id, mask_id, a, b, name, at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[sessionId, maskId, a.number, b.number, name, now],
    )
  }
}
