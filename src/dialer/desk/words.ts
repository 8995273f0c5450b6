/** Words for people: every state, reason and refusal of the desk in plain English. This file only chooses words. */
import type { DeskFact, DeskView, Lane, LaneReason, LaneState, Reason, SessionView } from '../../wire/desk.ts'
import { isolated } from '../look/name-text.ts'
import type { ActionName } from './can.ts'
import type { LinkState, Refusal } from './link.ts'

/** The looks of a lane: six status colours, each with its own icon and edge, because colour alone is not enough (WCAG 2.2, 1.4.1). */
export type LaneLook = 'queued' | 'dialing' | 'ringing' | 'live' | 'machine' | 'ended'

const LOOKS: Record<LaneState, LaneLook> = {
  queued: 'queued',
  dialing: 'dialing',
  ringing: 'ringing',
  holding: 'live',
  live: 'live',
  machine: 'machine',
  message: 'ended',
  released: 'ended',
  ended: 'ended',
}

export function laneLook(state: LaneState): LaneLook {
  return LOOKS[state]
}

const STATE_WORDS: Record<LaneState, string> = {
  queued: 'Queued',
  dialing: 'Dialing',
  ringing: 'Ringing',
  holding: 'Answered: is it a person?',
  live: 'Live: you',
  machine: 'Voicemail',
  message: 'Hears the message',
  released: 'Released',
  ended: 'Ended',
}

/** The state word on a lane; `held`: this lane's person is on hold. */
export function laneWord(lane: Lane, held: boolean): string {
  if (lane.state === 'live' && held) return 'On hold'
  if (lane.state === 'machine' && lane.verdict === 'fax') return 'Fax'
  if (lane.state === 'ended' && lane.reason !== null) return ENDED_WORDS[lane.reason]
  return STATE_WORDS[lane.state]
}

const ENDED_WORDS: Record<LaneReason, string> = {
  'answered-first-elsewhere': 'Released',
  'conversation-over': 'Ended',
  'customer-hung-up': 'Ended',
  'agent-hung-up': 'Ended',
  busy: 'Busy',
  'no-answer': 'No answer',
  failed: 'Failed',
  machine: 'Voicemail',
  fax: 'Fax',
  'no-seat': 'Heard the message',
  skipped: 'Skipped',
  stopped: 'Stopped',
  'agent-left': 'Released',
  'too-many-lines': 'Released',
  'number-refused': 'Number refused',
  refused: 'Refused',
  'not-cleared': 'Not called',
  'unknown-outcome': 'Unknown',
}

/** The reason why the leg ended or was released, as a short sentence under the state word; null: it has not ended. */
export function reasonWords(lane: Lane): string | null {
  const first = isolated(lane.firstName ?? 'someone else')
  switch (lane.reason) {
    case null:
      return null
    case 'answered-first-elsewhere':
      return `released: ${first} answered first`
    case 'conversation-over':
      return 'the conversation is over'
    case 'customer-hung-up':
      return 'they hung up'
    case 'agent-hung-up':
      return 'you hung up'
    case 'busy':
      return 'the line was busy'
    case 'no-answer':
      return 'nobody answered'
    case 'failed':
      return 'the call failed'
    case 'machine':
      return 'a voicemail answered'
    case 'fax':
      return 'a fax answered'
    case 'no-seat':
      return 'answered with no agent free: heard the message'
    case 'skipped':
      return 'you skipped it'
    case 'stopped':
      return 'the session was stopped'
    case 'too-many-lines':
      return 'fewer agents were free'
    case 'agent-left':
      return 'your line closed'
    case 'refused':
      return 'the carrier refused to place it'
    case 'not-cleared':
      return 'a calling rule forbids it: see the call'
    case 'number-refused':
      return 'the carrier refused our number: nobody was called'
    case 'unknown-outcome':
      return 'never confirmed by the carrier, closed'
  }
}

/** `Queued, 2 s` while the slot is in the future. */
export function queuedWords(untilMs: number | null, nowMs: number): string {
  if (untilMs === null) return 'Queued'
  const seconds = Math.max(0, Math.ceil((untilMs - nowMs) / 1000))
  return seconds === 0 ? 'Queued' : `Queued, ${seconds} s`
}

