/** The part `call` puts the carrier's reports of one leg in order. Ranks make it ignore late and repeated ones. */
import { agentOfDesk } from '../../ids.ts'
import { assert, earliest, type GivenUpFact, once, repeat, tell, unreachable } from '../../machine.ts'
import { isOf, type Part } from '../../parts.ts'
import type { CallEffect, CallState, EndCauseWord, LifeEffect, PartFact, PartInput } from '../state.ts'
import type { Talk } from '../talk/talk.ts'
import { lifeAbout } from './about.ts'
import { contactTried } from './contact.ts'
import { CallDecision, decideLife } from './decide.ts'
import {
  type EndedCall,
  type HangupReason,
  type Life,
  type LifeFact,
  type LiveCall,
  RECONCILE_AFTER_MS,
  WATCH_MS,
} from './state.ts'

export const life: Part<'call', CallState, Life, PartInput, PartFact, CallEffect> = {
  initial: { phase: 'empty' },
  decide: (making, input) => decideLife(new CallDecision(making), input),
  strike: making => new CallDecision(making).strike(),
  settle: making => new CallDecision(making).settle(),
  gaveUp: (making, input) => new CallDecision(making).gaveUp(input),
  evolve: (slice, fact) => (isOf('call', fact) ? evolve(slice, fact) : afterTalk(slice, fact)),
  react: (fact, state) => (isOf('call', fact) ? react(fact, state) : []),
  deadline: ({ call }) => deadline(call),
  about: lifeAbout,
}

function deadline(state: Life): number | null {
  if (state.phase !== 'live') return null
  const { attempt } = state
  const own = state.links.batchId === null ? state.watchAt : null
  if (attempt.state === 'waiting-slot') return earliest([attempt.untilMs, own])
  if (attempt.state === 'unknown') return earliest([attempt.lookAt, own])
  return own
}

function evolve(state: Life, fact: LifeFact): Life {
  if (fact.type === 'call-created' || fact.type === 'call-received') return begun(fact)
  // A stray call of a leg that is over is ended and changes nothing here.
  if (state.phase === 'over') return state
  assert(state.phase === 'live', `${fact.type} before the call exists`)
  return evolveLive(state, fact)
}

function begun(fact: Extract<LifeFact, { type: 'call-created' | 'call-received' }>): LiveCall {
  const received = fact.type === 'call-received'
  return {
    phase: 'live',
    links: fact.links,
    party: fact.personal,
    options: received ? { ringLimitMs: 60_000, amd: 'off', record: fact.record ?? false } : fact.options,
    ...(received && fact.unanswered !== undefined ? { unanswered: fact.unanswered } : {}),
    status: received ? 'ringing' : 'dialing',
    providerStatus: received ? 'ringing' : null,
    providerId: received ? fact.providerId : null,
    attempt: received ? { state: 'known' } : { state: 'waiting-slot', untilMs: null, throttled: 0 },
    createdAt: fact.at,
    ringingAt: received ? fact.at : null,
    answeredAt: null,
    wanted: 'nothing',
    watchAt: fact.at + WATCH_MS,
  }
}

