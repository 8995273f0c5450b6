import { unreachable } from '../machine.ts'
import { NO_FIGURES, withAbandonment, withAnswer } from './figures.ts'
import { type Agent, DECLINED_REST_MS, type Entry, type QueueFact, type QueueState, TALK_WATCH_MS } from './state.ts'

export const EMPTY_QUEUE: QueueState = {
  settings: null,
  agents: {},
  entries: {},
  offers: 0,
  seq: 0,
  turn: -1,
  figures: NO_FIGURES,
}

type Of<T extends QueueFact['type']> = Extract<QueueFact, { type: T }>

export function evolve(state: QueueState, fact: QueueFact): QueueState {
  switch (fact.type) {
    case 'queue-configured':
      return { ...state, settings: fact.settings }
    case 'queue-staffed':
      return { ...state, agents: staffed(state, fact) }
    case 'queue-closed':
      return { ...state, settings: null }
    case 'caller-queued':
      return queued(state, fact)
    case 'caller-refused':
      return { ...state, figures: { ...state.figures, refused: state.figures.refused + 1 } }
    case 'callback-kept':
      return kept(state, fact)
    case 'place-said':
      return changed(state, fact.entryId, { saidMs: fact.at, saidPlace: fact.place })
    case 'call-offered':
      return offered(state, fact)
    case 'offer-ended':
      return offerEnded(state, fact)
    case 'callback-dialed': {
      const { offerId, deskId, room, callId, untilMs } = fact
      return changed(state, fact.entryId, { stage: { is: 'ringing', offerId, deskId, room, callId, untilMs } })
    }
    case 'callback-missed':
      return missed(state, fact)
    case 'callback-due':
      return changed(state, fact.entryId, { stage: { is: 'waiting' } })
    case 'caller-connected':
      return connected(state, fact)
    case 'conversation-over': {
      const figures = { ...state.figures, talkedMs: state.figures.talkedMs + fact.talkedMs }
      return without(released({ ...state, figures }, fact.deskId), fact.entryId)
    }
    case 'caller-returned': {
      // Until their desk says that they are free again, nothing is offered to them.
      const gone = agentChanged(released(state, fact.deskId), fact.deskId, {
        free: false,
        sinceMs: fact.at,
        reason: 'agent-left',
      })
      return changed(gone, fact.entryId, { stage: { is: 'waiting' }, saidMs: 0 })
    }
    case 'caller-left':
      return callerLeft(state, fact)
    case 'refusal-lapsed': {
      const { [fact.deskId]: _over, ...refusedBy } = state.entries[fact.entryId]?.refusedBy ?? {}
      return changed(state, fact.entryId, { refusedBy })
    }
    case 'caller-asked-about': {
      const stage = state.entries[fact.entryId]?.stage
      if (stage?.is !== 'talking') return changed(state, fact.entryId, { askedMs: fact.at })
      return changed(state, fact.entryId, { stage: { ...stage, watchMs: fact.at + TALK_WATCH_MS } })
    }
    case 'agent-changed': {
      const { deskId, free, sinceMs, reason } = fact
      return agentChanged(state, deskId, { free, sinceMs, reason })
    }
    case 'delivery-given-up':
      return state
    default:
      return unreachable(fact)
  }
}

function changed(state: QueueState, entryId: string, change: Partial<Entry>): QueueState {
  const entry = state.entries[entryId]
  return entry === undefined ? state : { ...state, entries: { ...state.entries, [entryId]: { ...entry, ...change } } }
}

function without(state: QueueState, entryId: string): QueueState {
  const { [entryId]: _gone, ...entries } = state.entries
  return { ...state, entries }
}

function agentChanged(state: QueueState, deskId: string, change: Partial<Agent>): QueueState {
  const agent = state.agents[deskId]
  return agent === undefined ? state : { ...state, agents: { ...state.agents, [deskId]: { ...agent, ...change } } }
}

/** Nothing of this queue is at the agent any more. */
function released(state: QueueState, deskId: string): QueueState {
  return agentChanged(state, deskId, { entryId: null })
}

