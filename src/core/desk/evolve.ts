import { consequenceOf } from '../campaign/dispositions.ts'
import { unreachable } from '../machine.ts'
import { askedAbout, awaited } from './arrival.ts'
import { withLine, withSeat } from './seat-evolve.ts'
import type { DeskFactOf, DeskState, Talk } from './state.ts'
import { PENDING_MAX } from './state.ts'
import { isTold, withTold } from './told.ts'
import type { LastTalk } from './view.ts'
import { isVisit, withVisit } from './visit-evolve.ts'

export function evolve(state: DeskState, fact: DeskFactOf): DeskState {
  if (isVisit(fact) || isTold(fact)) return isTold(fact) ? withTold(state, fact) : withVisit(state, fact)
  if (isDetail(fact)) return withDetail(state, fact)
  switch (fact.type) {
    case 'desk-opened':
    case 'phone-changed':
    case 'mute-changed':
    case 'presence-changed':
    case 'session-asked':
    case 'session-changed':
      return withAgent(state, fact)
    case 'line-opening':
    case 'line-opened':
    case 'line-away':
    case 'line-closed':
      return withLine(state, fact)
    case 'seat-granted':
    case 'seat-asked':
    case 'seat-ask-withdrawn':
    case 'seat-refused':
    case 'seat-revoked':
    case 'seat-returned':
    case 'round-shown':
    case 'single-asked':
      return withSeat(state, fact)
    case 'lane-shown':
    case 'lane-changed':
    case 'guest-gone':
      return withLane(state, fact)
    case 'conversation-started':
      return withTalk(withGuest(state, fact.personal.talk), fact)
    case 'conversation-won':
    case 'conversation-held':
    case 'conversation-heard':
    case 'conversation-parked':
    case 'conversation-resumed':
    case 'conversation-ended':
      return withTalk(state, fact)
    case 'transfer-asked':
    case 'transfer-over':
    case 'transfer-phase-changed':
      return withHandover(state, fact)
    case 'supervisor-shown':
      return withSupervisor(state, fact)
    case 'wrap-up-started':
    case 'wrap-up-held':
    case 'wrap-up-resumed':
    case 'wrap-up-ended':
      return withWrapUp(state, fact)
    case 'outcome-saved':
    case 'do-not-call-asked':
      return withOutcome(state, fact)
    case 'arrival-asked-about':
    case 'inbound-rang':
    case 'inbound-accepted':
    case 'inbound-picked-up':
    case 'inbound-declined':
    case 'inbound-ended':
      return withInbound(state, fact)
    case 'queue-joined':
    case 'queue-left':
    case 'availability-changed':
    case 'offer-rang':
      return withQueue(state, fact)
    default:
      return unchanged(state, fact)
  }
}

type DetailFact = Extract<DeskFactOf, { type: 'quality-changed' | 'note-saved' | 'outcome-chosen' }>

function isDetail(fact: DeskFactOf): fact is DetailFact {
  return fact.type === 'quality-changed' || fact.type === 'note-saved' || fact.type === 'outcome-chosen'
}

/** Of one call: how it sounds, what the agent has written, and the outcome that is saved at its end. */
function withDetail(state: DeskState, fact: DetailFact): DeskState {
  if (fact.type === 'outcome-chosen') {
    const { callId, outcomeId, dueAt, personal } = fact
    return changeTalk(state, callId, { chosen: { outcomeId, ...(dueAt === undefined ? {} : { dueAt }), ...personal } })
  }
  if (fact.type === 'note-saved') return withNote(state, fact.callId, fact.personal.text)
  return changeTalk(state, fact.callId, { quality: { now: fact.level, worst: fact.worst } })
}

