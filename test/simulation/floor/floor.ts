/** The shipping actors of a floor: calls, desks, rooms and one queue, among a book, a trunk and a log that answer at once. */
import '../shipping/workerd.ts'
import type { Route } from '../../../src/actors/contracts.ts'
import type { Contracts, Neighbours } from '../../../src/actors/neighbours.ts'
import { call } from '../../../src/core/call/call.ts'
import type { CallState } from '../../../src/core/call/state.ts'
import { desk } from '../../../src/core/desk/desk.ts'
import type { DeskState } from '../../../src/core/desk/state.ts'
import { DEFAULT_PROFILE } from '../../../src/core/desk/voice-profile.ts'
import { queueFlow } from '../../../src/core/flow/unnamed.ts'
import { callId, deskOfLine } from '../../../src/core/ids.ts'
import { HANG_UP, type Instructions } from '../../../src/core/instruction/instruction.ts'
import { queue } from '../../../src/core/queue/queue.ts'
import type { QueueSettings, QueueState } from '../../../src/core/queue/state.ts'
import type { Fate } from '../part.ts'
import { askingOf, BOOK, type Call, CLEARED } from '../shipping/neighbours.ts'
import { type ActorClass, Ship } from '../shipping/ship.ts'
import type { World } from '../world.ts'
import { FloorCarrier, type Program } from './carrier.ts'
import type { Leg } from './leg.ts'
import { floorTelephony } from './rest.ts'

const { CallActor } = await import('../../../src/actors/call/actor.ts')
const { DeskActor } = await import('../../../src/actors/desk/actor.ts')
const { QueueActor } = await import('../../../src/actors/queue/actor.ts')
const { RoomActor } = await import('../../../src/actors/room/actor.ts')

type Kind = 'call' | 'desk' | 'queue' | 'room'
const CLASSES: { [K in Kind]: ActorClass<K> } = { call: CallActor, desk: DeskActor, queue: QueueActor, room: RoomActor }

export const TENANT = 'w_a'
export const QUEUE = `${TENANT}.q_1`
export const OURS = '+14155550100'
const SETTINGS: QueueSettings = {
  ...{ name: 'Support', strategy: 'longest-idle', offerMs: 15_000, waitLimitMs: 0, capacity: 20, wrapUpMs: 0 },
  ...{ pauseUnanswered: false, announceMs: 0, targetMs: 20_000, shortMs: 5_000, language: 'en-US' },
  ...{ skills: [], music: ['https://app.test/sounds/hold.wav'] },
}
/** What a call to our number runs. */
const ROUTE = {
  to: 'flow' as const,
  flow: {
    ...{ flowId: null, version: 0, variables: {} },
    actionsJson: JSON.stringify(queueFlow(QUEUE)),
  },
}
const TRUNK: Record<string, unknown> = {
  judge: [CLEARED],
  clearAgain: CLEARED,
  clear: { verdict: CLEARED, notBefore: 0 },
}

export class Floor implements Program {
  readonly carrier: FloorCarrier
  readonly ships = new Map<string, Ship<Kind>>()
  readonly world: World
  readonly deskIds: readonly string[]
  #callers = 0

  constructor(world: World, desks: number) {
    this.world = world
    this.carrier = new FloorCarrier(world, this)
    this.deskIds = Array.from({ length: desks }, (_, index) => `${TENANT}.d_${index}`)
    world.faults.rest(() => {
      const ship = this.ship('queue', QUEUE)
      const at = world.now
      ship.call('deliver', { type: 'queue.configured', at, settings: SETTINGS }, 'configured')
      const members = this.deskIds.map(deskId => ({ deskId, skills: {} }))
      ship.call('deliver', { type: 'queue.staffed', at, members }, 'staffed')
    })
  }

