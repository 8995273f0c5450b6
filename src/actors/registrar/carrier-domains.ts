/**
 * Domains at the carrier, as debts. What is wished for is a row; the carrier is told by the alarm, again and again until it has taken it, also after
 * this object has lost its memory. The same wish twice changes nothing there, so an answer that was lost does no harm.
 */
import { sipDomainOf } from '../../core/ids.ts'
import { accountOf, carrierOf } from '../../providers/registry.ts'
import type { CarrierFailure } from '../../providers/telephony/port.ts'
import type { SipDomains, SipDomainWish, SipNetwork } from '../../providers/telephony/sip-port.ts'
import type { Env } from '../env.ts'
import { unique } from '../unique.ts'
import type { CarrierDomain } from './carrier-contract.ts'

/** The domain of the workspace's own phones; every other one is named by its trunk. */
export const PHONES = 'phones'

/** Nobody else asks the carrier meanwhile. An object that dies while it asks begins again after this time. */
const LEASE_MS = 60_000
const LOOK_AGAIN_MS = 5_000
const FIRST_WAIT_MS = 2_000
/** Also after a refusal: somebody may have put it right at the carrier. */
const LONGEST_WAIT_MS = 3_600_000
const PROBLEM_CHARS_MAX = 300
const LABEL_CHARS_MAX = 40

interface Row {
  door: string
  label: string
  wanted: boolean
  networks: SipNetwork[]
  rev: number
  tries: number
  problem: string | null
  keptMs: number | null
  dueMs: number | null
}

export class CarrierDomains {
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #workspaceId: string
  #settling = false

  constructor(sql: SqlStorage, env: Env, workspaceId: string) {
    this.#sql = sql
    this.#env = env
    this.#workspaceId = workspaceId
  }

  wanted(door: string): boolean {
    return this.#row(door)?.wanted ?? false
  }
  networks(door: string): SipNetwork[] {
    return this.#row(door)?.networks ?? []
  }

  /** Our domain of this name, of which the carrier says only what comes before its own ending. */
  isNamed(door: string, domainName: string): boolean {
    const row = this.#row(door)
    return row?.wanted === true && domainName.toLowerCase().startsWith(`${row.label}.`)
  }

  /** The domain is wished for, with these addresses from now on. */
  want(door: string, networks: readonly SipNetwork[], now: number): void {
    const known = this.#row(door)
    if (known === null) {
      // Names are of all customers of the carrier together.
      const label = `${sipDomainOf(this.#workspaceId).split('.')[0]?.slice(0, LABEL_CHARS_MAX)}-${unique().slice(0, 12)}`
      const make =
        'INSERT INTO carrier_domains (door, label, wanted, networks, rev, due_ms, tries) VALUES (?, ?, 1, ?, 1, ?, 0)'
      this.#sql.exec(make, door, label, JSON.stringify(networks), now)
      return
    }
    this.#sql.exec('UPDATE carrier_domains SET wanted = 1, networks = ? WHERE door = ?', JSON.stringify(networks), door)
    this.#owe(door, now)
  }

  /** The domain goes, and with it everybody who could call it. */
  drop(door: string, now: number): void {
    this.#sql.exec('DELETE FROM carrier_users WHERE door = ?', door)
    this.#sql.exec('UPDATE carrier_domains SET wanted = 0 WHERE door = ?', door)
    this.#owe(door, now)
  }

