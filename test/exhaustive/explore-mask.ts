/** Small masks: every pair, number, end, cool-off, PIN and use again, in every order, and every call at every moment. */
import type { MaskRoute, MaskRules, MaskSession, Wanted } from '../../src/core/mask/mask.ts'
import { MaskBoard, type Rules } from './mask-board.ts'
import { type Searched, search } from './search.ts'

export interface MaskWorld {
  people: readonly string[]
  coolOffMs: number
  /** of every session */
  expiresAfterMs: number | null
  idleMs: number | null
  forwardTo: string | null
  /** the first party of a session has this PIN */
  pin: string | null
  sessionsMost: number
  clockMost: number
}
const [ADA, BO, CY, DI, OWNER, MASK] = ['+1001', '+1002', '+1003', '+1004', '+1009', '+1000']
const PLAIN: MaskWorld = {
  people: [ADA, BO, CY],
  coolOffMs: 2,
  expiresAfterMs: null,
  idleMs: null,
  forwardTo: null,
  pin: null,
  sessionsMost: 3,
  clockMost: 4,
}
export const SMALL_MASKS: readonly MaskWorld[] = [
  PLAIN,
  { ...PLAIN, expiresAfterMs: 2, coolOffMs: 1 },
  { ...PLAIN, idleMs: 2, coolOffMs: 0, sessionsMost: 2 },
  { ...PLAIN, forwardTo: OWNER, people: [ADA, BO, OWNER], expiresAfterMs: 2, coolOffMs: 0, sessionsMost: 2 },
  { ...PLAIN, people: [ADA, BO, CY, DI], pin: '4711', expiresAfterMs: 2, sessionsMost: 2 },
]

interface State {
  board: MaskBoard
  now: number
  /** what is known without the board: who agreed with whom, from when, and until when */
  agreed: Agreed[]
  broken: string[]
}
interface Agreed {
  id: string
  pair: [string, string]
  pin: string | null
  from: number
  lastUse: number
  closed: number | null
}

export function exploreMask(world: MaskWorld, by?: Rules, most = 150_000, enough = 3): Searched {
  const rules: MaskRules = { number: MASK, coolOffMs: world.coolOffMs, forwardTo: world.forwardTo }
  return search<State>({
    first: { board: new MaskBoard(rules, by), now: 0, agreed: [], broken: [] },
    keyOf: ({ board, now, broken }) => JSON.stringify([board.sessions.map(agesOf(now)), now, broken]),
    broken: ({ broken }) => broken,
    nexts: state => nexts(world, state),
    most,
    enough,
  })
}

function agesOf(now: number) {
  return ({ a, b, lastMs, openedMs, closed }: MaskSession) => [a, b, now - lastMs, now - openedMs, closed]
}

function* nexts(world: MaskWorld, state: State): Iterable<State> {
  const { now, agreed } = state
  if (now < world.clockMost) yield { ...state, board: state.board.copy(), now: now + 1 }
  for (const { id, closed } of agreed) {
    if (closed !== null || overBy(world, find(agreed, id), now) !== null) continue
    const board = state.board.copy()
    board.close(id, now)
    yield { ...state, board, agreed: changed(agreed, id, { closed: now }) }
  }
  if (agreed.length < world.sessionsMost)
    for (const a of world.people) for (const b of [...world.people, MASK]) yield opened(world, state, a, b)
  for (const caller of [...world.people, null]) {
    yield called(world, state, caller, null)
    if (world.pin !== null) yield called(world, state, caller, world.pin)
  }
}

function find(agreed: readonly Agreed[], id: string): Agreed {
  const found = agreed.find(one => one.id === id)
  if (found === undefined) throw new Error('no such session')
  return found
}

function changed(agreed: readonly Agreed[], id: string, change: Partial<Agreed>): Agreed[] {
  return agreed.map(one => (one.id === id ? { ...one, ...change } : one))
}

