import type { Act, Person } from '../people/script.ts'
import type { TwimlNode } from '../twiml/document.ts'
import type { Account, ApiKey, Application, CallerId, OwnNumber } from './account.ts'
import type { Timer } from './input.ts'
import { type Media, noMedia, type RecordRequest, type RecordVerb, type Referring } from './media-world.ts'
import type { Messaging } from './messages.ts'
import { type Random, seededRandom } from './random.ts'
import { emptySipBook, type SipBook, type SipFar, type SipOutcome } from './sip/sip-book.ts'
import { noTexts, type Texts } from './texts/text.ts'

/** The whole state of the phone network. Only `engine/` changes it, and only inside one `apply`. */

export const CALLS_KEPT_MAX = 5_000
export const CALLS_LIVE_MAX = 2_000
export const CONFERENCES_KEPT_MAX = 2_000
export const QUEUES_MAX = 1_000
export const TIMERS_MAX = 50_000
export const CPS_MAX = 100

export type CallStatus =
  | 'queued'
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled'

export type CallEvent = 'initiated' | 'ringing' | 'answered' | 'completed'

export interface Target {
  url: string
  method: 'GET' | 'POST'
}

/** Where a call's TwiML comes from. */
export type Instructions = { twiml: string } | (Target & { fallback: Target | null })

export interface CallbackTarget extends Target {
  events: string[]
}

export interface Detection {
  mode: 'Enable' | 'DetectMessageEnd'
  async: boolean
  callback: Target | null
  limitMs: number
  silenceMs: number
  /** a greeting of this length is a machine's */
  speechMs: number
  /** silence that ends a greeting */
  speechEndMs: number
}

/** The far end of a leg: a person, a browser client or a program. */
export type Far =
  | { kind: 'person'; number: string }
  | { kind: 'client'; identity: string }
  /** `<Dial><Application>`: a program answers and hears what the dialling leg says */
  | { kind: 'application'; applicationSid: string }
  /** a number of this account: the far end is another call, of which this one is the far end (see `line.ts`) */
  | { kind: 'line'; number: string; other: string | null; hops: number }
  | SipFar

/** A `<Dial>` in progress. */
export interface Dial {
  children: string[]
  winner: string | null
  winnerAt: number | null
  conferenceSid: string | null
  /** `<Dial><Queue>`: the queue from which the next caller is taken */
  queueSid: string | null
  /** document for the queue's caller before it is bridged */
  whisper: Target | null
  /** children are rung one after another */
  sequential: boolean
  action: Target | null
  record: RecordRequest | null
  recordFromRinging: boolean
  recordingSid: string | null
  hangupOnStar: boolean
  timeLimitMs: number
}

/** A `<Gather>` in progress: its prompts sound, keys and words are collected. */
export interface Gather {
  digits: string
  words: string[]
  /** `dtmf`, `speech` or both */
  dtmf: boolean
  speech: boolean
  action: Target
  finishOnKey: string
  numDigits: number | null
  timeoutMs: number
  /** silence that ends what was said; null: `auto`, as soon as a sentence is complete */
  speechTimeoutMs: number | null
  actionOnEmpty: boolean
  bargeIn: boolean
  partial: Target | null
  partials: number
  /** whether the prompts are over, or there were none */
  listening: boolean
  /** token of the only timer that may end it now */
  token: number
}

/** The present activity of a connected call. A token names the one result that may end it. */
export type Doing =
  | { what: 'waiting' }
  | { what: 'fetching'; token: number; target: Target; fallback: Target | null }
  | { what: 'sounding'; token: number; again: number }
  | { what: 'dialing'; dial: Dial }
  | { what: 'gathering'; gather: Gather }
  /** in a queue, until somebody takes it out */
  | { what: 'queued'; queueSid: string; action: Target | null; since: number; bridgedTo: string | null }
  /** `recording`: a `<Record>`; `connected`: a program speaks with the far end over a stream or a relay */
  | { what: 'recording'; record: RecordVerb }
  | { what: 'connected'; sid: string; action: Target | null }
  | Referring
  | { what: 'nothing' }

