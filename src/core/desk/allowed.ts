/** The table of what is allowed when. The socket refuses by it; the page has the same rules in words (`src/dialer/desk/can.ts`). */
import type { AgentInput, DeskState } from './state.ts'

export type Refusal =
  | 'not-allowed-now'
  | 'phone-not-ready'
  | 'line-not-open'
  | 'phone-in-another-tab'
  | 'outcome-owed'
  | 'unknown-call'
  | 'unknown-outcome'
  | 'busy'

/** Null: the input is allowed. */
export function refusalOf(state: DeskState, input: AgentInput): Refusal | null {
  switch (input.type) {
    case 'session.asked':
      return sessionRefusal(state, input)
    case 'single.dialed':
      return notReady(state) ?? (isTaken(state) ? 'busy' : null)
    case 'lane.skipped': {
      const lane = state.lanes.find(one => one.callId === input.callId)
      if (!lane) return 'unknown-call'
      return lane.state === 'queued' || lane.state === 'dialing' || lane.state === 'ringing' ? null : 'not-allowed-now'
    }
    case 'call.kept':
    case 'call.hung-up':
    case 'call.hold-asked':
      return state.conversation?.callId === input.callId ? null : 'unknown-call'
    case 'inbound.accepted':
    case 'inbound.declined':
      if (state.inbound?.callId !== input.callId) return 'unknown-call'
      if (input.type === 'inbound.accepted' && state.inbound.transfer && state.line.state !== 'open')
        return 'line-not-open'
      return state.parked ? 'busy' : null
    case 'outcome.saved': {
      if (!state.pending.some(owed => owed.callId === input.callId)) return 'unknown-call'
      return state.settings.outcomes.some(choice => choice.outcomeId === input.outcomeId) ? null : 'unknown-outcome'
    }
    case 'note.saved': {
      const known = state.conversation?.callId === input.callId || state.parked?.callId === input.callId
      return known || state.pending.some(owed => owed.callId === input.callId) ? null : 'unknown-call'
    }
    case 'phone.registered':
      return state.phone.ownerTabId === null || state.phone.ownerTabId === input.tabId ? null : 'phone-in-another-tab'
    default:
      return null
  }
}

function isTaken({ lease, leaving, guests, conversation }: DeskState): boolean {
  return lease !== null || leaving !== null || guests.length > 0 || conversation !== null
}

function notReady(state: DeskState): Refusal | null {
  if (state.phone.state !== 'registered') return 'phone-not-ready'
  return state.line.state === 'open' ? null : 'line-not-open'
}

function sessionRefusal(state: DeskState, input: Extract<AgentInput, { type: 'session.asked' }>): Refusal | null {
  const live = state.session !== null && state.session.state !== 'stopped' && state.session.state !== 'finished'
  if (input.word === 'stop' || input.word === 'pause') return live ? null : 'not-allowed-now'
  if (input.word === 'resume') return state.session?.state === 'paused' ? null : 'not-allowed-now'
  const unready = notReady(state)
  if (unready) return unready
  if (state.conversation || state.inbound?.accepted) return 'busy'
  if (input.word === 'continue') {
    if (state.pending.length > 0) return 'outcome-owed'
    return state.session?.state === 'waiting' ? null : 'not-allowed-now'
  }
  return live ? 'not-allowed-now' : null
}
