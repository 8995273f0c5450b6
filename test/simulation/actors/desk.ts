/** The desk in the simulated shell: the same debts, lanes and refusals as `src/actors/desk-*.ts`. */

import { SOLO_POLICY } from '../../../src/core/batch/batch.ts'
import type { BatchFact } from '../../../src/core/batch/state.ts'
import { followsOf } from '../../../src/core/campaign/dispositions.ts'
import { refusalOf } from '../../../src/core/desk/allowed.ts'
import { laneOf } from '../../../src/core/desk/debts.ts'
import { desk } from '../../../src/core/desk/desk.ts'
import {
  type AgentInput,
  type DeskEffect,
  type DeskFactOf,
  type DeskInput,
  type DeskState,
  roomOf,
} from '../../../src/core/desk/state.ts'
import type { DeskView } from '../../../src/core/desk/view.ts'
import type { RoomFact } from '../../../src/core/room/state.ts'
import { judgeDesk } from '../laws/desk.ts'
import type { FactPage, Fate, Paid } from '../part.ts'
import { Actor } from '../shell.ts'
import type { World } from '../world.ts'
import { batchOf } from './batch.ts'
import { callOf } from './call.ts'
import { roomActorOf } from './room.ts'

export type DeskActor = Desk

export class Desk extends Actor<DeskState, DeskInput, DeskFactOf, DeskEffect> {
  /**
   * Told of every commit that made facts. An object, not a function: V8 keeps each closure that is written over a
   * method's field, and with it every world that is over, until its old generation is collected.
   */
  page: { notice(): void } | null = null

  constructor(world: World, id: string) {
    super(world, id, {
      machine: desk,
      strike: at => ({ type: 'clock.struck', at }),
      laneOf,
      perform: (effect, key, done) => this.#perform(effect, key, done),
      committed: () => this.page?.notice(),
      judge: judged => judgeDesk(world, this, judged),
    })
  }

  open(agent: DeskView['agent']): Fate {
    this.addLogFeed()
    return this.commit({ type: 'desk.opened', at: this.world.now, agent })
  }

  deliver(input: DeskInput, inputId: string | null): Fate {
    this.wakeUp()
    return this.state.agent ? this.commit(input, inputId) : 'done'
  }

  hearBatch(batchId: string, page: FactPage<BatchFact>): Fate {
    const at = this.world.now
    return this.hear(batchId, page, fresh => ({ type: 'batch.reported', at, batchId, facts: fresh }))
  }

  /** The browser cannot tell a lost answer from a crash, so after a crash it sends the same id again. */
  command(input: AgentInput, inputId: string): Fate | 'refused' {
    if (!this.hasSeen(inputId) && refusalOf(this.state, input) !== null) return 'refused'
    return this.commit({ ...input, at: this.world.now }, inputId)
  }

  hearRoom(room: string, page: FactPage<RoomFact>): Fate {
    const at = this.world.now
    return this.hear(room, page, fresh => ({ type: 'room.reported', at, room, facts: fresh }))
  }

  /** The room's name, and the id of the line; null: fallen over. */
  openLine(providerId: string): { room: string; callId: string } | null {
    const fate = this.commit({ type: 'line.requested', at: this.world.now, providerId })
    return fate === 'done' ? { room: roomOf(this.state), callId: this.state.line.callId ?? '' } : null
  }