type Unchanging =
  | 'delivery-given-up'
  | 'offer-refused'
  | 'seat-paused'
  | 'lane-skip-asked'
  | 'keep-asked'
  | 'hang-up-asked'
  | 'hold-asked'
  | 'contact-tried'
  | 'phone-refused'
  | 'quality-alerted'
  | 'take-back-asked'
  | 'transfer-move-asked'
  | 'transfer-unattended'
  | 'visit-refused'
  | 'line-abandoned'

/** Facts that are told on and change nothing here. A new fact must be put here or above, or this does not compile. */
function unchanged(state: DeskState, _fact: Extract<DeskFactOf, { type: Unchanging }>): DeskState {
  return state
}

type AgentFact = Extract<
  DeskFactOf,
  { type: 'desk-opened' | 'phone-changed' | 'mute-changed' | 'presence-changed' | `session-${'asked' | 'changed'}` }
>

function withAgent(state: DeskState, fact: AgentFact): DeskState {
  switch (fact.type) {
    case 'desk-opened':
      return { ...state, agent: fact.agent, presenceSinceMs: state.presenceSinceMs || fact.at }
    case 'phone-changed':
      return { ...state, phone: { ownerTabId: fact.ownerTabId, state: fact.state } }
    case 'mute-changed':
      return { ...state, muted: fact.muted }
    case 'presence-changed':
      return { ...state, paused: fact.paused, pausedBecause: fact.because, presenceSinceMs: fact.at }
    case 'session-asked':
      return fact.word === 'start' ? { ...state, startedIn: fact.campaignId } : state
    case 'session-changed':
      return { ...state, session: fact.session }
    default:
      return unreachable(fact)
  }
}

function withLane(
  state: DeskState,
  fact: Extract<DeskFactOf, { type: `lane-${'shown' | 'changed'}` | 'guest-gone' }>,
): DeskState {
  if (fact.type === 'lane-shown') return { ...state, lanes: [fact.personal.lane] }
  if (fact.type === 'guest-gone') return { ...state, guests: state.guests.filter(callId => callId !== fact.callId) }
  const { callId, patch } = fact
  return { ...state, lanes: state.lanes.map(lane => (lane.callId === callId ? { ...lane, ...patch } : lane)) }
}

type HandoverFact = Extract<DeskFactOf, { type: 'transfer-asked' | 'transfer-over' | 'transfer-phase-changed' }>

function withHandover(state: DeskState, fact: HandoverFact): DeskState {
  const talk = [state.conversation, state.parked].find(one => one?.callId === fact.callId)
  if (!talk) return state
  const { transfer: _transfer, stayed: _stayed, ...rest } = talk
  const set = (next: Talk) =>
    state.conversation === talk ? { ...state, conversation: next } : { ...state, parked: next }
  if (fact.type === 'transfer-over') return set(fact.end === 'moved' ? rest : { ...rest, stayed: fact.end })
  if (fact.type === 'transfer-phase-changed')
    return talk.transfer === undefined ? state : set({ ...talk, transfer: { ...talk.transfer, phase: fact.phase } })
  const { transferId, target, personal, ask, at: sinceMs } = fact
  const shown = target.to === 'number' ? { ...target, number: personal.number ?? '' } : target
  const asked = ask === undefined ? {} : { phase: 'ringing' as const }
  return set({ ...rest, transfer: { transferId, target: shown, sinceMs, ...asked } })
}

type QueueFact = Extract<DeskFactOf, { type: 'queue-joined' | 'queue-left' | 'availability-changed' | 'offer-rang' }>

function withQueue(state: DeskState, fact: QueueFact): DeskState {
  const { queues = [] } = state
  switch (fact.type) {
    case 'queue-joined':
      return queues.includes(fact.queueId) ? state : { ...state, queues: [...queues, fact.queueId] }
    case 'queue-left':
      return { ...state, queues: queues.filter(one => one !== fact.queueId) }
    case 'availability-changed': {
      const sinceMs = state.available?.reason === fact.reason ? state.available.sinceMs : fact.at
      return { ...state, available: { reason: fact.reason, sinceMs } }
    }
    case 'offer-rang':
      return { ...state, lease: fact.lease, leases: state.leases + 1, inbound: fact.personal.ring }
    default:
      return unreachable(fact)
  }
}

