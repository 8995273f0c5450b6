/** A ledger in memory around the shipping rules, and the laws that hold after every order. What the workspace owes is counted a second time, from the orders alone. */
import {
  type Account,
  balancesOf,
  type Decision,
  decide,
  type Hold,
  type Known,
  type Leg,
  type Limits,
  type Order,
} from '../../src/core/billing/ledger.ts'

export type Decide = (known: Known, order: Order, limits: Limits) => Decision

interface Written {
  id: string
  order: Order
  legs: Leg[]
  uncovered: number
  creditAfter: number
}

export class Book {
  readonly written: Written[]
  readonly balances: Map<Account, number>
  readonly holds: Map<string, Hold>
  /** broken by what was done, each once */
  readonly broken: string[]
  readonly #limits: Limits
  readonly #decide: Decide

  constructor(limits: Limits, rules: Decide = decide, from?: Book) {
    this.#limits = limits
    this.#decide = rules
    this.written = from ? [...from.written] : []
    this.balances = new Map(from?.balances)
    this.holds = new Map(from?.holds)
    this.broken = from ? [...from.broken] : []
  }

  copy(): Book {
    return new Book(this.#limits, this.#decide, this)
  }

  give(id: string, order: Order, holdId: string | null): Decision {
    const hold = holdId === null ? null : (this.holds.get(holdId) ?? null)
    const done = this.written.some(one => one.id === id)
    const known = { done, credit: this.balance('credit'), hold, spentToday: this.spent() }
    const decision = this.#decide(known, order, this.#limits)
    if (decision.do === 'write') this.#write(id, order, holdId, hold, decision)
    if (order.do === 'charge' && decision.do === 'refuse') this.#say('what was used is always booked')
    if (order.do === 'hold' || order.do === 'extend') this.#judgeHold(known, order, decision)
    return decision
  }

  balance(account: Account): number {
    return this.balances.get(account) ?? 0
  }
  spent(): number {
    let charged = 0
    for (const { order } of this.written) if (order.do === 'charge') charged += order.micros
    return charged + this.#open()
  }

  /** The same for two books from which the same can follow. */
  key(): string {
    const ids = this.written.map(({ id }) => id).sort()
    return JSON.stringify([ids, [...this.balances].sort(), [...this.holds].sort(), this.broken.length])
  }

  /** Laws of the whole book. */
  *laws(): Iterable<string> {
    yield* this.broken
    const ids = new Set<string>()
    let [revenue, paid, uncovered] = [0, 0, 0]
    for (const one of this.written) {
      if (one.legs.reduce((sum, { micros }) => sum + micros, 0) !== 0) yield 'the legs of a transfer sum up to zero'
      if (ids.has(one.id)) yield 'a transfer is made once'
      ids.add(one.id)
      uncovered += one.uncovered
      if (one.order.do === 'charge') revenue += one.order.micros
      if (one.order.do === 'top-up' || one.order.do === 'adjust') paid += one.order.micros
    }
    const rebuilt = balancesOf(this.written.flatMap(({ legs }) => legs))
    for (const account of new Set([...rebuilt.keys(), ...this.balances.keys()]))
      if ((rebuilt.get(account) ?? 0) !== this.balance(account)) yield 'what is stored is the sum of the legs'
    const { floor } = this.#limits
    if (floor !== null && this.balance('credit') < floor) yield 'credit is never below its floor'
    if (this.balance('held') !== this.#open()) yield 'what is held is the sum of the open holds'
    for (const hold of this.holds.values()) if (hold.micros < 0) yield 'no hold is below zero'
    for (const hold of this.holds.values()) if (hold.over && hold.micros !== 0) yield 'a hold that is over is empty'
    const earned = [...this.balances].filter(([account]) => account.startsWith('revenue:'))
    if (earned.reduce((sum, [, micros]) => sum + micros, 0) !== revenue) yield 'each use is earned once, and whole'
    if (this.balance('credit') + this.balance('held') !== paid - revenue + uncovered)
      yield 'the workspace has what it paid in less what it used'
  }

  #write(id: string, order: Order, holdId: string | null, before: Hold | null, decision: Decision): void {
    if (decision.do !== 'write') return
    for (const { account, micros } of decision.legs) this.balances.set(account, this.balance(account) + micros)
    if (holdId !== null && decision.hold !== null) this.holds.set(holdId, decision.hold)
    if (before?.over && decision.hold?.over === false) this.#say('a hold that is over stays over')
    const creditAfter = this.balance('credit')
    const { floor } = this.#limits
    if (decision.uncovered < 0 || (decision.uncovered > 0 && creditAfter !== floor))
      this.#say('only what credit cannot pay is uncovered')
    if (order.do === 'charge' && before?.over === false && !order.closes) {
      const left = before.micros - Math.min(before.micros, order.micros)
      if (this.holds.get(holdId ?? '')?.micros !== left) this.#say('a use is taken from the hold of its call first')
    }
    if (order.do === 'charge' && order.closes && before?.over === false && !this.holds.get(holdId ?? '')?.over)
      this.#say('the last charge of a call ends its hold')
    this.written.push({ id, order, legs: decision.legs, uncovered: decision.uncovered, creditAfter })
  }

  #judgeHold(known: Known, order: Extract<Order, { do: 'hold' | 'extend' }>, decision: Decision): void {
    const { floor, perDay, perCall } = this.#limits
    const open = order.do === 'hold' ? known.hold === null : known.hold !== null && !known.hold.over
    const fits =
      (floor === null || known.credit - order.micros >= floor) &&
      (perDay === null || known.spentToday + order.micros <= perDay) &&
      (perCall === null || (known.hold?.taken ?? 0) + (known.hold?.micros ?? 0) + order.micros <= perCall)
    if (decision.do === 'write' && !fits) this.#say('nothing is held beyond a limit')
    if (decision.do === 'refuse' && fits && open) this.#say('what fits is held')
    if (decision.do === 'write' && (known.done || !open)) this.#say('a hold is made once')
    const more = (decision.do === 'write' ? (decision.hold?.micros ?? 0) : 0) - (known.hold?.micros ?? 0)
    if (decision.do === 'write' && floor !== null && more !== order.micros) this.#say('an extension adds to its hold')
  }

  #open(): number {
    let open = 0
    for (const hold of this.holds.values()) if (!hold.over) open += hold.micros
    return open
  }
  #say(law: string): void {
    if (!this.broken.includes(law)) this.broken.push(law)
  }
}