  #perform(effect: DeskEffect, id: string, done: (paid: Paid<DeskInput>) => void): void {
    const { world } = this
    const deskId = this.id
    const at = world.now
    const paid = (fate: Fate) => done(fate === 'done' ? [] : { again: null })
    if (effect.type === 'tell-holder') {
      const { word, lease } = effect
      const { leaseId } = lease
      if (lease.for.kind !== 'batch') return paid('done')
      const batch = batchOf(world, lease.for.id)
      return world.tell(this, batch, () => batch.deliver({ type: word, at, seatId: leaseId }, id), paid)
    }
    if (effect.type === 'tell-leg') {
      const batch = batchOf(world, effect.batchId)
      const { word, callId } = effect
      return world.tell(this, batch, () => batch.deliver({ type: word, at, legId: callId }, id), paid)
    }
    if (effect.type === 'ask-room') {
      const room = roomActorOf(world, effect.room)
      const { callId, held } = effect
      return world.tell(this, room, () => room.deliver({ type: 'hold.wanted', at, callId, held }, id), paid)
    }
    if (effect.type === 'check-room') {
      const room = roomActorOf(world, effect.room)
      return world.tell(this, room, () => room.deliver({ type: 'check.wanted', at }, id), paid)
    }
    if (effect.type === 'end-call') {
      const call = callOf(world, effect.callId)
      return world.tell(this, call, () => call.deliver({ type: 'call.complete-wanted', at }, id), paid)
    }
    // No AI agent calls in these worlds, so nothing is handed over.
    // These worlds have no book.
    if (effect.type === 'tell-book' || effect.type === 'list-number') return paid('done')
    // Nor has it queues.
    if (effect.type === 'answer-transfer' || effect.type === 'tell-queue') return paid('done')
    if (effect.type === 'answer-offer') {
      const { of, answer, room, reason } = effect
      const call = callOf(world, of.id)
      const input = { type: 'transfer.answered' as const, at, offerId: of.offerId, answer, room, reason }
      return world.tell(this, call, () => call.deliver(input, id), paid)
    }
    // Nobody hands a person over.
    switch (effect.type) {
      case 'hand-over':
      case 'take-back':
      case 'move-transfer':
      case 'leave-transfer':
      case 'tell-visit':
      case 'move-line':
      case 'end-line':
        return paid('done')
    }
    if (effect.type === 'open-single') return this.#openSingle(effect, done)
    const campaign = world.campaigns.get(effect.type === 'answer-seat' ? effect.asker.id : effect.campaignId)
    if (!campaign) return paid('done')
    const word = wordTo(effect, deskId, this.state.agent?.name ?? '', at)
    world.tell(this, campaign, () => campaign.deliver(word, id), paid)
  }

  #openSingle(effect: Extract<DeskEffect, { type: 'open-single' }>, done: (paid: Paid<DeskInput>) => void): void {
    const { world } = this
    const { batchId, lease, room, lane } = effect
    const trunk = world.trunkOf(this.tenant)
    let from: string | undefined
    const leased = (): Fate => {
      from = trunk.lease(batchId, 1).numbers[0]
      return 'done'
    }
    const { epoch } = this
    world.tell(this, trunk, leased, fate => {
      if (epoch !== this.epoch) return
      if (fate === 'crashed') return done({ again: null })
      if (from === undefined) return done([{ type: 'single.refused', at: world.now, batchId }])
      const number = from
      const at = world.now
      const batch = batchOf(world, batchId)
      const open = () =>
        batch.open({
          policy: { ...SOLO_POLICY, amd: 'off' },
          legs: [{ callId: lane.callId, contactId: null, to: lane.contact.number, from: number }],
          seats: [{ seatId: lease.leaseId, deskId: this.id, place: { kind: 'room', room } }],
          campaignId: null,
          agentName: this.state.agent?.name ?? null,
          clearance: { purpose: 'single', agent: this.id, hours: null },
        })
      world.tell(this, batch, open, opened =>
        done(opened === 'done' ? [{ type: 'single.opened', at, batchId, from: number }] : { again: null }),
      )
    })
  }
}

type ToCampaign = Extract<DeskEffect, { type: 'ask-campaign' | 'answer-seat' | 'save-outcome' | 'end-wrap-up' }>

function wordTo(effect: ToCampaign, deskId: string, agentName: string, at: number) {
  switch (effect.type) {
    case 'ask-campaign':
      return { type: 'agent.asked' as const, at, deskId, agentName, word: effect.word, lines: effect.lines }
    case 'answer-seat': {
      const { askId, lease, room, reason } = effect
      const place = lease === null ? null : { kind: 'room' as const, room }
      return { type: 'seat.answered' as const, at, askId, lease, place, reason }
    }
    case 'save-outcome': {
      const { callId, contactId, outcomeId, note } = effect
      return { type: 'outcome.saved' as const, at, deskId, callId, contactId, outcomeId, note, ...followsOf(effect) }
    }
    case 'end-wrap-up':
      return { type: 'wrap-up.ended' as const, at, deskId }
  }
}

export function deskOf(world: World, deskId: string): Desk {
  return world.desks.get(deskId) ?? world.broken(`no desk ${deskId}`)
}