type InboundFact = Extract<
  DeskFactOf,
  { type: `inbound-${'rang' | 'accepted' | 'picked-up' | 'declined' | 'ended'}` | 'arrival-asked-about' }
>

function withInbound(state: DeskState, fact: InboundFact): DeskState {
  const { inbound, arrival } = state
  if (fact.type === 'arrival-asked-about') return arrival ? { ...state, arrival: askedAbout(arrival, fact.at) } : state
  if (fact.type === 'inbound-rang') return { ...state, inbound: fact.personal.ring }
  if (fact.type === 'inbound-accepted') {
    const accepted = { ...state, inbound: inbound && { ...inbound, accepted: true } }
    if (fact.room === undefined) return accepted
    const awaits = { ...accepted, arrival: awaited(fact.callId, fact.at) }
    return fact.lease === undefined ? awaits : comesToLine(awaits, fact)
  }
  if (fact.type === 'inbound-picked-up')
    return inbound?.callId === fact.callId ? { ...state, inbound: { ...inbound, pickedUp: true } } : state
  // A queue that was declined has no seat here any more.
  if (fact.type === 'inbound-declined' && fact.of !== undefined) return { ...state, inbound: null, lease: null }
  return { ...state, inbound: inbound?.callId === fact.callId ? null : inbound }
}

/** From now on the caller is as one whom a colleague has handed over: they have the seat, and are in the room. */
function comesToLine(
  state: DeskState,
  { lease, of, transferId = '' }: Extract<DeskFactOf, { type: 'inbound-accepted' }>,
): DeskState {
  const { inbound } = state
  if (lease === undefined || inbound === null) return state
  const transfer = { transferId, summary: '', ...(of ? { of } : {}) }
  return { ...state, lease, leases: state.leases + 1, inbound: { ...inbound, transfer } }
}

function withNote(state: DeskState, callId: string, note: string): DeskState {
  const pending = state.pending.map(owed => (owed.callId === callId ? { ...owed, note } : owed))
  return { ...changeTalk(state, callId, { note }), pending }
}

function withGuest(state: DeskState, talk: Talk): DeskState {
  const handed = state.inbound?.callId === talk.callId ? state.inbound.transfer : null
  const inRoom = talk.batchId !== null || (handed != null && handed.program === undefined)
  return !inRoom ? state : { ...state, guests: [...state.guests, talk.callId] }
}

/**
 * An inbound call may be accepted at the moment when somebody in the race answers. The agent talks with the accepted one; the
 * other is parked until the race lets it go.
 */
function withStarted(state: DeskState, talk: Talk, at: number): DeskState {
  const { conversation } = state
  if (!conversation) return { ...state, conversation: talk, presenceSinceMs: at }
  if (talk.kind !== 'inbound') return { ...state, parked: talk }
  return { ...state, conversation: talk, parked: conversation, presenceSinceMs: at }
}

function withTalk(state: DeskState, fact: Extract<DeskFactOf, { type: `conversation-${string}` }>): DeskState {
  switch (fact.type) {
    case 'conversation-started':
      return withStarted(state, fact.personal.talk, fact.at)
    case 'conversation-won':
      return changeTalk(state, fact.callId, { provisional: false })
    case 'conversation-held':
      return changeTalk(state, fact.callId, { held: fact.held })
    case 'conversation-heard':
      return changeTalk(state, fact.callId, { answerToRoomMs: fact.answerToRoomMs })
    case 'conversation-parked':
      return { ...state, parked: state.conversation, conversation: null }
    case 'conversation-resumed':
      return { ...state, conversation: state.parked, parked: null }
    case 'conversation-ended':
      return endTalk(state, fact)
    default:
      return unreachable(fact)
  }
}

