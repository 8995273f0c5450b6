/** Money set aside for calls: a minute before the dial, a minute more while it lasts, and words and an end when there is none. */
import type { Refusal } from '../../core/billing/ledger.ts'
import { CALL_LIMIT_MS } from '../../core/call/state.ts'
import type { LedgerFact } from '../../core/events/notices.ts'
import type { Env } from '../env.ts'
import type { Notices } from '../shell/notices.ts'
import { stubFor } from '../stubs.ts'
import type { HoldAsk } from './contract.ts'
import { type Ledger, refusalOf } from './ledger.ts'
import type { Prices } from './prices.ts'

const SECOND_MS = 1_000
/** What is set aside at once. */
const STEP_SECONDS = 60
/** The next minute is asked for so long before the last one is used up, so that the words have time. */
const AHEAD_MS = 20_000
/** The words are said before the call is ended. */
const WORDS_MS = 10_000
/** A call that nobody has answered, or that was never placed, holds its money no longer. */
const UNANSWERED_MS = 30 * 60_000
const FORGOTTEN_MS = CALL_LIMIT_MS + 30 * 60_000

interface Held {
  callId: string
  number: string
  ai: boolean
  made: number
  answered: number | null
  /** seconds that are paid for */
  covered: number
  /** the call was told that it ends */
  ending: number | null
}

interface Parts {
  ledger: Ledger
  prices: Prices
  notices: Notices<LedgerFact>
}

export class Holds {
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #ledger: Ledger
  readonly #prices: Prices
  readonly #notices: Notices<LedgerFact>

  constructor(sql: SqlStorage, env: Env, { ledger, prices, notices }: Parts) {
    this.#sql = sql
    this.#env = env
    this.#ledger = ledger
    this.#prices = prices
    this.#notices = notices
  }

  /** Null: it is set aside, or nothing is limited. A repeat of the same call changes nothing. */
  make({ callId, to, purpose }: HoldAsk, now: number): Refusal | null {
    if (this.#prices.settings().mode !== 'limited') return null
    const [known] = this.#sql.exec('SELECT over FROM holds WHERE call_id = ?', callId).toArray()
    if (known !== undefined) return known.over === 1 ? 'no-hold' : null
    const ai = purpose === 'ai' || purpose === 'ai-campaign'
    const micros = this.#prices.priceOfCall(to, ai, STEP_SECONDS, now)
    const refused = refusalOf(
      this.#ledger.give(`${callId}:hold`, { do: 'hold', micros }, { type: 'hold', atMs: now, callId }, callId),
    )
    if (refused !== null) return refused
    this.#sql.exec(
      'INSERT INTO holds (call_id, micros, number, ai, made, covered, due) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[callId, micros, to, ai ? 1 : 0, now, STEP_SECONDS, now + UNANSWERED_MS],
    )
    return null
  }

  answered(callId: string, at: number): void {
    this.#sql.exec(
      'UPDATE holds SET answered = ?1, due = ?1 + covered * ?2 - ?3 WHERE call_id = ?4 AND over = 0 AND answered IS NULL',
      ...[at, SECOND_MS, AHEAD_MS, callId],
    )
  }

  release(callId: string, now: number): void {
    this.#ledger.give(`${callId}:release`, { do: 'void' }, { type: 'release', atMs: now, callId }, callId)
  }

  /** When the next of them needs something; null: none does. */
  nextDue(): number | null {
    const [row] = this.#sql.exec('SELECT MIN(due) AS due FROM holds WHERE due IS NOT NULL').toArray()
    return row?.due == null ? null : Number(row.due)
  }

  /** Does what is due. Calls that must end are told one by one. */
  async strike(now: number): Promise<void> {
    const due = this.#sql.exec('SELECT * FROM holds WHERE due <= ? ORDER BY due LIMIT 100', now).toArray().map(heldOf)
    for (const held of due) await this.#strikeOne(held, now)
    this.#sql.exec('DELETE FROM holds WHERE over = 1 AND made < ?', now - FORGOTTEN_MS)
  }

  async #strikeOne(held: Held, now: number): Promise<void> {
    const { callId, answered, made, ending } = held
    if (answered === null || now > made + FORGOTTEN_MS) return this.release(callId, now)
    if (ending !== null) return this.#end(callId, now)
    // A call whose end the log has not told yet pays no more than it uses: the rest of its hold comes back.
    const refused = this.#extended(held, now)
    if (refused === null) return
    const { end, words, language } = this.#prices.settings().outOfMoney
    if (!end) return this.#wait(callId, now + STEP_SECONDS * SECOND_MS)
    this.#sql.exec('UPDATE holds SET ending = ?1, due = ?2 WHERE call_id = ?3', now, now + WORDS_MS, callId)
    this.#notices.note({ type: 'call-unpaid', at: now, because: refused }, { call: callId })
    await this.#announce(callId, words, language)
  }

  /** A flow is interrupted; an AI agent says it in its own voice. Whom a person of ours has hears nothing, and is ended all the same. */
  async #announce(callId: string, words: string, language: string): Promise<void> {
    const call = stubFor(this.#env, 'call', callId)
    try {
      const why = await call.control({ do: 'talk', text: words, language })
      if (why === 'with-ai') await call.whisper(`Say this to the caller now, word for word: ${words}`, 'Trunkline')
    } catch {
      // Words that cannot be said do not keep a call that nobody pays.
    }
  }

  /** Null: another minute is set aside. */
  #extended({ callId, number, ai, answered, covered }: Held, now: number): Refusal | null {
    const next = covered + STEP_SECONDS
    const at = answered ?? now
    const price = (seconds: number) => this.#prices.priceOfCall(number, ai, seconds, at)
    const micros = price(next) - price(covered)
    const noted = { type: 'extension' as const, atMs: now, callId }
    const done = this.#ledger.give(`${callId}:extension:${next}`, { do: 'extend', micros }, noted, callId)
    if (done.do === 'refuse') return done.because
    this.#sql.exec(
      'UPDATE holds SET covered = ?1, due = ?2 WHERE call_id = ?3 AND over = 0',
      ...[next, at + next * SECOND_MS - AHEAD_MS, callId],
    )
    return null
  }

  async #end(callId: string, now: number): Promise<void> {
    // It is asked again until the log has told of the end.
    this.#wait(callId, now + STEP_SECONDS * SECOND_MS)
    await stubFor(this.#env, 'call', callId)
      .deliver({ type: 'call.complete-wanted', at: now }, null)
      .catch(() => false)
  }

  #wait(callId: string, until: number): void {
    this.#sql.exec('UPDATE holds SET due = ?1 WHERE call_id = ?2 AND over = 0', until, callId)
  }
}

function heldOf(row: Record<string, SqlStorageValue>): Held {
  return {
    callId: String(row.call_id),
    number: String(row.number),
    ai: row.ai === 1,
    made: Number(row.made),
    answered: row.answered === null ? null : Number(row.answered),
    covered: Number(row.covered),
    ending: row.ending === null ? null : Number(row.ending),
  }
}
