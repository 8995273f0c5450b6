/**
 * Why an action is not possible now, in words. The rules are the server's: the view carries their reasons. Here are only what the
 * browser alone knows (link, phone, commands without an answer) and the words. Buttons stay visible and show the reason; keys ask the same.
 */
import type { Action, DeskView, Reason as WireReason } from '../../wire/desk.ts'
import type { PhoneSnapshot } from '../phone/port.ts'
import type { LinkState } from './link.ts'
import { whyNotWords } from './words.ts'

/** The actions of the view, and three of which the browser decides, or each lane. */
export type ActionName = Action | 'lane.skip' | 'mute.changed' | 'keypad'

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
  switch (action) {
    case 'lane.skip':
      return whyNotSkip(context)
    case 'mute.changed':
      return hasSound(context.phone) ? null : 'Your line is not open'
    case 'keypad':
      return context.view.conversation === null ? whyNotWords('nobody-on-line', action) : null
    default:
      return whyNotAtDesk(action, context)
  }
}

/** What the phone knows is told before the desk's reason, when that is about the phone as well, because it is more exact. */
function whyNotAtDesk(action: Action, context: CanContext): Reason {
  const refusal = context.view.whyNot[action]
  const local = refusal === undefined || ABOUT_PHONE.has(refusal) ? whyNoPhone(action, context) : null
  return local ?? (refusal === undefined ? null : whyNotWords(refusal, action))
}

const ABOUT_PHONE: ReadonlySet<WireReason> = new Set(['phone-not-ready', 'line-not-open'])
const NEEDS_LINE: ReadonlySet<ActionName> = new Set([
  'session.start',
  'session.continue',
  'session.resume',
  'single.dial',
])

function whyNoPhone(action: Action, { view, phone }: CanContext): Reason {
  const accepts = action === 'inbound.accept' && view.inbound !== null
  // A call that an AI agent hands over joins the open line; any other rings at this phone.
  const needsLine = NEEDS_LINE.has(action) || (accepts && view.inbound?.transfer != null)
  if (!needsLine && !accepts) return null
  if (phone.phase.name === 'elsewhere') return 'The phone is in another tab'
  if (phone.phase.name !== 'registered') return 'The phone is not ready yet'
  if (!needsLine) return null
  if (phone.line === 'needs-gesture') return 'The browser waits for your click to play sound'
  return phone.line === 'open' ? null : 'Your line is still opening'
}

function whyNotSkip({ view, callId }: CanContext): Reason {
  const lane = view.lanes.find(one => one.callId === callId)
  if (lane === undefined) return 'No lane to skip'
  return lane.maySkip ? null : whyNotWords('already-answered', 'lane.skip')
}

function hasSound({ line, inboundCallId }: PhoneSnapshot): boolean {
  return line === 'open' || line === 'reconnecting' || inboundCallId !== null
}

/** True unless the session is over. */
export function sessionRuns(view: DeskView): boolean {
  return view.session !== null && view.session.state !== 'finished' && view.session.state !== 'stopped'
}

/** Somebody is on the line, is being called, or waits for an outcome: the call panels have something to show. */
export function callUnderWay(view: DeskView): boolean {
  const calling = view.lanes.some(lane => lane.state !== 'ended' && lane.state !== 'released')
  return calling || view.conversation !== null || view.pendingOutcomes.length > 0
}
