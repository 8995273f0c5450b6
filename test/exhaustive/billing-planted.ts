/** Ledgers with one thing wrong. Each must be found by the small ledgers or by random histories. */
import { type Decision, decide, type Known, type Limits, type Order } from '../../src/core/billing/ledger.ts'
import type { Decide } from './billing-book.ts'
import { fuzzBilling } from './billing-fuzz.ts'
import { exploreBilling, SMALL_LEDGERS } from './explore-billing.ts'

const UNLIMITED = (limits: Limits): Limits => ({ ...limits, floor: limits.floor === null ? null : -1_000_000_000 })

/** The rules see something else than is on record. */
function blind(change: (known: Known, order: Order) => Partial<Known>): Decide {
  return (known, order, limits) => decide({ ...known, ...change(known, order) }, order, limits)
}
/** For one kind of order another limit counts. */
function lenient(kind: Order['do'], change: (limits: Limits) => Limits): Decide {
  return (known, order, limits) => decide(known, order, order.do === kind ? change(limits) : limits)
}
/** What is written is changed. */
function writes(
  kind: Order['do'],
  change: (done: Extract<Decision, { do: 'write' }>, known: Known, order: Order) => Decision,
): Decide {
  return (known, order, limits) => {
    const done = decide(known, order, limits)
    return order.do === kind && done.do === 'write' ? change(done, known, order) : done
  }
}

export const PLANTED_LEDGERS: Record<string, Decide> = {
  'a transfer that was made is made again': blind(() => ({ done: false })),
  'a hold looks at no floor': lenient('hold', UNLIMITED),
  'an extension looks at no floor': lenient('extend', UNLIMITED),
  'a correction goes below the floor': lenient('adjust', UNLIMITED),
  'the last charge goes below the floor': lenient('charge', UNLIMITED),
  'the limit of a day does not hold': lenient('hold', limits => ({ ...limits, perDay: null })),
  'the limit of a call does not hold': lenient('extend', limits => ({ ...limits, perCall: null })),
  'a hold that is over is given back again': (known, order, limits) =>
    decide(
      order.do === 'void' && known.hold ? { ...known, hold: { ...known.hold, micros: 1, over: false } } : known,
      order,
      limits,
    ),
  'the rest of a hold is not given back': writes('charge', (done, known, order) => {
    if (order.do !== 'charge' || !order.closes || known.hold === null) return done
    const rest = Math.max(0, known.hold.micros - order.micros)
    const legs = done.legs.map(leg => {
      if (leg.account === 'held') return { ...leg, micros: leg.micros + rest }
      return leg.account === 'credit' ? { ...leg, micros: leg.micros - rest } : leg
    })
    return { ...done, legs }
  }),
  'a call is paid from credit although it has a hold': blind((_, order) =>
    order.do === 'charge' ? { hold: null } : {},
  ),
  'the last charge leaves its hold open': writes('charge', done => ({
    ...done,
    hold: done.hold && { ...done.hold, over: false },
  })),
  'an extension takes the place of its hold': writes('extend', (done, _, order) => ({
    ...done,
    hold: done.hold && { ...done.hold, micros: 'micros' in order ? order.micros : 0 },
  })),
  'what cannot be covered is on no account': writes('charge', done => ({
    ...done,
    legs: done.legs.filter(({ account }) => account !== 'uncovered'),
  })),
  'what cannot be covered is not earned': writes('charge', done => ({
    ...done,
    legs: done.legs
      .filter(({ account }) => account !== 'uncovered')
      .map(leg => (leg.account.startsWith('revenue:') ? { ...leg, micros: leg.micros - done.uncovered } : leg)),
  })),
  'a call that cannot be paid is not charged': (known, order, limits) =>
    order.do === 'charge' && limits.floor !== null && known.credit - order.micros < limits.floor
      ? { do: 'refuse', because: 'out-of-money' }
      : decide(known, order, limits),
}

/** The laws that find it; null: none did. */
export function caughtBy(rules: Decide, histories: number): string | null {
  for (const world of SMALL_LEDGERS) {
    const [law] = exploreBilling(world, rules, 20_000, 1).violations
    if (law !== undefined) return law
  }
  return fuzzBilling(histories, 1, rules).broken[0]?.law ?? null
}