  admit(door: string, username: string, password: string, now: number): void {
    const keep = 'INSERT OR REPLACE INTO carrier_users (door, username, password) VALUES (?, ?, ?)'
    this.#sql.exec(keep, door, username, password)
    this.#owe(door, now)
  }
  dismiss(door: string, username: string, now: number): void {
    const gone = this.#sql.exec('DELETE FROM carrier_users WHERE door = ? AND username = ?', door, username)
    if (gone.rowsWritten > 0) this.#owe(door, now)
  }
  admits(door: string, username: string): boolean {
    const asked = 'SELECT 1 FROM carrier_users WHERE door = ? AND username = ?'
    return this.#sql.exec(asked, door, username).toArray().length > 0
  }
  count(door: string): number {
    return Number(this.#sql.exec('SELECT COUNT(*) AS n FROM carrier_users WHERE door = ?', door).one().n)
  }

  /** When the carrier is told something next; null: it knows everything. */
  dueAt(): number | null {
    const [row] = this.#sql.exec('SELECT MIN(due_ms) AS due FROM carrier_domains').toArray()
    if (row?.due == null) return null
    // Whoever is asking the carrier looks again afterwards.
    return this.#settling ? Math.max(Number(row.due), Date.now() + LOOK_AGAIN_MS) : Number(row.due)
  }

  async shown(door: string): Promise<CarrierDomain> {
    const row = this.#row(door)
    if (row === null || !row.wanted) {
      const problem = row?.problem ?? null
      return { wanted: false, state: problem === null ? 'off' : 'failed', domainName: null, problem }
    }
    const port = await this.#port()
    const { problem, dueMs } = row
    const state = problem !== null ? 'failed' : dueMs === null ? 'ready' : 'pending'
    return { wanted: true, state, domainName: port === null ? null : `${row.label}${port.ending}`, problem }
  }

  /** The address of one of our users; null: there is no such domain now. */
  async addressOf(door: string, username: string): Promise<string | null> {
    const { domainName } = await this.shown(door)
    return domainName === null ? null : `sip:${username}@${domainName}`
  }

  /** Which hosts are our carrier's, with the name of our own phones' domain; null: there are no such domains. */
  async place(): Promise<{ isCarrierHost(host: string): boolean; own: string | null } | null> {
    const port = await this.#port()
    if (port === null) return null
    return { isCarrierHost: host => port.isCarrierHost(host), own: (await this.shown(PHONES)).domainName }
  }

  /** Tells the carrier what is due. */
  async settle(now: number): Promise<void> {
    if (this.#settling) return
    this.#settling = true
    try {
      const due = this.#sql.exec('SELECT door FROM carrier_domains WHERE due_ms <= ? ORDER BY due_ms', now).toArray()
      this.#sql.exec('UPDATE carrier_domains SET due_ms = ? WHERE due_ms <= ?', now + LEASE_MS, now)
      for (const { door } of due) await this.#tell(String(door))
    } finally {
      this.#settling = false
    }
  }

  async #tell(door: string): Promise<void> {
    const row = this.#row(door)
    if (row === null) return
    const users = this.#users(door)
    const failure = await this.#ask(row, users).catch((error: unknown) => String(error))
    const now = Date.now()
    if (failure === null) {
      const delivered = 'UPDATE carrier_users SET password = NULL WHERE door = ? AND username = ? AND password = ?'
      for (const { username, password } of users)
        if (password !== null) this.#sql.exec(delivered, door, username, password)
    }
    // Something else is wished for meanwhile.
    if (this.#row(door)?.rev !== row.rev) return this.#owe(door, now)
    if (failure !== null) return this.#again(row, failure, now)
    if (!row.wanted) this.#sql.exec('DELETE FROM carrier_domains WHERE door = ?', door)
    else
      this.#sql.exec(
        'UPDATE carrier_domains SET due_ms = NULL, tries = 0, problem = NULL, kept_ms = ? WHERE door = ?',
        ...[now, door],
      )
  }

  /** Null: the carrier has it so. Else what is wrong, in words. */
  async #ask({ door, label, wanted, networks }: Row, users: SipDomainWish['users']): Promise<string | null> {
    const port = await this.#port()
    if (port === null)
      return wanted ? 'The carrier of this workspace has no phones of this kind, or none is set up.' : null
    const domainName = `${label}${port.ending}`
    const done = wanted
      ? await port.keep({ domainName, ...port.urls(door), users, networks })
      : await port.remove(domainName)
    return done.ok ? null : wordsOf(done.failure)
  }

  #again({ door, tries }: Row, problem: string, now: number): void {
    const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS)
    const later = 'UPDATE carrier_domains SET due_ms = ?, tries = tries + 1, problem = ? WHERE door = ?'
    this.#sql.exec(later, now + wait, problem.slice(0, PROBLEM_CHARS_MAX), door)
  }

  #owe(door: string, now: number): void {
    this.#sql.exec(
      'UPDATE carrier_domains SET rev = rev + 1, due_ms = ?, tries = 0, problem = NULL WHERE door = ?',
      ...[now, door],
    )
  }

  async #port(): Promise<SipDomains | null> {
    const account = await accountOf(this.#env, this.#workspaceId)
    return account === null ? null : (carrierOf(account).sipDomains?.(account) ?? null)
  }

  #users(door: string): SipDomainWish['users'] {
    const rows = this.#sql.exec('SELECT * FROM carrier_users WHERE door = ? ORDER BY username', door).toArray()
    return rows.map(({ username, password }) => ({
      username: String(username),
      password: password === null ? null : String(password),
    }))
  }

  #row(door: string): Row | null {
    const [row] = this.#sql.exec('SELECT * FROM carrier_domains WHERE door = ?', door).toArray()
    if (row === undefined) return null
    return {
      ...{ door, label: String(row.label), wanted: row.wanted === 1, rev: Number(row.rev), tries: Number(row.tries) },
      networks: JSON.parse(String(row.networks)) as SipNetwork[],
      problem: row.problem === null ? null : String(row.problem),
      keptMs: row.kept_ms === null ? null : Number(row.kept_ms),
      dueMs: row.due_ms === null ? null : Number(row.due_ms),
    }
  }
}

function wordsOf(failure: CarrierFailure): string {
  switch (failure.kind) {
    case 'refused':
      return failure.locked
        ? 'The carrier does not let our account in.'
        : `The carrier has refused it: ${failure.message} (${failure.code})`
    case 'throttled':
      return 'The carrier is asked too often. It is asked again.'
    default:
      return 'The carrier has not answered. It is asked again.'
  }
}
