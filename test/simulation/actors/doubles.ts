/** The fast doubles of the actors, judged by the laws after every step. */
import type { CampaignSettings } from '../../../src/core/campaign/state.ts'
import type { Cast, SimBatch, SimCall, SimDesk, SimRoom } from '../cast.ts'
import { judgeLiveness } from '../laws/liveness.ts'
import type { World } from '../world.ts'
import { batchOf } from './batch.ts'
import { callOf } from './call.ts'
import { Campaign } from './campaign.ts'
import { Desk } from './desk.ts'
import { roomActorOf } from './room.ts'

export class Doubles implements Cast {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  batch(id: string): SimBatch {
    return batchOf(this.#world, id)
  }
  call(id: string): SimCall {
    return callOf(this.#world, id)
  }
  room(name: string): SimRoom {
    return roomActorOf(this.#world, name)
  }
  addCampaign(id: string, settings: CampaignSettings, contacts: number): void {
    this.#world.campaigns.set(id, new Campaign(this.#world, id, settings, contacts))
  }
  configure(id: string, settings: CampaignSettings): void {
    this.#world.campaigns.get(id)?.configure(settings)
  }
  addDesk(id: string): SimDesk {
    const desk = new Desk(this.#world, id)
    this.#world.desks.set(id, desk)
    return desk
  }
  judge(): void {
    judgeLiveness(this.#world)
  }
}
