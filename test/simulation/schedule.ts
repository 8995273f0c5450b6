/** One schedule: a small company is built from a seed, works under faults, and then runs without faults and is judged. */
import { DEFAULT_PLAN } from '../../src/core/campaign/retry.ts'
import type { CampaignSettings } from '../../src/core/campaign/state.ts'
import { Doubles } from './actors/doubles.ts'
import { Trunk } from './actors/trunk.ts'
import { Agent } from './agent.ts'
import { Carrier } from './carrier/carrier.ts'
import { inboundCall } from './carrier/inbound.ts'
import type { FaultKind } from './faults.ts'
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
  return runIn(world)
}

/** The same for a world that is looked at afterwards. */
export function runIn(world: World): Verdict {
  world.cast = new Doubles(world)
  let broken: string | null = null
  try {
    for (const until of live(world)) world.runUntil(until, EVENTS_MAX)
  } catch (error) {
    if (error instanceof Broken) broken = error.message
    else broken = `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
  const { seed, events, batches, carrier } = world
  return { seed, events, batches: batches.size, legs: carrier?.calls.size ?? 0, broken, hits: world.faults.hits }
}

/** The life of a world, told by the times until which it runs. */
export function* live(world: World): Generator<number> {
  const { random } = world
  world.carrier = new Carrier(world)
  const agents = found(world)
  for (const agent of agents) world.later(random.between(0, 1_000), () => agent.begin())
  const wildMs = random.between(6_000, 20_000)
  for (let calls = random.pick([0, 0, 1, 1, 2]); calls > 0; calls -= 1) {
    const { desk } = random.pick(agents)
    world.later(random.between(2_000, wildMs), () => inboundCall(world.carrier, desk))
  }
  yield T0 + wildMs
  world.faults.stop()
  world.calmSince = world.now
  for (const agent of agents) agent.notice(500)
  yield world.now + PEACE_MS
  world.cast.judge()
  const { events } = world
  yield world.now + AFTER_ALL_MS
  if (world.events > events) world.cast.judge()
}

/** Two agents who share a company or have one each; one campaign or two. */
function found(world: World): Agent[] {
  const { random } = world
  const apart = random.chance(0.15)
  const tenants = apart ? ['w_a', 'w_b'] : ['w_a']
  for (const tenant of tenants) world.trunks.set(tenant, new Trunk(world, tenant))
  const campaignsEach = random.chance(0.4) ? 2 : 1
  const campaigns = tenants.flatMap(tenant =>
    Array.from({ length: campaignsEach }, (_, index) => `${tenant}.c_${index}`),
  )
  for (const id of campaigns) world.cast.addCampaign(id, settingsOf(random, random.chance(0.3)), random.between(1, 14))
  // Now and then a supervisor changes the settings while agents work: lines are shared, or no longer.
  for (const id of campaigns) {
    if (!random.chance(0.15)) continue
    const settings = settingsOf(random, random.chance(0.5))
    world.later(random.between(3_000, 15_000), () => world.cast.configure(id, settings))
  }
  return [0, 1].map(index => {
    const tenant = tenants[index] ?? 'w_a'
    const desk = world.cast.addDesk(`${tenant}.d_${index}`)
    const campaignIds = campaigns.filter(id => id.startsWith(tenant))
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

/** `shared`: the agents share the lines that ring. */
function settingsOf(random: Random, shared: boolean): CampaignSettings {
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
    ...(shared ? { pooled: true as const, abandonMax: 0.03 } : {}),
  }
}
