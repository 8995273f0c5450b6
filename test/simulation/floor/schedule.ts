/**
 * One schedule of a floor: callers come into a queue, agents take them and hand them on, at once or after asking first, while callbacks are
 * lost, doubled and late, messages are lost, and actors fall over. The actors are the shipping ones; there are no doubles.
 */
import type { FaultKind } from '../faults.ts'
import { TurningWorld } from '../shipping/differential.ts'
import { Broken, T0 } from '../world.ts'
import { FloorAgent } from './agent.ts'
import { Floor } from './floor.ts'
import { FloorLaws } from './laws.ts'

const PEACE_MS = 600_000
const DESKS = 3

export interface FloorVerdict {
  seed: number
  events: number
  /** null: every law holds */
  broken: string | null
  callers: number
  transfers: number
  consultations: number
  hits: ReadonlyMap<FaultKind, number>
}

export async function runFloor(seed: number, trace: ((line: string) => void) | null = null): Promise<FloorVerdict> {
  const world = new TurningWorld(seed)
  world.trace = trace
  const undo = inThisWorld(world)
  const floor = new Floor(world, DESKS)
  const laws = new FloorLaws(floor)
  const agents = floor.deskIds.map(id => new FloorAgent(floor, id))
  let broken: string | null = null
  try {
    await live(world, floor, agents, laws)
  } catch (error) {
    if (error instanceof Broken) broken = error.message
    else broken = `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  } finally {
    undo()
    if (trace) for (const [name, ship] of floor.ships) for (const one of ship.quarantined()) trace(`${name}: ${one}`)
    if (trace)
      for (const [name, ship] of floor.ships) for (const one of ship.facts()) trace(`${name} ${JSON.stringify(one)}`)
    floor.close()
  }
  const callers = [...floor.carrier.legs.values()].filter(one => one.kind === 'caller').length
  const sum = (of: (agent: FloorAgent) => number) => agents.reduce((all, one) => all + of(one), 0)
  const [transfers, consultations] = [sum(one => one.transfers), sum(one => one.consultations)]
  return { seed, events: world.events, broken, callers, transfers, consultations, hits: world.faults.hits }
}

async function live(world: TurningWorld, floor: Floor, agents: FloorAgent[], laws: FloorLaws): Promise<void> {
  const { random } = world
  for (const agent of agents) world.later(random.between(0, 1_000), () => agent.begin())
  const wildMs = random.between(20_000, 60_000)
  for (let callers = random.between(1, 4); callers > 0; callers -= 1)
    world.later(random.between(1_000, wildMs / 2), () => {
      const straight = world.seed % 5 < 2 && random.chance(0.5)
      const leg = floor.callUs(straight ? random.pick(floor.deskIds) : null)
      if (random.chance(0.4)) world.later(random.between(2_000, wildMs), () => floor.carrier.end(leg, 'far-end'))
    })
  await world.turnUntil(T0 + wildMs)
  world.faults.stop()
  world.calmSince = world.now
  for (const agent of agents) agent.notice(500)
  for (const leg of floor.carrier.legs.values())
    if (leg.kind === 'caller') world.later(random.between(1_000, 30_000), () => floor.carrier.end(leg, 'far-end'))
  await world.turnUntil(world.now + PEACE_MS)
  laws.judge()
}

/** What the shipping code takes from its surroundings besides the platform: timers, which are the world's, and random ids. */
function inThisWorld(world: TurningWorld): () => void {
  const { setTimeout: timer, clearTimeout: clear } = globalThis
  const randomUUID = crypto.randomUUID.bind(crypto)
  const say = console.error
  // What an ended life of an object still says is of no interest; a machine that threw is found in its quarantine.
  console.error = () => {}
  const off = new Set<number>()
  let timers = 0
  let ids = 0
  globalThis.setTimeout = ((run: () => void, ms: number) => {
    timers += 1
    const mine = timers
    world.later(ms, () => off.has(mine) || run())
    return mine
  }) as never
  globalThis.clearTimeout = ((id: number) => void off.add(id)) as never
  crypto.randomUUID = () => {
    ids += 1
    return `${String(ids).padStart(8, '0')}-0000-4000-8000-000000000000` as const
  }
  return () => {
    globalThis.setTimeout = timer
    globalThis.clearTimeout = clear
    crypto.randomUUID = randomUUID
    console.error = say
  }
}
