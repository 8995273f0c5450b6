/** A mask in memory around the shipping rules, and what an onlooker knows of it: the sessions in the order in which they were agreed. */
import {
  atTime,
  type MaskParty,
  type MaskRoute,
  type MaskRules,
  type MaskSession,
  refusalOf,
  routeOf,
  type Wanted,
} from '../../src/core/mask/mask.ts'

export interface Rules {
  refusalOf: typeof refusalOf
  routeOf: typeof routeOf
}
export const SHIPPING: Rules = { refusalOf, routeOf }

export class MaskBoard {
  readonly rules: MaskRules
  /** in the order in which they were opened */
  readonly sessions: MaskSession[]
  readonly #by: Rules

  constructor(rules: MaskRules, by: Rules = SHIPPING, sessions: MaskSession[] = []) {
    this.rules = rules
    this.#by = by
    this.sessions = sessions
  }

  copy(): MaskBoard {
    return new MaskBoard(this.rules, this.#by, [...this.sessions])
  }

  /** True: it was opened. */
  open(wanted: Wanted, now: number): boolean {
    if (this.#by.refusalOf(this.rules, this.#claims(), wanted, now) !== null) return false
    this.sessions.push({ ...wanted, openedMs: now, lastMs: now, closed: null })
    return true
  }
  close(sessionId: string, now: number): void {
    this.#change(sessionId, session => ({ ...session, closed: session.closed ?? { ms: now, because: 'closed' } }), now)
  }
  /** Where a call leads; it counts as a use of its session. */
  call(caller: string | null, pin: string | null, now: number): MaskRoute {
    const pins = this.sessions.some(one => atTime(one, now).closed === null && (one.a.pin ?? one.b.pin) !== null)
    const route = this.#by.routeOf(this.rules, this.#claims(), { caller, pin, pins }, now)
    if (route.to === 'party') this.#change(route.session.sessionId, session => ({ ...session, lastMs: now }), now)
    return route
  }

  #change(sessionId: string, change: (session: MaskSession) => MaskSession, now: number): void {
    const at = this.sessions.findIndex(one => one.sessionId === sessionId)
    const session = this.sessions[at]
    if (session !== undefined) this.sessions[at] = change(atTime(session, now))
  }

  /** The newest session of a number or a PIN holds it, as rows with a primary key do. */
  #claims() {
    const newest = (has: (party: MaskParty) => boolean) =>
      this.sessions.findLast(({ a, b }) => has(a) || has(b)) ?? null
    return {
      byNumber: (number: string) => newest(party => party.number === number),
      byPin: (pin: string) => newest(party => party.pin === pin),
    }
  }
}
