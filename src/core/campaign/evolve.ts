import type { LegOutcome } from '../batch/state.ts'
import type { SessionCounts } from '../desk/view.ts'
import { unreachable } from '../machine.ts'
import { withPools } from './pool-evolve.ts'
import { type CampaignFact, type CampaignState, NO_COUNTS, type Session, sessionOf } from './state.ts'

export function evolve(state: CampaignState, fact: CampaignFact): CampaignState {
  return withSessions(withPools(state, fact), fact, state)
}

/** `before`: with the legs of a pool that this fact ends. */
function withSessions(state: CampaignState, fact: CampaignFact, before: CampaignState): CampaignState {
  switch (fact.type) {
    case 'campaign-configured':
      return { ...state, campaignId: fact.campaignId, settings: fact.settings }
    case 'session-started': {
      const others = state.sessions.filter(session => session.deskId !== fact.deskId)
      return { ...state, sessions: [...others, freshSession(fact, sessionOf(state, fact.deskId))] }
    }
    case 'session-forgotten':
      return { ...state, sessions: state.sessions.filter(session => session.deskId !== fact.deskId) }
    case 'numbers-unused':
    case 'contact-held-back':
    case 'session-refused':
    case 'delivery-given-up':
    case 'pool-opened':
    case 'pool-asked':
    case 'pool-rested':
    case 'pool-dialed':
    case 'pool-woken':
    case 'pool-limited':
    case 'pool-closing':
    case 'pool-closed':
      return state
    case 'round-asked':
      return withSession({ ...state, rounds: state.rounds + 1 }, fact.deskId, session => ({
        ...session,
        state: 'starting',
        askId: fact.askId,
        batchId: fact.batchId,
        lease: null,
        legs: [],
        restUntilMs: null,
        restReason: null,
      }))
    default: {
      const { deskId } = fact
      return deskId === null ? state : withSession(state, deskId, session => evolveSession(session, fact, before))
    }
  }
}

type SessionFact = Exclude<
  CampaignFact,
  {
    type:
      | 'campaign-configured'
      | 'contact-held-back'
      | 'numbers-unused'
      | 'session-started'
      | 'session-refused'
      | 'session-forgotten'
      | 'round-asked'
      | 'delivery-given-up'
      | 'pool-opened'
      | 'pool-asked'
      | 'pool-rested'
      | 'pool-dialed'
      | 'pool-woken'
      | 'pool-limited'
      | 'pool-closing'
      | 'pool-closed'
  }
>

function evolveSession(session: Session, fact: SessionFact, before: CampaignState): Session {
  switch (fact.type) {
    case 'seat-taken':
      return { ...session, lease: fact.lease, place: fact.place }
    case 'round-put-off':
      return {
        ...session,
        state: 'resting',
        lease: null,
        askId: null,
        restUntilMs: fact.untilMs,
        restReason: fact.reason,
      }
    case 'round-given-up':
      return { ...session, state: 'waiting', lease: null, askId: null, batchId: null }
    case 'round-opened':
      return openRound(session, fact)
    case 'pool-joined':
      return joinedPool(session, fact)
    case 'pool-left':
      return { ...session, roundOpen: false, batchId: null, lease: null, contactsLeft: fact.left }
    case 'pool-seat-joined':
    case 'pool-seat-paused':
    case 'pool-seat-freed':
      return session
    case 'leg-answered':
      return counted(withHeld(withPoolLeg(session, fact, before), fact), { answered: session.counts.answered + 1 })
    case 'leg-abandoned':
      return counted(session, { abandoned: session.counts.abandoned + 1 })
    case 'conversation-owed':
      return counted(
        { ...session, owed: isIn(session, fact.callId) ? session.owed : [...session.owed, fact.callId] },
        { conversations: session.counts.conversations + 1 },
      )
    case 'attempt-ended':
      return counted(session, {
        ...countOf(session.counts, fact.outcome),
        talkedMs: session.counts.talkedMs + fact.talkedMs,
      })
    case 'outcome-noted': {
      const outcomes = {
        ...session.counts.outcomes,
        [fact.outcomeId]: (session.counts.outcomes[fact.outcomeId] ?? 0) + 1,
      }
      const legs = session.legs.map(leg => (leg.callId === fact.callId ? { ...leg, outcomeIn: true } : leg))
      return counted({ ...session, legs, owed: session.owed.filter(callId => callId !== fact.callId) }, { outcomes })
    }
    case 'owed-let-go':
      return { ...session, owed: [] }
    case 'round-closed':
      // The session forgets its batch: the batch returns the seat by its own facts, and the desk must hear those first.
      return { ...session, roundOpen: false, askId: null, batchId: null, lease: null, contactsLeft: fact.left }
    case 'session-waiting':
      return { ...session, state: 'waiting' }
    case 'session-wrapping-up':
      return { ...session, state: 'wrap-up' }
    case 'pause-wanted':
      return { ...session, wantsPause: true }
    case 'session-paused':
      return { ...session, state: 'paused', wantsPause: false, askId: null, lease: null }
    case 'session-resumed':
      return { ...session, wantsPause: false }
    case 'session-stopped':
      return { ...session, state: 'stopped', askId: null }
    case 'session-finished':
      return { ...session, state: 'finished', askId: null, lease: null }
    default:
      return unreachable(fact)
  }
}

