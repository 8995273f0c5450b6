/**
 * A day of a large floor in virtual time: callers who come, give up or are served; agents who take, decline, lose their line and rest.
 * The queue is the shipping machine; each message between it and a desk takes its time, and desks lease their one seat.
 */
import { inOrder } from '../src/core/queue/choose.ts'
import { queue } from '../src/core/queue/queue.ts'
import {
  type QueueEffect,
  type QueueInput,
  type QueueState,
  STRATEGIES,
  type Strategy,
} from '../src/core/queue/state.ts'
import { Random } from '../test/simulation/random.ts'

const AGENTS = 100
/** A message between two actors takes so long, ms: least and most. */
const HOP_MS = [5, 80] as const
const CALLS_WITHIN_MS = 600_000
const SETTINGS = {
  name: 'Support',
  offerMs: 20_000,
  waitLimitMs: 0,
  capacity: 500,
  wrapUpMs: 0,
  pauseUnanswered: true,
  announceMs: 60_000,
  targetMs: 20_000,
  shortMs: 5_000,
  language: 'en-US',
  skills: [],
  music: [],
}

interface Desk {
  lease: string | null
  /** since when the agent could take a call, by the desk's own clock */
  freeMs: number
  offers: Set<string>
}
interface Outcome {
  /** offers to a desk that had one, and offers of one caller to two desks */
  offeredTwice: number
  /** from free at the desk to ringing at the desk, where somebody waited; ms */
  waits: number[]
  offers: number
  /** offers that went to another caller or another agent than the strategy says */
  outOfOrder: number
  served: number
}

export async function benchQueue(callers: number): Promise<object> {
  const outcomes = STRATEGIES.map((strategy, index) => new Day(strategy, callers, index + 1).outcome)
  const all = outcomes.flatMap(one => one.waits).sort((a, b) => a - b)
  const offers = outcomes.reduce((sum, one) => sum + one.offers, 0)
  const outOfOrder = outcomes.reduce((sum, one) => sum + one.outOfOrder, 0)
  const offeredTwice = outcomes.reduce((sum, one) => sum + one.offeredTwice, 0)
  return {
    callers,
    agents: AGENTS,
    offers,
    served: outcomes.reduce((sum, one) => sum + one.served, 0),
    offeredTwice,
    p95OfferMs: Math.round(all[Math.floor(all.length * 0.95)] ?? 0),
    fairness: (offers - outOfOrder) / offers,
  }
}

type Word = 'accepted' | 'declined' | 'refused' | 'done' | 'left'

/** One strategy, one day: `callers` people call within ten minutes, and the last conversation ends it. */
class Day {
  readonly #strategy: Strategy
  readonly #luck: Random
  readonly #desks = new Map<string, Desk>()
  readonly #events: { at: number; order: number; run: (at: number) => void }[] = []
  #order = 0
  #state: QueueState = queue.initial
  readonly outcome: Outcome = { offeredTwice: 0, waits: [], offers: 0, outOfOrder: 0, served: 0 }

  constructor(strategy: Strategy, callers: number, seed: number) {
    this.#strategy = strategy
    this.#luck = new Random(seed)
    this.#take({ type: 'queue.configured', at: 1, settings: { ...SETTINGS, strategy } })
    const members = Array.from({ length: AGENTS }, (_, index) => ({ deskId: `d_${index}`, skills: {} }))
    for (const { deskId } of members) this.#desks.set(deskId, { lease: null, freeMs: 0, offers: new Set() })
    this.#take({ type: 'queue.staffed', at: 1, members })
    for (const { deskId } of members) this.#report(deskId, 1)
    for (let caller = 0; caller < callers; caller += 1) this.#calls(caller)
    this.#run()
  }

  #run(): void {
    for (;;) {
      this.#events.sort((a, b) => b.at - a.at || b.order - a.order)
      const next = this.#events.at(-1)
      if (next === undefined) return
      const due = queue.deadline(this.#state)
      if (due !== null && due <= next.at) this.#take({ type: 'clock.struck', at: due })
      else {
        this.#events.pop()
        next.run(next.at)
      }
    }
  }