/**
 * Why a document is performed: it is the call's own TwiML, the prompts of a `<Gather>`, the document of a call that
 * waits, the one for a callee before it is bridged, or an announcement in a conference.
 */
export type Why = 'main' | 'prompt' | 'wait' | 'whisper' | 'announce'

/** A document in progress. Documents nest: a `<Gather>` waits while its prompts sound. */
export interface Run {
  why: Why
  doing: Doing
  verbs: TwimlNode[]
  cursor: number
  /** relative URLs of the document are resolved against this */
  documentUrl: string | null
}

/** A scripted person's progress on a leg. */
export interface Acting {
  /** the acts of the script, or of the menu branch that a key has chosen */
  acts: Act[]
  cursor: number
  token: number
  says: string | null
}

/** The attributes of a conference participant, kept until the participant joins. */
export interface Seat {
  conferenceName: string
  label: string | null
  muted: boolean
  startOnEnter: boolean
  endOnExit: boolean
  coaching: boolean
  callSidToCoach: string | null
  beep: boolean
  beepOnExit: boolean
  /** '' is silence, null is Twilio's hold music */
  waitUrl: string | null
  waitMethod: 'GET' | 'POST'
  participantsMax: number
  /** recording of the conference, if this participant opens it */
  record?: RecordRequest | null
  statusCallback: CallbackTarget | null
}

/** The code that somebody at the phone must type, to make the number a verified caller id. */
export interface Verification {
  code: string
  friendlyName: string | null
  callback: Target | null
  typed: string
  done: boolean
}

/**
 * A leg. `why`, `doing`, `verbs`, `cursor` and `documentUrl` belong to the document that sounds now; `outer` holds
 * those that wait for it.
 */
export interface Call extends Run {
  sid: string
  parentSid: string | null
  direction: 'inbound' | 'outbound-api' | 'outbound-dial'
  from: string
  to: string
  far: Far
  status: CallStatus
  createdAt: number
  updatedAt: number
  startedAt: number | null
  answeredAt: number | null
  endedAt: number | null
  queueMs: number
  instructions: Instructions
  statusCallback: CallbackTarget | null
  statusSequence: number
  detection: Detection | null
  answeredBy: string | null
  detectionMs: number | null
  ringLimitMs: number
  timeLimitMs: number
  outer: Run[]
  conferenceSid: string | null
  /** the queue in which it waits */
  queueSid: string | null
  seat: Seat | null
  acting: Acting | null
  sipCode: number | null
  applicationSid: string | null
  phoneNumberSid: string | null
  verification: Verification | null
  /** from a lookup of the caller's name, when the number asks for one */
  callerName: string | null
  parameters: Record<string, string>
  /** source of the document that the call hears again and again while it waits */
  wait: Target | null
  /** TwiML for the callee alone, after it has answered and before it is bridged */
  whisper: Target | null
  /** keys that the network presses when the callee has answered */
  sendDigits: string
  callToken: string | null
  /** recorded from the answer on */
  record: RecordRequest | null
  /** documents that were asked for in a row, without a verb that took time */
  idleDocuments: number
  /** when the present verb began */
  verbAt: number
  /** the browser of a `client:` caller has been told that the call is open */
  openToBrowser: boolean
  messaging: Messaging
  sipOutcome: SipOutcome | null
}

export interface Participant extends Seat {
  callSid: string
  held: boolean
  status: 'queued' | 'ringing' | 'connected'
  createdAt: number
  updatedAt: number
}

export interface Conference {
  sid: string
  friendlyName: string
  status: 'init' | 'in-progress' | 'completed'
  /** whether audio is mixed and `conference-start` was sent */
  mixing: boolean
  createdAt: number
  updatedAt: number
  endedAt: number | null
  participants: Map<string, Participant>
  statusCallback: CallbackTarget | null
  record: RecordRequest | null
  sequence: number
  reasonEnded: string | null
  callSidEnding: string | null
}

export interface Member {
  callSid: string
  enqueuedAt: number
}

export interface Queue {
  sid: string
  friendlyName: string
  sizeMax: number
  createdAt: number
  updatedAt: number
  members: Member[]
  /** waiting times in seconds of members that were taken out, newest last; for `AvgQueueTime` */
  waits: number[]
  /** calls in a `<Dial><Queue>` that wait for a member */
  askers: string[]
}

