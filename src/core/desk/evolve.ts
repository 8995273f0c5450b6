import { unreachable } from '../machine.ts'
import type { DeskFactOf, DeskState, Talk } from './state.ts'
import { PENDING_MAX } from './state.ts'

export function evolve(state: DeskState, fact: DeskFactOf): DeskState {
  switch (fact.type) {
    case 'desk-opened':
      return { ...state, agent: fact.agent, presenceSinceMs: state.presenceSinceMs || fact.at }
    case 'phone-changed':
      return { ...state, phone: { ownerTabId: fact.ownerTabId, state: fact.state } }
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
    case 'session-changed':
      return { ...state, session: fact.session }
    case 'lane-changed':
      return withLane(state, fact)
    case 'guest-gone':
      return { ...state, guests: state.guests.filter(callId => callId !== fact.callId) }
    case 'conversation-started':
      return withTalk(withGuest(state, fact.personal.talk), fact)
    case 'conversation-won':
    case 'conversation-held':
    case 'conversation-heard':
    case 'conversation-parked':
    case 'conversation-resumed':
    case 'conversation-ended':
      return withTalk(state, fact)
    case 'quality-changed':
      return changeTalk(state, fact.callId, { quality: { now: fact.level, worst: fact.worst } })
    case 'mute-changed':
      return { ...state, muted: fact.muted }
    case 'wrap-up-started':
    case 'wrap-up-held':
    case 'wrap-up-resumed':
    case 'wrap-up-ended':
      return withWrapUp(state, fact)
    case 'note-saved':
      return withNote(state, fact.callId, fact.personal.text)
    case 'outcome-saved':
      return { ...state, pending: state.pending.filter(owed => owed.callId !== fact.callId) }
    case 'inbound-rang':
    case 'inbound-accepted':
    case 'inbound-declined':
    case 'inbound-ended':
      return withInbound(state, fact)
    case 'presence-changed':
      return { ...state, paused: fact.paused, presenceSinceMs: fact.at }
    case 'delivery-given-up':
    case 'seat-paused':
    case 'session-asked':
    case 'lane-skip-asked':
    case 'keep-asked':
    case 'hang-up-asked':
    case 'hold-asked':
    case 'contact-tried':
    case 'phone-refused':
    case 'quality-alerted':
      return state
    default:
      return unreachable(fact)
  }
}

function withLane(state: DeskState, { callId, patch }: Extract<DeskFactOf, { type: 'lane-changed' }>): DeskState {
  return { ...state, lanes: state.lanes.map(lane => (lane.callId === callId ? { ...lane, ...patch } : lane)) }
}

type InboundFact = Extract<DeskFactOf, { type: `inbound-${'rang' | 'accepted' | 'declined' | 'ended'}` }>

function withInbound(state: DeskState, fact: InboundFact): DeskState {
  const { inbound } = state
  if (fact.type === 'inbound-rang') return { ...state, inbound: fact.personal.ring }
  if (fact.type === 'inbound-accepted') return { ...state, inbound: inbound && { ...inbound, accepted: true } }
  return { ...state, inbound: inbound?.callId === fact.callId ? null : inbound }
}

function withNote(state: DeskState, callId: string, note: string): DeskState {
  const pending = state.pending.map(owed => (owed.callId === callId ? { ...owed, note } : owed))
  return { ...changeTalk(state, callId, { note }), pending }
}

type SeatFact = Extract<
  DeskFactOf,
  {
    type:
      | 'seat-granted'
      | 'seat-asked'
      | 'seat-ask-withdrawn'
      | 'seat-refused'
      | 'seat-revoked'
      | 'seat-returned'
      | 'round-shown'
      | 'single-asked'
  }
>

function withSeat(state: DeskState, fact: SeatFact): DeskState {
  switch (fact.type) {
    case 'seat-granted':
      return { ...state, lease: fact.lease, leases: state.leases + 1, asked: null }
    case 'seat-asked':
      return { ...state, asked: fact.ask }
    case 'seat-ask-withdrawn':
    case 'seat-refused':
      return state.asked?.askId === fact.askId ? { ...state, asked: null } : state
    case 'seat-revoked':
      return { ...state, lease: null, leaving: fact.lease, presenceSinceMs: fact.at }
    case 'seat-returned':
      return { ...state, lease: null, leaving: null, presenceSinceMs: fact.at }
    case 'round-shown':
      return {
        ...state,
        batchId: fact.batchId,
        campaignId: fact.campaignId,
        lanes: fact.personal.lanes,
        settings: fact.settings,
        presenceSinceMs: fact.at,
      }
    case 'single-asked':
      return {
        ...state,
        lease: fact.lease,
        leases: state.leases + 1,
        batchId: fact.batchId,
        campaignId: null,
        lanes: fact.personal.lanes,
      }
    default:
      return unreachable(fact)
  }
}

function withLine(
  state: DeskState,
  fact: Extract<DeskFactOf, { type: 'line-opening' | 'line-opened' | 'line-away' | 'line-closed' }>,
): DeskState {
  const line = { ...state.line, sinceMs: fact.at, graceUntilMs: null }
  switch (fact.type) {
    case 'line-opening':
      // A line that comes back while it is away or open keeps its room, because the customer waits there.
      return {
        ...state,
        line: {
          ...line,
          state: 'opening',
          callId: fact.callId,
          providerId: fact.providerId,
          opened: line.opened + 1,
          generation: fact.generation,
          graceUntilMs: state.line.graceUntilMs,
        },
      }
    case 'line-opened':
      return { ...state, line: { ...line, state: 'open' } }
    case 'line-away':
      return { ...state, line: { ...line, state: 'away', graceUntilMs: fact.graceUntilMs } }
    case 'line-closed':
      // The next line has a room of its own.
      return { ...state, guests: [], line: { ...line, state: 'closed', callId: null, providerId: null } }
    default:
      return unreachable(fact)
  }
}

function withGuest(state: DeskState, talk: Talk): DeskState {
  const inRoom = talk.batchId !== null || (state.inbound?.callId === talk.callId && !!state.inbound.transfer)
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

function endTalk(state: DeskState, fact: Extract<DeskFactOf, { type: 'conversation-ended' }>): DeskState {
  const talk = state.conversation?.callId === fact.callId ? state.conversation : state.parked
  if (talk?.callId !== fact.callId) return state
  const rest = {
    ...state,
    conversation: state.conversation === talk ? null : state.conversation,
    parked: state.parked === talk ? null : state.parked,
    presenceSinceMs: fact.at,
  }
  if (!fact.owes || talk.campaignId === null) return rest
  const { callId, contact, campaignId } = talk
  const owed = { callId, contact, campaignId, endedMs: fact.at, talkedMs: fact.talkedMs, note: talk.note }
  return { ...rest, pending: [...state.pending, owed].slice(-PENDING_MAX) }
}

function withWrapUp(state: DeskState, fact: Extract<DeskFactOf, { type: `wrap-up-${string}` }>): DeskState {
  const totalMs = state.settings.wrapUpMs
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
