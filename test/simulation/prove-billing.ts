/** The part of the long proof about money: all orders of small ledgers, random histories, and what was planted in them. */
import { recordFigure } from '../../scripts/figures.ts'
import { fuzzBilling } from '../exhaustive/billing-fuzz.ts'
import { caughtBy, PLANTED_LEDGERS } from '../exhaustive/billing-planted.ts'
import { exploreBilling, SMALL_LEDGERS } from '../exhaustive/explore-billing.ts'

/** The worlds of the tests, and two calls with more money and every limit at once. */
const LEDGERS = [...SMALL_LEDGERS, { limits: { floor: -1, perDay: 6, perCall: 2 }, calls: 2, topUps: 3 }]
const PLANTED_HISTORIES = 10_000

export interface BillingProof {
  ledgerStates: number
  ledgerTransitions: number
  billingHistories: number
  billingOrders: number
  billingViolations: number
  billingPlanted: number
  billingCaught: number
}

export function proveBilling(histories: number, seed: number): BillingProof {
  const explored = LEDGERS.map(world => exploreBilling(world))
  const fuzzed = fuzzBilling(histories, seed)
  for (const { violations } of explored) for (const law of violations) console.log(law)
  for (const { seed: broken, law } of fuzzed.broken) console.log(`seed ${broken}: ${law}`)
  const planted = Object.entries(PLANTED_LEDGERS).map(([name, rules]) => {
    const law = caughtBy(rules, PLANTED_HISTORIES)
    if (law === null) console.log(`NOT CAUGHT: ${name}`)
    return law
  })
  return {
    ledgerStates: explored.reduce((sum, { states }) => sum + states, 0),
    ledgerTransitions: explored.reduce((sum, { transitions }) => sum + transitions, 0),
    billingHistories: fuzzed.histories,
    billingOrders: fuzzed.orders,
    billingViolations: explored.reduce((sum, { violations }) => sum + violations.length, 0) + fuzzed.broken.length,
    billingPlanted: planted.length,
    billingCaught: planted.filter(law => law !== null).length,
  }
}

export function missedByBilling(proof: BillingProof): number {
  return proof.billingViolations + proof.billingPlanted - proof.billingCaught
}

export function writeBilling(proof: BillingProof, reproduce: string, seed: number): void {
  recordFigure('RELIABILITY', 'billing', {
    goal: 'small ledgers in every order, and 1,000,000 random histories with events twice and after a crash: sums of zero, nothing twice, no floor broken, what is rebuilt from the entries is what is stored; at least 8 planted defects caught',
    reproduce,
    seed,
    values: {
      'states of small ledgers': proof.ledgerStates,
      transitions: proof.ledgerTransitions,
      'random histories': proof.billingHistories,
      'orders in them': proof.billingOrders,
      violations: proof.billingViolations,
      planted: proof.billingPlanted,
      caught: proof.billingCaught,
    },
  })
}
