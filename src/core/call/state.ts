/**
 * One provider leg's life (design §3, §4.1): asked for, paced, attempted once, adopted, rung, answered, over. Public
 * status words are VoIPBIN's (design §9); the carrier's own word stands beside them as `providerStatus`.
 */
import type { GivenUpFact, GivenUpInput, Once, Repeat } from '../machine.ts'
import type { CrmContext, CrmDebt, CrmEffect, CrmFact, CrmInput } from './crm.ts'
import type { Talk, TalkEffect, TalkFact, TalkInput, TalkOrder } from './talk.ts'

/** A create whose outcome is unknown: first look at the carrier's list after this long, then again. */
export const RECONCILE_AFTER_MS = 6_000
export const RECONCILE_LOOKS_MAX = 3
/** Backoff after a 429 to a create: nothing was made, so asking again is safe. */
export const THROTTLED_MS = 1_000
export const THROTTLED_MAX = 8
/** A call outside a batch is looked after by itself at this pace. */
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
export type HangupReason = 'normal' | 'failed' | 'busy' | 'cancel' | 'timeout' | 'noanswer' | 'dialout' | 'refused'
export type CallKind = 'campaign' | 'single' | 'inbound' | 'browser' | 'ai'

/** Who is on this call and why; personal values apart, so that they can be erased (design §2). */
export interface CallLinks {
  kind: CallKind
  batchId: string | null
  campaignId: string | null
  contactId: string | null
  deskId: string | null
  agentName: string | null
  /** the CRM's record of this person; it is told how the call went */
  crm?: CrmContext
}
export interface CallParty {
  to: string
  from: string
  name: string
  /** what an AI agent says first, instead of its own opening */
  message?: string
}
export interface PlaceOptions {
  ringLimitMs: number
  amd: 'off' | 'before' | 'beside'
  record: boolean
}

export type Attempt =
  | { state: 'waiting-slot'; untilMs: number | null; throttled: number }
  | { state: 'sent'; sentAt: number }
  | { state: 'unknown'; lookAt: number; looks: number }
  | { state: 'known' }

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
  /** an AI agent has this call, or had it */
  talk: Talk | null
}
export type CallState =
  | { phase: 'empty' }
  | LiveCall
  | {
      phase: 'over'
      links: CallLinks
      from: string
      providerId: string | null
      reason: HangupReason
      /** the carrier's, when it refused the call; absent: it did not */
      code?: number
      answeredAt: number | null
      crm: CrmDebt | null
    }

export type CallInput =
  | GivenUpInput
  | TalkInput
  | CrmInput
  | ({ at: number } & (
      | { type: 'call.requested'; links: CallLinks; party: CallParty; options: PlaceOptions; talk?: TalkOrder | null }
      /** the carrier brought it: inbound, or placed by a browser phone */
      | { type: 'call.received'; links: CallLinks; party: CallParty; providerId: string; talk?: TalkOrder | null }
      | { type: 'slot.granted'; notBefore: number }
      | { type: 'create.answered'; providerId: string; status: ProviderStatus }
      | { type: 'create.refused'; code: number }
      | { type: 'create.throttled'; retryAfterMs: number }
      | { type: 'create.unknown' }
      /** a status callback, or the carrier's answer to a look; `remote`: it says that the other side ended it */
      | { type: 'provider.reported'; providerId: string; status: ProviderStatus; remote?: boolean }
      /** the carrier knows no such call */
      | { type: 'provider.missing' }
      | { type: 'list.searched'; found: { providerId: string; status: ProviderStatus } | null }
      /** the answer webhook was seen, by the batch or by our own route */
      | { type: 'answer.seen'; providerId: string | null }
      | { type: 'cancel.wanted' }
      | { type: 'complete.wanted' }
      | { type: 'redirect.wanted' }
      | { type: 'check.wanted' }
      | { type: 'judged'; verdict: 'human' | 'machine' | 'fax' | 'unknown' }
      | { type: 'recording.reported'; recordingId: string; status: string; seconds: number | null }
      | { type: 'clock.struck' }
    ))

export type CallFact =
  | GivenUpFact
  | TalkFact
  | CrmFact
  | ({ at: number } & (
      | { type: 'call-created'; links: CallLinks; options: PlaceOptions; personal: CallParty }
      | { type: 'call-received'; links: CallLinks; providerId: string; personal: CallParty }
      | { type: 'call-queued'; untilMs: number; throttled: boolean }
      | { type: 'call-attempted' }
      | { type: 'call-outcome-unknown' }
      | { type: 'call-searched'; looks: number }
      | { type: 'call-placed'; providerId: string; status: ProviderStatus }
      | { type: 'call-progressed'; status: ProviderStatus }
      | { type: 'call-ringing' }
      | { type: 'call-answered' }
      | { type: 'call-canceling' }
      | { type: 'call-terminating' }
      | { type: 'call-redirected' }
      | { type: 'call-checked' }
      | { type: 'call-judged'; verdict: 'human' | 'machine' | 'fax' | 'unknown' }
      | { type: 'call-recording'; recordingId: string; status: string; seconds: number | null }
      | { type: 'call-stray'; providerId: string }
      | {
          type: 'call-hungup'
          reason: HangupReason
          providerStatus: ProviderStatus | null
          talkedMs: number
          code: number | null
          /** who ended a conversation, where that is known */
          by?: 'us' | 'remote'
        }
    ))

export type CallEffect =
  | TalkEffect
  | CrmEffect
  /** once: an outcome that we did not see is reported as `create.unknown` and looked for, never repeated */
  | Once<'carrier', { type: 'create-call'; party: CallParty; options: PlaceOptions }>
  | Repeat<
      'carrier',
      | { type: 'search-call'; party: CallParty; sinceMs: number }
      | { type: 'fetch-call'; providerId: string }
      | { type: 'cancel-call'; providerId: string }
      | { type: 'complete-call'; providerId: string }
      | { type: 'redirect-call'; providerId: string }
    >
  | Repeat<
      'neighbour',
      | { type: 'reserve-slot' }
      /** the caller id's cool-down starts when its call ends (requirements §2.3) */
      | { type: 'free-number'; number: string; used: boolean }
      | { type: 'tell-batch'; word: 'placed' | 'rang' | 'ended'; cause: EndCauseWord | null }
      | { type: 'tell-desk'; word: 'queued' | 'answered' | 'ended'; untilMs: number | null }
    >
export type EndCauseWord = 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled' | 'refused'
