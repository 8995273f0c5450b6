/** One schedule: a small company is built from a seed, works under faults, and then runs without faults and is judged. */
import { DEFAULT_PLAN } from '../../src/core/campaign/retry.ts'
import type { CampaignSettings } from '../../src/core/campaign/state.ts'
import { Campaign } from './actors/campaign.ts'
import { Desk } from './actors/desk.ts'
import { Trunk } from './actors/trunk.ts'
import { Agent } from './agent.ts'
import { Carrier } from './carrier/carrier.ts'
import { inboundCall } from './carrier/inbound.ts'
import type { FaultKind } from './faults.ts'
import { judgeLiveness } from './laws/liveness.ts'
import type { Random } from './random.ts'
import { Broken, T0, World } from './world.ts'

export const EVENTS_MAX = 20_000
/** From the end of the faults until everything must have come to its end. */
const PEACE_MS = 600_000
/** Callbacks that come an hour late are all in by then. */
const AFTER_ALL_MS = 2 * 3_600_000

export interface Verdict {
  seed: number
  events: number
  /** batches opened and legs dialled */
  batches: number
  legs: number
  broken: string | null
  hits: ReadonlyMap<FaultKind, number>
}

export function runSchedule(seed: number, trace: ((line: string) => void) | null = null): Verdict {
  const world = new World(seed)
  world.trace = trace
  let broken: string | null = null
  try {
    live(world)
  } catch (error) {
    if (error instanceof Broken) broken = error.message
    else broken = `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
  const { events, batches, carrier } = world
  return { seed, events, batches: batches.size, legs: carrier?.calls.size ?? 0, broken, hits: world.faults.hits }
}

function live(world: World): void {
  const { random } = world
  world.carrier = new Carrier(world)
  const agents = found(world)
  for (const agent of agents) world.later(random.between(0, 1_000), () => agent.begin())
  const wildMs = random.between(6_000, 20_000)
  for (let calls = random.pick([0, 0, 1, 1, 2]); calls > 0; calls -= 1) {
    const desk = random.pick([...world.desks.values()])
    world.later(random.between(2_000, wildMs), () => inboundCall(world.carrier, desk))
  }
  world.runUntil(T0 + wildMs, EVENTS_MAX)
  world.faults.stop()
  world.calmSince = world.now
  for (const agent of agents) agent.notice(500)
  world.runUntil(world.now + PEACE_MS, EVENTS_MAX)
  judgeLiveness(world)
  const { events } = world
  world.runUntil(world.now + AFTER_ALL_MS, EVENTS_MAX)
  if (world.events > events) judgeLiveness(world)
}

/** Two agents who share a company or have one each; one campaign or two. */
function found(world: World): Agent[] {
  const { random } = world
  const apart = random.chance(0.15)
  const tenants = apart ? ['w_a', 'w_b'] : ['w_a']
  for (const tenant of tenants) world.trunks.set(tenant, new Trunk(world, tenant))
  const campaignsEach = random.chance(0.4) ? 2 : 1
  for (const tenant of tenants)
    for (let index = 0; index < campaignsEach; index += 1) {
      const id = `${tenant}.c_${index}`
      world.campaigns.set(id, new Campaign(world, id, settingsOf(random), random.between(1, 14)))
    }
  return [0, 1].map(index => {
    const tenant = tenants[index] ?? 'w_a'
    const desk = new Desk(world, `${tenant}.d_${index}`)
    world.desks.set(desk.id, desk)
    const campaignIds = [...world.campaigns.keys()].filter(id => id.startsWith(tenant))
    return new Agent(world, desk, {
      campaignIds,
      lines: random.pick([1, 2, 2, 4, 4] as const),
      keeps: random.pick([0, 0.3]),
      hangsUp: random.pick([0.05, 0.45]),
      holds: random.pick([0, 0.2]),
      skips: random.pick([0, 0.1]),
      dialsSingle: random.pick([0, 0.1, 0.6]),
      accepts: random.pick([0.3, 0.8]),
    })
  })
}

function settingsOf(random: Random): CampaignSettings {
  return {
    name: '',
    script: '',
    outcomes: ['interested', 'callback', 'do-not-call'].map((outcomeId, index) => ({
      key: index + 1,
      outcomeId,
      label: outcomeId,
    })),
    wrapUpMs: random.pick([2_000, 20_000]),
    advance: random.pick(['ask', 'auto']),
    afterWrapUp: random.pick(['wait', 'proceed']),
    hostAgentId: null,
    policy: {
      release: random.pick(['cut', 'ring-out']),
      amd: random.pick(['off', 'before', 'beside', 'beside']),
      ringLimitMs: 25_000,
      ringOutMs: random.pick([4_000, 15_000]),
      verdictMs: 4_000,
      closed: true,
    },
    plan: { ...DEFAULT_PLAN, busyMs: 8_000, noAnswerMs: 10_000, machineMs: 20_000, releasedMs: 3_000 },
    hours: { fromHour: 0, toHour: 24 },
    record: false,
  }
}
