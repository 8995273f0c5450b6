/** The batch in the simulated shell: the same debts, lanes and feeds as `src/actors/batch/performer.ts`. */
import { batch, type Destination, destinationOf } from '../../../src/core/batch/batch.ts'
import type {
  BatchEffect,
  BatchFact,
  BatchInput,
  BatchPolicy,
  BatchState,
  SeatOffer,
  Verdict,
} from '../../../src/core/batch/state.ts'
import { wordTo } from '../../../src/core/batch/to-call-input.ts'
import type { CallLinks, CallParty, ClearanceOrder, PlaceOptions } from '../../../src/core/call/state.ts'
import { queuedLane } from '../../../src/core/desk/lane.ts'
import type { LaneContact } from '../../../src/core/desk/view.ts'
import { judgeBatch } from '../laws/batch.ts'
import type { Fate, Paid } from '../part.ts'
import { Actor } from '../shell.ts'
import type { World } from '../world.ts'
import { callOf } from './call.ts'
import { deskOf } from './desk.ts'

export interface BatchLeg {
  callId: string
  contactId: string | null
  to: string
  from: string
  shown?: LaneContact
}
export interface OpenBatch {
  policy: BatchPolicy
  legs: BatchLeg[]
  seats: SeatOffer[]
  campaignId: string | null
  agentName: string | null
  clearance: ClearanceOrder
}
export type BatchActor = Batch

/** As in `src/actors/batch/actor.ts`. */
const LINGER_MS = 5

export class Batch extends Actor<BatchState, BatchInput, BatchFact, BatchEffect> {
  #round: OpenBatch | null = null
  /** since when no conversation is left and none can come, for the liveness laws */
  endedAt: number | null = null
  /** seats whose desk has said that it leaves */
  readonly left = new Set<string>()
  readonly releasedAt = new Map<string, number>()

  constructor(world: World, id: string) {
    super(world, id, {
      machine: batch,
      strike: at => ({ type: 'clock.struck', at }),
      laneOf: effect => (effect.type === 'tell-desk' ? effect.deskId : effect.legId),
      perform: (effect, key, done) => this.#perform(effect, key, done),
      batchable: effect => effect.type !== 'place-leg' && effect.type !== 'tell-desk',
      performAll: (effects, done) => this.#performAll(effects, done),
      lingerMs: LINGER_MS,
      judge: judged => judgeBatch(world, this, judged),
    })
  }

  open(round: OpenBatch): Fate {
    this.wakeUp()
    if (this.state.phase !== 'empty') return 'done'
    const legIds = round.legs.map(leg => leg.callId)
    // One transaction with the commit below: a crash before it takes the feeds back.
    const known = this.feeds.length
    this.#round = round
    for (const seat of round.seats) {
      const desk = deskOf(this.world, seat.deskId)
      this.addFeed(`desk:${seat.deskId}`, (page, done) =>
        this.world.tell(this, desk, () => desk.hearBatch(this.id, page), done),
      )
    }
    const { campaignId } = round
    const campaign = campaignId === null ? null : this.world.campaigns.get(campaignId)
    if (campaign)
      this.addFeed(`campaign:${campaignId}`, (page, done) =>
        this.world.tell(this, campaign, () => campaign.hearBatch(this.id, page), done),
      )
    this.addLogFeed()
    const at = this.world.now
    const fate = this.commit({ type: 'batch.opened', at, policy: round.policy, legIds, seats: round.seats })
    if (this.state.phase === 'empty') this.feeds.length = known
    return fate
  }

