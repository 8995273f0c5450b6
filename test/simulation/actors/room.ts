/** The room in the simulated shell, as `src/actors/room/actor.ts`. */
import { ownerOfRoom } from '../../../src/core/ids.ts'
import { isInVain } from '../../../src/core/room/company.ts'
import { room } from '../../../src/core/room/room.ts'
import type { RoomEffect, RoomFact, RoomInput, RoomState } from '../../../src/core/room/state.ts'
import type { Fate, Paid } from '../part.ts'
import { Actor } from '../shell.ts'
import type { World } from '../world.ts'
import { deskOf } from './desk.ts'

export type RoomActor = Room

export class Room extends Actor<RoomState, RoomInput, RoomFact, RoomEffect> {
  constructor(world: World, id: string) {
    super(world, id, {
      machine: room,
      strike: at => ({ type: 'clock.struck', at }),
      laneOf: effect => effect.type,
      perform: (effect, _key, done) => this.#perform(effect, done),
      judge: () => {},
    })
  }

  deliver(input: RoomInput, inputId: string | null): Fate {
    this.wakeUp()
    const { id } = ownerOfRoom(this.id)
    if (this.state.room === '') {
      const desk = deskOf(this.world, id)
      this.addFeed(`desk:${id}`, (page, done) => this.world.tell(this, desk, () => desk.hearRoom(this.id, page), done))
      this.addLogFeed()
      const named = this.commit({ type: 'room.named', at: input.at, room: this.id, owner: { kind: 'desk', id } })
      if (named === 'crashed') return 'crashed'
    }
    return this.commit(input, inputId)
  }

  #perform(effect: RoomEffect, done: (paid: Paid<RoomInput>) => void): void {
    // No AI agent calls in these worlds, so nobody whispers, and there are no conferences by name.
    const { carrier } = this.world
    if (effect.type === 'check-room') {
      const askedMs = this.world.now
      return carrier.conferences.list(this.id, listed => {
        if (!listed.ok) return done(listed.failure.kind === 'unknown' ? { again: null } : [])
        const { conferenceId = null, participants = [] } = listed.value ?? {}
        done([{ type: 'room.listed', at: this.world.now, askedMs, conferenceId, participants }])
      })
    }
    if (effect.type !== 'hold-participant' || isInVain(this.state, effect)) return done([])
    const { conferenceId, providerId, held } = effect
    carrier.conferences.hold(conferenceId, providerId, held, answer => {
      if (answer.ok) return done([{ type: 'participant.held', at: this.world.now, providerId, held }])
      done(answer.failure.kind === 'unknown' ? { again: null } : [])
    })
  }
}

export function roomActorOf(world: World, name: string): Room {
  const known = world.rooms.get(name)
  if (known) return known
  const made = new Room(world, name)
  world.rooms.set(name, made)
  return made
}