  #at(when: number, run: (at: number) => void): void {
    this.#order += 1
    this.#events.push({ at: when, order: this.#order, run })
  }
  #hop(now: number, run: (at: number) => void): void {
    this.#at(now + this.#luck.between(...HOP_MS), run)
  }
  #desk(deskId: string): Desk {
    return this.#desks.get(deskId) as Desk
  }

  #calls(caller: number): void {
    const comes = this.#luck.between(1_000, CALLS_WITHIN_MS)
    const [entryId, callId] = [`e${caller}`, `w_a.call_${caller}`]
    this.#at(comes, at => {
      const personal = { from: `+1415555${String(caller).padStart(4, '0')}`, to: '+14155550100' }
      this.#take({ type: 'caller.entered', at, entryId, callId, ask: 1, priority: 0, skills: null, personal })
    })
    if (this.#luck.chance(0.1))
      this.#at(comes + this.#luck.between(5_000, 300_000), at => this.#take({ type: 'caller.left', at, entryId }))
  }

  #take(input: QueueInput): void {
    for (const fact of queue.decide(this.#state, input)) {
      if (fact.type === 'call-offered') {
        this.outcome.offers += 1
        if (!isNext(this.#state, this.#strategy, fact.entryId, fact.deskId, input.at)) this.outcome.outOfOrder += 1
      }
      this.#state = queue.evolve(this.#state, fact)
      for (const effect of queue.react(fact, this.#state)) this.#perform(effect, input.at)
    }
  }

  #perform(effect: QueueEffect, now: number): void {
    if (effect.type === 'offer-call') this.#hop(now, at => this.#ring(effect.deskId, effect.offerId, at))
    if (effect.type === 'end-offer')
      this.#hop(now, at => {
        if (this.#desk(effect.deskId).lease === effect.offerId) this.#free(effect.deskId, at)
      })
  }

  #free(deskId: string, at: number): void {
    Object.assign(this.#desk(deskId), { lease: null, freeMs: at })
    this.#report(deskId, at)
  }

  #report(deskId: string, now: number): void {
    const { lease, freeMs: sinceMs } = this.#desk(deskId)
    const free = lease === null
    const reason = free ? null : 'busy'
    this.#hop(now, at => this.#take({ type: 'agent.reported', at, deskId, free, sinceMs, reason }))
  }

  #answer(now: number, offerId: string, answer: Word, room = ''): void {
    const fresh = { room, reason: null, callId: 'w_a.call_0' }
    this.#hop(now, at => this.#take({ type: 'offer.answered', at, offerId, answer, ...fresh }))
  }

  #ring(deskId: string, offerId: string, now: number): void {
    const desk = this.#desk(deskId)
    if (desk.offers.has(offerId) || desk.lease !== null) this.outcome.offeredTwice += 1
    desk.offers.add(offerId)
    if (desk.lease !== null) return this.#answer(now, offerId, 'refused')
    // Somebody had waited for this agent, and not the agent for somebody.
    const offered = Object.values(this.#state.entries).find(
      one => 'offerId' in one.stage && one.stage.offerId === offerId,
    )
    if (offered !== undefined && offered.enteredMs < desk.freeMs) this.outcome.waits.push(now - desk.freeMs)
    desk.lease = offerId
    this.#report(deskId, now)
    if (this.#luck.chance(0.05))
      return this.#at(now + this.#luck.between(1_000, 5_000), at => {
        if (desk.lease !== offerId) return
        this.#answer(at, offerId, 'declined')
        this.#free(deskId, at)
      })
    this.#at(now + this.#luck.between(500, 6_000), at => {
      if (desk.lease === offerId) this.#talk(deskId, offerId, at)
    })
  }

  #talk(deskId: string, offerId: string, now: number): void {
    this.outcome.served += 1
    this.#answer(now, offerId, 'accepted', `${deskId}.1`)
    this.#at(now + this.#luck.between(60_000, 900_000), at => {
      if (this.#desk(deskId).lease === offerId) this.#answer(at, offerId, this.#luck.chance(0.02) ? 'left' : 'done')
    })
  }
}

/** The strategy once more, in few words, from the state before the offer. */
function isNext(state: QueueState, strategy: Strategy, entryId: string, deskId: string, now: number): boolean {
  const agents = Object.values(state.agents).filter(one => one.free && one.entryId === null)
  const first = inOrder(state).find(
    one => one.stage.is === 'waiting' && agents.some(agent => (one.refusedBy[agent.deskId] ?? 0) <= now),
  )
  if (first?.entryId !== entryId) return false
  const able = agents.filter(agent => (first.refusedBy[agent.deskId] ?? 0) <= now)
  const chosen = able.find(agent => agent.deskId === deskId)
  if (chosen === undefined) return false
  const idle = Math.min(...able.map(agent => agent.sinceMs))
  switch (strategy) {
    case 'longest-idle':
    // Nobody needs a skill here, so everybody's level is the same.
    case 'skills':
      return chosen.sinceMs === idle
    case 'fewest-calls':
      return chosen.calls === Math.min(...able.map(agent => agent.calls))
    case 'linear':
      return chosen.place === Math.min(...able.map(agent => agent.place))
    case 'round-robin': {
      const after = able.filter(agent => agent.place > state.turn).map(agent => agent.place)
      return chosen.place === Math.min(...(after.length > 0 ? after : able.map(agent => agent.place)))
    }
  }
}
