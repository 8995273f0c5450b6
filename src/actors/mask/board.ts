/** The sessions and calls of one mask, as rows. Who meets whom is decided by `src/core/mask/mask.ts` alone. */
import type { MaskFact } from '../../core/events/notices.ts'
import { isId } from '../../core/ids.ts'
import {
  atTime,
  type Claims,
  endsAt,
  type Led,
  type MaskRoute,
  type MaskSession,
  refusalOf,
  routeOf,
  type SessionRefusal,
  type Wanted,
} from '../../core/mask/mask.ts'
import type { Notices } from '../shell/notices.ts'
import type { Interaction, InteractionQuery, Mask, MaskSettings } from './contract.ts'
import {
  ANSWERS_KEPT_MS,
  KEPT_MS,
  LONGEST_CALL_MS,
  SESSIONS_MAX,
  TRIES_MAX,
  WRONG_PINS_MAX,
  WRONG_PINS_MS,
} from './tables.ts'

type Text = string | null
const HOUR_MS = 3_600_000
/** The list could not be told. */
const AGAIN_MS = 60_000
const LIVE = "status IN ('connecting', 'connected')"

export class MaskBoard {
  readonly #sql: SqlStorage
  readonly #notices: Notices<MaskFact>
  readonly #maskId: string
  readonly #number: string

  constructor(sql: SqlStorage, maskId: string, number: string, notices: Notices<MaskFact>) {
    this.#sql = sql
    this.#notices = notices
    this.#maskId = maskId
    this.#number = number
  }

