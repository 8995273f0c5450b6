/** What is on record about numbers (the do-not-call list, consents, calls placed), and the verdicts that follow from it. */
import { type ClearanceAsk, clear, MONTH_MS, type OnRecord, type Verdict } from '../../core/clearance/clearance.ts'
import { type ClearanceRules, defaultProfile, type Profile, type Purpose, rulesOf } from '../../core/clearance/rules.ts'
import { DEFAULT_COUNTRY, numberFacts } from '../../wire/phone-number.ts'
import type { Consent } from './contract.ts'
import { DoNotCallList } from './do-not-call-list.ts'

const DAY_MS = 24 * 3_600_000
/** A call whose end was never told holds its number and its place no longer than the carrier lets a call live. */
const OPEN_MS = 4 * 3_600_000 + 10 * 60_000
/** A minute is set aside for each call that is going on, so that many at once cannot pass the limit together. */
const MINUTE_MS = 60_000

export class ClearanceBook {
  readonly list: DoNotCallList
  readonly #sql: SqlStorage
  readonly #defaultProfile: Profile
  #rules: ClearanceRules | null = null

  /** @param named the installation's profile for workspaces that have chosen none */
  constructor(sql: SqlStorage, named: string | undefined) {
    this.#sql = sql
    this.list = new DoNotCallList(sql)
    this.#defaultProfile = defaultProfile(named)
  }

  rules(): ClearanceRules {
    if (this.#rules !== null) return this.#rules
    const [row] = this.#sql.exec('SELECT body FROM clearance_rules WHERE id = 1').toArray()
    this.#rules =
      row === undefined
        ? rulesOf(this.#defaultProfile, DEFAULT_COUNTRY)
        : (JSON.parse(String(row.body)) as ClearanceRules)
    return this.#rules
  }

  setRules(rules: ClearanceRules): void {
    this.#sql.exec('INSERT OR REPLACE INTO clearance_rules (id, body) VALUES (1, ?)', JSON.stringify(rules))
    this.#rules = rules
  }

  /** The verdict alone: nothing is reserved. */
  judge(ask: ClearanceAsk, now: number, credit: OnRecord['credit'] = null): Verdict {
    return clear(ask, { ...this.#onRecord(ask, now), credit }, this.rules(), now)
  }

  /**
   * The verdict for a call that goes out now; when it is cleared, its number and its place are taken in the same step. A repeat for
   * the same call is judged anew without its own entry.
   */
  take(ask: ClearanceAsk & { callId: string }, now: number, credit: OnRecord['credit'] = null): Verdict {
    const verdict = this.judge(ask, now, credit)
    if (!verdict.cleared) return verdict
    this.#sql.exec(
      'INSERT OR IGNORE INTO placed (call_id, number, agent, at, ask) VALUES (?, ?, ?, ?, ?)',
      ask.callId,
      ask.to,
      ask.agent,
      now,
      JSON.stringify(ask),
    )
    return verdict
  }

  /** The verdict on a call that was cleared before. One that was not, or that is over, is refused as a second call. */
  again(callId: string, now: number): Verdict {
    const [row] = this.#sql.exec('SELECT ask FROM placed WHERE call_id = ? AND over_at IS NULL', callId).toArray()
    if (row === undefined) return { cleared: false, rule: 'one-at-a-time', untilMs: null }
    return this.judge(JSON.parse(String(row.ask)) as ClearanceAsk, now)
  }

  /** The call is over: its number may be called again, and what it cost counts. `placed` false: it never reached the carrier. */
  release(callId: string, placed: boolean, talkedMs: number, now: number): void {
    const [row] = this.#sql.exec('SELECT agent, at FROM placed WHERE call_id = ? AND over_at IS NULL', callId).toArray()
    if (row === undefined) return
    if (!placed) {
      this.#sql.exec('DELETE FROM placed WHERE call_id = ?', callId)
      return
    }
    const cents = Math.ceil(talkedMs / MINUTE_MS) * this.rules().centsPerMinute
    this.#sql.exec("UPDATE placed SET over_at = ?, ask = '' WHERE call_id = ?", now, callId)
    for (const who of ['', ...(row.agent === null ? [] : [String(row.agent)])])
      this.#sql.exec(
        `INSERT INTO used (day, who, calls, cents) VALUES (?, ?, 1, ?)
         ON CONFLICT (day, who) DO UPDATE SET calls = calls + 1, cents = cents + excluded.cents`,
        dayOf(Number(row.at)),
        who,
        cents,
      )
  }

  saveConsents(entries: Consent[]): void {
    for (const one of entries)
      this.#sql.exec(
        `INSERT INTO consents (number, purpose, source, given, by_whom, withdrawn) VALUES (?, ?, ?, ?, ?, NULL)
         ON CONFLICT (number, purpose) DO UPDATE SET source = excluded.source, given = excluded.given, by_whom = excluded.by_whom, withdrawn = NULL
         WHERE excluded.given > COALESCE(consents.withdrawn, 0)`,
        one.number,
        one.purpose,
        one.source,
        one.givenMs,
        one.by,
      )
  }

  withdrawConsents(number: string, now: number): void {
    this.#sql.exec('UPDATE consents SET withdrawn = ? WHERE number = ?', now, number)
  }

  consentsOf(number: string): (Consent & { withdrawnMs: number | null })[] {
    return this.#sql
      .exec('SELECT * FROM consents WHERE number = ? ORDER BY purpose', number)
      .toArray()
      .map(row => ({
        number,
        purpose: row.purpose as Purpose,
        source: String(row.source),
        givenMs: Number(row.given),
        by: String(row.by_whom),
        withdrawnMs: row.withdrawn === null ? null : Number(row.withdrawn),
      }))
  }

  sweep(now: number): void {
    this.#sql.exec('UPDATE placed SET over_at = at WHERE over_at IS NULL AND at < ?', now - OPEN_MS)
    this.#sql.exec('DELETE FROM placed WHERE over_at IS NOT NULL AND at < ?', now - MONTH_MS)
    this.#sql.exec('DELETE FROM used WHERE day < ?', dayOf(now) - MONTH_MS / DAY_MS)
  }

  #onRecord(ask: ClearanceAsk, now: number): Omit<OnRecord, 'credit'> {
    const { to, campaignId, agent } = ask
    const own = ask.callId ?? ''
    const calls = this.#sql
      .exec('SELECT call_id, at, over_at FROM placed WHERE number = ? AND at > ? ORDER BY at', to, now - MONTH_MS)
      .toArray()
      .filter(row => row.call_id !== own)
    const open = calls.find(row => row.over_at === null && Number(row.at) > now - OPEN_MS)
    return {
      number: numberFacts(to),
      listed: this.list.entryFor(to, campaignId),
      consents: this.rules().consentFor.includes(ask.purpose) ? this.#consents(to) : [],
      attempts: calls.map(row => Number(row.at)),
      openCallId: open === undefined ? null : String(open.call_id),
      used: this.#used(agent ?? '', own, now),
      dayEndsMs: (dayOf(now) + 1) * DAY_MS,
    }
  }

