/** The shipping actors behind the same face as the doubles. The laws judge the doubles; here only the facts count. */
import { BatchActor } from '../../../src/actors/batch/actor.ts'
import { CallActor } from '../../../src/actors/call/actor.ts'
import { CampaignActor } from '../../../src/actors/campaign/actor.ts'
import type { Claim } from '../../../src/actors/contracts.ts'
import { DeskActor } from '../../../src/actors/desk/actor.ts'
import { RoomActor } from '../../../src/actors/room/actor.ts'
import { batch, type Destination, destinationOf } from '../../../src/core/batch/batch.ts'
import type { BatchState } from '../../../src/core/batch/state.ts'
import { call } from '../../../src/core/call/call.ts'
import type { CallState } from '../../../src/core/call/state.ts'
import type { CampaignSettings } from '../../../src/core/campaign/state.ts'
import { refusalOf } from '../../../src/core/desk/allowed.ts'
import { desk } from '../../../src/core/desk/desk.ts'
import { type DeskState, roomOf } from '../../../src/core/desk/state.ts'
import { peopleOf } from '../actors/contacts.ts'
import type { Cast, SimBatch, SimCall, SimDesk, SimRoom } from '../cast.ts'
import type { World } from '../world.ts'
import { neighboursOf } from './neighbours.ts'
import { type ActorClass, type Kind, Ship } from './ship.ts'

/** In these worlds are no queues; `floor/` has them. */
type Raced = Exclude<Kind, 'queue'>
const CLASSES: { [K in Raced]: ActorClass<K> } = {
  batch: BatchActor,
  call: CallActor,
  campaign: CampaignActor,
  desk: DeskActor,
  room: RoomActor,
}
const NONE: ReadonlyMap<string, number> = new Map()

export class Fleet implements Cast {
  readonly ships = new Map<string, Ship<Kind>>()
  readonly #world: World
  /** an answer to the carrier that differs from the stored verdict; null: none does */
  wrongAnswer: string | null = null

  constructor(world: World) {
    this.#world = world
  }

  #ship<K extends Raced>(kind: K, id: string): Ship<K> {
    const known = this.ships.get(`${kind} ${id}`)
    if (known) return known as unknown as Ship<K>
    const made = new Ship(this.#world, id, CLASSES[kind], (ship, life) =>
      neighboursOf(ship, life, (other, otherId) => this.#ship(other as Raced, otherId) as unknown as Ship<Kind>),
    )
    this.ships.set(`${kind} ${id}`, made as unknown as Ship<Kind>)
    return made
  }

  batch(id: string): SimBatch {
    const ship = this.#ship('batch', id)
    const stateOf = () => ship.stateOr<BatchState>(batch.initial, batch.growing)
    return {
      get state() {
        return stateOf()
      },
      releasedAt: NONE,
      claim: (legId, providerId, verdict) => {
        const { fate, answer } = ship.call('claim', legId, providerId, verdict)
        if (fate === 'crashed') return null
        const to = destinationOf(stateOf(), legId, providerId)
        void answer.then(claim => this.#compare(legId, to, claim as Claim))
        return to
      },
      deliver: (input, inputId) => ship.call('deliver', input, inputId).fate,
    }
  }

  #compare(legId: string, to: Destination, claim: Claim): void {
    const [first] = 'instructions' in claim ? claim.instructions : []
    const room = first?.kind === 'join-room' ? first.room : null
    const same =
      to.kind === 'agent'
        ? 'agent' in claim
        : to.kind === 'room'
          ? room === to.room
          : room === null && (first?.kind === 'hang-up') === (to.kind === 'hang-up')
    if (!same) this.wrongAnswer ??= `${legId}: the verdict is ${to.kind}, and the carrier was told ${first?.kind}`
  }

  call(id: string): SimCall {
    const ship = this.#ship('call', id)
    const stateOf = () => ship.stateOr<CallState>(call.initial)
    return {
      get place() {
        return stateOf().transfer?.place ?? null
      },
      asks: providerId =>
        stateOf().transfer?.stage.is === 'leaving'
          ? ship.call('answer', providerId).fate
          : ship.call('dialEnded', providerId, { status: 'no-answer', talkedMs: null }).fate,
      ring: (deskId, { to, from, name }, providerId) =>
        ship.call(
          'ring',
          {
            providerId,
            kind: 'inbound',
            from,
            to,
            name,
            deskId: null,
            agentName: null,
            message: null,
            trialContactId: null,
          },
          { to: 'desk', deskId },
        ).fate,
      deliver: (input, inputId) => ship.call('deliver', input, inputId).fate,
    }
  }

  room(name: string): SimRoom {
    const ship = this.#ship('room', name)
    return { deliver: (input, inputId) => ship.call('deliver', input, inputId).fate }
  }

  addCampaign(id: string, settings: CampaignSettings, contacts: number): void {
    const ship = this.#ship('campaign', id)
    this.#world.faults.rest(() => {
      ship.call('configure', settings)
      ship.call('addContacts', peopleOf(id, contacts))
    })
  }

  configure(id: string, settings: CampaignSettings): void {
    this.#ship('campaign', id).call('configure', settings)
  }

  addDesk(id: string): SimDesk {
    const ship = this.#ship('desk', id)
    const stateOf = () => ship.stateOr<DeskState>(desk.initial, desk.growing)
    const made: SimDesk = {
      id,
      tenant: ship.tenant,
      get state() {
        return stateOf()
      },
      page: null,
      open: agent => ship.call('open', agent).fate,
      command: (input, inputId) => {
        if (!ship.hasSeen(inputId) && refusalOf(stateOf(), input) !== null) return 'refused'
        return ship.call('deliver', { ...input, at: this.#world.now }, inputId).fate
      },
      openLine: providerId => {
        if (ship.call('openLine', providerId).fate === 'crashed') return null
        return { room: roomOf(stateOf()), callId: stateOf().line.callId ?? '' }
      },
    }
    ship.committed = () => made.page?.notice()
    return made
  }

  judge(): void {}

  close(): void {
    for (const ship of this.ships.values()) ship.store.close()
  }
}
