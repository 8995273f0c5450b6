/** The call in the simulated shell: the same debts as `src/actors/call/performer.ts`, against the carrier's model. */
import type { EndCause } from '../../../src/core/batch/state.ts'
import { call } from '../../../src/core/call/call.ts'
import { deskTold } from '../../../src/core/call/life/life.ts'
import {
  type CallEffect,
  type CallFact,
  type CallInput,
  type CallLinks,
  type CallParty,
  type CallState,
  laneOf,
  type PlaceOptions,
} from '../../../src/core/call/state.ts'
import { judgeCall } from '../laws/call.ts'
import type { Fate, Paid } from '../part.ts'
import { Actor } from '../shell.ts'
import type { World } from '../world.ts'
import { batchOf } from './batch.ts'
import { deskOf } from './desk.ts'

export type CallActor = Call

export class Call extends Actor<CallState, CallInput, CallFact, CallEffect> {
  /** when we began to believe that it is over */
  overAt: number | null = null

  constructor(world: World, id: string) {
    super(world, id, {
      machine: call,
      strike: at => ({ type: 'clock.struck', at }),
      laneOf,
      outcomeUnknown: effect => (effect.type === 'create-call' ? [{ type: 'call.create-unknown', at: world.now }] : []),
      perform: (effect, key, done) => this.#perform(effect, key, done),
      judge: judged => judgeCall(world, this, judged),
    })
  }

  request(links: CallLinks, party: CallParty, options: PlaceOptions): Fate {
    return this.commit({ type: 'call.requested', at: this.world.now, links, party, options })
  }

  receive(links: CallLinks, party: CallParty, providerId: string): Fate {
    return this.commit({ type: 'call.received', at: this.world.now, links, party, providerId })
  }

  deliver(input: CallInput, inputId: string | null): Fate {
    return this.state.call.phase === 'empty' ? 'done' : this.commit(input, inputId)
  }

  deliverAll(words: { input: CallInput; inputId: string }[]): Fate {
    return this.state.call.phase === 'empty' ? 'done' : this.commitAll(words)
  }

  get links(): CallLinks | null {
    return this.state.call.phase === 'empty' ? null : this.state.call.links
  }

  #perform(effect: CallEffect, id: string, done: (paid: Paid<CallInput>) => void): void {
    const { world } = this
    const paid = (fate: Fate) => done(fate === 'done' ? [] : { again: null })
    switch (effect.type) {
      case 'reserve-slot': {
        const trunk = world.trunkOf(this.tenant)
        let notBefore = 0
        const ask = (): Fate => {
          notBefore = trunk.slot(this.id)
          return 'done'
        }
        return world.tell(this, trunk, ask, fate =>
          done(fate === 'done' ? [{ type: 'call.slot-granted', at: world.now, notBefore }] : { again: null }),
        )
      }
      case 'free-number': {
        const trunk = world.trunkOf(this.tenant)
        const { number, used } = effect
        const free = (): Fate => {
          trunk.free(number, this.id, used)
          return 'done'
        }
        return world.tell(this, trunk, free, paid)
      }
      case 'tell-batch':
        return this.#tellBatch(effect, id, paid)
      case 'tell-desk':
        return this.#tellDesk(effect, id, paid)
      // No AI agent calls in these worlds.
      case 'offer-transfer':
      case 'withdraw-transfer':
      case 'whisper-summary':
      case 'identify-caller':
        return paid('done')
      case 'ring-desk':
        return this.#ringDesk(effect, id, paid)
      default:
        return world.carrier.perform(this, effect, done)
    }
  }

  #tellBatch(effect: Extract<CallEffect, { type: 'tell-batch' }>, id: string, paid: (fate: Fate) => void): void {
    const batchId = this.links?.batchId
    if (!batchId) return paid('done')
    const batch = batchOf(this.world, batchId)
    const legId = this.id
    this.world.tell(
      this,
      batch,
      () => {
        const at = this.world.now
        if (effect.word === 'ended')
          return batch.deliver({ type: 'leg.ended', at, legId, cause: (effect.cause ?? 'failed') as EndCause }, id)
        return batch.deliver({ type: effect.word === 'placed' ? 'leg.placed' : 'leg.rang', at, legId }, id)
      },
      paid,
    )
  }

  #ringDesk({ deskId }: Extract<CallEffect, { type: 'ring-desk' }>, id: string, paid: (fate: Fate) => void): void {
    const live = this.state.call
    if (live.phase !== 'live') return paid('done')
    const desk = deskOf(this.world, deskId)
    const { from, to } = live.party
    const ring = (at: number) => ({
      callId: this.id,
      from,
      fromShown: from,
      to,
      contact: null,
      sinceMs: at,
      accepted: false,
    })
    this.world.tell(
      this,
      desk,
      () => desk.deliver({ type: 'inbound.rang', at: this.world.now, ring: ring(this.world.now) }, id),
      paid,
    )
  }

  #tellDesk(effect: Extract<CallEffect, { type: 'tell-desk' }>, id: string, paid: (fate: Fate) => void): void {
    const deskId = deskTold(this.state.call, this.state.talk)
    if (!deskId) return paid('done')
    const desk = deskOf(this.world, deskId)
    const callId = this.id
    this.world.tell(
      this,
      desk,
      () => {
        const at = this.world.now
        if (effect.word === 'queued')
          return desk.deliver({ type: 'leg.queued', at, callId, untilMs: effect.untilMs ?? at }, id)
        return desk.deliver({ type: effect.word === 'answered' ? 'inbound.answered' : 'inbound.ended', at, callId }, id)
      },
      paid,
    )
  }
}

export function callOf(world: World, callId: string): Call {
  const known = world.calls.get(callId)
  if (known) return known
  const made = new Call(world, callId)
  world.calls.set(callId, made)
  return made
}