  ship<K extends Kind>(kind: K, id: string): Ship<K> {
    const known = this.ships.get(`${kind} ${id}`)
    if (known) return known as unknown as Ship<K>
    const made = new Ship(this.world, id, CLASSES[kind], (ship, life) => this.#neighbours(ship as never, life))
    this.ships.set(`${kind} ${id}`, made as unknown as Ship<Kind>)
    return made
  }

  desk(id: string): DeskState {
    return this.ship('desk', id).stateOr<DeskState>(desk.initial, desk.growing)
  }
  call(id: string): CallState {
    return this.ship('call', id).stateOr<CallState>(call.initial)
  }
  get queue(): QueueState {
    return this.ship('queue', QUEUE).stateOr<QueueState>(queue.initial, queue.growing)
  }

  /** Somebody calls our number. `deskId`: it is the number of this agent, whose phone rings; null: it leads to the queue */
  callUs(deskId: string | null): Leg {
    this.#callers += 1
    const leg = this.carrier.begin('caller', callId(TENANT, `c${this.#callers}`), deskId ?? '')
    this.carrier.brought(leg)
    return leg
  }

  document(leg: Leg): Promise<Instructions> {
    const deskId = deskOfLine(leg.callId)
    if (deskId !== null)
      return this.#asked('desk', deskId, ship => ship.call('lineAsks', leg.callId)).then(
        said => (said as Instructions | null) ?? HANG_UP,
      )
    if (leg.kind === 'caller' && leg.status === 'ringing') {
      const from = `+1415555${leg.callId.replace(/\D/g, '').padStart(4, '2')}`
      const incoming = {
        ...{ providerId: leg.sid, kind: 'inbound' as const, from, to: OURS, name: null, deskId: null },
        ...{ agentName: null, message: null, trialContactId: null },
      }
      return this.#asked('call', leg.callId, ship =>
        ship.call('ring', incoming, this.#routeOf(leg)),
      ) as Promise<Instructions>
    }
    return this.#asked('call', leg.callId, ship => ship.call('answer', leg.sid)) as Promise<Instructions>
  }

  /** Every second agent's number has the queue for callers whom they do not take. */
  #routeOf({ to: deskId }: Leg): Route {
    if (deskId === '') return ROUTE
    return { to: 'desk', deskId, ...(this.deskIds.indexOf(deskId) % 2 === 0 ? { unanswered: QUEUE } : {}) }
  }

  stepDone(leg: Leg, token: string): Promise<Instructions> {
    const step = { token, digits: '', recordedMs: 0 }
    return this.#asked('call', leg.callId, ship => ship.call('stepDone', step)) as Promise<Instructions>
  }

  dialEnded(leg: Leg, status: 'completed' | 'busy' | 'no-answer'): Promise<Instructions> {
    const end = { status, talkedMs: null }
    return this.#asked('call', leg.callId, ship => ship.call('dialEnded', leg.sid, end)) as Promise<Instructions>
  }

  status(leg: Leg, status: Parameters<Program['status']>[1], id: string): void {
    // Of a call that was brought to us the carrier tells the end alone.
    if (leg.kind === 'line' || (leg.kind === 'caller' && status !== 'completed')) return
    const input = { type: 'call.reported' as const, at: this.world.now, providerId: leg.sid, status }
    this.ship('call', leg.callId).call('deliver', input, id)
  }

  room(name: string, report: Parameters<Program['room']>[1], id: string): void {
    this.ship('room', name).call('deliver', { ...report, at: this.world.now } as never, id)
  }

  /** A route: whoever crashed has not answered, also when it crashed later. */
  #asked<K extends Kind>(
    kind: K,
    id: string,
    ask: (ship: Ship<K>) => { fate: Fate; answer: Promise<unknown> },
  ): Promise<unknown> {
    const ship = this.ship(kind, id)
    const { fate, answer } = ask(ship)
    if (fate === 'crashed') return Promise.reject(new Error('crashed'))
    return answer
  }

  #neighbours(ship: Ship<Kind>, life: number): Neighbours {
    const { world } = this
    const { heard, tell } = askingOf(ship as never, life)
    const reach = (kind: keyof Contracts, id: string): Call => {
      if (kind === 'call' || kind === 'desk' || kind === 'queue' || kind === 'room') {
        const to = this.ship(kind, id)
        return (method, ...args) => tell(to, () => to.call(method as never, ...(args as never[])))
      }
      if (kind === 'trunk') return async method => TRUNK[method]
      if (kind === 'workspace') return async method => BOOK[method]?.() ?? null
      // The log takes every page, and the inbox has no greeting of anybody's own.
      return async () => null
    }
    return {
      now: () => world.now,
      actor: (kind, id) => new Proxy({}, { get: (_, method) => reach(kind, id).bind(null, String(method)) }) as never,
      voiceProfile: async () => DEFAULT_PROFILE,
      telephony: async () => floorTelephony(world, this.carrier, heard),
      crm: () => null,
    }
  }

  close(): void {
    for (const ship of this.ships.values()) ship.store.close()
  }
}
