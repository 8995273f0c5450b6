import type { RecordedMachine } from '../about.ts'
import type { SessionView } from '../desk/view.ts'
import { earliest, tell, unreachable } from '../machine.ts'
import { campaignAbout } from './about.ts'
import { decide } from './decide.ts'
import { evolve } from './evolve.ts'
import { campaignGrowing } from './growing.ts'
import type { PoolFact } from './pool-facts.ts'
import { poolActs } from './pool-react.ts'
import { DEFAULT_PLAN, nextTry } from './retry.ts'
import {
  type CampaignEffect,
  type CampaignFact,
  type CampaignInput,
  type CampaignState,
  isLive,
  isPooled,
  NO_COUNTS,
  poolOf,
  type Session,
  sessionOf,
} from './state.ts'
import { surplus } from './surplus.ts'
import { upcastCampaign } from './upcast.ts'

export const campaign: RecordedMachine<CampaignState, CampaignInput, CampaignFact, CampaignEffect> = {
  name: 'campaign',
  version: 2,
  initial: { campaignId: '', settings: null, rounds: 0, sessions: [] },
  decide,
  evolve,
  react,
  deadline: state =>
    earliest([
      ...state.sessions.map(session => (session.state === 'resting' ? session.restUntilMs : null)),
      ...(state.pools ?? []).map(pool => (pool.closing ? null : pool.restUntilMs)),
    ]),
  upcast: upcastCampaign,
  about: campaignAbout,
  growing: campaignGrowing,
}

function react(fact: CampaignFact, state: CampaignState): CampaignEffect[] {
  // What a screen says of a session depends on the settings.
  if (fact.type === 'campaign-configured')
    return state.sessions.map(({ deskId }) => tell({ type: 'tell-session' as const, deskId }))
  if (fact.type === 'delivery-given-up' || fact.type === 'contact-held-back') return []
  if (fact.type === 'numbers-unused') return surplus(fact.numbers, fact.askId)
  if (fact.type === 'session-forgotten') return []
  if (fact.type === 'session-refused') return [tell({ type: 'refuse-session', deskId: fact.deskId, lines: fact.lines })]
  if (isOfPool(fact)) return poolActs(fact, state)
  const { deskId } = fact
  return [...acts(fact, state), ...(deskId === null ? [] : [tell({ type: 'tell-session' as const, deskId })])]
}

function isOfPool(fact: CampaignFact): fact is Extract<CampaignFact, PoolFact> {
  return fact.type.startsWith('pool-')
}

type OfSession = Exclude<
  CampaignFact,
  {
    type:
      | 'campaign-configured'
      | 'contact-held-back'
      | 'numbers-unused'
      | 'session-forgotten'
      | 'session-refused'
      | 'delivery-given-up'
      | PoolFact['type']
  }
>

function acts(fact: OfSession, state: CampaignState): CampaignEffect[] {
  switch (fact.type) {
    case 'round-asked': {
      const { deskId, askId, batchId } = fact
      const shared = isPooled(state, deskId) ? { shared: true as const } : {}
      return [tell({ type: 'ask-seat', deskId, askId, batchId, ...shared })]
    }
    case 'seat-taken':
      return [tell({ type: 'lease-numbers', askId: fact.askId, count: sessionOf(state, fact.deskId)?.lines ?? 1 })]
    case 'round-opened': {
      const { deskId } = fact
      return [
        tell({ type: 'show-round', deskId, batchId: fact.batchId }),
        tell({ type: 'open-batch', deskId, batchId: fact.batchId }),
        ...surplus(fact.surplus, fact.batchId),
      ]
    }
    case 'session-stopped': {
      const { deskId } = fact
      const session = sessionOf(state, deskId)
      if (!session?.roundOpen || !session.batchId) return giveBack(state, deskId)
      if (poolOf(state, session.batchId)) return withdraw(state, deskId)
      return [tell({ type: 'stop-batch', deskId, batchId: session.batchId })]
    }
    case 'session-paused':
      return giveBack(state, fact.deskId)
    case 'pause-wanted':
      return withdraw(state, fact.deskId)
    case 'round-put-off':
    case 'session-finished': {
      const { deskId } = fact
      const back = poolOf(state, sessionOf(state, deskId)?.batchId ?? null)
        ? withdraw(state, deskId)
        : giveBack(state, deskId)
      return [...back, ...surplus(fact.surplus, sessionOf(state, deskId)?.batchId ?? deskId)]
    }
    case 'attempt-ended':
      return [toBook(fact, state)]
    case 'conversation-owed': {
      const { deskId, callId, agentName } = fact
      return agentName === undefined ? [] : [tell({ type: 'name-agent', deskId, callId, agentName })]
    }
    case 'session-started':
    case 'round-given-up':
    case 'leg-answered':
    case 'leg-abandoned':
    case 'outcome-noted':
    case 'owed-let-go':
    case 'round-closed':
    case 'session-waiting':
    case 'session-wrapping-up':
    case 'session-resumed':
      return []
    default:
      return unreachable(fact)
  }
}

