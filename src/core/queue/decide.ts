import { Draft, givenUp, unreachable } from '../machine.ts'
import { expectedWaitMs, nextChoice, placeOf, waits } from './choose.ts'
import { evolve } from './evolve.ts'
import {
  CALLBACK_REST_MS,
  CALLBACK_RING_MS,
  CALLBACK_TRIES_MAX,
  type Entry,
  type LeftWhy,
  type OfferEnd,
  type QueueFact,
  type QueueInput,
  type QueueState,
  WAIT_WATCH_MS,
} from './state.ts'

type Input<T extends QueueInput['type']> = Extract<QueueInput, { type: T }>

class Queue {
  readonly at: number
  readonly #draft: Draft<QueueState, QueueFact>

  constructor(state: QueueState, at: number) {
    this.at = at
    this.#draft = new Draft(evolve, state)
  }
  get facts(): QueueFact[] {
    return this.#draft.facts
  }
  get state(): QueueState {
    return this.#draft.state
  }
  get entries(): Entry[] {
    return Object.values(this.state.entries)
  }
  add(fact: QueueFact): void {
    this.#draft.add(fact)
  }

  entered(input: Input<'caller.entered'>): void {
    const { settings, entries } = this.state
    const { entryId, callId, ask, priority, skills, personal } = input
    if (entries[entryId] !== undefined) return
    const back = this.entries.find(({ stage }) => stage.is === 'ringing' && stage.callId === callId)
    if (back?.stage.is === 'ringing') return this.connect(back, { ...back.stage, callId, ask })
    const open = this.entries.filter(one => one.callId !== null && (waits(one) || one.stage.is === 'offered')).length
    const because = settings === null ? 'closed' : open >= settings.capacity ? 'full' : null
    if (settings === null || because !== null)
      return this.add({ type: 'caller-refused', at: this.at, callId, ask, because: because ?? 'closed' })
    const needs = skills ?? settings.skills
    this.add({ type: 'caller-queued', at: this.at, entryId, callId, ask, priority, skills: needs, personal })
  }

  connect(
    { entryId, enteredMs, kind }: Entry,
    to: { callId: string; ask: number; offerId: string; deskId: string; room: string },
  ): void {
    const { callId, ask, offerId, deskId, room } = to
    const waitedMs = this.at - enteredMs
    const of = { entryId, callId, ask, offerId, deskId, room, waitedMs }
    this.add({ type: 'caller-connected', at: this.at, ...of, ...markOf(kind) })
  }

  /** The flow of the call has left, or the call is over. */
  left(entryId: string): void {
    const entry = this.state.entries[entryId]
    if (entry?.callId == null) return
    if (entry.stage.is === 'talking') return this.talkOver(entry, 'caller')
    this.leave(entry, 'abandoned')
  }

  leave(entry: Entry, because: LeftWhy): void {
    if (entry.stage.is === 'offered') this.endOffer(entry, 'caller-gone')
    const { entryId, callId, ask, enteredMs, kind } = entry
    const of = { entryId, callId, ask, waitedMs: this.at - enteredMs, because }
    this.add({ type: 'caller-left', at: this.at, ...of, ...markOf(kind) })
  }

  talkOver({ entryId, callId, ask, stage }: Entry, by: 'agent' | 'caller' | 'watch'): void {
    if (stage.is !== 'talking' || callId === null) return
    const { offerId, deskId } = stage
    const talkedMs = this.at - stage.sinceMs
    this.add({ type: 'conversation-over', at: this.at, entryId, callId, ask, offerId, deskId, talkedMs, by })
  }

  /** One open callback for each caller: who asks twice keeps the first place. */
  callbackWanted({ entryId, personal }: Input<'callback.wanted'>): void {
    if (this.state.settings === null) return
    const same = this.entries.some(one => one.kind === 'callback' && one.party.from === personal.from)
    if (same) return
    const entry = this.state.entries[entryId]
    if (entry !== undefined && !waits(entry)) return
    this.add({ type: 'callback-kept', at: this.at, entryId, callId: entry?.callId ?? null, personal })
  }

