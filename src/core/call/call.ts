/** The call: what the carrier says of one leg, put in order. Ranks make it deaf to late and repeated words. */
import { assert, earliest, type GivenUpFact, type Machine, once, repeat, tell } from '../machine.ts'
import { type CrmDebt, type CrmFact, crmDeadline, crmDebt, evolveCrm, isCrmFact, reactCrm } from './crm.ts'
import { decide } from './decide.ts'
import {
  type CallEffect,
  type CallFact,
  type CallInput,
  type CallState,
  type EndCauseWord,
  type HangupReason,
  type LiveCall,
  RECONCILE_AFTER_MS,
  WATCH_MS,
} from './state.ts'
import { evolveTalk, reactTalk, type TalkFact, transferDeadline } from './talk.ts'

/** The carrier's last words about a call. */
const FINAL = ['completed', 'no-answer', 'busy', 'failed', 'canceled'] as const

export const call: Machine<CallState, CallInput, CallFact, CallEffect> = {
  name: 'call',
  version: 3,
  initial: { phase: 'empty' },
  decide: (state, input) => decide(evolve, state, input),
  evolve,
  react,
  deadline,
}

function deadline(state: CallState): number | null {
  if (state.phase === 'over') return crmDeadline(state.crm)
  if (state.phase !== 'live') return null
  const { attempt } = state
  const own = earliest([state.links.batchId === null ? state.watchAt : null, transferDeadline(state.talk)])
  if (attempt.state === 'waiting-slot') return earliest([attempt.untilMs, own])
  if (attempt.state === 'unknown') return earliest([attempt.lookAt, own])
  return own
}

function evolve(state: CallState, fact: CallFact): CallState {
  if (fact.type === 'call-created' || fact.type === 'call-received') return begun(fact)
  if (fact.type === 'delivery-given-up') return state
  if (state.phase === 'over') return isCrmFact(fact) ? { ...state, crm: evolveCrm(state.crm, fact) } : state
  assert(
    state.phase === 'live' && !isCrmFact(fact),
    `${fact.type} ${state.phase === 'live' ? 'while it lasts' : 'before the call exists'}`,
  )
  return evolveLive(state, fact)
}

function begun(fact: Extract<CallFact, { type: 'call-created' | 'call-received' }>): LiveCall {
  const received = fact.type === 'call-received'
  return {
    phase: 'live',
    links: fact.links,
    party: fact.personal,
    options: received ? { ringLimitMs: 60_000, amd: 'off', record: false } : fact.options,
    status: received ? 'ringing' : 'dialing',
    providerStatus: received ? 'ringing' : null,
    providerId: received ? fact.providerId : null,
    attempt: received ? { state: 'known' } : { state: 'waiting-slot', untilMs: null, throttled: 0 },
    createdAt: fact.at,
    ringingAt: received ? fact.at : null,
    answeredAt: null,
    wanted: 'nothing',
    watchAt: fact.at + WATCH_MS,
    talk: null,
  }
}

type Later = Exclude<CallFact, CrmFact | GivenUpFact | { type: 'call-created' | 'call-received' }>

function evolveLive(state: LiveCall, fact: Later): CallState {
  switch (fact.type) {
    case 'call-queued': {
      const throttled = state.attempt.state === 'waiting-slot' ? state.attempt.throttled : 0
      return {
        ...state,
        attempt: { state: 'waiting-slot', untilMs: fact.untilMs, throttled: throttled + (fact.throttled ? 1 : 0) },
      }
    }
    case 'call-attempted': {
      // Kept over the attempt, so that a carrier that throttles for ever is given up at a limit.
      return { ...state, attempt: { state: 'sent', sentAt: fact.at }, watchAt: fact.at + WATCH_MS }
    }
    case 'call-outcome-unknown':
      return { ...state, attempt: { state: 'unknown', lookAt: fact.at + RECONCILE_AFTER_MS, looks: 0 } }
    case 'call-searched':
      return { ...state, attempt: { state: 'unknown', lookAt: fact.at + RECONCILE_AFTER_MS, looks: fact.looks } }
    case 'call-placed':
      return { ...state, attempt: { state: 'known' }, providerId: fact.providerId, providerStatus: fact.status }
    case 'call-progressed':
      return { ...state, providerStatus: fact.status }
    case 'call-ringing':
      return { ...state, status: state.status === 'dialing' ? 'ringing' : state.status, ringingAt: fact.at }
    case 'call-answered':
      return { ...state, status: 'progressing', answeredAt: fact.at }
    case 'call-canceling':
      return { ...state, status: state.answeredAt === null ? 'canceling' : state.status, wanted: 'cancel' }
    case 'call-terminating':
      return { ...state, status: 'terminating', wanted: 'complete' }
    case 'call-checked':
      return { ...state, watchAt: fact.at + WATCH_MS }
    case 'call-redirected':
    case 'call-judged':
    case 'call-recording':
    case 'call-stray':
      return state
    case 'call-hungup':
      return {
        phase: 'over',
        // A desk that is still being asked is told as well.
        links: { ...state.links, deskId: state.talk?.transfer?.deskId ?? state.links.deskId },
        from: state.party.from,
        providerId: state.providerId,
        reason: fact.reason,
        ...(fact.reason === 'refused' && fact.code !== null ? { code: fact.code } : {}),
        answeredAt: state.answeredAt,
        crm: crmOf(fact, state),
      }
    default: {
      const talk = evolveTalk(state.talk, fact)
      // Whoever has the call is told when it ends.
      const deskId = talk?.next.to === 'room' ? talk.next.deskId : state.talk === null ? state.links.deskId : null
      return { ...state, talk, links: { ...state.links, deskId } }
    }
  }
}