const PRESENCE: Record<DeskView['presence'], string> = {
  offline: 'Offline',
  ready: 'Ready',
  dialing: 'Dialing',
  'on-call': 'On call',
  'wrap-up': 'Wrap-up',
  paused: 'Paused',
}
export function presenceWords(presence: DeskView['presence']): string {
  return PRESENCE[presence]
}

/** Share of abandoned people among all people who answered. */
export function abandonedShare(abandoned: number, answered: number): string {
  return answered === 0 ? '0 %' : `${((100 * abandoned) / answered).toFixed(1)} %`
}

export const PACE_WORDS: Record<NonNullable<SessionView['pace']>['because'], string> = {
  'nobody-free': 'nobody is free',
  'few-answers': 'too few people have answered yet to judge by',
  limit: 'more would bring abandoned calls near the limit',
  'over-limit': 'too many calls were abandoned',
  most: 'all that you have chosen',
}
/** `2 lines`, or that they are everybody's. */
export function linesWords({ lines, pooled }: SessionView): string {
  return pooled ? 'shared lines' : `${lines} ${lines === 1 ? 'line' : 'lines'}`
}

/** How many lines the governor lets ring, and why. Null: nobody governs them, or all may ring. */
export function paceWords({ pace, lines }: SessionView): string | null {
  if (pace === undefined || pace.lines >= lines) return null
  const limit = `${Math.round(pace.max * 1_000) / 10} in 100`
  return `${pace.lines} of ${lines} lines ring, because ${PACE_WORDS[pace.because]} (limit ${limit} within 30 days).`
}

const REST: Record<NonNullable<SessionView['restReason']>, string> = {
  'cooling-numbers': 'All caller numbers are cooling down.',
  'calling-hours': 'Nobody on this list may be called at this hour.',
  'held-back': 'Looking for somebody on this list who may be called now.',
  'limit-reached': 'A limit of calls or spend is reached.',
  'retry-later': 'Everybody left on the list is waiting for a later try.',
  'carrier-refused': 'The carrier refuses new calls at the moment.',
  'campaign-full': 'Too many agents work in this campaign. Nothing was dialled.',
}
export function restWords(session: SessionView): string {
  return session.restReason === null ? 'Nobody can be called right now.' : REST[session.restReason]
}

const LINK: Record<LinkState['name'], string> = {
  off: 'Not connected',
  connecting: 'Connecting',
  open: 'Live',
  waiting: 'Server gone, retrying',
}
export function linkWords(link: LinkState): string {
  return LINK[link.name]
}

/** Why an action is refused, on its button and in a notice alike. */
const REASONS: Record<Reason, string> = {
  'phone-not-ready': 'The phone is not ready yet. Wait for "Phone ready" at the top.',
  'line-not-open': 'Your line is not open yet. Wait for "Line open" at the top.',
  'phone-in-another-tab': 'The phone is in another tab. Press "Use it here" first.',
  'on-break': 'You are on a break: come back first',
  'not-on-break': 'You are not on a break',
  'outcome-owed': 'Choose an outcome for the last call first',
  'nothing-owed': 'No call waits for an outcome',
  'call-not-over': 'Hang up first, then choose the outcome',
  'in-conversation': 'You are in a conversation',
  'seat-taken': 'The last call is still being ended',
  'no-session': 'No session is running',
  'session-running': 'A session is already running',
  'session-starting': 'The session is starting',
  'round-under-way': 'A round is under way',
  'wrapping-up': 'The outcome is being saved',
  'session-paused': 'The session is paused: resume it first',
  'session-not-paused': 'The session is not paused',
  'session-resting': 'Nobody can be called right now',
  'nobody-on-line': 'Nobody is on the line',
  'person-certain': 'This is already a conversation',
  'person-uncertain': 'Not before it is sure that this is a person',
  'already-held': 'Already on hold',
  'not-held': 'Not on hold',
  'number-withheld': 'The caller showed no number: ask for it and add it by hand',
  'already-listed': 'On the do-not-call list',
  'already-answered': 'Only a lane that still rings can be skipped',
  consulting: 'Somebody is being asked about this person: end that first',
  'not-consulting': 'Nobody is being asked about this person',
  'not-now': 'Not at this moment of the consultation',
  'not-in-the-room': 'This person rang through to your browser: hand them over at once instead',
  'handing-over': 'This person is being handed over already',
  'not-handing-over': 'Nobody is being handed over',
  'not-wrapping-up': 'There is no time after a call that could end',
  'nobody-calls': 'Nobody is calling',
  'already-accepted': 'Already accepted',
  'unknown-call': 'That call is already over',
  'unknown-outcome': 'That outcome does not belong to this campaign',
  'note-missing': 'This outcome needs a note: write it first',
  'time-missing': 'This outcome needs a time: say when to call again',
  'company-missing': 'This outcome needs the company of the person',
  'time-zone-missing': 'This outcome needs the time zone of the person',
  'postcode-missing': 'This outcome needs the postcode of the person',
  'extension-missing': 'This outcome needs the extension of the person',
  'time-past': 'That time is over already',
  'time-too-far': 'That time is more than a year away',
  'zone-unknown': 'Nobody knows what time it is where this person is: choose the zone of the time',
}
/** Where the same reason asks for another step, or the words would sound odd. */
const FOR_ACTION: Partial<Record<`${ActionName} ${Reason}`, string>> = {
  'session.pause session-paused': 'Already paused',
  'single.dial session-not-paused': 'Pause the session first',
  'presence.paused session-running': 'Pause the session instead',
  'presence.paused on-break': 'Already on a break',
  'inbound.accept already-accepted': 'Connecting',
  'inbound.accept seat-taken': 'Another customer is on hold: end that call first',
}
export function whyNotWords(reason: Reason, action: ActionName): string {
  return FOR_ACTION[`${action} ${reason}`] ?? REASONS[reason]
}

