/** The call in the simulated shell: the same debts as `src/actors/call/performer.ts`, against the carrier's model. */

import { ringOf } from '../../../src/actors/call/caller.ts'
import { created, heard, searched } from '../../../src/actors/call/carrier-answers.ts'
import { Retry } from '../../../src/actors/shell/outbox.ts'
import type { BatchInput, EndCause } from '../../../src/core/batch/state.ts'
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
import { hasDialled, type Place } from '../../../src/core/call/transfer/state.ts'
import type { DeskInput } from '../../../src/core/desk/state.ts'
import type { Carried } from '../../../src/providers/telephony/port.ts'
import { change, create, find } from '../carrier/rest.ts'
import { judgeCall } from '../laws/call.ts'
import type { Fate, Paid } from '../part.ts'
import { Actor } from '../shell.ts'
import type { World } from '../world.ts'
import { batchOf } from './batch.ts'
import { deskOf } from './desk.ts'
import { tellDeskOfTaking } from './taking.ts'

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
    this.addLogFeed()
    return this.commit({ type: 'call.requested', at: this.world.now, links, party, options, talk: null })
  }

  /** The carrier brings a call for this desk. */
  ring(deskId: string, party: CallParty, providerId: string): Fate {
    const links: CallLinks = {
      kind: 'inbound',
      batchId: null,
      campaignId: null,
      contactId: null,
      deskId,
      agentName: null,
    }
    this.addLogFeed()
    return this.commit({ type: 'call.received', at: this.world.now, links, party, providerId, talk: null })
  }

  deliver(input: CallInput, inputId: string | null): Fate {
    this.wakeUp()
    return this.state.call.phase === 'empty' ? 'done' : this.commit(input, inputId)
  }

  deliverAll(words: { input: CallInput; inputId: string }[]): Fate {
    this.wakeUp()
    return this.state.call.phase === 'empty' ? 'done' : this.commitAll(words)
  }

  /** As the carrier's question after the ringing is answered (`Replies`). */
  asks(providerId: string): Fate {
    this.wakeUp()
    const at = this.world.now
    const { transfer } = this.state
    if (transfer?.stage.is === 'leaving') return this.commit({ type: 'transfer.fetched', at })
    if (transfer?.place?.at === 'room' && this.state.call.phase === 'live' && this.state.call.answeredAt === null)
      return this.commit({ type: 'call.answer-seen', at, providerId })
    if (transfer?.place) return 'done'
    const end = { status: 'no-answer' as const, talkedMs: null }
    return this.commit({ type: 'call.dial-ended', at, providerId, end })
  }

  get place(): Place | null {
    return this.state.transfer?.place ?? null
  }

  get links(): CallLinks | null {
    return this.state.call.phase === 'empty' ? null : this.state.call.links
  }

  #perform(effect: CallEffect, id: string, done: (paid: Paid<CallInput>) => void): void {
    const { world } = this
    const paid = (fate: Fate) => done(fate === 'done' ? [] : { again: null })
    switch (effect.type) {
      case 'reserve-slot': {
        // A call that was let go meanwhile asks for nothing.
        if (this.state.call.phase !== 'live') return done([])
        const trunk = world.trunkOf(this.tenant)
        let notBefore = 0
        const ask = (): Fate => {
          notBefore = trunk.slot(this.id)
          return 'done'
        }
        return world.tell(this, trunk, ask, fate =>
          done(
            fate === 'done'
              ? [{ type: 'call.slot-granted', at: world.now, notBefore, profile: 'custom' }]
              : { again: null },
          ),
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
      case 'set-number-aside': {
        const trunk = world.trunkOf(this.tenant)
        const aside = (): Fate => {
          trunk.setAside(effect.number)
          return 'done'
        }
        return world.tell(this, trunk, aside, paid)
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
      // The book answers at once, in the shipping world as well.
      case 'tell-book':
        return paid('done')
      // The trunk is told; these worlds do not look at its counts.
      case 'count-placed':
        return world.tell(this, world.trunkOf(this.tenant), () => 'done', paid)
      case 'ring-desk':
        return this.#ringDesk(effect, id, done)
      case 'tell-picked-up':
      case 'offer-person':
      case 'end-offer-of-person':
      case 'tell-taker':
        return tellDeskOfTaking(this, effect, id, done)
      default:
        return this.#askCarrier(effect, done)
    }
  }

  #tellBatch(effect: Extract<CallEffect, { type: 'tell-batch' }>, id: string, paid: (fate: Fate) => void): void {
    const batchId = this.links?.batchId
    if (!batchId) return paid('done')
    const batch = batchOf(this.world, batchId)
    const legId = this.id
    const at = this.world.now
    const input: BatchInput =
      effect.word === 'ended'
        ? { type: 'leg.ended', at, legId, cause: (effect.cause ?? 'failed') as EndCause }
        : effect.word === 'rang'
          ? { type: 'leg.rang', at, legId }
          : { type: 'leg.placed', at, legId, ...providerOf(this.state) }
    this.world.tell(this, batch, () => batch.deliver(input, id), paid)
  }

  #ringDesk(
    { deskId }: Extract<CallEffect, { type: 'ring-desk' }>,
    id: string,
    done: (paid: Paid<CallInput>) => void,
  ): void {
    const live = this.state.call
    const desk = deskOf(this.world, deskId)
    const at = this.world.now
    if (live.phase !== 'live') {
      const ended: DeskInput = { type: 'inbound.ended', at, callId: this.id }
      const told = (fate: Fate) => done(fate === 'done' ? [] : { again: null })
      return this.world.tell(this, desk, () => desk.deliver(ended, id), told)
    }
    const { from, to } = live.party
    const ring = ringOf(this.id, from, to, null, at)
    this.world.tell(
      this,
      desk,
      () => desk.deliver({ type: 'inbound.rang', at, ring }, id),
      fate => {
        if (fate === 'crashed') return done({ again: null })
        desk.wakeUp()
        const agentName = desk.state.agent?.name ?? null
        done([{ type: 'call.identified', at: this.world.now, name: null, contactId: null, agentName, crm: null }])
      },
    )
  }

  #tellDesk(effect: Extract<CallEffect, { type: 'tell-desk' }>, id: string, paid: (fate: Fate) => void): void {
    const deskId = effect.deskId ?? deskTold(this.state.call, this.state.talk)
    if (!deskId) return paid('done')
    const desk = deskOf(this.world, deskId)
    const callId = this.id
    const at = this.world.now
    const input: DeskInput =
      effect.word === 'queued'
        ? { type: 'leg.queued', at, callId, untilMs: effect.untilMs ?? at }
        : { type: effect.word === 'answered' ? 'inbound.answered' : 'inbound.ended', at, callId }
    this.world.tell(this, desk, () => desk.deliver(input, id), paid)
  }

  #askCarrier(effect: CallEffect, done: (paid: Paid<CallInput>) => void): void {
    const { world } = this
    const { carrier } = world
    const life = this.state.call
    const read =
      <T>(inputsOf: (answer: Carried<T>) => CallInput[]) =>
      (answer: Carried<T>) =>
        done(inputsOrRetry(() => inputsOf(answer)))
    switch (effect.type) {
      case 'create-call': {
        if (life.phase === 'live' && life.attempt.state === 'waiting-slot')
          world.broken(`${this.id} is created before the attempt is written`)
        const { party, options } = effect
        const place = { callId: this.id, batchId: this.links?.batchId ?? null, to: party.to, from: party.from, options }
        return create(
          carrier,
          place,
          read(answer => [created(answer, world.now)]),
        )
      }
      case 'search-call':
        return find(
          carrier,
          effect.party.to,
          effect.party.from,
          effect.sinceMs,
          read(answer => searched(answer, world.now)),
        )
      case 'cancel-call':
        // A call that was answered meanwhile cannot be canceled; its webhook has given it the message.
        if (life.phase === 'over' || (life.phase === 'live' && life.answeredAt !== null)) return done([])
        return this.#change('cancel', effect.providerId, done)
      case 'complete-call':
        return this.#change('complete', effect.providerId, done)
      case 'redirect-call':
        return hasDialled(this.state.transfer) ? done([]) : this.#change('redirect', effect.providerId, done)
      case 'fetch-call':
        return this.#change('fetch', effect.providerId, done)
      default:
        return done([])
    }
  }

  #change(
    verb: 'cancel' | 'complete' | 'redirect' | 'fetch',
    providerId: string,
    done: (paid: Paid<CallInput>) => void,
  ) {
    const { carrier } = this.world
    const whenGone = verb === 'fetch' ? 'call.missing' : 'call.check-wanted'
    change(carrier, verb, providerId, answer =>
      done(inputsOrRetry(() => heard(answer, providerId, this.world.now, whenGone))),
    )
  }
}

/** As the outbox takes a performer's `Retry`. */
function inputsOrRetry(inputs: () => CallInput[]): Paid<CallInput> {
  try {
    return inputs()
  } catch (error) {
    if (error instanceof Retry) return { again: error.afterMs }
    throw error
  }
}

export function callOf(world: World, callId: string): Call {
  const known = world.calls.get(callId)
  if (known) return known
  const made = new Call(world, callId)
  world.calls.set(callId, made)
  return made
}

function providerOf({ call }: CallState): { providerId?: string } {
  return call.phase === 'empty' || call.providerId === null ? {} : { providerId: call.providerId }
}
