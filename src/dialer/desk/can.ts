/**
 * A table with one rule per action of the desk: it allows the action, or gives the reason why not in words. Buttons stay
 * visible and show the reason; keys use the same table. The server checks again, because a page cannot be trusted.
 */
import type { DeskView } from '../../wire/desk.ts'
import type { PhoneSnapshot } from '../phone/port.ts'
import type { LinkState } from './link.ts'

export type ActionName =
  | 'session.start'
  | 'session.continue'
  | 'session.pause'
  | 'session.resume'
  | 'session.stop'
  | 'lane.skip'
  | 'call.keep'
  | 'call.hang-up'
  | 'call.hold'
  | 'call.unhold'
  | 'mute.changed'
  | 'keypad'
  | 'single.dial'
  | 'inbound.accept'
  | 'inbound.decline'
  | 'note.saved'
  | 'outcome.saved'
  | 'presence.paused'
  | 'presence.ready'

export interface CanContext {
  link: LinkState['name']
  view: DeskView
  phone: PhoneSnapshot
  /** keys (`pendingKey`) of the commands without an answer */
  pending: ReadonlySet<string>
  /** the call that the action is about, if there is one */
  callId?: string
}

/** The reason why an action is not possible; null: it is allowed. */
export type Reason = string | null

export const WAITING = 'Waiting for the server'

/** Why this action is not possible now, or null when it is. */
export function whyNot(action: ActionName, context: CanContext): Reason {
  if (context.link !== 'open') return 'No connection to the server'
  const key = context.callId === undefined ? action : `${action}:${context.callId}`
  if (context.pending.has(key)) return WAITING
  return RULES[action](context)
}

type Rule = (context: CanContext) => Reason

/** True unless the session is over. */
export function sessionRuns(view: DeskView): boolean {
  return view.session !== null && view.session.state !== 'finished' && view.session.state !== 'stopped'
}

/** Somebody is on the line, is being called, or waits for an outcome: the call panels have something to show. */
export function callUnderWay(view: DeskView): boolean {
  const calling = view.lanes.some(lane => lane.state !== 'ended' && lane.state !== 'released')
  return calling || view.conversation !== null || view.pendingOutcomes.length > 0
}

function phoneReady({ view, phone }: CanContext): Reason {
  if (phone.phase.name === 'elsewhere') return 'The phone is in another tab'
  if (phone.phase.name !== 'registered') return 'The phone is not ready yet'
  if (phone.line === 'needs-gesture') return 'The browser waits for your click to play sound'
  if (phone.line !== 'open') return 'Your line is still opening'
  if (view.line.state !== 'open') return 'The server is still opening your line'
  return null
}

const inRunningSession: Rule = ({ view }) => (sessionRuns(view) ? null : 'No session is running')
const inConversation: Rule = ({ view }) => (view.conversation === null ? 'Nobody is on the line' : null)
const outcomesPaid: Rule = ({ view }) =>
  view.pendingOutcomes.length > 0 ? 'Choose an outcome for the last call first' : null
const notTalking: Rule = ({ view }) => (view.conversation === null ? null : 'You are in a conversation')

function all(...rules: Rule[]): Rule {
  return context => {
    for (const rule of rules) {
      const reason = rule(context)
      if (reason !== null) return reason
    }
    return null
  }
}

const SKIPPABLE = new Set(['queued', 'dialing', 'ringing'])

const RULES: Record<ActionName, Rule> = {
  'session.start': all(
    ({ view }) => (sessionRuns(view) ? 'A session is already running' : null),
    outcomesPaid,
    notTalking,
    phoneReady,
  ),
  'session.continue': all(inRunningSession, outcomesPaid, notTalking, phoneReady, ({ view }) =>
    view.session?.state === 'waiting' || view.session?.state === 'wrap-up' ? null : CONTINUE_WORDS[view.session!.state],
  ),
  'session.pause': all(inRunningSession, ({ view }) => (view.session?.state === 'paused' ? 'Already paused' : null)),
  'session.resume': all(
    inRunningSession,
    ({ view }) => (view.session?.state === 'paused' ? null : 'The session is not paused'),
    phoneReady,
  ),
  'session.stop': inRunningSession,
  'lane.skip': ({ view, callId }) => {
    const lane = view.lanes.find(one => one.callId === callId)
    if (lane === undefined) return 'No lane to skip'
    return SKIPPABLE.has(lane.state) ? null : 'Only a lane that still rings can be skipped'
  },
  'call.keep': all(inConversation, ({ view }) =>
    view.conversation?.provisional === true ? null : 'This is already a conversation',
  ),
  'call.hang-up': inConversation,
  'call.hold': all(inConversation, ({ view }) =>
    view.conversation?.held === true
      ? 'Already on hold'
      : view.conversation?.provisional === true
        ? 'Not before it is sure that this is a person'
        : null,
  ),
  'call.unhold': all(inConversation, ({ view }) => (view.conversation?.held === true ? null : 'Not on hold')),
  'mute.changed': ({ phone }) =>
    phone.line === 'open' || phone.line === 'reconnecting' || phone.inboundCallId !== null
      ? null
      : 'Your line is not open',
  keypad: inConversation,
  'single.dial': all(
    ({ view }) => (sessionRuns(view) && view.session?.state !== 'paused' ? 'Pause the session first' : null),
    notTalking,
    outcomesPaid,
    phoneReady,
  ),
  'inbound.accept': context => {
    const { view, phone } = context
    if (view.inbound === null) return 'Nobody is calling'
    if (view.inbound.accepted) return 'Connecting'
    // A call that an AI agent hands over joins the open line, so the line must be open.
    if (view.inbound.transfer != null) return phoneReady(context)
    return phone.phase.name === 'registered' ? null : 'The phone is not ready yet'
  },
  'inbound.decline': ({ view }) =>
    view.inbound === null ? 'Nobody is calling' : view.inbound.accepted ? 'Already accepted' : null,
  'note.saved': () => null,
  'outcome.saved': ({ view }) =>
    view.pendingOutcomes.length > 0
      ? null
      : view.conversation !== null
        ? 'Hang up first, then choose the outcome'
        : 'No call waits for an outcome',
  'presence.paused': ({ view }) =>
    view.presence === 'paused'
      ? 'Already paused'
      : sessionRuns(view)
        ? 'Pause the session instead'
        : view.conversation !== null
          ? 'You are in a conversation'
          : null,
  'presence.ready': ({ view }) =>
    view.presence !== 'paused' ? 'You are not paused' : sessionRuns(view) ? 'Resume the session instead' : null,
}

const CONTINUE_WORDS: Record<NonNullable<DeskView['session']>['state'], string> = {
  starting: 'The session is starting',
  dialing: 'A round is under way',
  'wrap-up': '',
  waiting: '',
  paused: 'The session is paused: resume it first',
  resting: 'Nobody can be called right now',
  finished: 'The list is finished',
  stopped: 'The session was stopped',
}
