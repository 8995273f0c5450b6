/** One conference: who is in it, who is on hold, and whom one with a name lets in. Its owner reads its facts by feed. */
import { DurableObject } from 'cloudflare:workers'
import { ownerOfRoom } from '../../core/ids.ts'
import type { Instructions } from '../../core/instruction/instruction.ts'
import { room } from '../../core/room/room.ts'
import type { RoomEffect, RoomFact, RoomInput, RoomState } from '../../core/room/state.ts'
import { supervisionOf } from '../../core/room/supervision.ts'
import type { RoomContract } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { neighboursOf } from '../neighbours.ts'
import { platformOf } from '../shell/platform.ts'
import { Shell } from '../shell/shell.ts'
import { type Viewers, viewersOf } from '../shell/viewers.ts'
import { carryOut, feedToOwner, laneOf, superviseDocument } from './performer.ts'
import { ROOM_SCHEMA } from './tables.ts'

export class RoomActor extends DurableObject<Env> implements RoomContract {
  readonly #room: string
  readonly #shell: Shell<RoomState, RoomInput, RoomFact, RoomEffect>
  readonly #viewers: Viewers

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    this.#room = ctx.id.name ?? ''
    const platform = platformOf(ctx)
    this.#viewers = viewersOf(near, platform, this.#room)
    this.#shell = new Shell(platform, {
      machine: room,
      schema: ROOM_SCHEMA,
      laneOf,
      performer: carryOut(near, this.#room, () => this.#shell.state),
      committed: () => this.#viewers.changed(),
      feedOf: name => (name === 'log' ? logFeed(near, room, this.#room) : feedToOwner(near, this.#room, name)),
    })
  }

  async deliver(input: RoomInput, inputId: string | null): Promise<void> {
    const { outbox, journal } = this.#shell
    const first = journal.state.room === ''
    const given = { type: 'room.named' as const, at: input.at, room: this.#room, owner: ownerOfRoom(this.#room) }
    const named = input.type === 'room.named' ? input : given
    const owner = first ? named.owner : journal.state.owner
    // A room that an older release made has no such feed. Its owner knows the past, so the feed begins at the present.
    if (owner?.kind === 'desk') outbox.addFeed(`desk:${owner.id}`, journal.seq)
    if (first) {
      outbox.addFeed('log')
      this.#shell.commit(named)
    }
    this.#shell.commit(input, inputId)
  }

  async read(viewer?: string): Promise<RoomState> {
    this.#viewers.keep(viewer)
    return this.#shell.state
  }

  /** A room that nobody has ever been in says no, and stores nothing. */
  async supervise(supervisionId: string, deskId: string, providerId: string): Promise<Instructions | null> {
    if (supervisionOf(this.#shell.state, supervisionId) === null) return null
    const at = this.#shell.now()
    this.#shell.commit({ type: 'supervision.answered', at, supervisionId, deskId, providerId })
    return supervisionOf(this.#shell.state, supervisionId)?.providerId === providerId
      ? superviseDocument(this.#room, supervisionId)
      : null
  }

  async inspect() {
    return this.#shell.inspect()
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}