const REFUSALS: Record<Exclude<Refusal, Reason>, string> = {
  malformed: 'The server did not understand this page. Reload the page to get the newest version.',
  'no-agent': 'The server does not know you at this desk. Reload the page.',
  'unknown-campaign': 'That campaign does not exist any more. Choose another one.',
  'not-first': 'A queue cannot be asked first: hand the person over at once',
  'nobody-there': 'There is no such colleague or queue',
  'bad-number': 'That is not a phone number that can be called. Write it with its country code, like +1 415 555 0101.',
  'outbound-not-allowed': 'Your voice profile does not let you place calls. An administrator can change that.',
  'not-cleared': 'A calling rule forbids this call now.',
  'id-used': 'The server took this for another action. Try again.',
  'too-fast': 'Too many actions in a moment. Wait a second.',
  'not-stored': 'The server could not keep this. Nothing was done. Tell an administrator.',
  'link-down': 'No connection to the server. It is trying again by itself.',
  'no-answer': 'The server did not answer. Try again.',
  'too-many': 'Too many actions are waiting for the server. Wait a moment.',
}
/** The words for a refused command; `type` is the command's. */
export function refusalWords(reason: Refusal, type: string): string {
  const words: Record<string, string> = FOR_ACTION
  return words[`${type} ${reason}`] ?? { ...REASONS, ...REFUSALS }[reason]
}

/** `lane-changed` → `Lane changed`: one line of the event log. */
export function factWords(fact: DeskFact): string {
  return sentence(fact.type)
}

/** The log's own words that are no words of a language. */
const RESULT_WORDS: Record<string, string> = {
  noanswer: 'No answer',
  dialout: 'No answer',
  normal: 'Ended',
  cancel: 'Canceled',
  hangup: 'Ended',
  'no-seat': 'Heard the message',
  'not-cleared': 'Not called',
  progressing: 'Talking',
}

/** Public status and end of a call in the log. */
export function callResultWords(result: string | null, hangupReason: string | null, status: string): string {
  const word = result ?? hangupReason ?? status
  return RESULT_WORDS[word] ?? sentence(word)
}

/** The log keeps an outcome's id, like `meeting-booked`; its label belongs to the campaign. */
export function outcomeWords(outcome: string): string {
  return sentence(outcome)
}

/** `w_demo.c_1f….b5.2` → `b5.2`: the part that names the call's actor; the tooltip has the whole id. */
export function shortActor(actor: string): string {
  return actor.split('.').slice(2).join('.') || actor
}

function sentence(word: string): string {
  const words = word.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
