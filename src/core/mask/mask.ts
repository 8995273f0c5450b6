/**
 * A mask is a number of ours behind which two people talk, and neither sees the other's number. All sessions of one mask are decided in one
 * place, by these functions. The one rule that keeps strangers apart: at a mask a number is a party of at most one session that may still
 * be called (`claims`), so a caller leads to exactly one other party or to nobody.
 */

/** E.164 */
type Number = string

export type Side = 'a' | 'b'
export interface MaskParty {
  number: Number
  /** shown to who may see the session; '' : none */
  name: string
  /** keyed by this party when they call from another phone; null: they have none */
  pin: string | null
}
export interface MaskSession {
  sessionId: string
  a: MaskParty
  b: MaskParty
  openedMs: number
  /** at this moment it ends; null: not by the clock */
  expiresMs: number | null
  /** it ends so long after the last call; null: however long nobody calls */
  idleMs: number | null
  lastMs: number
  /** one call may last so long */
  maxMs: number
  closed: { ms: number; because: 'closed' | 'expired' | 'idle' } | null
}
export interface MaskRules {
  /** the number itself */
  number: Number
  /** after a session has ended its parties are kept apart from others at this mask for so long */
  coolOffMs: number
  /** who is rung for a caller of no session; null: they hear the words for strangers */
  forwardTo: Number | null
}

/** What is known of one number, or of one PIN, at this mask. `held`: the session that may be called, or that ended a moment ago. */
export interface Claims {
  byNumber(number: Number): MaskSession | null
  byPin(pin: string): MaskSession | null
}

export type SessionRefusal =
  /** both parties are one number */
  | 'same-party'
  /** a party is the mask itself */
  | 'party-is-mask'
  /** a party has a session with somebody else here, or had one a moment ago */
  | 'party-taken'
  /** another session here has this PIN, or both parties have the same */
  | 'pin-taken'
  /** it would be over at once */
  | 'already-over'

export type Wanted = Omit<MaskSession, 'openedMs' | 'lastMs' | 'closed'>

/** When the session ends by itself; null: never. */
export function endsAt({ expiresMs, idleMs, lastMs }: MaskSession): number | null {
  const idle = idleMs === null ? null : lastMs + idleMs
  if (expiresMs === null || idle === null) return expiresMs ?? idle
  return Math.min(expiresMs, idle)
}

/** The session as the clock has it now: closed if its time is over. */
export function atTime(session: MaskSession, now: number): MaskSession {
  if (session.closed !== null) return session
  const ms = endsAt(session)
  if (ms === null || now < ms) return session
  return { ...session, closed: { ms, because: ms === session.expiresMs ? 'expired' : 'idle' } }
}

export function isOpen(session: MaskSession, now: number): boolean {
  return atTime(session, now).closed === null
}

/** Are the parties still kept apart from others? */
export function isHeld(session: MaskSession, coolOffMs: number, now: number): boolean {
  const { closed } = atTime(session, now)
  return closed === null || now < closed.ms + coolOffMs
}

/** Null: it may be opened. The same two people may meet again at once. */
export function refusalOf(rules: MaskRules, claims: Claims, wanted: Wanted, now: number): SessionRefusal | null {
  const { a, b } = wanted
  if (a.number === b.number) return 'same-party'
  if (a.number === rules.number || b.number === rules.number) return 'party-is-mask'
  if (wanted.expiresMs !== null && wanted.expiresMs <= now) return 'already-over'
  for (const { number } of [a, b]) {
    const held = claims.byNumber(number)
    if (held !== null && blocks(rules, held, wanted, now)) return 'party-taken'
  }
  if (a.pin !== null && a.pin === b.pin) return 'pin-taken'
  for (const { pin } of [a, b]) {
    const held = pin === null ? null : claims.byPin(pin)
    if (held !== null && blocks(rules, held, wanted, now)) return 'pin-taken'
  }
  return null
}

function blocks({ coolOffMs }: MaskRules, held: MaskSession, wanted: Wanted, now: number): boolean {
  if (isOpen(held, now)) return true
  return isHeld(held, coolOffMs, now) && !samePair(held, wanted)
}

export function samePair(one: Pick<MaskSession, 'a' | 'b'>, other: Pick<MaskSession, 'a' | 'b'>): boolean {
  const pair = ({ a, b }: Pick<MaskSession, 'a' | 'b'>) => [a.number, b.number].sort().join()
  return pair(one) === pair(other)
}

export type MaskRoute =
  | { to: 'party'; session: MaskSession; from: Side; number: Number }
  /** a PIN may say who calls: none was keyed, or no session has it */
  | { to: 'pin'; wrong: boolean }
  | { to: 'owner'; number: Number }
  /** nobody: the words for strangers */
  | { to: 'nobody' }

/** `caller` null: the number is withheld. `pin` null: none was keyed yet. `pins`: some session here has one, and callers may be asked. */
export function routeOf(
  rules: MaskRules,
  claims: Claims,
  { caller, pin, pins }: { caller: Number | null; pin: string | null; pins: boolean },
  now: number,
): MaskRoute {
  const known = caller === null ? null : claims.byNumber(caller)
  if (known !== null && isOpen(known, now)) return led(known, known.a.number === caller ? 'a' : 'b')
  // Where nobody is asked for a PIN, none is right.
  const keyed = pin === null || !pins ? null : claims.byPin(pin)
  if (keyed !== null && isOpen(keyed, now)) return led(keyed, keyed.a.pin === pin ? 'a' : 'b')
  if (pins) return { to: 'pin', wrong: pin !== null }
  // The owner who calls their own mask would be rung by themselves.
  if (rules.forwardTo !== null && rules.forwardTo !== caller) return { to: 'owner', number: rules.forwardTo }
  return { to: 'nobody' }
}

function led(session: MaskSession, from: Side): MaskRoute {
  return { to: 'party', session, from, number: session[from === 'a' ? 'b' : 'a'].number }
}

/** What a caller of a mask gets, for whoever writes it in the words of a carrier. */
export type Led =
  | {
      is: 'party' | 'owner'
      number: string
      waitingMessage: string
      language: string
      record: boolean
      ringMs: number
      maxMs: number
    }
  | { is: 'pin'; wrong: boolean }
  | { is: 'nobody'; message: string; language: string }
