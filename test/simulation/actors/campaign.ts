/** The campaign in the simulated shell: the same debts and lanes as `src/actors/campaign/performer.ts`. */

import type { BatchFact, BatchInput } from '../../../src/core/batch/state.ts'
import { campaign, refusedView, sessionView } from '../../../src/core/campaign/campaign.ts'
import { clearanceOf } from '../../../src/core/campaign/clearance-order.ts'
import { campaignLane } from '../../../src/core/campaign/lane.ts'
import { roundPace } from '../../../src/core/campaign/round-pace.ts'
import type {
  CampaignEffect,
  CampaignFact,
  CampaignInput,
  CampaignSettings,
  CampaignState,
} from '../../../src/core/campaign/state.ts'
import { queuedLane, shownContact } from '../../../src/core/desk/lane.ts'
import type { DeskInput } from '../../../src/core/desk/state.ts'
import type { Lane } from '../../../src/core/desk/view.ts'
import type { Tallies } from '../../../src/core/pool/pool.ts'
import { judgeCampaign } from '../laws/campaign.ts'
import type { FactPage, Fate, Paid } from '../part.ts'
import { Actor } from '../shell.ts'
import type { World } from '../world.ts'
import { batchOf, type OpenBatch } from './batch.ts'
import { callOf } from './call.ts'
import { Contacts, type Round } from './contacts.ts'
import { deskOf } from './desk.ts'

export type CampaignActor = Campaign
type CampaignMessage =
  | Exclude<CampaignInput, { type: 'outcome.saved' | 'wrap-up.ended' }>
  | Omit<Extract<CampaignInput, { type: 'outcome.saved' }>, 'left'>
  | Omit<Extract<CampaignInput, { type: 'wrap-up.ended' }>, 'left'>

type ToDesk = Extract<
  CampaignEffect,
  { type: 'ask-seat' | 'show-round' | 'show-pool' | 'return-lease' | 'tell-session' | 'refuse-session' }
>

export class Campaign extends Actor<CampaignState, CampaignInput, CampaignFact, CampaignEffect> {
  readonly contacts: Contacts