function changeTalk(state: DeskState, callId: string, change: Partial<Talk>): DeskState {
  if (state.conversation?.callId === callId) return { ...state, conversation: { ...state.conversation, ...change } }
  if (state.parked?.callId === callId) return { ...state, parked: { ...state.parked, ...change } }
  return state
}

function withSupervisor(state: DeskState, fact: Extract<DeskFactOf, { type: 'supervisor-shown' }>): DeskState {
  const { callId, supervisionId, name, mode } = fact
  const talk = [state.conversation, state.parked].find(one => one?.callId === callId)
  const others = (talk?.supervisors ?? []).filter(one => one.supervisionId !== supervisionId)
  return changeTalk(state, callId, { supervisors: mode === null ? others : [...others, { supervisionId, name, mode }] })
}

function endTalk(state: DeskState, fact: Extract<DeskFactOf, { type: 'conversation-ended' }>): DeskState {
  const talk = state.conversation?.callId === fact.callId ? state.conversation : state.parked
  if (talk?.callId !== fact.callId) return state
  const rest = {
    ...state,
    conversation: state.conversation === talk ? null : state.conversation,
    parked: state.parked === talk ? null : state.parked,
    presenceSinceMs: fact.at,
    lastTalk: lastOf(talk, fact.at),
  }
  if (!fact.owes || talk.campaignId === null) return rest
  const { callId, contact, campaignId, note, chosen } = talk
  const times = { endedMs: fact.at, talkedMs: fact.talkedMs }
  const owed = { callId, contact, campaignId, ...times, note, ...(chosen === undefined ? {} : { chosen }) }
  return { ...rest, pending: [...state.pending, owed].slice(-PENDING_MAX) }
}

function lastOf({ callId, contact, doNotCall }: Talk, endedMs: number): LastTalk {
  // Its note is with the call, and the screen gets this with every change.
  return { callId, contact: { ...contact, lastNote: '' }, endedMs, ...(doNotCall ? { doNotCall } : {}) }
}

type OutcomeFact = Extract<DeskFactOf, { type: 'outcome-saved' | 'do-not-call-asked' }>

function withOutcome(state: DeskState, fact: OutcomeFact): DeskState {
  const { callId } = fact
  if (fact.type === 'do-not-call-asked') return listedIn(state, callId)
  const rest = { ...state, pending: state.pending.filter(owed => owed.callId !== callId) }
  return consequenceOf(fact) === 'do-not-call' ? listedIn(rest, callId) : rest
}

function listedIn(state: DeskState, callId: string): DeskState {
  const { lastTalk } = state
  if (lastTalk?.callId === callId) return { ...state, lastTalk: { ...lastTalk, doNotCall: true } }
  return changeTalk(state, callId, { doNotCall: true })
}

function withWrapUp(state: DeskState, fact: Extract<DeskFactOf, { type: `wrap-up-${string}` }>): DeskState {
  const totalMs = (fact.type === 'wrap-up-started' ? fact.totalMs : undefined) ?? state.settings.wrapUpMs
  if (fact.type === 'wrap-up-started')
    return { ...state, wrapUp: { remainingMs: totalMs, runningSinceMs: fact.at, typingUntilMs: null, totalMs } }
  if (fact.type === 'wrap-up-ended') return { ...state, wrapUp: null }
  const clock = state.wrapUp
  if (!clock) return state
  if (fact.type === 'wrap-up-held') {
    const spent = clock.runningSinceMs === null ? 0 : fact.at - clock.runningSinceMs
    const remainingMs = Math.max(0, clock.remainingMs - spent)
    return { ...state, wrapUp: { ...clock, remainingMs, runningSinceMs: null, typingUntilMs: fact.untilMs } }
  }
  return { ...state, wrapUp: { ...clock, runningSinceMs: fact.at, typingUntilMs: null } }
}
