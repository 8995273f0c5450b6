/**
 * One seed, two worlds: the doubles that the long proof runs, and the shipping actors (classes, shell, performers and SQL as they
 * are deployed). Both must make the same facts. The difference is the first fact that is not in both.
 */
import './workerd.ts'
import { isDeepStrictEqual } from 'node:util'
import { EVENTS_MAX, live, runIn } from '../schedule.ts'
import { World } from '../world.ts'
import { Dead } from './memory-store.ts'

const { Fleet } = await import('./fleet.ts')

/** A world whose actors need turns of the loop: an event is over when everything that it has begun has come to rest. */
export class TurningWorld extends World {
  async turnUntil(until: number): Promise<void> {
    for (let run = this.due(until, EVENTS_MAX); run; run = this.due(until, EVENTS_MAX)) {
      run()
      do await rest()
      while (this.nextAnswer())
      this.dispatch()
    }
  }
}

// An ended life may still hold a drain; what it tries fails, and nobody waits for it.
process.on('unhandledRejection', error => {
  if (!(error instanceof Dead)) throw error
})

function rest(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

export interface Watch {
  /** told of each world before it runs */
  double(world: World): void
  shipping(world: World): void
}

/** Null: the same facts. */
export async function differenceOf(seed: number, watch: Watch | null = null): Promise<string | null> {
  const double = new World(seed)
  watch?.double(double)
  const { broken } = runIn(double)
  // The long proof reports a broken law; the worlds are compared up to there no further.
  if (broken !== null) return null
  const world = new TurningWorld(seed)
  watch?.shipping(world)
  const fleet = new Fleet(world)
  world.cast = fleet
  const say = console.error
  // What an ended life of an object still says is of no interest; a machine that threw is found in its quarantine.
  console.error = () => {}
  try {
    for (const until of live(world)) await world.turnUntil(until)
    return fleet.wrongAnswer ?? putAside(fleet) ?? firstDifference(factsOfDoubles(double), factsOf(fleet))
  } catch (error) {
    return `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  } finally {
    console.error = say
    fleet.close()
  }
}

type Facts = Map<string, unknown[]>

function factsOfDoubles(world: World): Facts {
  const facts: Facts = new Map()
  for (const [kind, actors] of [
    ['batch', world.batches],
    ['call', world.calls],
    ['campaign', world.campaigns],
    ['desk', world.desks],
    ['room', world.rooms],
  ] as const)
    for (const actor of actors.values()) facts.set(`${kind} ${actor.id}`, JSON.parse(JSON.stringify(actor.facts)))
  return facts
}

function factsOf(fleet: InstanceType<typeof Fleet>): Facts {
  return new Map([...fleet.ships].map(([name, ship]) => [name, ship.facts()]))
}

function putAside(fleet: InstanceType<typeof Fleet>): string | null {
  for (const [name, ship] of fleet.ships) {
    const [error] = ship.quarantined()
    if (error !== undefined) return `${name} has put an input aside: ${error}`
  }
  return null
}

/** The earliest difference by time, because later ones follow from it. */
function firstDifference(doubles: Facts, shipping: Facts): string | null {
  let first: { at: number; text: string } | null = null
  for (const name of new Set([...doubles.keys(), ...shipping.keys()])) {
    const [ours, theirs] = [doubles.get(name) ?? [], shipping.get(name) ?? []]
    for (let index = 0; index < Math.max(ours.length, theirs.length); index += 1) {
      const [double, ship] = [ours[index], theirs[index]]
      if (isDeepStrictEqual(double, ship)) continue
      const at = Math.min(timeOf(double), timeOf(ship))
      const text = `${name}, fact ${index + 1}: ${whereDifferent(double, ship)}`
      if (first === null || at < first.at) first = { at, text }
      break
    }
  }
  return first?.text ?? null
}

function timeOf(fact: unknown): number {
  return (fact as { at?: number } | undefined)?.at ?? Number.POSITIVE_INFINITY
}

/** The place in the two facts where they part. */
function whereDifferent(double: unknown, ship: unknown, path = ''): string {
  if (isObject(double) && isObject(ship) && double.type === ship.type)
    for (const key of new Set([...Object.keys(double), ...Object.keys(ship)]))
      if (!isDeepStrictEqual(double[key], ship[key])) return whereDifferent(double[key], ship[key], `${path}.${key}`)
  return `${path} double ${brief(double)}, shipping ${brief(ship)}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function brief(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300)
}