function react(fact: CallFact, state: CallState): CallEffect[] {
  if (state.phase === 'over')
    return [...(fact.type === 'call-hungup' ? farewell(fact, state) : stray(fact)), ...reactCrm(fact, state.crm)]
  if (state.phase === 'empty') return []
  switch (fact.type) {
    case 'call-created':
      return [tell({ type: 'reserve-slot' })]
    case 'call-queued':
      return state.links.deskId ? [tell({ type: 'tell-desk', word: 'queued', untilMs: fact.untilMs })] : []
    case 'call-attempted':
      return [once('carrier', { type: 'create-call', party: state.party, options: state.options })]
    case 'call-searched':
      return [repeat('carrier', { type: 'search-call', party: state.party, sinceMs: state.createdAt })]
    case 'call-placed':
      return [...toBatch(state, 'placed'), ...wantedNow(state)]
    case 'call-ringing':
      return toBatch(state, 'rang')
    case 'call-answered':
      return state.links.batchId === null ? [tell({ type: 'tell-desk', word: 'answered', untilMs: null })] : []
    case 'call-canceling':
    case 'call-terminating':
      return wantedNow(state)
    case 'call-redirected':
      return state.providerId ? [repeat('carrier', { type: 'redirect-call', providerId: state.providerId })] : []
    case 'call-checked':
      return state.providerId ? [repeat('carrier', { type: 'fetch-call', providerId: state.providerId })] : []
    case 'call-stray':
      return stray(fact)
    default:
      return isTalk(fact) ? talkEffects(fact, state) : []
  }
}

function crmOf(
  fact: Extract<CallFact, { type: 'call-hungup' }>,
  { links, party, providerStatus }: LiveCall,
): CrmDebt | null {
  if (links.crm === undefined) return null
  // Only calls of AI agents have a CRM: one from a browser is somebody who calls the agent.
  const inbound = links.kind === 'inbound' || links.kind === 'browser'
  const cause = causeOf(fact.reason)
  const own = cause === 'refused' ? 'failed' : cause
  return crmDebt(links.crm, {
    // A browser has no number.
    phone: links.kind === 'browser' ? '' : inbound ? party.from : party.to,
    direction: inbound ? 'inbound' : 'outbound',
    word: fact.by === 'remote' ? 'completed-remote' : (FINAL.find(word => word === providerStatus) ?? own),
    endedAt: fact.at,
    talkedMs: fact.talkedMs,
  })
}

function isTalk(fact: CallFact): fact is TalkFact {
  return fact.type.startsWith('talk-')
}

function talkEffects(fact: TalkFact, state: LiveCall): CallEffect[] {
  const { effects, moved } = reactTalk(fact)
  const again: CallEffect[] =
    moved && state.providerId ? [repeat('carrier', { type: 'redirect-call', providerId: state.providerId })] : []
  return [...effects, ...again]
}

/** The second call of one leg (it must not exist) or a late one: ended at once. */
function stray(fact: CallFact): CallEffect[] {
  return fact.type === 'call-stray' ? [repeat('carrier', { type: 'complete-call', providerId: fact.providerId })] : []
}

function wantedNow(state: LiveCall): CallEffect[] {
  if (state.providerId === null || state.wanted === 'nothing') return []
  const type = state.wanted === 'cancel' ? 'cancel-call' : 'complete-call'
  return [repeat('carrier', { type, providerId: state.providerId })]
}

function toBatch(state: LiveCall, word: 'placed' | 'rang'): CallEffect[] {
  return state.links.batchId === null ? [] : [tell({ type: 'tell-batch', word, cause: null })]
}

function farewell(
  fact: Extract<CallFact, { type: 'call-hungup' }>,
  state: Extract<CallState, { phase: 'over' }>,
): CallEffect[] {
  const { batchId, deskId, kind } = state.links
  const effects: CallEffect[] = []
  if (batchId !== null) effects.push(tell({ type: 'tell-batch', word: 'ended', cause: causeOf(fact.reason) }))
  else if (deskId !== null) effects.push(tell({ type: 'tell-desk', word: 'ended', untilMs: null }))
  // Whoever called us used a number of their own; every other call leased one of ours.
  if (kind !== 'inbound')
    effects.push(tell({ type: 'free-number', number: state.from, used: state.providerId !== null }))
  return effects
}

function causeOf(reason: HangupReason): EndCauseWord {
  switch (reason) {
    case 'normal':
    case 'timeout':
      return 'completed'
    case 'cancel':
      return 'canceled'
    case 'noanswer':
    case 'dialout':
      return 'no-answer'
    default:
      return reason
  }
}
