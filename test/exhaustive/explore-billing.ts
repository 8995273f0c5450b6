/** Small ledgers: every order of every set of orders, each delivered again at any time. */
import type { Limits, Order } from '../../src/core/billing/ledger.ts'
import { Book, type Decide } from './billing-book.ts'
import { type Searched, search } from './search.ts'

export interface BillingWorld {
  limits: Limits
  calls: number
  /** one unit of money for each */
  topUps: number
}

export const SMALL_LEDGERS: readonly BillingWorld[] = [
  { limits: { floor: 0, perDay: null, perCall: null }, calls: 2, topUps: 2 },
  { limits: { floor: -1, perDay: 4, perCall: 2 }, calls: 2, topUps: 1 },
  { limits: { floor: null, perDay: null, perCall: null }, calls: 1, topUps: 1 },
  { limits: { floor: 0, perDay: 3, perCall: 1 }, calls: 1, topUps: 3 },
]

interface Given {
  id: string
  order: Order
  hold: string | null
}

function ordersOf({ calls, topUps }: BillingWorld): Given[] {
  const orders: Given[] = []
  for (let n = 0; n < topUps; n += 1) orders.push({ id: `top:${n}`, order: { do: 'top-up', micros: 1 }, hold: null })
  orders.push({ id: 'back', order: { do: 'adjust', micros: -1 }, hold: null })
  for (let n = 0; n < calls; n += 1) {
    const hold = `call:${n}`
    const of = (name: string, order: Order): Given => ({ id: `${name}:${n}`, order, hold })
    orders.push(
      of('hold', { do: 'hold', micros: 1 }),
      of('extend', { do: 'extend', micros: 1 }),
      of('ai', { do: 'charge', micros: 1, costType: 'ai', closes: false }),
      of('end', { do: 'charge', micros: 2, costType: 'call', closes: true }),
      of('void', { do: 'void' }),
    )
  }
  return orders
}

export function exploreBilling(world: BillingWorld, rules?: Decide, most = 200_000, enough = 3): Searched {
  const orders = ordersOf(world)
  return search<Book>({
    first: new Book(world.limits, rules),
    keyOf: book => book.key(),
    broken: book => book.laws(),
    *nexts(book) {
      for (const { id, order, hold } of orders) {
        const next = book.copy()
        next.give(id, order, hold)
        yield next
      }
    },
    most,
    enough,
  })
}
