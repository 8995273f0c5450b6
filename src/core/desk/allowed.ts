/**
 * The one table of what an agent may do when. The desk refuses a command by it, and the view carries it to the page, whose buttons
 * therefore never promise what the desk refuses.
 */
import { type Move, PHASES } from '../call/transfer/moves.ts'
import { unreachable } from '../machine.ts'
import { isSipUri } from '../sip-address.ts'
import { whyNotOutcome } from './outcome.ts'
import type { AgentInput, DeskState } from './state.ts'
import type { Action, Lane, LaneContact, Reason, WhyNot } from './view.ts'

type Rule = (state: DeskState) => Reason | null

function all(...rules: Rule[]): Rule {
  return state => {
    for (const rule of rules) {
      const reason = rule(state)
      if (reason !== null) return reason
    }
    return null
  }
}

export function runs({ session }: DeskState): boolean {
  return session !== null && session.state !== 'stopped' && session.state !== 'finished'
}

const inSession: Rule = state => (runs(state) ? null : 'no-session')
const outcomesGiven: Rule = ({ pending }) => (pending.length > 0 ? 'outcome-owed' : null)
const notTalking: Rule = ({ conversation, inbound }) => (conversation || inbound?.accepted ? 'in-conversation' : null)
const onTheLine: Rule = ({ conversation }) => (conversation ? null : 'nobody-on-line')
const lineOpen: Rule = ({ line }) => (line.state === 'open' ? null : 'line-not-open')
const ready: Rule = all(
  ({ phone }) => (phone.state === 'registered' ? null : 'phone-not-ready'),
  lineOpen,
  ({ paused }) => (paused ? 'on-break' : null),
)
/** The seat is free: the last round is over, also for the people in the room. */
const seatFree: Rule = ({ lease, leaving, guests, parked }) =>
  lease || leaving || guests.length > 0 || parked ? 'seat-taken' : null

/** While somebody is asked first, only the moves of the consultation change who hears whom. */
const notConsulting: Rule = ({ conversation }) => (conversation?.transfer?.phase ? 'consulting' : null)

/** By the one table of the moves. */
function move(wanted: Move): Rule {
  return ({ conversation }) => {
    const phase = conversation?.transfer?.phase
    if (phase === undefined) return 'not-consulting'
    return PHASES[phase].moves.includes(wanted) ? null : 'not-now'
  }
}

const NOT_WAITING: Record<NonNullable<DeskState['session']>['state'], Reason | null> = {
  starting: 'session-starting',
  dialing: 'round-under-way',
  'wrap-up': 'wrapping-up',
  waiting: null,
  paused: 'session-paused',
  resting: 'session-resting',
  finished: 'no-session',
  stopped: 'no-session',
}
const waiting: Rule = ({ session }) => (session ? NOT_WAITING[session.state] : 'no-session')

const RULES: Record<Action, Rule> = {
  // The outcomes on the screen are those of one campaign, so what is owed to it is given before another begins.
  'session.start': all(state => (runs(state) ? 'session-running' : null), outcomesGiven, notTalking, ready),
  'session.continue': all(outcomesGiven, inSession, notTalking, waiting, ready),
  'session.pause': all(inSession, ({ session }) => (session?.state === 'paused' ? 'session-paused' : null)),
  'session.resume': all(
    inSession,
    ({ session }) => (session?.state === 'paused' ? null : 'session-not-paused'),
    notTalking,
    ready,
  ),
  'session.stop': inSession,
  'call.keep': all(onTheLine, ({ conversation }) => (conversation?.provisional ? null : 'person-certain')),
  'call.hang-up': all(onTheLine, notConsulting),
  // Before it is certain that this is a person, a hold would play music to a voicemail; keeping the call makes it certain.
  'call.hold': all(onTheLine, notConsulting, ({ conversation }) =>
    conversation?.held ? 'already-held' : conversation?.provisional ? 'person-uncertain' : null,
  ),
  'call.transfer': all(onTheLine, ({ conversation }) =>
    conversation?.transfer ? 'handing-over' : conversation?.provisional ? 'person-uncertain' : null,
  ),
  'call.take-back': all(
    onTheLine,
    ({ conversation }) => (conversation?.transfer ? null : 'not-handing-over'),
    state => (state.conversation?.transfer?.phase ? move('cancel')(state) : null),
  ),
  // Whoever is asked first comes into the agent's room.
  'call.ask-first': all(
    onTheLine,
    ({ conversation }) =>
      conversation?.transfer ? 'handing-over' : conversation?.provisional ? 'person-uncertain' : null,
    ({ conversation, guests }) => (guests.includes(conversation?.callId ?? '') ? null : 'not-in-the-room'),
    lineOpen,
  ),
  'transfer.swap': all(onTheLine, move('swap')),
  'transfer.merge': all(onTheLine, move('merge')),
  'transfer.complete': all(onTheLine, move('complete')),
  'transfer.cancel': all(onTheLine, move('cancel')),
  'visit.leave': ({ visit }) => (visit && visit.stage !== 'returning' ? null : 'not-consulting'),
  'call.unhold': all(onTheLine, notConsulting, ({ conversation }) => (conversation?.held ? null : 'not-held')),
  // Nobody has to hang up first, and who understands it a moment later can still say it.
  'call.do-not-call': ({ conversation, lastTalk }) => whyNotListed(conversation ?? lastTalk ?? null),
  // A session that waits for its agent does nothing by itself, so a call by hand cannot collide with it.
  'single.dial': all(
    state =>
      runs(state) && state.session?.state !== 'paused' && waiting(state) !== null ? 'session-not-paused' : null,
    notTalking,
    outcomesGiven,
    ready,
    seatFree,
  ),
  'inbound.accept': ({ inbound, parked, line, conversation }) => {
    if (!inbound) return 'nobody-calls'
    if (inbound.accepted) return 'already-accepted'
    if (conversation?.transfer?.phase) return 'consulting'
    // A call that an AI agent hands over joins the open line; any other rings at the browser phone itself.
    if (inbound.transfer && line.state !== 'open') return 'line-not-open'
    return parked ? 'seat-taken' : null
  },
  'inbound.decline': ({ inbound }) => (!inbound ? 'nobody-calls' : inbound.accepted ? 'already-accepted' : null),
  // During a call of a campaign it is chosen, and saved at its end.
  'outcome.saved': ({ pending, conversation }) => {
    if (pending.length > 0) return null
    if (conversation?.campaignId != null) return conversation.provisional ? 'person-uncertain' : null
    return conversation ? 'call-not-over' : 'nothing-owed'
  },
  'presence.paused': all(
    ({ paused }) => (paused ? 'on-break' : null),
    state => (runs(state) ? 'session-running' : null),
    notTalking,
  ),
  'presence.ready': ({ paused }) => (paused ? null : 'not-on-break'),
  // An outcome that is owed ends the time by itself.
  'wrap-up.done': all(outcomesGiven, ({ wrapUp }) => (wrapUp ? null : 'not-wrapping-up')),
}
const ACTIONS = Object.keys(RULES) as Action[]