type Credentials = Pick<Account, 'accountSid' | 'authToken' | 'apiKeySid' | 'apiKeySecret' | 'twimlAppSid'>

export interface World {
  account: Account
  random: Random
  seed: number
  cps: number
  /** planned starts of API-created calls, oldest first; only as many as the largest CPS needs */
  starts: number[]
  /** by number */
  numbers: Map<string, OwnNumber>
  /** by SID */
  applications: Map<string, Application>
  /** by number */
  callerIds: Map<string, CallerId>
  /** by SID */
  keys: Map<string, ApiKey>
  people: Map<string, Person>
  calls: Map<string, Call>
  conferences: Map<string, Conference>
  queues: Map<string, Queue>
  media: Media
  texts: Texts
  sip: SipBook
  /** whether there is sound to listen to; otherwise what is heard follows from the scripts */
  hears: boolean
  timers: Timer[]
  tokens: number
  /** share of words that the recogniser mishears, 0…1 */
  recogniserErrorRate: number
  /** how many of the next answers make another ringing phone answer in the same instant */
  doubleAnswers: number
}

export const TERMINAL: ReadonlySet<CallStatus> = new Set<CallStatus>([
  'completed',
  'busy',
  'failed',
  'no-answer',
  'canceled',
])

export function isLive(call: Call): boolean {
  return !TERMINAL.has(call.status)
}

/** The account was opened at this time, so that the same seed gives the same world. */
const BORN_AT = Date.UTC(2025, 0, 6, 12)

export function createWorld(seed: number, credentials: Credentials, cps: number): World {
  const born = { createdAt: BORN_AT, updatedAt: BORN_AT }
  const { apiKeySid, apiKeySecret, twimlAppSid } = credentials
  const none: Target = { url: '', method: 'POST' }
  const app = { voice: none, fallback: none, statusCallback: none, callerIdLookup: false, sms: {} }
  return {
    account: {
      ...credentials,
      ...born,
      friendlyName: 'The phone network',
      status: 'active',
      blockedPrefixes: [],
      requestsMax: null,
      browserOpens: 'at-answer',
    },
    applications: new Map([[twimlAppSid, { ...app, ...born, sid: twimlAppSid, friendlyName: 'Default application' }]]),
    callerIds: new Map(),
    keys: new Map([[apiKeySid, { ...born, sid: apiKeySid, secret: apiKeySecret, friendlyName: 'Default key' }]]),
    random: seededRandom(`world ${seed}`),
    seed,
    cps,
    starts: [],
    numbers: new Map(),
    people: new Map(),
    calls: new Map(),
    conferences: new Map(),
    queues: new Map(),
    media: noMedia(),
    texts: noTexts(),
    sip: emptySipBook(),
    hears: false,
    timers: [],
    tokens: 0,
    recogniserErrorRate: 0,
    doubleAnswers: 0,
  }
}

type SidPrefix = 'CA' | 'CF' | 'PN' | 'QU' | 'MZ' | 'RE' | 'TR' | 'VX' | 'GT' | 'SM' | 'MM'

export function newSid(world: World, prefix: SidPrefix): string {
  return prefix + world.random.hex(32)
}

export function newToken(world: World): number {
  world.tokens += 1
  return world.tokens
}

export function liveCalls(world: World): Call[] {
  return [...world.calls.values()].filter(isLive)
}

/** The live call of a pretend phone, if any. A phone takes one call at a time. */
export function callOfPhone(world: World, number: string): Call | undefined {
  for (const call of world.calls.values()) {
    const { far, status } = call
    if (isLive(call) && status !== 'queued' && far.kind === 'person' && far.number === number) return call
  }
  return undefined
}

/** A conference by SID, or the live one by its friendly name. */
export function findConference(world: World, idOrName: string): Conference | undefined {
  const bySid = world.conferences.get(idOrName)
  if (bySid) return bySid
  for (const conference of world.conferences.values()) {
    if (conference.friendlyName === idOrName && conference.status !== 'completed') return conference
  }
  return undefined
}