/** Null: it is not over. */
function overBy({ expiresAfterMs, idleMs }: MaskWorld, { from, lastUse, closed }: Agreed, now: number): number | null {
  const ends = [
    closed,
    expiresAfterMs === null ? null : from + expiresAfterMs,
    idleMs === null ? null : lastUse + idleMs,
  ].filter(one => one !== null)
  const first = Math.min(...ends)
  return now >= first ? first : null
}

function opened(world: MaskWorld, state: State, a: string, b: string): State {
  const { now, agreed } = state
  const id = `s${agreed.length}`
  const { expiresAfterMs, idleMs, pin } = world
  const expiresMs = expiresAfterMs === null ? null : now + expiresAfterMs
  const parties = { a: { number: a, name: '', pin }, b: { number: b, name: '', pin: null } }
  const wanted: Wanted = { sessionId: id, ...parties, expiresMs, idleMs, maxMs: 1 }
  const board = state.board.copy()
  const taken = board.open(wanted, now)
  const law = judgeOpening(world, state, a, b, taken)
  const broken = law === null ? state.broken : [law]
  if (!taken) return { ...state, broken }
  return {
    board,
    now,
    broken,
    agreed: [...agreed, { id, pair: [a, b], pin, from: now, lastUse: now, closed: null }],
  }
}

function judgeOpening(world: MaskWorld, { now, agreed }: State, a: string, b: string, taken: boolean): string | null {
  if (a === b || a === MASK || b === MASK) return taken ? 'a session has two people, and neither is the mask' : null
  const samePair = ({ pair }: Agreed) => pair.includes(a) && pair.includes(b)
  const touches = ({ pair }: Agreed) => pair.includes(a) || pair.includes(b)
  const open = agreed.filter(one => overBy(world, one, now) === null)
  const warm = agreed.filter(one => now < (overBy(world, one, now) ?? now) + world.coolOffMs)
  if (open.some(touches)) return taken ? 'a person is in one open session at most' : null
  if (open.some(one => one.pin !== null && one.pin === world.pin)) return taken ? 'a PIN is of one session' : null
  if (warm.some(one => touches(one) && !samePair(one)))
    return taken ? 'whoever has just ended a session meets nobody else' : null
  if (world.pin === null && !taken) return 'two people who are free may meet'
  return null
}

function called(world: MaskWorld, state: State, caller: string | null, pin: string | null): State {
  const { now, agreed } = state
  const board = state.board.copy()
  const route = board.call(caller, pin, now)
  const open = agreed.filter(one => overBy(world, one, now) === null)
  const law = judgeRoute(world, open, caller, pin, route)
  const next = { ...state, board, broken: law === null ? state.broken : [law] }
  return route.to === 'party' ? { ...next, agreed: changed(agreed, route.session.sessionId, { lastUse: now }) } : next
}

function judgeRoute(
  { forwardTo, pin: known }: MaskWorld,
  open: readonly Agreed[],
  caller: string | null,
  pin: string | null,
  route: MaskRoute,
): string | null {
  const own = open.find(({ pair }) => caller !== null && pair.includes(caller))
  const keyed = pin === null ? undefined : open.find(one => one.pin === pin)
  const expected = own ? own.pair[own.pair[0] === caller ? 1 : 0] : keyed?.pair[1]
  if (route.to === 'party') {
    if (expected === undefined) return 'a stranger reaches nobody'
    if (route.number !== expected) return 'a party reaches the other party of their session and nobody else'
    return route.number === caller ? 'nobody is rung by themselves' : null
  }
  if (expected !== undefined) return 'a party of an open session reaches the other'
  if (route.to === 'owner')
    return route.number === forwardTo && caller !== forwardTo ? null : 'the owner is rung for others only'
  if (route.to === 'pin') return known === null ? 'a PIN is asked for where there are some' : null
  return forwardTo !== null && caller !== forwardTo && !open.some(one => one.pin !== null) && pin === null
    ? 'a stranger reaches the owner where there is one'
    : null
}
