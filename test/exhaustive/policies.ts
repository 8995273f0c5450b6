/** The worlds of the exhaustive proof. */
import { SOLO_POLICY } from '../../src/core/batch/batch.ts'
import type { BatchPolicy } from '../../src/core/batch/state.ts'
import type { World } from './explore-batch.ts'

/** The default of a pool: ring-out, and legs and seats join and leave. */
export const POOL_POLICY: BatchPolicy = { ...SOLO_POLICY, release: 'ring-out', closed: false }

export const POLICIES: BatchPolicy[] = (['cut', 'ring-out'] as const).flatMap(release =>
  (['off', 'before', 'beside'] as const).flatMap(amd =>
    [true, false].map(closed => ({ ...SOLO_POLICY, release, amd, closed })),
  ),
)

export const nameOf = ({ release, amd, closed, host }: BatchPolicy) =>
  `${release} ${amd} ${closed ? 'closed' : 'open'}${host === undefined ? '' : ' hosted'}`

/** The worlds of usual work, as large as a test can explore. */
export const DEFAULT_WORLDS: World[] = [
  { legs: 4, seats: 1, policy: SOLO_POLICY },
  { legs: 3, seats: 2, policy: POOL_POLICY },
]
/** Worlds small enough for the fast loop, each with the least number of states that it must reach. */
export const SMALL_WORLDS: { world: World; statesMin: number }[] = [
  { world: { legs: 3, seats: 1, policy: SOLO_POLICY }, statesMin: 5_000 },
  { world: { legs: 3, seats: 1, policy: POOL_POLICY }, statesMin: 8_000 },
]
/** The host: an AI agent that talks with a person for whom no seat is free. */
const HOST = { agentId: 'ai_1', version: 1, record: false, driver: 'stream' as const, language: 'en-US' }
const HOSTED: BatchPolicy[] = [SOLO_POLICY, POOL_POLICY].map(policy => ({ ...policy, host: HOST }))
/** Every policy with every report that the carrier may send. */
export const TINY_WORLDS: World[] = [...POLICIES, ...HOSTED].flatMap(policy => [
  { legs: 2, seats: 1, policy, allWords: true },
  { legs: 2, seats: 2, policy, allWords: true },
])
export const LARGE_WORLDS: World[] = POLICIES.flatMap(policy => [
  { legs: 4, seats: 1, policy },
  { legs: 3, seats: 2, policy },
])
/** A thread gets its world as an index of this list. */
export const WORLDS: World[] = [...LARGE_WORLDS, ...TINY_WORLDS]
