/** One conference: who is in it, who is on hold. */
import { DurableObject } from 'cloudflare:workers'
import { type RoomEffect, type RoomFact, type RoomInput, type RoomState, room } from '../../core/room/room.ts'
import { telephonyOf } from '../../providers/registry.ts'
import type { RoomContract } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { deskOfRoom, workspaceOf } from '../ids.ts'
import { type Performer, Retry } from '../shell/outbox.ts'
import { Shell } from '../shell/shell.ts'
import { stubFor } from '../stubs.ts'
import { holdUrl, summaryUrl } from '../urls.ts'

export class RoomActor extends DurableObject<Env> implements RoomContract {
  readonly #room: string
  readonly #shell: Shell<RoomState, RoomInput, RoomFact, RoomEffect>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#room = ctx.id.name ?? ''
    this.#shell = new Shell(ctx, {
      machine: room,
      laneOf: effect => effect.type,
      performer: carryOut(env, this.#room),
      feedOf: name => (name === 'log' ? logFeed(env, workspaceOf(this.#room), this.#room) : null),
    })
  }

  async deliver(input: RoomInput, inputId: string | null): Promise<void> {
    if (this.#shell.state.room === '') {
      this.#shell.outbox.addFeed('log')
      this.#shell.commit({ type: 'room.named', at: input.at, room: this.#room, deskId: deskOfRoom(this.#room) })
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

function carryOut(env: Env, room: string): Performer<RoomInput, RoomEffect> {
  return {
    // The agent hears it or not; nothing depends on it.
    outcomeUnknown: () => [],
    async perform(effect, key) {
      const at = Date.now()
      const id = `${room}:${key}`
      switch (effect.type) {
        case 'tell-desk':
          await stubFor(env, 'desk', effect.deskId).deliver({ type: effect.word, at, callSid: effect.callSid }, id)
          return []
        case 'tell-desk-leg': {
          const { callId, held } = effect
          const input =
            effect.word === 'leg.held' ? { type: effect.word, at, callId, held } : { type: effect.word, at, callId }
          await stubFor(env, 'desk', effect.deskId).deliver(input, id)
          return []
        }
        case 'whisper': {
          const telephony = await telephonyOf(env, workspaceOf(room))
          const { conferenceSid, callSid, callId } = effect
          if (telephony) await telephony.announceTo(conferenceSid, callSid, summaryUrl(telephony.account, callId))
          return []
        }
        case 'hold-participant': {
          const telephony = await telephonyOf(env, workspaceOf(room))
          if (!telephony) return []
          const url = holdUrl(telephony.account)
          const done = await telephony.holdParticipant(effect.conferenceSid, effect.callSid, effect.held, url)
          if (!done.ok && (done.failure.kind === 'unknown' || done.failure.kind === 'throttled'))
            throw new Retry('hold not confirmed')
          // The callback says it too; whichever comes first is the fact.
          return done.ok
            ? [{ type: 'participant.held', at: Date.now(), callSid: effect.callSid, held: effect.held }]
            : []
        }
      }
    },
  }
}
