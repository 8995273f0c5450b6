/**
 * The laws of a floor: nobody is dropped by our doing, left without a sound, or kept for nobody; no leg outlives its transfer; each agent has
 * one call. The carrier's own truth is what they are judged by.
 */
import { LINE_GRACE_MS } from '../../../src/core/desk/state.ts'
import { deskOfLine } from '../../../src/core/ids.ts'
import type { World } from '../world.ts'
import { type Floor, QUEUE } from './floor.ts'
import type { Leg } from './leg.ts'

const SILENCE_MAX_MS = 2_000
/** A leg that belongs to a caller is over so soon after them, with the time that messages take. */
const LEFT_OVER_MS = 1_000 + 500
/** What is wrong for a moment only is on its way. */
const LOOK_MS = 500
const WRONG_MAX_MS = 12_000
const OWED = 'SELECT 1 FROM outbox WHERE due < ? OR attempts > ? LIMIT 1'
const FRESH_MS = 10_000
const TRIES_MAX = 5

export class FloorLaws {
  readonly #floor: Floor
  readonly #wrong = new Map<string, number>()

  constructor(floor: Floor) {
    this.#floor = floor
    floor.carrier.changed = leg => this.#changed(leg)
    floor.world.later(LOOK_MS, () => this.#look())
  }

  get #world(): World {
    return this.#floor.world
  }

  #changed(leg: Leg): void {
    if (leg.kind === 'number' && leg.status === 'over') this.#numberOver(leg)
    if (leg.kind !== 'caller') return
    const hears = leg.room === null ? leg.sounds : leg.held || this.#floor.carrier.withLeg(leg).length > 0
    leg.met ||= hears && leg.status === 'in-progress'
    if (leg.met && leg.status !== 'over' && !hears) leg.silentSince ??= this.#world.now
    else this.#heard(leg)
    if (leg.status === 'over') this.#over(leg)
  }

  #heard(leg: Leg): void {
    if (leg.silentSince === null) return
    const silentMs = this.#world.now - leg.silentSince
    leg.silentSince = null
    const { faults } = this.#world
    const most = faults.hits.has('line-dropped') ? LINE_GRACE_MS + SILENCE_MAX_MS : SILENCE_MAX_MS
    if (silentMs > most && !faults.areInfrastructural)
      this.#world.broken(`${leg.callId} heard nothing for ${silentMs} ms`)
  }

  /** A number that was asked first, and to which the caller was handed, ends the caller's call with its own. */
  #numberOver(leg: Leg): void {
    const caller = this.#callerOf(leg)
    const handed = this.#floor.call(leg.callId).consult?.room.includes('.x_') ?? false
    if (caller !== null && (handed || caller.room?.includes('.x_'))) caller.mayEnd ??= 'the number hung up'
  }

  #callerOf(number: Leg): Leg | null {
    const of = this.#floor.call(number.callId).consult?.of
    return [...this.#floor.carrier.legs.values()].find(one => one.kind === 'caller' && one.callId === of) ?? null
  }

  #over(leg: Leg): void {
    if ((leg.ended === 'document' || leg.ended === 'rest') && leg.mayEnd === null)
      this.#world.broken(`${leg.callId} was dropped by ${leg.ended}`)
    this.#world.later(LEFT_OVER_MS, () => {
      if (this.#world.faults.areInfrastructural) return
      for (const { callId } of Object.values(this.#floor.queue.entries))
        if (callId === leg.callId) this.#world.broken(`${callId} has hung up, and is still in the queue`)
      for (const other of this.#floor.carrier.legs.values())
        if (other.kind === 'number' && other.status !== 'over' && this.#callerOf(other) === leg)
          this.#world.broken(`${other.callId} outlives ${leg.callId}`)
    })
  }

  /** What may be so for a moment, while words are on their way, and not for long. */
  #look(): void {
    const seen = new Set<string>()
    for (const law of this.#now()) {
      seen.add(law)
      const since = this.#wrong.get(law) ?? this.#world.now
      this.#wrong.set(law, since)
      if (this.#world.now - since > WRONG_MAX_MS && !this.#world.faults.areInfrastructural) this.#world.broken(law)
    }
    for (const law of this.#wrong.keys()) if (!seen.has(law)) this.#wrong.delete(law)
    if (this.#world.calmSince === null) this.#world.later(LOOK_MS, () => this.#look())
  }

  *#now(): Generator<string> {
    const rung = new Set<string>()
    for (const id of this.#floor.deskIds) {
      const { inbound, conversation, visit, line } = this.#floor.desk(id)
      const waits = inbound?.accepted && !conversation && !visit && line.state === 'open'
      if (waits) yield `${id} has taken ${inbound.callId}, and nobody comes`
      if (!inbound || inbound.accepted) continue
      if (rung.has(inbound.callId)) yield `${inbound.callId} rings at two desks`
      rung.add(inbound.callId)
    }
    for (const { room, legs } of this.#floor.carrier.rooms()) {
      const strangers = legs.filter(one => one.kind === 'line' && !room.startsWith(`${deskOfLine(one.callId)}.`))
      for (const { callId } of strangers)
        if (!this.#floor.desk(deskOfLine(callId) ?? '').visit) yield `${callId} is in the room ${room} of somebody else`
    }
  }

  /** When the faults have stopped, and people have had time to hang up. */
  judge(): void {
    const broken = (law: string) => this.#world.broken(`liveness: ${law}`)
    for (const leg of this.#floor.carrier.legs.values())
      if (leg.kind !== 'line' && leg.status !== 'over')
        broken(`${leg.callId} is ${leg.status} at the carrier, in ${leg.room}`)
    for (const { room, legs } of this.#floor.carrier.rooms())
      for (const { callId } of legs)
        if (!room.startsWith(`${deskOfLine(callId)}.`)) broken(`${callId} is in the room ${room} of somebody else`)
    for (const id of this.#floor.deskIds) {
      const { lease, inbound, conversation, visit, guests } = this.#floor.desk(id)
      if (lease) broken(`${id} still holds the lease ${lease.leaseId}`)
      if (inbound) broken(`${id} still shows a ring`)
      if (conversation) broken(`${id} still shows a conversation`)
      if (visit) broken(`${id} is still on a visit`)
      if (guests.length > 0) broken(`${id} believes in the guests ${guests}`)
    }
    const { entries } = this.#floor.queue
    for (const entryId of Object.keys(entries)) broken(`${QUEUE} still has ${entryId}`)
    for (const [name, ship] of this.#floor.ships) {
      const [error] = ship.quarantined()
      if (error !== undefined) broken(`${name} has put an input aside: ${error}`)
      if (name.startsWith('call ') && this.#floor.call(ship.id).call.phase === 'live') broken(`${name} is still live`)
      // A room asks the carrier now and then who is in, so something may be owed since a moment ago.
      if (ship.store.life > 0 && ship.store.all(OWED, this.#world.now - FRESH_MS, TRIES_MAX).length > 0)
        broken(`${name} still owes something`)
    }
  }
}