  /** An AI voice on one call may also speak in a campaign, and the other way round: the consent is to the voice. */
  #consents(number: string): Purpose[] {
    const found = this.#sql
      .exec('SELECT purpose FROM consents WHERE number = ? AND withdrawn IS NULL', number)
      .toArray()
      .map(row => row.purpose as Purpose)
    return found.includes('ai') ? [...found, 'ai-campaign'] : found
  }

  #used(agent: string, own: string, now: number): OnRecord['used'] {
    const [going] = this.#sql
      .exec(
        'SELECT COUNT(*) AS whole, SUM(agent = ?) AS mine FROM placed WHERE over_at IS NULL AND at > ? AND call_id <> ?',
        agent,
        now - OPEN_MS,
        own,
      )
      .toArray()
    const days = this.#sql
      .exec("SELECT who, calls, cents FROM used WHERE day = ? AND who IN ('', ?)", dayOf(now), agent)
      .toArray()
    const { centsPerMinute } = this.rules()
    const sum = (who: string, atOnce: number) => {
      const day = days.find(row => row.who === who)
      const spentToday = Number(day?.cents ?? 0) + atOnce * centsPerMinute
      return { atOnce, callsToday: Number(day?.calls ?? 0) + atOnce, spentToday }
    }
    return {
      workspace: sum('', Number(going?.whole ?? 0)),
      agent: agent === '' ? UNUSED : sum(agent, Number(going?.mine ?? 0)),
    }
  }
}

const UNUSED = { atOnce: 0, callsToday: 0, spentToday: 0 }

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}
