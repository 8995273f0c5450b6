/**
 * A pool: agents of one campaign who share the lines that ring. Whoever of them is free longest gets the next person who answers, because a batch
 * fills its seats in the order in which they came. A pool is small, so that its batch stays small; a larger floor has several, and an
 * agent joins the fullest one that has room. Pure: the campaign decides with these rules.
 */
import type { SessionView } from '../desk/view.ts'
import { type Because, type Governed, govern, type Tally } from '../pacing/governor.ts'

/** What a pool without a limit of its own keeps under: the law of the strictest country. */
export const ABANDON_MAX = 0.03
/** A batch has 32 seats: one that is being given back still counts there. */
export const POOL_AGENTS_MAX = 16
/** For one free agent, at most; what the governor was tried with (`bench -- governor`). */
export const POOL_LINES_PER_AGENT = 10
/** Lines that are dialled, people who talk and those who are let go, at most; the batch keeps as many again that are over. */
export const POOL_LIVE_MAX = 64
/** People who are looked for at a time. */
export const POOL_ASK_MAX = 16
/** Legs of one pool, at most: the facts of a batch are kept as long as it lives. */
export const POOL_DIALED_MAX = 5_000
/** Lines are let go at most this often. */
export const POOL_LIMIT_EVERY_MS = 1_000

export interface PoolSeat {
  deskId: string
  seatId: string
  /** whoever has answered and is with this agent */
  callId: string | null
  /** the batch has it: before, lines that ring would find nobody there */
  joined: boolean
  /** the agent's line is away for a moment */
  paused: boolean
}
/** A leg until it is over. */
export interface PoolLeg {
  callId: string
  contactId: string
  number: string
  attempts: number
  /** abandoned of answered people that the governor expected when this line began to ring */
  expected: number
  phase: 'dialing' | 'answered'
  /** whose seat they had */
  deskId: string | null
  heldAt: number | null
  /** the desk's outcome came before the batch's fact that there was a conversation */
  outcomeIn: boolean
}
export type PoolPace = Pick<Governed, 'lines' | 'because' | 'forecast' | 'expected' | 'answerRate'>
export interface Pool {
  batchId: string
  seats: PoolSeat[]
  legs: PoolLeg[]
  /** legs so far; the next one is named after it */
  dialed: number
  /** people and numbers for more lines are being looked for */
  askId: string | null
  asks: number
  restUntilMs: number | null
  restReason: SessionView['restReason']
  pace: PoolPace | null
  limitedMs: number
  /** its batch has begun */
  opened: boolean
  /** the settings that its batch began with are not those of now, or it has lived long: agents join another one, and it closes */
  outdated: boolean
  /** nobody joins it any more */
  closing: boolean
}

/** What the governor judges by. */
export interface Tallies {
  day: Tally
  month: Tally
}

export function newPool(batchId: string): Pool {
  const none = { seats: [], legs: [], dialed: 0, askId: null, asks: 0, restUntilMs: null, restReason: null }
  return { batchId, ...none, pace: null, limitedMs: 0, opened: false, outdated: false, closing: false }
}

export function freeIn(pool: Pool): number {
  return pool.seats.filter(seat => seat.callId === null && seat.joined && !seat.paused).length
}

export function dialingIn(pool: Pool): number {
  return pool.legs.filter(leg => leg.phase === 'dialing').length
}

/** `coming`: agents who have asked for a seat here. Null: each is full, so a new one opens. */
export function poolToJoin(pools: readonly Pool[], coming: (batchId: string) => number): Pool | null {
  let fullest: Pool | null = null
  let most = -1
  for (const pool of pools) {
    const agents = pool.seats.length + coming(pool.batchId)
    if (pool.closing || pool.outdated || agents >= POOL_AGENTS_MAX || agents <= most) continue
    fullest = pool
    most = agents
  }
  return fullest
}

export interface PoolWish {
  pace: PoolPace
  /** lines to dial beside those that ring */
  more: number
  /** so many may ring, and more do; null: no line needs to be let go */
  most: number | null
}

/** `limit`: abandoned of people who answer, at most. */
export function wishOf(pool: Pool, tallies: Tallies, limit: number, losers: 'cut' | 'ring-out'): PoolWish {
  const [idle, ringing] = [freeIn(pool), dialingIn(pool)]
  const governed = govern({ idle, ...tallies, limit, losers, perAgentMax: POOL_LINES_PER_AGENT })
  const { lines, because, forecast, expected, answerRate } = governed
  const more = Math.min(lines - ringing, POOL_LIVE_MAX - pool.legs.length, POOL_ASK_MAX)
  return {
    pace: { lines, because, forecast, expected, answerRate },
    more: Math.max(0, more),
    // With nobody free the batch itself lets lines go.
    most: idle > 0 && ringing > lines ? lines : null,
  }
}

/** What people are shown of the pools of a campaign, as one. */
export interface FloorView {
  agents: number
  free: number
  ringing: number
  /** lines that may ring now, and why not more; null: nothing was decided yet */
  lines: number | null
  because: Because | null
}

/** Null: nobody is there. `paceOf`: what the governor says of this pool now. */
export function floorView(pools: readonly Pool[], paceOf: (pool: Pool) => PoolPace): FloorView | null {
  const open = pools.filter(pool => pool.seats.length > 0 && !pool.closing)
  if (open.length === 0) return null
  const sum = (of: (pool: Pool) => number) => open.reduce((total, pool) => total + of(pool), 0)
  const paces = open.map(paceOf)
  return {
    agents: sum(pool => pool.seats.length),
    free: sum(freeIn),
    ringing: sum(dialingIn),
    lines: paces.reduce((total, pace) => total + pace.lines, 0),
    because: paces[0]?.because ?? null,
  }
}
