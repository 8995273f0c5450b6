/**
 * How a delivery that failed is tried again. Every effect names one of these rows (`src/core/machine.ts`); after
 * `giveUpAfterMs` the machine gets `delivery.given-up` and the lane goes on without it: the dead letter is a fact.
 */
import type { PolicyName } from '../../core/machine.ts'

export interface Policy {
  firstMs: number
  factor: number
  mostMs: number
  giveUpAfterMs: number
}

const HOUR_MS = 3_600_000

export const POLICIES: Record<PolicyName, Policy> = {
  /** An actor of ours. It comes back within seconds; three days cover a release that had to be rolled back. */
  neighbour: { firstMs: 250, factor: 2, mostMs: 30_000, giveUpAfterMs: 72 * HOUR_MS },
  /** The carrier or another vendor. No call lasts longer than 4 h (`CALL_LIMIT_MS`), so later nothing can be changed. */
  carrier: { firstMs: 250, factor: 2, mostMs: 30_000, giveUpAfterMs: 6 * HOUR_MS },
  /** A customer's webhook endpoint: waits of 1 s, 4 s, 16 s as the seed says, growing to 12 h, until a day has passed. */
  subscriber: { firstMs: 1_000, factor: 4, mostMs: 12 * HOUR_MS, giveUpAfterMs: 24 * HOUR_MS },
}

/** Half of each wait is jitter, so that not everybody calls a carrier at the moment it comes back. `random` is in [0, 1). */
export function backoffMs(name: PolicyName, attempts: number, random: number): number {
  const { firstMs, factor, mostMs } = POLICIES[name]
  const most = Math.min(mostMs, firstMs * factor ** Math.min(attempts, 16))
  return Math.ceil(most / 2 + random * (most / 2))
}
