import type { Account, AccountStatus, ApiKey, Application, CallerId, OwnNumber, Routing } from './account.ts'
import { fact, type Turn } from './turn.ts'
import type { Instructions, World } from './world.ts'

/** The account's book: its numbers, applications, verified caller ids and keys. REST and the control API write it. */

export const OWN_NUMBERS_MAX = 1_000
export const APPLICATIONS_MAX = 1_000
export const CALLER_IDS_MAX = 1_000
export const KEYS_MAX = 100

type Kept<T> = Partial<Omit<T, 'sid' | 'createdAt' | 'updatedAt'>>

/** A null SID makes a new entry. */
export type BookChange =
  | { of: 'number'; number: string; settings: Kept<OwnNumber> }
  | { of: 'application'; sid: string | null; settings: Kept<Application> }
  | { of: 'caller-id'; number: string; settings: Kept<CallerId> }
  | { of: 'key'; sid: string | null; settings: Kept<ApiKey> }
  | { of: 'account'; settings: AccountSettings }

/** The settings of the account that the control API may change. */
export interface AccountSettings {
  friendlyName?: string
  status?: AccountStatus
  /** numbers with these prefixes are refused with 21215 */
  blockedPrefixes?: string[]
  /** how many REST requests may be in progress at once */
  requestsMax?: number | null
  browserOpens?: Account['browserOpens']
}

export type BookPart = BookChange['of']

const NO_TARGET = { url: '', method: 'POST' } as const

export function emptyRouting(friendlyName: string): Routing {
  return {
    friendlyName,
    voice: NO_TARGET,
    fallback: NO_TARGET,
    statusCallback: NO_TARGET,
    callerIdLookup: false,
    sms: {},
  }
}

/** `(415) 555-0101` for North American numbers, others as they are. */
export function nationalLook(number: string): string {
  const digits = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number)
  return digits ? `(${digits[1]}) ${digits[2]}-${digits[3]}` : number
}

/** Where a number or an application gets its TwiML, or null when it names no URL. */
export function instructionsOf(routing: Routing): Instructions | null {
  const { voice, fallback } = routing
  return voice.url === '' ? null : { ...voice, fallback: fallback.url === '' ? null : fallback }
}

/** The settings that apply to a number: those of its application, if it has one, otherwise its own. */
export function routingOf(world: World, own: OwnNumber): { routing: Routing; applicationSid: string | null } {
  const application = own.voiceApplicationSid === null ? undefined : world.applications.get(own.voiceApplicationSid)
  return application
    ? { routing: application, applicationSid: application.sid }
    : { routing: own, applicationSid: null }
}

export function numberBySid(world: World, sid: string): OwnNumber | undefined {
  for (const own of world.numbers.values()) if (own.sid === sid) return own
  return undefined
}

function stamp<T extends { createdAt: number; updatedAt: number }>(turn: Turn, entry: T): T {
  return { ...entry, updatedAt: turn.at }
}

function sidOf(turn: Turn, prefix: string): string {
  return prefix + turn.world.random.hex(32)
}

const born = (turn: Turn) => ({ createdAt: turn.at, updatedAt: turn.at })

function keepNumber(turn: Turn, number: string, settings: Kept<OwnNumber>): string | null {
  const { numbers } = turn.world
  const old = numbers.get(number)
  if (!old && numbers.size >= OWN_NUMBERS_MAX) return null
  const fresh = (): OwnNumber => ({
    ...emptyRouting(nationalLook(number)),
    sid: sidOf(turn, 'PN'),
    number,
    type: 'local',
    voiceApplicationSid: null,
    ...born(turn),
  })
  const own = stamp(turn, { ...(old ?? fresh()), ...settings, number })
  numbers.set(number, own)
  return own.sid
}

function keepApplication(turn: Turn, sid: string | null, settings: Kept<Application>): string | null {
  const { applications } = turn.world
  const old = sid === null ? undefined : applications.get(sid)
  if (!old && applications.size >= APPLICATIONS_MAX) return null
  const fresh = (): Application => ({ ...emptyRouting(''), sid: sid ?? sidOf(turn, 'AP'), ...born(turn) })
  const application = stamp(turn, { ...(old ?? fresh()), ...settings })
  applications.set(application.sid, application)
  return application.sid
}

function keepCallerId(turn: Turn, number: string, settings: Kept<CallerId>): string | null {
  const { callerIds } = turn.world
  const old = callerIds.get(number)
  if (!old && callerIds.size >= CALLER_IDS_MAX) return null
  const fresh = (): CallerId => ({
    sid: sidOf(turn, 'PN'),
    number,
    friendlyName: nationalLook(number),
    ...born(turn),
  })
  const callerId = stamp(turn, { ...(old ?? fresh()), ...settings, number })
  callerIds.set(number, callerId)
  return callerId.sid
}

function keepKey(turn: Turn, sid: string | null, settings: Kept<ApiKey>): string | null {
  const { keys, random } = turn.world
  const old = sid === null ? undefined : keys.get(sid)
  if (!old && keys.size >= KEYS_MAX) return null
  const fresh = (): ApiKey => ({ sid: sidOf(turn, 'SK'), secret: random.hex(32), friendlyName: '', ...born(turn) })
  const key = stamp(turn, { ...(old ?? fresh()), ...settings })
  keys.set(key.sid, key)
  return key.sid
}

/** Writes into the book. When that part of it is full, nothing happens and there is no fact. */
export function keepInBook(turn: Turn, change: BookChange): void {
  const { account } = turn.world
  const keep = (): string | null => {
    switch (change.of) {
      case 'number':
        return keepNumber(turn, change.number, change.settings)
      case 'application':
        return keepApplication(turn, change.sid, change.settings)
      case 'caller-id':
        return keepCallerId(turn, change.number, change.settings)
      case 'key':
        return keepKey(turn, change.sid, change.settings)
      case 'account':
        Object.assign(account, change.settings, { updatedAt: turn.at })
        return account.accountSid
    }
  }
  const sid = keep()
  if (sid !== null) fact(turn, { kind: 'book-changed', of: change.of, sid, how: 'kept' })
}

/** Removes a number, an application, a caller id or a key from the book, by SID. */
export function dropFromBook(turn: Turn, of: BookPart, sid: string): void {
  const { world } = turn
  const book = { number: world.numbers, 'caller-id': world.callerIds, application: world.applications, key: world.keys }
  if (of === 'account') return
  for (const [key, entry] of book[of]) {
    if (entry.sid !== sid) continue
    book[of].delete(key)
    fact(turn, { kind: 'book-changed', of, sid, how: 'removed' })
  }
}
