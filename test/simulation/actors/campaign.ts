/** The campaign in the simulated shell: the same debts and lanes as `src/actors/campaign/performer.ts`. */
import type { BatchFact } from '../../../src/core/batch/state.ts'
import { campaign, sessionView } from '../../../src/core/campaign/campaign.ts'
import type {
  CampaignEffect,
  CampaignFact,
  CampaignInput,
  CampaignSettings,
  CampaignState,
} from '../../../src/core/campaign/state.ts'
import { queuedLane } from '../../../src/core/desk/lane.ts'
import type { Lane } from '../../../src/core/desk/view.ts'
import { judgeCampaign } from '../laws/campaign.ts'
import type { FactPage, Fate, Paid } from '../part.ts'
import { Actor } from '../shell.ts'
import type { World } from '../world.ts'
import { batchOf } from './batch.ts'
import { Contacts, type Round } from './contacts.ts'
import { deskOf } from './desk.ts'

export type CampaignActor = Campaign
type CampaignMessage =
  | Exclude<CampaignInput, { type: 'outcome.saved' | 'wrap-up.ended' }>
  | Omit<Extract<CampaignInput, { type: 'outcome.saved' }>, 'left'>
  | Omit<Extract<CampaignInput, { type: 'wrap-up.ended' }>, 'left'>

export class Campaign extends Actor<CampaignState, CampaignInput, CampaignFact, CampaignEffect> {
  readonly contacts: Contacts

  constructor(world: World, id: string, settings: CampaignSettings, contacts: number) {
    super(world, id, {
      machine: campaign,
      strike: at => ({ type: 'clock.struck', at }),
      laneOf: effect => ('deskId' in effect ? effect.deskId : 'askId' in effect ? effect.askId : effect.type),
      perform: (effect, key, done) => this.#perform(effect, key, done),
      project: fact => this.contacts.project(fact),
      judge: judged => judgeCampaign(world, this, judged),
    })
    this.contacts = new Contacts(world, id, contacts, settings.plan)
    // Configured long before the faults begin.
    this.state = { ...this.state, campaignId: id, settings }
  }

  deliver(input: CampaignMessage, inputId: string | null): Fate {
    const { left } = this.contacts
    const counted = input.type === 'outcome.saved' || input.type === 'wrap-up.ended' ? { ...input, left } : input
    return this.commit(counted, inputId)
  }

  hearBatch(batchId: string, page: FactPage<BatchFact>): Fate {
    const at = this.world.now
    const { left } = this.contacts
    return this.hear(batchId, page, fresh => ({ type: 'batch.reported', at, batchId, facts: fresh, left }))
  }

  #perform(effect: CampaignEffect, id: string, done: (paid: Paid<CampaignInput>) => void): void {
    const { world } = this
    const paid = (fate: Fate) => done(fate === 'done' ? [] : { again: null })
    switch (effect.type) {
      case 'lease-numbers':
        return this.#leaseNumbers(effect.askId, effect.count, done)
      case 'free-number': {
        const trunk = world.trunkOf(this.tenant)
        const { number, leaseId } = effect
        const free = (): Fate => {
          trunk.free(number, leaseId, false)
          return 'done'
        }
        return world.tell(this, trunk, free, paid)
      }
      case 'open-batch': {
        const batch = batchOf(world, effect.batchId)
        return world.tell(this, batch, () => this.#open(effect.batchId), paid)
      }
      case 'stop-batch': {
        const batch = batchOf(world, effect.batchId)
        return world.tell(this, batch, () => batch.deliver({ type: 'batch.stopped', at: world.now }, id), paid)
      }
      default:
        return this.#tellDesk(effect, id, paid)
    }
  }

  #tellDesk(
    effect: Extract<CampaignEffect, { type: 'ask-seat' | 'show-round' | 'return-lease' | 'tell-session' }>,
    id: string,
    paid: (fate: Fate) => void,
  ): void {
    const { world } = this
    const campaignId = this.id
    const desk = deskOf(world, effect.deskId)
    // As the performer does: the view of the moment when the message leaves.
    const session = effect.type === 'tell-session' ? sessionView(this.state, effect.deskId) : null
    const act = (): Fate => {
      const at = world.now
      switch (effect.type) {
        case 'ask-seat': {
          const { askId, batchId } = effect
          return desk.deliver(
            {
              type: 'seat.requested',
              at,
              askId,
              asker: { kind: 'campaign', id: campaignId },
              for: { kind: 'batch', id: batchId },
            },
            id,
          )
        }
        case 'return-lease':
          return desk.deliver({ type: 'lease.returned', at, batchId: effect.batchId }, id)
        case 'tell-session':
          return session ? desk.deliver({ type: 'session.reported', at, session }, id) : 'done'
        case 'show-round': {
          const { settings } = this.state
          const round = this.contacts.rounds.get(effect.batchId)
          if (!round || !settings) return 'done'
          const { wrapUpMs, outcomes, script } = settings
          const lanes = round.legs.map((leg, index) => laneOf(round, leg, index, at))
          const { batchId } = effect
          const shown = { wrapUpMs, outcomes, script }
          return desk.deliver({ type: 'round.opened', at, campaignId, batchId, lanes, settings: shown }, id)
        }
      }
    }
    world.tell(this, desk, act, paid)
  }

  #leaseNumbers(askId: string, count: number, done: (paid: Paid<CampaignInput>) => void): void {
    const { world } = this
    const trunk = world.trunkOf(this.tenant)
    let leased: ReturnType<typeof trunk.lease> = { numbers: [], notBefore: null }
    const lease = (): Fate => {
      leased = trunk.lease(askId, count)
      return 'done'
    }
    world.tell(this, trunk, lease, fate => {
      if (fate === 'crashed') return done({ again: null })
      const at = world.now
      const candidates = this.contacts.candidates(count, at)
      done([{ type: 'numbers.leased', at, askId, ...leased, candidates, left: this.contacts.left }])
    })
  }

  #open(batchId: string): Fate {
    const round = this.contacts.rounds.get(batchId)
    const { settings } = this.state
    if (!round || !settings) return 'done'
    const { lease, place, deskId } = round
    const legs = round.legs.map((leg, index) => ({
      callId: leg.callId,
      contactId: leg.contactId,
      to: round.contacts[index]?.number ?? '',
      from: leg.from,
    }))
    const seats = [{ seatId: lease.leaseId, deskId, place }]
    return batchOf(this.world, batchId).open({ policy: settings.policy, legs, seats, campaignId: this.id })
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
    lastNote: '',
  }
  return queuedLane({ callId: leg.callId, contact, from: leg.from }, at)
}
