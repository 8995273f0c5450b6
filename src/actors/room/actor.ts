/** One conference: who is in it, who is on hold. Its owner reads its facts by feed. */
import { DurableObject } from 'cloudflare:workers'
import { deskOfRoom } from '../../core/ids.ts'
import { room } from '../../core/room/room.ts'
import type { RoomEffect, RoomFact, RoomInput, RoomState } from '../../core/room/state.ts'
import type { RoomContract } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { neighboursOf } from '../neighbours.ts'
import { platformOf } from '../shell/platform.ts'
import { Shell } from '../shell/shell.ts'
import { carryOut, feedToOwner } from './performer.ts'
import { ROOM_SCHEMA } from './tables.ts'

export class RoomActor extends DurableObject<Env> implements RoomContract {
  readonly #room: string
  readonly #shell: Shell<RoomState, RoomInput, RoomFact, RoomEffect>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    this.#room = ctx.id.name ?? ''
    this.#shell = new Shell(platformOf(ctx), {
      machine: room,
      schema: ROOM_SCHEMA,
      laneOf: effect => effect.type,
      performer: carryOut(near, this.#room),
      feedOf: name => (name === 'log' ? logFeed(near, room, this.#room) : feedToOwner(near, this.#room, name)),
    })
  }

  async deliver(input: RoomInput, inputId: string | null): Promise<void> {
    const { outbox, journal } = this.#shell
    const owner = { kind: 'desk' as const, id: deskOfRoom(this.#room) }
    // A room that an older release made has no such feed. Its owner knows the past, so the feed begins at the present.
    outbox.addFeed(`desk:${owner.id}`, journal.seq)
    if (journal.state.room === '') {
      outbox.addFeed('log')
      this.#shell.commit({ type: 'room.named', at: input.at, room: this.#room, owner })
    }
    this.#shell.commit(input, inputId)
  }

  async read(): Promise<RoomState> {
    return this.#shell.state
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}
