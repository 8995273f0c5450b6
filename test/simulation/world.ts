/** Virtual time, the directory of actors, messages between them, and the switch that stops all faults. */

import type { BatchActor } from './actors/batch.ts'
import type { CallActor } from './actors/call.ts'
import type { CampaignActor } from './actors/campaign.ts'
import type { DeskActor } from './actors/desk.ts'
import type { RoomActor } from './actors/room.ts'
import type { Trunk } from './actors/trunk.ts'
import type { Carrier } from './carrier/carrier.ts'
import type { Cast } from './cast.ts'
import { Faults } from './faults.ts'
import type { Fate } from './part.ts'
import { Queue } from './queue.ts'
import { Random } from './random.ts'

/** Small enough for every time of a schedule to be a small integer of V8: a date of today would be a number on the heap. */
export const T0 = 1_000_000_000

/** A broken law: ends the schedule. */
export class Broken extends Error {}

interface Send {
  phase: number
  rank: string
  run: () => void
}
/** A request to the carrier leaves before the messages to other actors, whose rank is the receiver's id. */
export const TO_CARRIER = ''

interface Sender {
  readonly id: string
  readonly tenant: string
}

export class World {
  readonly seed: number
  readonly random: Random
  readonly faults: Faults
  readonly queue = new Queue()
  now = T0
  events = 0
  trace: ((line: string) => void) | null = null
  /** null while faults may strike */
  calmSince: number | null = null
  readonly batches = new Map<string, BatchActor>()
  readonly calls = new Map<string, CallActor>()
  readonly campaigns = new Map<string, CampaignActor>()
  readonly desks = new Map<string, DeskActor>()
  readonly rooms = new Map<string, RoomActor>()
  readonly trunks = new Map<string, Trunk>()
  carrier!: Carrier
  cast!: Cast
  /** what leaves an actor in this event, and is on its way when the event is over */
  readonly #sends: Send[] = []
  readonly #soon: (() => void)[] = []
  readonly #answers: (() => void)[] = []
  #phase = 0

  constructor(seed: number) {
    this.seed = seed
    this.random = new Random(seed)
    this.faults = new Faults(this.random)
  }

  trunkOf(tenant: string): Trunk {
    return this.trunks.get(tenant) ?? this.broken(`no trunk for ${tenant}`)
  }

  broken(law: string): never {
    throw new Broken(law)
  }

  later(ms: number, run: () => void): void {
    this.queue.put(this.now + ms, run)
  }

  /** Until nothing is left before `until`. */
  runUntil(until: number, eventsMax: number): void {
    for (let run = this.due(until, eventsMax); run; run = this.due(until, eventsMax)) {
      run()
      this.settle()
    }
  }

  /** The next event until then, whose time it now is; null: there is none, and the time is `until`. */
  due(until: number, eventsMax: number): (() => void) | null {
    const at = this.queue.nextAt
    const entry = at === null || at > until ? null : this.queue.take()
    if (!entry) {
      this.now = Math.max(this.now, until)
      return null
    }
    this.now = entry.at
    this.events += 1
    if (this.events > eventsMax) this.broken(`more than ${eventsMax} events: something spins`)
    return entry.run
  }

  /**
   * Something leaves an actor. It is on its way when the event is over, in the order of `rank` among what leaves at the
   * same time. So the world does not depend on how many turns of the loop a performer takes before it sends.
   */
  send(rank: string, run: () => void): void {
    this.#sends.push({ phase: this.#phase, rank, run })
  }

  /** What an actor goes on with after an `await`: not before the code that runs now has ended. */
  soon(run: () => void): void {
    this.#soon.push(run)
  }

  /** What the sender does with an answer comes after all that the receiver does in the same event. */
  answer(run: () => void): void {
    this.#answers.push(run)
  }

  /** The rest of an event: everything that it has begun comes to rest, then what was sent is on its way. */
  settle(): void {
    do {
      for (const run of this.#soon) run()
      this.#soon.length = 0
    } while (this.nextAnswer())
    this.dispatch()
  }

  /** False: there is none. */
  nextAnswer(): boolean {
    const run = this.#answers.shift()
    if (!run) return false
    this.#phase += 1
    run()
    return true
  }

  dispatch(): void {
    this.#phase = 0
    const sends = this.#sends
    if (sends.length === 0) return
    if (sends.length > 1) sends.sort((a, b) => a.phase - b.phase || (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
    for (const { run } of sends) run()
    sends.length = 0
  }

  /**
   * One call from an actor to another: it may be lost on the way (nothing happened), or its answer may (it happened).
   * The caller sees the same in both cases, as it does when the callee crashes.
   */
  tell(from: Sender, to: Sender, act: () => Fate, done: (fate: Fate) => void): void {
    if (from.tenant !== to.tenant) this.broken(`tenant: ${from.id} reaches ${to.id}`)
    const { faults, random } = this
    this.send(to.id, () => {
      const latencyMs = faults.strikes('message-delayed') ? random.between(200, 8_000) : random.between(1, 12)
      this.later(latencyMs, () => {
        if (faults.strikes('message-lost')) return done('crashed')
        const fate = act()
        this.answer(() => done(fate === 'done' && faults.strikes('message-answer-lost') ? 'crashed' : fate))
      })
    })
  }

  traceCommit(id: string, input: unknown, facts: unknown[], effects: unknown[]): void {
    if (!this.trace) return
    this.trace(`${String(this.now - T0).padStart(7)} ${id} ← ${brief(input)}`)
    for (const fact of facts) this.trace(`          fact   ${brief(fact)}`)
    for (const effect of effects) this.trace(`          effect ${brief(effect)}`)
  }
}

/** One line of a trace: the type, then whatever is short. */
export function brief(value: unknown): string {
  const { type, at: _at, class: _class, ...rest } = value as Record<string, unknown>
  const words = Object.entries(rest).map(([key, one]) => {
    const text = typeof one === 'object' && one !== null ? JSON.stringify(one) : String(one)
    return `${key}=${text.length > 160 ? `${text.slice(0, 157)}…` : text}`
  })
  return [String(type), ...words].join(' ')
}