  constructor(world: World, id: string, settings: CampaignSettings, contacts: number) {
    super(world, id, {
      machine: campaign,
      strike: at => ({ type: 'clock.struck', at, ...this.#tallies() }),
      laneOf: campaignLane,
      perform: (effect, key, done) => this.#perform(effect, key, done),
      project: fact => this.contacts.project(fact),
      judge: judged => judgeCampaign(world, this, judged),
    })
    this.contacts = new Contacts(world, id, contacts, settings.plan)
    world.faults.rest(() => {
      this.addLogFeed()
      this.commit({ type: 'campaign.configured', at: world.now, campaignId: id, settings })
    })
  }

  configure(settings: CampaignSettings): Fate {
    this.wakeUp()
    const at = this.world.now
    return this.commit({ type: 'campaign.configured', at, campaignId: this.id, settings, ...this.#tallies() })
  }

  deliver(input: CampaignMessage, inputId: string | null): Fate {
    const { left } = this.contacts
    const { type } = input
    const counts = type === 'outcome.saved' || type === 'wrap-up.ended' || type === 'seat.answered'
    const counted = counts ? { ...input, left } : input
    return this.commit({ ...counted, ...this.#tallies() }, inputId)
  }

  hearBatch(batchId: string, page: FactPage<BatchFact>): Fate {
    const at = this.world.now
    const { left } = this.contacts
    const known = { at, batchId, left, ...this.#tallies() }
    return this.hear(batchId, page, fresh => ({ type: 'batch.reported', facts: fresh, ...known }))
  }

  /** A schedule is over within a day, so the day and the month are the same. */
  #tallies(): { tallies?: Tallies } {
    const { tally } = this.contacts
    return this.state.settings?.pooled || this.state.pools?.length ? { tallies: { day: tally, month: tally } } : {}
  }

  #perform(effect: CampaignEffect, id: string, done: (paid: Paid<CampaignInput>) => void): void {
    const { world } = this
    const paid = (fate: Fate) => done(fate === 'done' ? [] : { again: null })
    switch (effect.type) {
      case 'lease-numbers':
        return this.#leaseNumbers(effect, done)
      case 'free-number': {
        const trunk = world.trunkOf(this.tenant)
        const { number, leaseId } = effect
        const free = (): Fate => {
          trunk.free(number, leaseId, false)
          return 'done'
        }
        return world.tell(this, trunk, free, paid)
      }
      // These worlds have no book.
      case 'tell-book':
        return paid('done')
      case 'open-batch': {
        const batch = batchOf(world, effect.batchId)
        const open = this.#opening(effect.batchId)
        return open ? world.tell(this, batch, () => batch.open(open), paid) : paid('done')
      }
      case 'name-agent': {
        const { callId, deskId, agentName } = effect
        const call = callOf(world, callId)
        const at = world.now
        return world.tell(
          this,
          call,
          () => call.deliver({ type: 'call.agent-joined', at, deskId, agentName }, id),
          paid,
        )
      }
      case 'join-pool':
      case 'add-legs': {
        const batch = batchOf(world, effect.batchId)
        const joining = this.#joining(effect)
        return joining ? world.tell(this, batch, () => batch.join(joining, id), paid) : paid('done')
      }
      case 'withdraw-seat':
      case 'limit-lines':
      case 'close-pool': {
        const batch = batchOf(world, effect.batchId)
        const word = wordToPool(effect, world.now)
        return world.tell(this, batch, () => batch.deliver(word, id), paid)
      }
      case 'stop-batch': {
        const batch = batchOf(world, effect.batchId)
        const at = world.now
        return world.tell(this, batch, () => batch.deliver({ type: 'batch.stopped', at }, id), paid)
      }
      default:
        return this.#tellDesk(effect, id, paid)
    }
  }

  #tellDesk(effect: ToDesk, id: string, paid: (fate: Fate) => void): void {
    const { world } = this
    const desk = deskOf(world, effect.deskId)
    const word = this.#wordToDesk(effect)
    if (word === null) return paid('done')
    world.tell(this, desk, () => desk.deliver(word, id), paid)
  }

  /** As the performer makes it, of the moment when the message leaves; null: there is nothing to say. */
  #wordToDesk(effect: ToDesk): DeskInput | null {
    const at = this.world.now
    const campaignId = this.id
    switch (effect.type) {
      case 'ask-seat': {
        const { askId, batchId } = effect
        const asker = { kind: 'campaign' as const, id: campaignId }
        const shared = effect.shared ? { shared: true as const } : {}
        return { type: 'seat.requested', at, askId, asker, for: { kind: 'batch', id: batchId }, ...shared }
      }
      case 'return-lease':
        return { type: 'lease.returned', at, batchId: effect.batchId }
      case 'tell-session': {
        const session = sessionView(this.state, effect.deskId)
        return session && { type: 'session.reported', at, session }
      }
      case 'refuse-session': {
        const session = refusedView(this.state, effect.deskId, effect.lines, at)
        return session && { type: 'session.reported', at, session }
      }
      case 'show-pool': {
        const { settings } = this.state
        if (!settings) return null
        const { wrapUpMs, outcomes, script } = settings
        const { batchId } = effect
        const shown = { lanes: [], settings: { wrapUpMs, outcomes, script }, shared: true as const }
        return { type: 'round.opened', at, campaignId, batchId, ...shown }
      }
      case 'show-round': {
        const { settings } = this.state
        const round = this.contacts.openRound(effect.batchId)
        if (!round || !settings) return null
        const { wrapUpMs, outcomes, script } = settings
        const lanes = round.legs.map((leg, index) => laneOf(round, leg, index, at))
        const { batchId } = effect
        return { type: 'round.opened', at, campaignId, batchId, lanes, settings: { wrapUpMs, outcomes, script } }
      }
    }
  }

  #leaseNumbers(
    { askId, count: asked, pooled }: Extract<CampaignEffect, { type: 'lease-numbers' }>,
    done: (paid: Paid<CampaignInput>) => void,
  ): void {
    const { world } = this
    const trunk = world.trunkOf(this.tenant)
    const { tally } = this.contacts
    const { settings, sessions } = this.state
    const asking = sessions.find(session => session.askId === askId)
    const pace = pooled || !settings ? null : roundPace(settings, { day: tally, month: tally }, asked)
    const count = pace?.lines ?? asked
    // The people are read before the trunk is asked about them.
    const read = this.contacts.candidates(count, world.now, asking?.deskId ?? null)
    let leased: ReturnType<typeof trunk.lease> = { numbers: [], notBefore: null }
    const lease = (): Fate => {
      leased = trunk.lease(askId, count)
      return 'done'
    }
    world.tell(this, trunk, lease, fate => {
      if (fate === 'crashed') return done({ again: null })
      const at = world.now
      const candidates = read.filter(one => this.contacts.isWaiting(one.contactId))
      const verdicts = candidates.map(() => ({ cleared: true as const }))
      const known = { left: this.contacts.left, ...(pooled ? this.#tallies() : {}) }
      done([{ type: 'numbers.leased', at, askId, ...leased, pace, candidates, verdicts, ...known }])
    })
  }

  #joining(effect: Extract<CampaignEffect, { type: 'join-pool' | 'add-legs' }>): OpenBatch | null {
    const { settings } = this.state
    if (!settings) return null
    const policy = { ...settings.policy, closed: false }
    const shared = { policy, campaignId: this.id, agentName: null, clearance: clearanceOf(this.state, null) }
    if (effect.type === 'join-pool') return { ...shared, legs: [], seats: [effect.seat] }
    const legs = effect.legs.flatMap((leg, index) => {
      const person = effect.contacts[index]
      if (!person) return []
      const { callId, contactId, from, attempt } = leg
      return [{ callId, contactId, to: person.number, from, shown: shownContact(person, attempt) }]
    })
    return { ...shared, legs, seats: [] }
  }

  #opening(batchId: string): OpenBatch | null {
    const round = this.contacts.openRound(batchId)
    const { settings } = this.state
    if (!round || !settings) return null
    const { lease, place, deskId } = round
    const legs = round.legs.map((leg, index) => ({
      callId: leg.callId,
      contactId: leg.contactId,
      to: round.contacts[index]?.number ?? '',
      from: leg.from,
    }))
    const seats = [{ seatId: lease.leaseId, deskId, place }]
    const agentName = this.state.sessions.find(session => session.deskId === deskId)?.agentName ?? null
    const clearance = clearanceOf(this.state, deskId)
    return { policy: settings.policy, legs, seats, campaignId: this.id, agentName, clearance }
  }
}

function wordToPool(
  effect: Extract<CampaignEffect, { type: 'withdraw-seat' | 'limit-lines' | 'close-pool' }>,
  at: number,
): BatchInput {
  switch (effect.type) {
    case 'withdraw-seat':
      return { type: 'seat.withdrawn', at, seatId: effect.seatId }
    case 'limit-lines':
      return { type: 'lines.limited', at, most: effect.most }
    case 'close-pool':
      return { type: 'batch.stopped', at }
  }
}

function laneOf(round: Round, leg: Round['legs'][number], index: number, at: number): Lane {
  const person = round.contacts[index]
  const contact = {
    contactId: leg.contactId,
    name: '',
    company: '',
    number: person?.number ?? '',
    numberShown: '',
    timeZone: null,
    attempt: leg.attempt,
    lastNote: person?.lastNote ?? '',
  }
  return queuedLane({ callId: leg.callId, contact, from: leg.from }, at)
}