/** The same rule as the campaign's own row of this person (`src/actors/campaign/tables.ts`). */
function toBook(fact: Extract<CampaignFact, { type: 'attempt-ended' }>, state: CampaignState): CampaignEffect {
  const { contactId, callId, outcome, attempts, at } = fact
  const { status } = nextTry(outcome, attempts, at, state.settings?.plan ?? DEFAULT_PLAN)
  return tell({ type: 'tell-book', contactId, callId, status, result: outcome, at })
}

/** The seat in a pool is asked back; whoever sits in it talks to the end. An agent who has rounds of their own has no such seat. */
function withdraw(state: CampaignState, deskId: string): CampaignEffect[] {
  const pool = poolOf(state, sessionOf(state, deskId)?.batchId ?? null)
  const seat = pool?.seats.find(one => one.deskId === deskId)
  return pool && seat ? [tell({ type: 'withdraw-seat', deskId, batchId: pool.batchId, seatId: seat.seatId })] : []
}

/** Gives back a seat whose round will not be dialled. The desk ignores a lease that it no longer holds. */
function giveBack(state: CampaignState, deskId: string): CampaignEffect[] {
  const session = sessionOf(state, deskId)
  const batchId = session?.batchId
  return batchId ? [tell({ type: 'return-lease', deskId, batchId })] : []
}

/** What the screen of an agent shows for whom there is no session here any more. */
export function refusedView(state: CampaignState, deskId: string, lines: 1 | 2 | 4, at: number): SessionView | null {
  if (!state.settings || isLive(sessionOf(state, deskId))) return null
  const view = { campaignId: state.campaignId, name: state.settings.name, lines, state: 'stopped' as const }
  return { ...view, restUntilMs: null, restReason: 'campaign-full', startedMs: at, contactsLeft: 0, counts: NO_COUNTS }
}

/** Why nothing rings in the pool that this agent waits in. */
function poolRest(state: CampaignState, { deskId, batchId }: Session): SessionView['restReason'] {
  const pool = poolOf(state, batchId)
  return pool?.seats.some(seat => seat.deskId === deskId) ? pool.restReason : null
}

/** The session as the agent's screen shows it. */
export function sessionView(state: CampaignState, deskId: string): SessionView | null {
  const session = sessionOf(state, deskId)
  if (!session || !state.settings) return null
  const { lines, restUntilMs, restReason, startedMs, contactsLeft, counts, pace } = session
  const max = state.settings.abandonMax
  const view = { campaignId: state.campaignId, name: state.settings.name, lines, state: session.state }
  const shown = { ...view, restUntilMs, restReason, startedMs, contactsLeft, counts }
  if (isPooled(state, deskId)) return { ...shown, restReason: poolRest(state, session) ?? restReason, pooled: true }
  return pace && max ? { ...shown, pace: { lines: pace.lines, because: pace.because, max } } : shown
}