/** What the agent may not do now, as the view carries it. */
export function whyNotOf(state: DeskState): WhyNot {
  const whyNot: WhyNot = {}
  for (const action of ACTIONS) {
    const reason = RULES[action](state)
    if (reason !== null) whyNot[action] = reason
  }
  return whyNot
}

export function maySkip({ state }: Lane): boolean {
  return state === 'queued' || state === 'dialing' || state === 'ringing'
}

/** Null: the input is allowed. `at`: now, for times that the agent has typed. */
export function refusalOf(state: DeskState, input: AgentInput, at = 0): Reason | null {
  switch (input.type) {
    case 'session.asked':
      return RULES[`session.${input.word}`](state)
    case 'single.dialed':
      return RULES['single.dial'](state)
    case 'lane.skipped': {
      const lane = state.lanes.find(one => one.callId === input.callId)
      if (!lane) return 'unknown-call'
      return maySkip(lane) ? null : 'already-answered'
    }
    case 'call.kept':
      return about(state.conversation, input) ?? RULES['call.keep'](state)
    case 'call.hung-up':
      return about(state.conversation, input) ?? RULES['call.hang-up'](state)
    case 'call.hold-asked':
      return about(state.conversation, input) ?? RULES[input.held ? 'call.hold' : 'call.unhold'](state)
    case 'call.transfer-asked':
      return about(state.conversation, input) ?? RULES[input.ask ? 'call.ask-first' : 'call.transfer'](state)
    case 'call.take-back-asked':
      return about(state.conversation, input) ?? RULES['call.take-back'](state)
    case 'transfer.move-asked':
      return about(state.conversation, input) ?? RULES[`transfer.${input.move}`](state)
    case 'visit.left':
      return about(state.inbound, input) ?? RULES['visit.leave'](state)
    case 'call.do-not-call-asked': {
      const talk = spokenWith(state, input.callId)
      return talk === null ? 'unknown-call' : whyNotListed(talk)
    }
    case 'inbound.accepted':
      return about(state.inbound, input) ?? RULES['inbound.accept'](state)
    case 'inbound.declined':
      return about(state.inbound, input) ?? RULES['inbound.decline'](state)
    case 'outcome.saved':
      return whyNotOutcome(state, input, at)
    case 'note.saved': {
      const known = state.conversation?.callId === input.callId || state.parked?.callId === input.callId
      return known || owes(state, input.callId) ? null : 'unknown-call'
    }
    case 'presence.changed':
      return RULES[input.paused ? 'presence.paused' : 'presence.ready'](state)
    case 'wrap-up.done':
      return RULES['wrap-up.done'](state)
    case 'phone.registered':
      return state.phone.ownerTabId === null || state.phone.ownerTabId === input.tabId ? null : 'phone-in-another-tab'
    case 'phone.claimed':
    case 'phone.lost':
    case 'mute.changed':
    case 'phone.refused':
    case 'quality.reported':
    case 'notice.read':
      return null
    default:
      return unreachable(input)
  }
}

/** Somebody with whom this agent speaks or has just spoken. */
export interface SpokenWith {
  callId: string
  contact: LaneContact
  doNotCall?: true
}

/** Null: not on this call, or it was too long ago. */
export function spokenWith({ conversation, parked, lastTalk, pending }: DeskState, callId: string): SpokenWith | null {
  return [conversation, parked, lastTalk, ...pending].find(one => one?.callId === callId) ?? null
}

function whyNotListed(talk: SpokenWith | null): Reason | null {
  if (talk === null) return 'nobody-on-line'
  // A SIP phone has no number that a list could have.
  if (talk.contact.number === '' || isSipUri(talk.contact.number)) return 'number-withheld'
  return talk.doNotCall ? 'already-listed' : null
}

function about(call: { callId: string } | null, input: { callId: string }): Reason | null {
  return call?.callId === input.callId ? null : 'unknown-call'
}

function owes({ pending }: DeskState, callId: string): boolean {
  return pending.some(owed => owed.callId === callId)
}
