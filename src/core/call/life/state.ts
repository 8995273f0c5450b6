/**
 * The life of one leg at the carrier: requested, paced, attempted once, adopted, ringing, answered, over.
 * Public statuses are VoIPBIN's; the carrier's own is kept beside them as `providerStatus`.
 */

import type { Refused } from '../../clearance/clearance.ts'
import type { Window } from '../../clearance/local-time.ts'
import type { Profile, Purpose, Rule } from '../../clearance/rules.ts'
import type { CrmContext } from '../crm/crm.ts'
import type { TalkOrder } from '../talk/talk.ts'

/** After a create of unknown outcome, the carrier's list is searched at this pace. */
export const RECONCILE_AFTER_MS = 6_000
export const RECONCILE_LOOKS_MAX = 3
/** Backoff after a 429 to a create: nothing was made, so asking again is safe. */
export const THROTTLED_MS = 1_000
export const THROTTLED_MAX = 8
/** A call outside a batch asks the carrier about itself at this pace. */
export const WATCH_MS = 60_000
/** The longest call, the carrier's own limit (4 h). */
export const CALL_LIMIT_MS = 4 * 3_600_000

export type CallStatus = 'dialing' | 'ringing' | 'progressing' | 'terminating' | 'canceling' | 'hangup'
export type ProviderStatus =
  | 'queued'
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled'
export type HangupReason =
  | 'normal'
  | 'failed'
  | 'busy'
  | 'cancel'
  | 'timeout'
  | 'noanswer'
  | 'dialout'
  | 'refused'
  /** a rule of clearance forbade it, and nothing was sent */
  | 'not-cleared'
/** `cidr`: a program of somebody else asked for it, with a key; `api`: it was placed with a flow on it */
export type CallKind = 'campaign' | 'single' | 'inbound' | 'browser' | 'ai' | 'cidr' | 'api'
export type DetectedAs = 'human' | 'machine' | 'fax' | 'unknown'

/** The batch, campaign, contact and desk of a call. Personal values are kept apart, so that they can be erased. */
export interface CallLinks {
  kind: CallKind
  batchId: string | null
  campaignId: string | null
  contactId: string | null
  deskId: string | null
  /** the agent whose call it is, as `agentOfDesk` names people; it decides who may read the call. Absent: the desk says it */
  agentId?: string | null
  /** shown to people, and decides nothing: two agents may have one name */
  agentName: string | null
  /** the CRM's record of this person; it is told how the call went */
  crm?: CrmContext
  /** the flow of another call has placed it: 1, or it was placed by one that a flow had placed: 2 … */
  depth?: number
  /** somebody who waits in this queue is called back, and it is told of the end */
  queueId?: string
  /** the mask that the caller has dialled: who they are is for nobody's eyes */
  maskId?: string
  /** a SIP phone has dialled none of our numbers: the one that is shown to whom its caller is connected with */
  shown?: string
}
export interface CallParty {
  to: string
  from: string
  name: string
  /** what an AI agent says first, instead of its own opening */
  message?: string
  /** digits to send after the answer: the person's extension */
  extension?: string
  /** what the person's record says of where they are */
  where?: { timeZone: string | null; postcode: string | null }
}
/** For what this call is placed and by whom: what its clearance is asked with. */
export interface ClearanceOrder {
  purpose: Purpose
  /** the person or AI agent who calls; null: the workspace itself */
  agent: string | null
  /** the campaign's own hours */
  hours: readonly Window[] | null
}
export interface PlaceOptions {
  ringLimitMs: number
  amd: 'off' | 'before' | 'beside'
  record: boolean
  /** absent in calls of 0.1.0 */
  clearance?: ClearanceOrder
  /** the desk whose agent is called, at their own phone and when their desk rings; absent: a number is called */
  phone?: string
}

export type Attempt =
  | { state: 'waiting-slot'; untilMs: number | null; throttled: number }
  | { state: 'sent'; sentAt: number }
  | { state: 'unknown'; lookAt: number; looks: number }
  | { state: 'known' }

/** How it ended with the party that a leg was connected to. */
export interface DialEnd {
  status: Extract<ProviderStatus, 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled'>
  /** how long the two talked; null: the carrier does not say */
  talkedMs: number | null
}

export interface LiveCall {
  phase: 'live'
  links: CallLinks
  party: CallParty
  options: PlaceOptions
  status: Exclude<CallStatus, 'hangup'>
  providerStatus: ProviderStatus | null
  providerId: string | null
  attempt: Attempt
  createdAt: number
  ringingAt: number | null
  answeredAt: number | null
  /** what the race wants of this leg once the carrier's id is known */
  wanted: 'nothing' | 'cancel' | 'complete'
  watchAt: number
  /** nobody took this inbound call, and the caller may leave a message */
  voicemail?: true
  /** the queue that the caller waits in if the desk does not take the call; absent: they are asked for a message */
  unanswered?: string
}

/** The number of ours that is shown when somebody else is dialled for this call. */
export function ownNumber({ links, party }: Pick<LiveCall, 'links' | 'party'>): string {
  return links.shown ?? (links.kind === 'inbound' ? party.to : party.from)
}
export interface EndedCall {
  phase: 'over'
  links: CallLinks
  from: string
  providerId: string | null
  reason: HangupReason
  /** the carrier's code when it refused the call */
  code?: number
  /** the rule of clearance that forbade it */
  held?: { rule: Rule; untilMs: number | null }
  answeredAt: number | null
  /** absent in states of an older release */
  endedAt?: number
  talkedMs?: number
}
export type Life = { phase: 'empty' } | LiveCall | EndedCall