/** Who stays keeps what is known of them; a new one is not free until their desk says so. */
function staffed({ agents }: QueueState, { members, at }: Of<'queue-staffed'>): QueueState['agents'] {
  return Object.fromEntries(
    members.map(({ deskId, skills }, place) => {
      const known = agents[deskId]
      const fresh = { free: false, sinceMs: at, reason: null, calls: 0, offeredMs: 0, entryId: null }
      return [deskId, { ...fresh, ...known, deskId, skills, place }]
    }),
  )
}

function queued(state: QueueState, fact: Of<'caller-queued'>): QueueState {
  const { entryId, callId, ask, priority, skills, personal, at } = fact
  const seq = state.seq + 1
  const entry: Entry = {
    entryId,
    kind: 'call',
    callId,
    ask,
    enteredMs: at,
    placeMs: at,
    seq,
    priority,
    skills,
    stage: { is: 'waiting' },
    saidMs: 0,
    saidPlace: 0,
    answered: false,
    tries: 0,
    party: personal,
    refusedBy: {},
  }
  const figures = { ...state.figures, offered: state.figures.offered + 1 }
  return { ...state, seq, figures, entries: { ...state.entries, [entryId]: entry } }
}

function kept(state: QueueState, fact: Of<'callback-kept'>): QueueState {
  const { entryId, personal, at } = fact
  const known = state.entries[entryId] !== undefined
  const figures = { ...state.figures, callbacks: state.figures.callbacks + 1 }
  const base = known
    ? state
    : queued(state, {
        type: 'caller-queued',
        at,
        entryId,
        callId: '',
        ask: 0,
        priority: 0,
        skills: state.settings?.skills ?? [],
        personal,
      })
  return changed({ ...base, figures: { ...figures, offered: base.figures.offered } }, entryId, {
    kind: 'callback',
    callId: null,
    party: personal,
  })
}

function offered(state: QueueState, fact: Of<'call-offered'>): QueueState {
  const { entryId, offerId, deskId, untilMs, at } = fact
  const turn = state.agents[deskId]?.place ?? state.turn
  const next = agentChanged({ ...state, offers: state.offers + 1, turn }, deskId, { entryId, offeredMs: at })
  return changed(next, entryId, { stage: { is: 'offered', offerId, deskId, untilMs } })
}

function offerEnded(state: QueueState, fact: Of<'offer-ended'>): QueueState {
  const { entryId, deskId, because, at, reason } = fact
  const entry = state.entries[entryId]
  const refusedBy = { ...entry?.refusedBy, ...(because === 'declined' ? { [deskId]: at + DECLINED_REST_MS } : {}) }
  const next = changed(released(state, deskId), entryId, { stage: { is: 'waiting' }, refusedBy })
  // Until their desk says that they are free again, nothing is offered to them.
  const away = because === 'refused' || because === 'no-answer' || because === 'agent-left'
  return away ? agentChanged(next, deskId, { free: false, sinceMs: at, reason: reason ?? because }) : next
}

function missed(state: QueueState, fact: Of<'callback-missed'>): QueueState {
  const next = released(state, fact.deskId)
  if (fact.untilMs === null) return without(next, fact.entryId)
  return changed(next, fact.entryId, { stage: { is: 'resting', untilMs: fact.untilMs }, tries: fact.tries })
}

function connected(state: QueueState, fact: Of<'caller-connected'>): QueueState {
  const { entryId, callId, ask, offerId, deskId, waitedMs, at } = fact
  const first = state.entries[entryId]?.kind === 'call' && !state.entries[entryId]?.answered
  const figures = first ? withAnswer(state.figures, waitedMs, state.settings?.targetMs ?? 0) : state.figures
  const calls = (state.agents[deskId]?.calls ?? 0) + 1
  const stage = { is: 'talking' as const, offerId, deskId, sinceMs: at, watchMs: at + TALK_WATCH_MS }
  const next = agentChanged({ ...state, figures }, deskId, { calls, entryId })
  return changed(next, entryId, { stage, callId, ask, answered: true })
}

function callerLeft(state: QueueState, fact: Of<'caller-left'>): QueueState {
  const { entryId, because, waitedMs } = fact
  const entry = state.entries[entryId]
  const { targetMs = 0, shortMs = 0 } = state.settings ?? {}
  const counts = entry?.kind === 'call' && !entry.answered && because !== 'closed' && because !== 'kicked'
  const figures = counts ? withAbandonment(state.figures, waitedMs, targetMs, shortMs) : state.figures
  return without({ ...state, figures }, entryId)
}
