/** The room in the simulated shell, as `src/actors/room/actor.ts`. */
import { type RoomEffect, type RoomFact, type RoomInput, type RoomState, room } from '../../../src/core/room/room.ts'
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
      perform: (effect, key, done) => this.#perform(effect, key, done),
      judge: () => {},
    })
  }

  deliver(input: RoomInput, inputId: string | null): Fate {
    if (this.state.room === '') {
      const deskId = this.id.slice(0, this.id.lastIndexOf('.'))
      if (this.commit({ type: 'room.named', at: input.at, room: this.id, deskId }) === 'crashed') return 'crashed'
    }
    return this.commit(input, inputId)
  }

  #perform(effect: RoomEffect, id: string, done: (paid: Paid<RoomInput>) => void): void {
    const { world } = this
    if (effect.type === 'hold-participant') return world.carrier.hold(this, effect, done)
    // No AI agent calls in these worlds: nobody whispers.
    if (effect.type === 'whisper') return done([])
    const desk = deskOf(world, effect.deskId)
    const act = (): Fate => {
      const at = world.now
      if (effect.type === 'tell-desk') return desk.deliver({ type: effect.word, at, callSid: effect.callSid }, id)
      const { callId, held } = effect
      return desk.deliver(
        effect.word === 'leg.held' ? { type: 'leg.held', at, callId, held } : { type: 'leg.joined-room', at, callId },
        id,
      )
    }
    world.tell(this, desk, act, fate => done(fate === 'done' ? [] : { again: null }))
  }
}

export function roomActorOf(world: World, name: string): Room {
  const known = world.rooms.get(name)
  if (known) return known
  const made = new Room(world, name)
  world.rooms.set(name, made)
  return made
}