export type LifeInput = { at: number } & (
  | {
      type: 'call.requested'
      links: CallLinks
      party: CallParty
      options: PlaceOptions
      talk?: TalkOrder | null
    }
  /** the carrier brought it: inbound, or placed by a browser phone */
  | {
      type: 'call.received'
      links: CallLinks
      party: CallParty
      providerId: string
      talk?: TalkOrder | null
      /** a browser phone asks to be connected to a number, and this is the gate's verdict on it */
      clearance?: { cleared: true; profile: Profile } | Refused
      record?: boolean
      /** the queue that the caller waits in if the desk does not take the call; absent: they are asked for a message */
      unanswered?: string
      /** a flow answers it: `flow.begin` follows in the same transaction */
      flow?: true
    }
  /** the person on an inbound call is known: a contact of ours, a record of the CRM, the agent whose desk rings */
  | {
      type: 'call.identified'
      name: string | null
      contactId: string | null
      agentName: string | null
      crm: CrmContext | null
    }
  | { type: 'call.slot-granted'; notBefore: number; profile: Profile }
  /** the gate refused it; nothing was sent */
  | { type: 'call.not-cleared'; rule: Rule; untilMs: number | null }
  | { type: 'call.create-answered'; providerId: string; status: ProviderStatus }
  /** `ours`: the carrier does not take calls from this number of ours */
  | { type: 'call.create-refused'; code: number; ours?: true }
  | { type: 'call.create-throttled'; retryAfterMs: number }
  | { type: 'call.create-unknown' }
  /** a status callback or the answer to a request; `remote`: the carrier says that the other side ended the call */
  /** `lastedMs`: of a call that is over, from its answer, where the carrier says so */
  | { type: 'call.reported'; providerId: string; status: ProviderStatus; remote?: boolean; lastedMs?: number }
  /** the carrier knows no such call */
  | { type: 'call.missing' }
  | { type: 'call.searched'; found: { providerId: string; status: ProviderStatus } | null }
  /** the answer webhook was seen, by the batch or by our own route */
  | { type: 'call.answer-seen'; providerId: string | null }
  /** the party that this leg was connected to is gone, or never answered */
  | { type: 'call.dial-ended'; providerId: string; end: DialEnd }
  /** a number that the carrier has dialled for this call has taken it up; or has talked and hung up */
  | { type: 'call.onward-answered'; providerId: string }
  | { type: 'call.onward-ended'; providerId: string; number: string; talkedMs: number }
  | { type: 'call.cancel-wanted' }
  | { type: 'call.complete-wanted' }
  | { type: 'call.redirect-wanted' }
  | { type: 'call.check-wanted' }
  | { type: 'call.judged'; verdict: DetectedAs }
  /** an agent of a queue has this caller from now on, or no longer */
  | { type: 'call.agent-joined'; deskId: string; agentName: string | null }
  | { type: 'call.agent-left' }
)

export type LifeFact = { at: number } & (
  | { type: 'call-created'; links: CallLinks; options: PlaceOptions; talk: TalkOrder | null; personal: CallParty }
  | {
      type: 'call-received'
      links: CallLinks
      providerId: string
      talk: TalkOrder | null
      /** a browser phone's call to a number is recorded; absent: it is not */
      record?: boolean
      /** the queue that the caller waits in if the desk does not take the call */
      unanswered?: string
      personal: CallParty
    }
  | {
      type: 'call-identified'
      contactId: string | null
      agentName: string | null
      crm: CrmContext | null
      personal: { name: string | null }
    }
  | { type: 'call-cleared'; profile: Profile }
  | { type: 'call-not-cleared'; rule: Rule; untilMs: number | null }
  | { type: 'call-queued'; untilMs: number; throttled: boolean }
  | { type: 'call-attempted' }
  | { type: 'call-outcome-unknown' }
  | { type: 'call-searched'; looks: number }
  | { type: 'call-placed'; providerId: string; status: ProviderStatus }
  | { type: 'call-progressed'; status: ProviderStatus }
  | { type: 'call-ringing' }
  /** nobody took an inbound call: the caller is asked for a message and stays on the line */
  | { type: 'call-voicemail-began' }
  /** the desk did not take an inbound call: the caller waits in this queue, by the flow that begins in the same transaction */
  | { type: 'call-unanswered'; deskId: string; queueId: string }
  | { type: 'call-answered' }
  | { type: 'call-canceling' }
  | { type: 'call-terminating' }
  | { type: 'call-redirected' }
  | { type: 'call-checked' }
  | { type: 'call-judged'; verdict: DetectedAs }
  | { type: 'call-agent-joined'; deskId: string; agentName: string | null }
  | { type: 'call-agent-left'; deskId: string }
  | { type: 'call-stray'; providerId: string }
  /** `maskId`: the mask that has led the call there */
  | { type: 'call-onward-answered'; providerId: string; maskId: string | null }
  /** `number`: of the other side of a mask only the first digits, by which it is charged */
  | { type: 'call-onward-ended'; providerId: string; talkedMs: number; personal: { number: string } }
  | {
      type: 'call-hungup'
      reason: HangupReason
      providerStatus: ProviderStatus | null
      talkedMs: number
      code: number | null
      /** the rule of clearance that forbade the call */
      held?: { rule: Rule; untilMs: number | null }
      /** refused because of our own number, which says nothing of the person */
      ours?: true
      /** the side that ended a conversation, where that is known */
      by?: 'us' | 'remote'
    }
)
