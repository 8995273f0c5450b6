/** The trunk of `src/actors/trunk/actor.ts` in memory: slots and numbers by the shipping rules, each answer stored. */
import { type CallerNumber, type Choice, chooseNumbers, cooledFrom } from '../../../src/core/caller-id/caller-id.ts'
import { takeSlot } from '../../../src/core/pacing/pacing.ts'
import type { World } from '../world.ts'

export class Trunk {
  readonly id: string
  readonly tenant: string
  readonly numbers: (CallerNumber & { cooldownMs: number })[]
  readonly #world: World
  readonly #perSecond: number
  readonly #slots = new Map<string, number>()
  /** all of them, ascending */
  readonly #taken: number[] = []
  readonly #leases = new Map<string, Choice>()
  readonly #freed = new Set<string>()

  constructor(world: World, tenant: string) {
    this.#world = world
    this.id = tenant
    this.tenant = tenant
    const { random } = world
    this.#perSecond = random.pick([1, 2, 4])
    const cooldownMs = random.pick([0, 0, 3_000, 10_000])
    const inFlightCap = random.pick([1, 2, 4])
    this.numbers = Array.from({ length: random.between(1, 4) }, (_, index) => ({
      number: `+1555000${index}`,
      status: 'active' as const,
      cooldownUntil: 0,
      inFlight: 0,
      inFlightCap,
      lastUsedAt: 0,
      usageCount: 0,
      cooldownMs,
    }))
  }

  slot(callId: string): number {
    const known = this.#slots.get(callId)
    if (known !== undefined) return known
    const { now } = this.#world
    const at = takeSlot(this.#taken, now, this.#perSecond)
    if (at < now) this.#world.broken('a slot in the past')
    if (at < (this.#taken.at(-1) ?? 0)) this.#world.broken('a slot before the one given last')
    this.#slots.set(callId, at)
    this.#taken.push(at)
    let within = 0
    for (let index = this.#taken.length - 1; index >= 0 && (this.#taken[index] ?? 0) > at - 1_000; index -= 1)
      within += 1
    if (within > this.#perSecond) this.#world.broken(`calls per second: ${within} slots within a second`)
    return at
  }

  lease(askId: string, count: number): Choice {
    const known = this.#leases.get(askId)
    if (known) return known
    const { now } = this.#world
    const choice = chooseNumbers(this.numbers, count, now)
    for (const number of choice.numbers) {
      const row = this.#row(number)
      row.inFlight += 1
      row.lastUsedAt = now
      row.usageCount += 1
      if (row.inFlight > row.inFlightCap) this.#world.broken(`${number} is above its in-flight cap`)
      if (row.cooldownUntil > now) this.#world.broken(`${number} is leased while it cools down`)
    }
    this.#world.trace?.(`${' '.repeat(8)}trunk leases ${choice.numbers} to ${askId}`)
    this.#leases.set(askId, choice)
    return choice
  }

  free(number: string, leaseId: string, used: boolean): void {
    const key = `${leaseId}|${number}`
    if (this.#freed.has(key)) return
    this.#freed.add(key)
    this.#world.trace?.(`${' '.repeat(8)}trunk frees ${key}`)
    const row = this.#row(number)
    row.inFlight -= 1
    if (row.inFlight < 0) this.#world.broken(`${number} is freed more often than leased`)
    if (used) row.cooldownUntil = Math.max(row.cooldownUntil, cooledFrom(this.#world.now, row.cooldownMs))
  }

  setAside(number: string): void {
    this.#row(number).status = 'refused'
  }

  #row(number: string): CallerNumber & { cooldownMs: number } {
    return this.numbers.find(one => one.number === number) ?? this.#world.broken(`no number ${number}`)
  }
}