  callbackEnded(callId: string): void {
    const entry = this.entries.find(
      one => one.callId === callId || (one.stage.is === 'ringing' && one.stage.callId === callId),
    )
    if (entry?.stage.is === 'ringing') this.missed(entry)
    else if (entry?.stage.is === 'talking') this.talkOver(entry, 'caller')
  }

  missed({ entryId, tries, stage }: Entry): void {
    if (stage.is !== 'ringing') return
    const more = tries + 1 < CALLBACK_TRIES_MAX
    const untilMs = more ? this.at + CALLBACK_REST_MS : null
    const { callId, offerId, deskId } = stage
    this.add({ type: 'callback-missed', at: this.at, entryId, callId, offerId, deskId, tries: tries + 1, untilMs })
  }

  answered({ offerId, answer, room, reason, callId }: Input<'offer.answered'>): void {
    const entry = this.entries.find(({ stage }) => 'offerId' in stage && stage.offerId === offerId)
    if (entry === undefined) return
    switch (answer) {
      case 'accepted':
        return this.accepted(entry, room, callId)
      case 'declined':
      case 'refused':
        return entry.stage.is === 'offered' ? this.endOffer(entry, answer, reason) : undefined
      case 'left':
        return this.agentLeft(entry)
      case 'done':
        return entry.stage.is === 'ringing' ? this.missed(entry) : this.talkOver(entry, 'agent')
      default:
        return unreachable(answer)
    }
  }

  accepted(entry: Entry, room: string, callId: string): void {
    const { stage, entryId } = entry
    if (stage.is !== 'offered') return
    const { offerId, deskId } = stage
    if (entry.callId !== null)
      return this.connect(entry, { callId: entry.callId, ask: entry.ask, offerId, deskId, room })
    const untilMs = this.at + CALLBACK_RING_MS
    this.add({ type: 'callback-dialed', at: this.at, entryId, offerId, deskId, callId, room, untilMs })
  }

  /** The caller is not left alone in a room: they wait again, at their old place. */
  agentLeft(entry: Entry): void {
    const { stage, entryId, callId } = entry
    if (stage.is === 'offered') return this.endOffer(entry, 'agent-left')
    if (stage.is === 'ringing') return this.missed(entry)
    if (stage.is !== 'talking' || callId === null) return
    const { offerId, deskId } = stage
    this.add({ type: 'caller-returned', at: this.at, entryId, callId, offerId, deskId })
  }

  endOffer({ entryId, callId, stage }: Entry, because: OfferEnd, reason: string | null = null): void {
    if (stage.is !== 'offered') return
    const { offerId, deskId } = stage
    this.add({ type: 'offer-ended', at: this.at, entryId, callId, offerId, deskId, because, reason })
  }

  reported({ deskId, free, sinceMs, reason }: Input<'agent.reported'>): void {
    const agent = this.state.agents[deskId]
    if (agent === undefined || (agent.free === free && agent.reason === reason && agent.sinceMs === sinceMs)) return
    this.add({ type: 'agent-changed', at: this.at, deskId, free, sinceMs, reason })
  }

  strike(): void {
    for (const entry of this.entries) this.strikeEntry(entry)
  }

  strikeEntry(entry: Entry): void {
    const { stage, entryId, callId, refusedBy } = entry
    for (const [deskId, untilMs] of Object.entries(refusedBy))
      if (this.at >= untilMs) this.add({ type: 'refusal-lapsed', at: this.at, entryId, deskId })
    if (stage.is === 'talking') {
      if (this.at >= stage.watchMs && callId !== null)
        this.add({ type: 'caller-asked-about', at: this.at, entryId, callId })
      return
    }
    if (stage.is === 'resting') {
      if (this.at >= stage.untilMs) this.add({ type: 'callback-due', at: this.at, entryId })
      return
    }
    if (stage.is === 'ringing') return this.at >= stage.untilMs ? this.missed(entry) : undefined
    if (stage.is === 'offered' && this.at >= stage.untilMs) this.endOffer(entry, 'no-answer')
    const now = this.state.entries[entryId]
    if (now?.stage.is === 'waiting') this.strikeWaiting(now)
  }