type Later = Exclude<LifeFact, { type: 'call-created' | 'call-received' }>
function evolveLive(state: LiveCall, fact: Later): Life {
  switch (fact.type) {
    case 'call-queued': {
      const throttled = state.attempt.state === 'waiting-slot' ? state.attempt.throttled : 0
      return {
        ...state,
        attempt: { state: 'waiting-slot', untilMs: fact.untilMs, throttled: throttled + (fact.throttled ? 1 : 0) },
      }
    }
    case 'call-attempted': {
      // The watchdog's time begins anew with the attempt.
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
    case 'call-voicemail-began':
      return { ...state, voicemail: true }
    case 'call-answered':
      return { ...state, status: state.wanted === 'complete' ? state.status : 'progressing', answeredAt: fact.at }
    case 'call-canceling':
      return { ...state, status: state.answeredAt === null ? 'canceling' : state.status, wanted: 'cancel' }
    case 'call-terminating':
      return { ...state, status: 'terminating', wanted: 'complete' }
    case 'call-checked':
      return { ...state, watchAt: fact.at + WATCH_MS }
    case 'call-cleared':
    case 'call-not-cleared':
    case 'call-redirected':
    case 'call-judged':
    case 'call-stray':
    case 'call-onward-answered':
    case 'call-onward-ended':
      return state
    case 'call-agent-joined': {
      const agentName = fact.agentName ?? state.links.agentName
      const agentId = agentOfDesk(fact.deskId) ?? undefined
      return { ...state, links: { ...state.links, deskId: fact.deskId, agentName, ...(agentId ? { agentId } : {}) } }
    }
    case 'call-unanswered':
    case 'call-agent-left':
      return { ...state, links: { ...state.links, deskId: null } }
    case 'call-identified': {
      const { contactId, agentName, crm, personal } = fact
      const links = { ...state.links, contactId, agentName: agentName ?? state.links.agentName }
      const party = personal.name === null ? state.party : { ...state.party, name: personal.name }
      return { ...state, party, links: crm === null ? links : { ...links, crm } }
    }
    case 'call-hungup':
      return {
        phase: 'over',
        links: state.links,
        from: state.party.from,
        providerId: state.providerId,
        reason: fact.reason,
        ...(fact.reason === 'refused' && fact.code !== null ? { code: fact.code } : {}),
        ...(fact.held ? { held: fact.held } : {}),
        ...{ answeredAt: state.answeredAt, endedAt: fact.at, talkedMs: fact.talkedMs },
      }
    default:
      return unreachable(fact)
  }
}

/** From its answer on, the desk that takes a talk over has the call and is told of its end. Before that no desk has it. */
function afterTalk(state: Life, fact: PartFact | GivenUpFact): Life {
  if (state.phase !== 'live') return state
  switch (fact.type) {
    case 'talk-transfer-answered':
      return fact.answer === 'accepted' ? { ...state, links: { ...state.links, deskId: fact.deskId } } : state
    case 'talk-ordered':
    case 'talk-handed-back':
      return { ...state, links: { ...state.links, deskId: null } }
    default:
      return state
  }
}

function react(fact: LifeFact, whole: CallState): LifeEffect[] {
  const state = whole.call
  if (state.phase === 'over') return fact.type === 'call-hungup' ? farewell(fact, state, whole.talk) : stray(fact)
  if (state.phase === 'empty') return []
  switch (fact.type) {
    case 'call-created':
      // Whether the agent's desk rings comes first (`ring-heard`).
      return state.options.phone === undefined ? [tell({ type: 'reserve-slot' })] : []
    case 'call-queued':
      return state.links.deskId ? [tell({ type: 'tell-desk', word: 'queued', untilMs: fact.untilMs })] : []
    case 'call-attempted':
      return [once('carrier', { type: 'create-call', party: state.party, options: state.options })]
    case 'call-searched':
      return [repeat('carrier', { type: 'search-call', party: state.party, sinceMs: state.createdAt })]
    case 'call-placed':
      return [...toBatch(state, 'placed'), ...wantedNow(state), ...counted(state, fact.at)]
    case 'call-ringing':
      return toBatch(state, 'rang')
    case 'call-voicemail-began':
      return state.links.deskId === null ? [] : [tell({ type: 'tell-desk', word: 'ended', untilMs: null })]
    case 'call-unanswered':
      return [tell({ type: 'tell-desk', word: 'ended', untilMs: null, deskId: fact.deskId })]
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
    case 'call-onward-answered':
      return fact.maskId === null ? [] : [tell({ type: 'tell-mask', maskId: fact.maskId })]
    case 'call-received':
      return received(state)
    case 'call-cleared':
    case 'call-not-cleared':
    case 'call-outcome-unknown':
    case 'call-progressed':
    case 'call-identified':
    case 'call-judged':
    case 'call-agent-joined':
    case 'call-agent-left':
    case 'call-onward-ended':
    case 'call-hungup':
      return []
    default:
      return unreachable(fact)
  }
}

/** Names, the CRM and screens are effects, so the carrier has its answer before any of them is asked. */
function received({ links }: LiveCall): LifeEffect[] {
  if (links.kind === 'inbound' && links.deskId !== null) return [tell({ type: 'ring-desk', deskId: links.deskId })]
  // Whoever is behind a mask is looked up nowhere.
  if (links.maskId !== undefined) return []
  return links.kind === 'inbound' || links.crm !== undefined ? [tell({ type: 'identify-caller' })] : []
}

/** A second call of one leg, which must not exist, or one that turns up late, is ended at once. */
function stray(fact: LifeFact): LifeEffect[] {
  return fact.type === 'call-stray' ? [repeat('carrier', { type: 'complete-call', providerId: fact.providerId })] : []
}

function wantedNow(state: LiveCall): LifeEffect[] {
  if (state.providerId === null || state.wanted === 'nothing') return []
  const type = state.wanted === 'cancel' ? 'cancel-call' : 'complete-call'
  return [repeat('carrier', { type, providerId: state.providerId })]
}

/** The caller id of a campaign call has one more attempt, and so has the person. A line of our own counts for nobody. */
function counted({ links, party, options }: LiveCall, at: number): LifeEffect[] {
  return links.kind === 'inbound' || options.phone !== undefined
    ? []
    : [tell({ type: 'count-placed', number: party.from, contactId: links.contactId, at })]
}

function toBatch(state: LiveCall, word: 'placed' | 'rang'): LifeEffect[] {
  return state.links.batchId === null ? [] : [tell({ type: 'tell-batch', word, cause: null })]
}

function farewell(fact: Extract<LifeFact, { type: 'call-hungup' }>, state: EndedCall, talk: Talk | null): LifeEffect[] {
  const { batchId, kind } = state.links
  const deskId = deskTold(state, talk)
  const effects: LifeEffect[] = []
  if (batchId !== null)
    effects.push(
      tell({ type: 'tell-batch', word: 'ended', cause: fact.ours ? 'number-refused' : causeOf(fact.reason) }),
    )
  else if (deskId !== null) effects.push(tell({ type: 'tell-desk', word: 'ended', untilMs: null }))
  // An inbound caller used a number of their own; every other call leased one of ours.
  if (fact.ours) effects.push(tell({ type: 'set-number-aside', number: state.from, code: fact.code ?? 0 }))
  if (kind !== 'inbound') {
    const rejected = fact.reason === 'busy' || fact.reason === 'refused' ? { rejected: true } : {}
    const used = state.providerId !== null
    effects.push(tell({ type: 'free-number', number: state.from, used, talkedMs: fact.talkedMs, ...rejected }))
  }
  const tried = contactTried(state.links, fact.reason, state.answeredAt !== null, fact.at)
  const { queueId } = state.links
  if (queueId !== undefined) effects.push(tell({ type: 'tell-queue', queueId }))
  if (tried !== null) effects.push(tell({ type: 'tell-book', ...tried, at: fact.at }))
  return effects
}

/** The desk that is told of this call; a desk that is being asked to take it over comes first. */
export function deskTold(state: Life, talk: Talk | null): string | null {
  return talk?.transfer?.deskId ?? (state.phase === 'empty' ? null : state.links.deskId)
}

export function causeOf(reason: HangupReason): EndCauseWord {
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