function isIn(session: Session, callId: string): boolean {
  return session.legs.some(leg => leg.callId === callId && leg.outcomeIn)
}

/** A new session takes over a round of the last one that has not ended, because outcomes of its legs may still be owed. */
function freshSession(fact: Extract<CampaignFact, { type: 'session-started' }>, last: Session | null): Session {
  const fresh = emptySession(fact)
  if (!last?.roundOpen) return fresh
  const { batchId, legs, lease, place } = last
  return { ...fresh, batchId, legs, lease, place, roundOpen: true }
}

function emptySession(fact: Extract<CampaignFact, { type: 'session-started' }>): Session {
  return {
    deskId: fact.deskId,
    agentName: fact.agentName,
    lines: fact.lines,
    state: 'starting',
    askId: null,
    lease: null,
    place: null,
    batchId: null,
    roundOpen: false,
    legs: [],
    owed: [],
    startedMs: fact.at,
    restUntilMs: null,
    restReason: null,
    wantsPause: false,
    contactsLeft: 0,
    counts: NO_COUNTS,
  }
}

function openRound(session: Session, fact: Extract<SessionFact, { type: 'round-opened' }>): Session {
  const legs = fact.legs.map(leg => ({
    callId: leg.callId,
    contactId: leg.contactId,
    number: leg.from,
    attempts: leg.attempt - 1,
    heldAt: null,
    outcomeIn: false,
  }))
  const counts = { rounds: session.counts.rounds + 1, dials: session.counts.dials + legs.length }
  const opened = { ...session, state: 'dialing' as const, roundOpen: true, legs, contactsLeft: fact.left }
  // A campaign that nobody governs keeps the rows that it has always had.
  const paced = fact.pace || session.pace ? { ...opened, pace: fact.pace ?? null } : opened
  return counted(paced, counts)
}

function joinedPool(session: Session, fact: Extract<SessionFact, { type: 'pool-joined' }>): Session {
  const { lease, place, left: contactsLeft } = fact
  const round = { lease, place, askId: null, roundOpen: true, legs: [], contactsLeft }
  const joined = { ...session, ...round, state: 'dialing' as const }
  return counted(joined, { rounds: session.counts.rounds + 1 })
}

/** Whoever has answered a line of a pool is from now on a leg of the agent whose seat they have. */
function withPoolLeg(
  session: Session,
  { callId }: Extract<SessionFact, { type: 'leg-answered' }>,
  { pools = [] }: CampaignState,
): Session {
  const leg = pools.flatMap(pool => pool.legs).find(one => one.callId === callId)
  if (leg === undefined) return session
  const { contactId, number, attempts, outcomeIn } = leg
  const legs = [{ callId, contactId, number, attempts, heldAt: null, outcomeIn }]
  return counted({ ...session, legs }, { dials: session.counts.dials + 1 })
}

function withHeld(session: Session, fact: Extract<SessionFact, { type: 'leg-answered' }>): Session {
  if (!fact.held) return session
  return { ...session, legs: session.legs.map(leg => (leg.callId === fact.callId ? { ...leg, heldAt: fact.at } : leg)) }
}

function counted(session: Session, change: Partial<SessionCounts>): Session {
  return { ...session, counts: { ...session.counts, ...change } }
}

function countOf(counts: SessionCounts, outcome: LegOutcome): Partial<SessionCounts> {
  switch (outcome) {
    case 'busy':
      return { busy: counts.busy + 1 }
    case 'no-answer':
      return { noAnswer: counts.noAnswer + 1 }
    case 'failed':
    case 'refused':
    case 'number-refused':
      return { failed: counts.failed + 1 }
    case 'released':
      return { released: counts.released + 1 }
    case 'machine':
    case 'fax':
      return { machines: counts.machines + 1 }
    default:
      return {}
  }
}

function withSession(state: CampaignState, deskId: string, change: (session: Session) => Session): CampaignState {
  if (!sessionOf(state, deskId)) return state
  return { ...state, sessions: state.sessions.map(session => (session.deskId === deskId ? change(session) : session)) }
}