  strikeWaiting(entry: Entry): void {
    const { settings } = this.state
    const { entryId, callId } = entry
    if (callId === null) return
    if (this.at >= waitWatch(entry)) this.add({ type: 'caller-asked-about', at: this.at, entryId, callId })
    if (settings === null) return
    const { waitLimitMs, announceMs } = settings
    if (waitLimitMs > 0 && this.at >= entry.enteredMs + waitLimitMs) return this.leave(entry, 'timed-out')
    if (announceMs === 0 || this.at < entry.saidMs + announceMs) return
    this.sayPlace(entry)
  }

  sayPlace({ entryId, callId, ask }: Entry): void {
    if (callId === null) return
    const place = placeOf(this.state, entryId)
    this.add({
      type: 'place-said',
      at: this.at,
      entryId,
      callId,
      ask,
      place,
      waitMs: expectedWaitMs(this.state, place),
    })
  }

  /** Runs after every input: whoever waits is offered to whoever is free. */
  offer(): void {
    const { settings } = this.state
    if (settings === null) return
    for (let next = nextChoice(this.state, this.at); next !== null; next = nextChoice(this.state, this.at)) {
      const { entryId, callId } = next.entry
      const { deskId } = next.agent
      const offerId = `o${this.state.offers + 1}`
      const untilMs = this.at + settings.offerMs
      this.add({ type: 'call-offered', at: this.at, entryId, callId, offerId, deskId, untilMs })
    }
  }

  /** Whoever is new, or is back from an agent, hears at once that they wait. */
  greet(): void {
    for (const entry of this.entries)
      if (entry.callId !== null && entry.saidMs === 0 && (waits(entry) || entry.stage.is === 'offered'))
        this.sayPlace(entry)
  }
}

export function decide(state: QueueState, input: QueueInput): QueueFact[] {
  const queue = new Queue(state, input.at)
  dispatch(queue, input)
  queue.greet()
  queue.offer()
  return queue.facts
}

function dispatch(queue: Queue, input: QueueInput): void {
  const { at } = input
  switch (input.type) {
    case 'queue.configured':
      return queue.add({ type: 'queue-configured', at, settings: input.settings })
    case 'queue.staffed':
      return queue.state.settings === null
        ? undefined
        : queue.add({ type: 'queue-staffed', at, members: input.members })
    case 'queue.closed':
      return close(queue)
    case 'caller.entered':
      return queue.entered(input)
    case 'caller.left':
      return queue.left(input.entryId)
    case 'caller.kicked': {
      const entry = queue.state.entries[input.entryId]
      const { is } = entry?.stage ?? { is: 'talking' }
      return entry !== undefined && is !== 'talking' && is !== 'ringing' ? queue.leave(entry, 'kicked') : undefined
    }
    case 'callback.wanted':
      return queue.callbackWanted(input)
    case 'callback.ended':
      return queue.callbackEnded(input.callId)
    case 'agent.reported':
      return queue.reported(input)
    case 'offer.answered':
      return queue.answered(input)
    case 'caller.checked': {
      const entry = queue.state.entries[input.entryId]
      if (entry === undefined || input.live) return
      return entry.stage.is === 'talking' ? queue.talkOver(entry, 'watch') : queue.left(input.entryId)
    }
    case 'clock.struck':
      return queue.strike()
    case 'delivery.given-up':
      return queue.add(givenUp(input))
    default:
      return unreachable(input)
  }
}

/** When the call of somebody who waits is asked about. */
export function waitWatch({ askedMs, enteredMs }: Entry): number {
  return (askedMs ?? enteredMs) + WAIT_WATCH_MS
}

/** Tells a call back from one that waits, for whoever counts: the first counts as the call whose place it has. */
function markOf(kind: Entry['kind']): { callback?: true } {
  return kind === 'callback' ? { callback: true } : {}
}

function close(queue: Queue): void {
  if (queue.state.settings === null) return
  for (const entry of queue.entries)
    if (entry.stage.is === 'waiting' || entry.stage.is === 'offered' || entry.stage.is === 'resting')
      queue.leave(entry, 'closed')
  queue.add({ type: 'queue-closed', at: queue.at })
}