  settings(): (MaskSettings & { madeMs: number; changedMs: number }) | null {
    const [row] = this.#sql.exec('SELECT settings, made_ms, changed_ms FROM mask').toArray()
    if (row === undefined) return null
    const settings = JSON.parse(String(row.settings)) as MaskSettings
    return { ...settings, madeMs: Number(row.made_ms), changedMs: Number(row.changed_ms) }
  }
  configure(settings: MaskSettings, now: number): void {
    this.#sql.exec(
      'INSERT INTO mask (id, settings, made_ms, changed_ms) VALUES (1, ?1, ?2, ?2) ON CONFLICT (id) DO UPDATE SET settings = ?1, changed_ms = ?2',
      ...[JSON.stringify(settings), now],
    )
    this.#notices.note({ type: 'mask-configured', at: now })
  }
  /** What it has still to tell stays, and so does the number of its last notice. */
  forget(now: number): void {
    while (this.lapse(now) > 0);
    this.#lose(now, now)
    for (const table of ['mask', 'sessions', 'parties', 'pins', 'wrong_pins', 'calls', 'answers'])
      this.#sql.exec(`DELETE FROM ${table}`)
    this.#notices.note({ type: 'mask-removed', at: now })
  }
  shown(now: number): Mask | null {
    const known = this.settings()
    if (known === null) return null
    return { ...known, maskId: this.#maskId, number: this.#number, openSessions: this.openSessions(now) }
  }

  openSessions(now: number): number {
    const open = 'SELECT COUNT(*) AS n FROM sessions WHERE closed_ms IS NULL AND (ends_ms IS NULL OR ends_ms > ?)'
    return Number(this.#sql.exec(open, now).one().n)
  }

  /** In one transaction, so that two who ask at once are answered one after the other. */
  open(wanted: Wanted, now: number): MaskSession | SessionRefusal | 'too-many' {
    const known = this.session(wanted.sessionId, now)
    // Asked again after a lost answer.
    if (known !== null) return known
    const rules = this.#rules()
    const refused = refusalOf(rules, this.#claims(), wanted, now)
    if (refused !== null) return refused
    if (this.openSessions(now) >= SESSIONS_MAX) return 'too-many'
    const session: MaskSession = { ...wanted, openedMs: now, lastMs: now, closed: null }
    this.#save(session)
    for (const { number, pin } of [session.a, session.b]) {
      this.#sql.exec('INSERT OR REPLACE INTO parties (number, session_id) VALUES (?, ?)', number, session.sessionId)
      if (pin !== null)
        this.#sql.exec('INSERT OR REPLACE INTO pins (pin, session_id) VALUES (?, ?)', pin, session.sessionId)
    }
    const { sessionId, expiresMs: untilMs } = session
    this.#notices.note({ type: 'mask-session-opened', at: now, sessionId, untilMs })
    return session
  }
  session(sessionId: string, now: number): MaskSession | null {
    const found = this.#stored(sessionId)
    return found === null ? null : atTime(found, now)
  }
  close(sessionId: string, now: number): MaskSession | null {
    const session = this.session(sessionId, now)
    if (session === null || session.closed !== null) return session
    const closed = { ...session, closed: { ms: now, because: 'closed' as const } }
    this.#close(closed, now)
    return closed
  }

  /** Writes down where the call was led, so that it is led there however often it asks. */
  route(askId: string, callId: string, caller: Text, pin: Text, now: number): Led | null {
    const settings = this.settings()
    if (settings === null) return null
    const [known] = this.#sql.exec('SELECT answer FROM answers WHERE ask_id = ?', askId).toArray()
    if (known !== undefined) return JSON.parse(String(known.answer)) as Led
    if (pin === null) this.#received(callId, now)
    const asked = { caller, pin, pins: this.#asksForPins(now) }
    const route = routeOf(this.#rules(settings), this.#claims(), asked, now)
    const led = this.#led(callId, route, settings, now)
    this.#sql.exec('INSERT INTO answers (ask_id, answer, at) VALUES (?, ?, ?)', ...[askId, JSON.stringify(led), now])
    return led
  }
  refuse(callId: string, because: string, now: number): void {
    this.#over(callId, 'refused', because, now)
  }
  connect(callId: string): void {
    this.#sql.exec("UPDATE calls SET status = 'connected' WHERE call_id = ? AND status = 'connecting'", callId)
  }
  end(callId: string, result: string, now: number): void {
    if (!this.#over(callId, 'ended', result, now)) return
    const [row] = this.#sql.exec('SELECT session_id FROM calls WHERE call_id = ?', callId).toArray()
    const session = row?.session_id == null ? null : this.session(String(row.session_id), now)
    // The time without a call begins at the end of the last one.
    if (session !== null && session.closed === null) this.#save({ ...session, lastMs: now })
  }

  interactions({ sessionId, live, after, limit }: InteractionQuery): Interaction[] {
    const [at, callId] = after === null ? [null, null] : placeOf(after)
    const rows = this.#sql.exec(
      `SELECT * FROM calls WHERE (?1 IS NULL OR session_id = ?1) AND (?2 = 0 OR ${LIVE})
        AND (?3 IS NULL OR (at, call_id) < (?3, ?4)) ORDER BY at DESC, call_id DESC LIMIT ?5`,
      ...[sessionId, live ? 1 : 0, at, callId, limit],
    )
    return rows.toArray().map(row => ({
      callId: String(row.call_id),
      maskId: this.#maskId,
      sessionId: row.session_id as Text,
      from: row.side as Interaction['from'],
      atMs: Number(row.at),
      status: row.status as Interaction['status'],
      result: row.result as Text,
      endedMs: row.ended_ms === null ? null : Number(row.ended_ms),
    }))
  }

  /** Closes sessions whose time is over, some at a time, and ends calls of which no end was told. Returns how many were closed. */
  lapse(now: number): number {
    this.#lose(now - LONGEST_CALL_MS, now)
    const due = 'SELECT session_id FROM sessions WHERE closed_ms IS NULL AND ends_ms <= ? LIMIT 500'
    const ids = this.#sql
      .exec(due, now)
      .toArray()
      .map(row => String(row.session_id))
    for (const id of ids) {
      const session = this.session(id, now)
      if (session !== null) this.#close(session, now)
    }
    return ids.length
  }
  /** Sessions that are over and of which the list was not told. */
  untold(): string[] {
    const over = 'SELECT session_id FROM sessions WHERE closed_ms IS NOT NULL AND told = 0 LIMIT 500'
    return this.#sql
      .exec(over)
      .toArray()
      .map(row => String(row.session_id))
  }
  told(sessionIds: readonly string[]): void {
    for (const id of sessionIds) this.#sql.exec('UPDATE sessions SET told = 1 WHERE session_id = ?', id)
  }
  /** When it must be looked at again; null: not before something happens. */
  nextMs(now: number): number | null {
    const first = 'SELECT MIN(ends_ms) AS ms FROM sessions WHERE closed_ms IS NULL AND ends_ms IS NOT NULL'
    const ends = this.#sql.exec(first).one().ms
    const deletes = (table: string, column: string, keptMs: number) => {
      const { ms } = this.#sql.exec(`SELECT MIN(${column}) AS ms FROM ${table}`).one()
      return ms === null ? [] : [Math.max(now + HOUR_MS, Number(ms) + keptMs)]
    }
    const live = this.#sql.exec(`SELECT MIN(at) AS ms FROM calls WHERE ${LIVE}`).one().ms
    const all = [
      ...(ends === null ? [] : [Number(ends)]),
      ...(live === null ? [] : [Number(live) + LONGEST_CALL_MS]),
      ...(this.untold().length === 0 && !this.#notices.waiting() ? [] : [now + AGAIN_MS]),
      ...deletes('calls', 'at', KEPT_MS),
      ...deletes('sessions', 'closed_ms', KEPT_MS),
      ...deletes('answers', 'at', ANSWERS_KEPT_MS),
    ]
    return all.length === 0 ? null : Math.min(...all)
  }
  sweep(now: number): void {
    const before = now - KEPT_MS
    this.#sql.exec('DELETE FROM calls WHERE at < ?', before)
    this.#sql.exec('DELETE FROM answers WHERE at < ?', now - ANSWERS_KEPT_MS)
    this.#sql.exec('DELETE FROM wrong_pins WHERE at < ?', now - WRONG_PINS_MS)
    const old = 'SELECT session_id FROM sessions WHERE closed_ms < ?'
    this.#sql.exec(`DELETE FROM parties WHERE session_id IN (${old})`, before)
    this.#sql.exec(`DELETE FROM pins WHERE session_id IN (${old})`, before)
    this.#sql.exec('DELETE FROM sessions WHERE closed_ms < ?', before)
  }

  #rules(settings: MaskSettings | null = this.settings()) {
    const { coolOffMs = 0, forwardTo = null } = settings ?? {}
    return { number: this.#number, coolOffMs, forwardTo }
  }
  #claims(): Claims {
    const by = (table: string, column: string) => (value: string) => {
      const [row] = this.#sql.exec(`SELECT session_id FROM ${table} WHERE ${column} = ?`, value).toArray()
      return row === undefined ? null : this.#stored(String(row.session_id))
    }
    return { byNumber: by('parties', 'number'), byPin: by('pins', 'pin') }
  }

  #led(callId: string, route: MaskRoute, settings: MaskSettings, now: number): Led {
    const { waitingMessage, unknownMessage: message, language, record, ringMs } = settings
    const connects = { waitingMessage, language, record, ringMs }
    switch (route.to) {
      case 'party': {
        const { session, from, number } = route
        // The time without a call begins at its end; until that is told, the session lasts as long as the call may.
        this.#save({ ...session, lastMs: now + ringMs + session.maxMs })
        this.#sql.exec('UPDATE calls SET session_id = ?, side = ? WHERE call_id = ?', session.sessionId, from, callId)
        const { sessionId } = session
        this.#notices.note({ type: 'mask-call-led', at: now, sessionId, side: from }, aboutCall(callId))
        return { is: 'party', number, ...connects, maxMs: session.maxMs }
      }
      case 'owner':
        return { is: 'owner', number: route.number, ...connects, maxMs: HOUR_MS }
      case 'pin':
        if (route.wrong && this.#wrongPin(callId, now) >= TRIES_MAX) {
          this.refuse(callId, 'wrong-pin', now)
          return { is: 'nobody', message, language }
        }
        return { is: 'pin', wrong: route.wrong }
      case 'nobody':
        this.refuse(callId, 'unknown-caller', now)
        return { is: 'nobody', message, language }
    }
  }
  #asksForPins(now: number): boolean {
    const [row] = this.#sql
      .exec(
        'SELECT 1 FROM pins JOIN sessions USING (session_id) WHERE closed_ms IS NULL AND (ends_ms IS NULL OR ends_ms > ?) LIMIT 1',
        now,
      )
      .toArray()
    const wrong = this.#sql.exec('SELECT COUNT(*) AS n FROM wrong_pins WHERE at > ?', now - WRONG_PINS_MS).one().n
    return row !== undefined && Number(wrong) < WRONG_PINS_MAX
  }

  /** How often this caller was wrong by now. */
  #wrongPin(callId: string, now: number): number {
    this.#sql.exec('INSERT INTO wrong_pins (at) VALUES (?)', now)
    this.#sql.exec('UPDATE calls SET wrong = wrong + 1 WHERE call_id = ?', callId)
    const [row] = this.#sql.exec('SELECT wrong FROM calls WHERE call_id = ?', callId).toArray()
    return Number(row?.wrong ?? 0)
  }

  #received(callId: string, now: number): void {
    this.#sql.exec("INSERT OR IGNORE INTO calls (call_id, at, status) VALUES (?, ?, 'connecting')", ...[callId, now])
  }
  /** False: it was over. */
  #over(callId: string, status: Interaction['status'], result: string, now: number): boolean {
    const changed = this.#sql.exec(
      "UPDATE calls SET status = ?, result = ?, ended_ms = ? WHERE call_id = ? AND status IN ('connecting', 'connected') RETURNING session_id",
      ...[status, result, now, callId],
    )
    const [row] = changed.toArray()
    if (row === undefined) return false
    const sessionId = row.session_id as Text
    this.#notices.note({ type: 'mask-call-over', at: now, sessionId, outcome: result }, aboutCall(callId))
    return true
  }

  #stored(sessionId: string): MaskSession | null {
    const [row] = this.#sql.exec('SELECT body FROM sessions WHERE session_id = ?', sessionId).toArray()
    return row === undefined ? null : (JSON.parse(String(row.body)) as MaskSession)
  }
  /** Calls that began before this moment, and of which no end will be told. */
  #lose(before: number, now: number): void {
    const lost = this.#sql.exec(`SELECT call_id FROM calls WHERE ${LIVE} AND at <= ?`, before).toArray()
    for (const { call_id } of lost) this.#over(String(call_id), 'ended', 'failed', now)
  }
  #close(session: MaskSession, now: number): void {
    this.#save(session)
    const { sessionId, closed } = session
    if (closed !== null)
      this.#notices.note({ type: 'mask-session-closed', at: now, sessionId, because: closed.because })
  }
  #save(session: MaskSession): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO sessions (session_id, body, ends_ms, closed_ms) VALUES (?, ?, ?, ?)',
      ...[session.sessionId, JSON.stringify(session), endsAt(session), session.closed?.ms ?? null],
    )
  }
}

/** A call of 8x8 has the name that 8x8 gives it, and is none of the log's calls. */
function aboutCall(callId: string): { call?: string } {
  return isId(callId) ? { call: callId } : {}
}

export function placeOf(place: string): [number, string] {
  const at = place.indexOf('~')
  return [Number(place.slice(0, at)), place.slice(at + 1)]
}
