/**
 * The ledger of a workspace: double entry, in micros (millionths of its currency) as safe integers. A transfer is a list of legs whose sum
 * is zero, and its id is the idempotency key: a transfer that is asked for twice is made once. Nothing is ever changed; a correction is
 * a new transfer. What is on record is read by the shell and given in; what to write down is a pure function of it.
 */

/** No balance leaves ± this: far inside the integers that a number holds exactly (9.0 × 10^15), and 64 bits in SQL. */
export const MICROS_MAX = 1_000_000_000_000_000

/**
 * `credit`: what the workspace can spend; `held`: what is set aside for calls that go on. The others are the far sides: money that was paid in,
 * corrections, what could not be covered, earnings by cost type, and what the carrier takes.
 */
export type Account =
  | 'credit'
  | 'held'
  | 'paid-in'
  | 'corrections'
  | 'uncovered'
  | `revenue:${string}`
  | 'carrier-cost'
  | 'carrier-owed'

export interface Leg {
  account: Account
  micros: number
}

export interface Limits {
  /** credit never goes below it; null: there is no limit, and nothing is held */
  floor: number | null
  /** charged and held within one day; null: no limit */
  perDay: number | null
  /** charged from the hold of one call, and held for it; null: no limit */
  perCall: number | null
}

export interface Hold {
  micros: number
  /** what was charged from it already */
  taken: number
  /** it was posted or given back: its money is not there any more */
  over: boolean
}

/** What is on record about one order. */
export interface Known {
  /** a transfer with this id exists */
  done: boolean
  credit: number
  /** the hold that the order names; null: there is none */
  hold: Hold | null
  /** charged today, and held now by all holds */
  spentToday: number
}

export type Order =
  /** micros > 0 */
  | { do: 'top-up'; micros: number }
  /** a correction by a person, to either side */
  | { do: 'adjust'; micros: number }
  /** before a call goes out */
  | { do: 'hold'; micros: number }
  /** the call goes on */
  | { do: 'extend'; micros: number }
  /** something was used; it is taken from the hold of its call first. `closes`: nothing more will come of that call */
  | { do: 'charge'; micros: number; costType: string; closes: boolean }
  /** the hold is given back */
  | { do: 'void' }
  /** what the carrier asks for a call: an entry of its own, beside what the workspace pays */
  | { do: 'carrier-cost'; micros: number }

export type Refusal =
  | 'out-of-money'
  | 'day-limit'
  | 'call-limit'
  | 'below-floor'
  | 'too-large'
  | 'not-whole'
  | 'no-hold'
export type Decision =
  | { do: 'nothing'; because: 'done' | 'over' }
  | { do: 'refuse'; because: Refusal }
  /** `hold`: what the hold is afterwards; null: the order has none. `uncovered`: the part that nobody pays */
  | { do: 'write'; legs: Leg[]; hold: Hold | null; uncovered: number }

const EMPTY: Hold = { micros: 0, taken: 0, over: false }
const DONE: Decision = { do: 'nothing', because: 'done' }

export function decide(known: Known, order: Order, limits: Limits): Decision {
  if (known.done) return DONE
  if ('micros' in order && !isAmount(order)) return refuse('not-whole')
  switch (order.do) {
    case 'top-up':
      return moved(known, 'paid-in', order.micros)
    case 'adjust':
      if (order.micros < 0 && below(known.credit + order.micros, limits)) return refuse('below-floor')
      return moved(known, 'corrections', order.micros)
    case 'hold':
      return known.hold === null ? setAside(known, EMPTY, order.micros, limits) : DONE
    case 'extend':
      if (known.hold === null) return refuse('no-hold')
      if (known.hold.over) return { do: 'nothing', because: 'over' }
      return setAside(known, known.hold, order.micros, limits)
    case 'charge':
      return charge(known, order, limits)
    case 'void':
      return giveBack(known.hold)
    case 'carrier-cost':
      return write([leg('carrier-cost', order.micros), leg('carrier-owed', -order.micros)], null)
  }
}

function isAmount(order: Extract<Order, { micros: number }>): boolean {
  const { micros } = order
  if (!Number.isSafeInteger(micros) || Math.abs(micros) > MICROS_MAX) return false
  return order.do === 'adjust' ? micros !== 0 : order.do === 'top-up' ? micros > 0 : micros >= 0
}

function moved({ credit }: Known, from: Account, micros: number): Decision {
  if (Math.abs(credit + micros) > MICROS_MAX) return refuse('too-large')
  return write([leg(from, -micros), leg('credit', micros)], null)
}

/** Where credit has no floor nothing is held: the hold exists with nothing in it, so that the call can be told apart from one without. */
function setAside(known: Known, hold: Hold, wanted: number, limits: Limits): Decision {
  const { floor, perDay, perCall } = limits
  const micros = floor === null ? 0 : wanted
  if (below(known.credit - micros, limits)) return refuse('out-of-money')
  if (perCall !== null && hold.taken + hold.micros + wanted > perCall) return refuse('call-limit')
  if (perDay !== null && known.spentToday + wanted > perDay) return refuse('day-limit')
  return write([leg('credit', -micros), leg('held', micros)], { ...hold, micros: hold.micros + micros })
}

/** What was used was used: it is booked whole. Credit pays down to its floor and no further; the rest stands in `uncovered`. */
function charge(known: Known, order: Extract<Order, { do: 'charge' }>, { floor }: Limits): Decision {
  const { micros, costType, closes } = order
  const open = known.hold !== null && !known.hold.over ? known.hold.micros : 0
  const fromHold = Math.min(open, micros)
  const back = closes ? open - fromHold : 0
  const rest = micros - fromHold
  const can = floor === null ? rest : Math.max(0, known.credit + back - floor)
  const fromCredit = Math.min(rest, can)
  const uncovered = rest - fromCredit
  const hold =
    known.hold === null || known.hold.over
      ? known.hold
      : { micros: open - fromHold - back, taken: known.hold.taken + fromHold, over: closes }
  return write(
    [
      leg('held', -fromHold - back),
      leg('credit', back - fromCredit),
      leg('uncovered', -uncovered),
      leg(`revenue:${costType}`, micros),
    ],
    hold,
    uncovered,
  )
}

function giveBack(hold: Hold | null): Decision {
  if (hold === null) return refuse('no-hold')
  if (hold.over) return { do: 'nothing', because: 'over' }
  return write([leg('held', -hold.micros), leg('credit', hold.micros)], { ...hold, micros: 0, over: true })
}

function below(credit: number, { floor }: Limits): boolean {
  return floor !== null && credit < floor
}

function leg(account: Account, micros: number): Leg {
  return { account, micros }
}

function refuse(because: Refusal): Decision {
  return { do: 'refuse', because }
}

function write(legs: Leg[], hold: Hold | null, uncovered = 0): Decision {
  return { do: 'write', legs: legs.filter(one => one.micros !== 0), hold, uncovered }
}

/** Balances from nothing but the legs; what is stored must be the same. */
export function balancesOf(legs: Iterable<Leg>): Map<Account, number> {
  const sums = new Map<Account, number>()
  for (const { account, micros } of legs) sums.set(account, (sums.get(account) ?? 0) + micros)
  return sums
}