  join(joining: OpenBatch, inputId: string): Fate {
    this.wakeUp()
    const { policy, seats, legs, campaignId } = joining
    const known = this.feeds.length
    const before = this.#round
    const campaign = campaignId === null ? null : this.world.campaigns.get(campaignId)
    if (campaign)
      this.addFeed(`campaign:${campaignId}`, (page, done) =>
        this.world.tell(this, campaign, () => campaign.hearBatch(this.id, page), done),
      )
    this.addLogFeed()
    this.#round = { ...joining, seats: [], legs: [...(before?.legs ?? []), ...legs] }
    const legIds = legs.map(leg => leg.callId)
    const fate = this.commit({ type: 'pool.joined', at: this.world.now, policy, legIds, seats }, inputId)
    if (fate === 'done' || this.state.phase !== 'empty') return fate
    this.feeds.length = known
    this.#round = before
    return fate
  }

  /** Null when the object has crashed; the route then answers 5xx. */
  claim(legId: string, providerId: string, verdict: Verdict | null): Destination | null {
    const fate = this.commit({ type: 'leg.answered', at: this.world.now, legId, providerId, verdict })
    return fate === 'done' ? destinationOf(this.state, legId, providerId) : null
  }

  deliver(input: BatchInput, inputId: string | null): Fate {
    this.wakeUp()
    return this.state.phase === 'empty' && !input.type.startsWith('seat.') ? 'done' : this.commit(input, inputId)
  }

  #perform(effect: BatchEffect, key: string, done: (paid: Paid<BatchInput>) => void): void {
    const { world } = this
    const paid = (fate: Fate) => done(fate === 'done' ? [] : { again: null })
    if (effect.type === 'tell-desk') return this.#tellDesk(effect, key, paid)
    const call = callOf(world, effect.legId)
    if (effect.type === 'place-leg') return world.tell(this, call, () => this.#place(effect.legId), paid)
    const input = wordTo(effect, world.now)
    world.tell(this, call, () => call.deliver(input, key), paid)
  }

  /** A lane is one leg, so all inputs that the race has for it go in one call. */
  #performAll(effects: { effect: BatchEffect; key: string }[], done: (fate: Fate) => void): void {
    const { world } = this
    const words = effects.flatMap(({ effect, key }) =>
      effect.type === 'place-leg' || effect.type === 'tell-desk'
        ? []
        : [{ input: wordTo(effect, world.now), inputId: key }],
    )
    const first = effects[0]?.effect
    const call = callOf(world, first && 'legId' in first ? first.legId : '')
    world.tell(this, call, () => call.deliverAll(words), done)
  }

  #tellDesk(
    { deskId, fact }: Extract<BatchEffect, { type: 'tell-desk' }>,
    key: string,
    paid: (fate: Fate) => void,
  ): void {
    const { world } = this
    const desk = deskOf(world, deskId)
    const leg = fact.type === 'leg-held' ? this.#round?.legs.find(one => one.callId === fact.legId) : undefined
    const lane = leg?.shown ? queuedLane({ callId: leg.callId, contact: leg.shown, from: leg.from }, fact.at) : null
    const reported = { type: 'batch.reported' as const, at: world.now, batchId: this.id, facts: [fact] }
    world.tell(this, desk, () => desk.deliver({ ...reported, ...(lane === null ? {} : { lane }) }, key), paid)
  }

  #place(legId: string): Fate {
    const round = this.#round
    const leg = round?.legs.find(one => one.callId === legId)
    if (!round || !leg) return 'done'
    const [seat] = round.seats
    const links: CallLinks = {
      kind: round.campaignId === null ? 'single' : 'campaign',
      batchId: this.id,
      campaignId: round.campaignId,
      contactId: leg.contactId,
      deskId: round.policy.closed && round.seats.length === 1 ? (seat?.deskId ?? null) : null,
      agentName: round.agentName,
    }
    const party: CallParty = { to: leg.to, from: leg.from, name: '' }
    const { ringLimitMs, amd } = round.policy
    const options: PlaceOptions = { ringLimitMs, amd, record: false, clearance: round.clearance }
    return callOf(this.world, legId).request(links, party, options)
  }
}

export function batchOf(world: World, batchId: string): Batch {
  const known = world.batches.get(batchId)
  if (known) return known
  const made = new Batch(world, batchId)
  world.batches.set(batchId, made)
  return made
}
