/**
 * The view of an agent's screen: one projection of the desk's state, sent whole with every change.
 * All times are server milliseconds since the epoch; the page shows `now - since` with its own clock corrected by
 * `DeskView.at`. Personal values (names, numbers, notes) are only here and in `personal` columns.
 */

import type { Move, Phase } from '../call/transfer/moves.ts'
import type { Target, TransferEnd } from '../call/transfer/state.ts'
import type { Missing, OutcomeChoice } from '../campaign/dispositions.ts'
import type { ScriptBlock } from '../campaign/script.ts'
import type { Because } from '../pacing/governor.ts'
import type { SupervisionMode } from '../room/supervision.ts'
import type { DeskNotice } from './notice.ts'
import type { Chosen } from './outcome-words.ts'

export type { OutcomeChoice } from '../campaign/dispositions.ts'

export type LaneState =
  | 'queued' // waiting for a calls-per-second slot, `until` says when it goes out
  | 'dialing' // handed to the carrier
  | 'ringing'
  | 'holding' // answered first, bridged to the agent, no verdict on human or machine yet
  | 'live' // the winner: this person talks with the agent
  | 'machine' // a voicemail or fax answered
  | 'message' // a person answered without a free seat and hears the safe-harbour message
  | 'released' // let go by us while it rang
  | 'ended'

/** Why a leg is over or was let go. The page turns each into words. */
export type LaneReason =
  | 'answered-first-elsewhere' // released: `firstName` answered first
  | 'conversation-over'
  | 'customer-hung-up'
  | 'agent-hung-up'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'machine'
  | 'fax'
  | 'no-seat' // a person heard the message
  | 'skipped' // by the agent
  | 'too-many-lines' // of a pool: fewer agents were free than before
  | 'stopped' // the session or the batch was stopped
  | 'agent-left'
  | 'refused' // the carrier refused to place it
  | 'not-cleared' // a rule of clearance forbids the call
  | 'number-refused' // the carrier does not take calls from our number, so nobody was called
  | 'unknown-outcome' // never confirmed; closed by the watchdog

export interface LaneContact {
  contactId: string | null
  name: string
  company: string
  /** E.164, and as people of that country write it */
  number: string
  numberShown: string
  /** IANA zone, for the local time beside the number; null when unknown */
  timeZone: string | null
  /** which attempt this is, from 1 */
  attempt: number
  lastNote: string
  /** absent: not known */
  postcode?: string
  extension?: string
}

export interface Lane {
  /** the leg's own call id */
  callId: string
  contact: LaneContact
  /** caller id shown to the person, E.164 */
  from: string
  /** the carrier's id of the call, once it took it */
  providerId?: string
  state: LaneState
  sinceMs: number
  /** queued: when the slot comes */
  untilMs: number | null
  reason: LaneReason | null
  /** for `answered-first-elsewhere`: who was first */
  firstName: string | null
  /** human, machine, fax, unknown: as the carrier's detection said, also when it came late */
  verdict: 'human' | 'machine' | 'fax' | 'unknown' | null
}

/** A lane on the screen. */
export interface LaneView extends Lane {
  /** it has not been answered, so the agent may give it up */
  maySkip?: true
}

/** What the agent hears of a call, from undisturbed to hardly anything. */
export type SoundQuality = 'good' | 'fair' | 'poor' | 'bad'

export interface Conversation {
  callId: string
  kind: 'campaign' | 'single' | 'inbound'
  contact: LaneContact
  sinceMs: number
  /** true until a verdict, 4 s or the agent's key makes the holder the winner */
  provisional: boolean
  held: boolean
  /** milliseconds from the answer webhook to the customer's join of the room; null until both are known */
  answerToRoomMs: number | null
  /** as typed so far, kept by the server */
  note: string
  /** absent: nothing has disturbed the sound */
  quality?: { now: SoundQuality; worst: SoundQuality }
  /** the agent has put this number on the do-not-call list */
  doNotCall?: true
  /** the agent hands this person over; they are still here. `phase`: the target is asked first */
  transfer?: { transferId: string; target: Target; sinceMs: number; phase?: Phase }
  /** what the last attempt to hand them over came to */
  stayed?: Exclude<TransferEnd, 'moved'>
  /** supervisors on this call of whom the agent is told; absent: none */
  supervisors?: ShownSupervisor[]
  /** the outcome that is saved when this call ends; absent: none was chosen */
  chosen?: Chosen
}

/** `listen`: hears both; `whisper`: the agent hears them; `barge`: both do. */
export interface ShownSupervisor {
  supervisionId: string
  name: string
  mode: SupervisionMode
}

/** The conversation that ended last: what it asks for is sometimes understood only after it. */
export interface LastTalk {
  callId: string
  contact: LaneContact
  endedMs: number
  doNotCall?: true
}

/** One call that a queue offers, or that a colleague hands over, or that asks for this agent itself: then `id` is the call. */
export interface Offered {
  kind: 'queue' | 'transfer' | 'call'
  id: string
  offerId: string
}

export interface InboundRing {
  callId: string
  from: string
  fromShown: string
  to: string
  contact: LaneContact | null
  sinceMs: number
  /** the agent has accepted, and the phone is connecting the call */
  accepted: boolean
  /** the phone may stop ringing, because the carrier brings the caller to the open line; absent: it may not */
  pickedUp?: true
  /** an AI agent hands this call over, or a queue offers it, or it rings the phone and was accepted: it joins the open line */
  transfer?: {
    transferId: string
    summary: string
    /** absent: an AI agent hands it over */
    of?: Offered
    queue?: { name: string; waitedMs: number; wrapUpMs: number; callback: boolean }
    /** the colleague who hands it over; `back`: what they wanted to hand over comes back */
    /** `asks`: the colleague speaks with this agent first */
    by?: { agentName: string; back?: true; asks?: true }
    /** the flow of this call wants the agent for the person on the line */
    flow?: true
    /** a program calls the agent, at their own phone: nobody comes to the open line */
    program?: { name: string }
  } | null
}

export interface PendingOutcome {
  callId: string
  contact: LaneContact
  endedMs: number
  talkedMs: number
  note: string
  /** chosen during the call, and something was missing at its end */
  chosen?: Chosen
}

export interface SessionView {
  campaignId: string
  name: string
  lines: 1 | 2 | 4
  state:
    | 'starting'
    | 'dialing' // a round is live
    | 'wrap-up' // outcomes are owed or the wrap-up clock runs
    | 'waiting' // the agent's Space continues
    | 'paused'
    | 'resting' // nobody may be called right now; `restUntilMs` says when, `restReason` why
    | 'finished'
    | 'stopped'
  restUntilMs: number | null
  /**
   * `calling-hours`: as releases before 0.2 said `held-back`; `campaign-full`: it was stopped before it began, because too many
   * agents work in this campaign
   */
  restReason:
    | 'cooling-numbers'
    | 'calling-hours'
    | 'held-back'
    | 'limit-reached'
    | 'retry-later'
    | 'carrier-refused'
    | 'campaign-full'
    | null
  startedMs: number
  contactsLeft: number
  counts: SessionCounts
  /** how many lines the governor lets ring, why, and the share of abandoned people that it keeps under; absent: nobody governs them */
  pace?: { lines: number; because: Because; max: number }
  /** the lines that ring are those of all agents of the campaign, and whoever answers comes to one who is free; absent: this agent has rounds */
  pooled?: true
}

/** Everything is counted in legs (dials) and people, never in rounds. */
export interface SessionCounts {
  rounds: number
  dials: number
  answered: number
  conversations: number
  machines: number
  busy: number
  noAnswer: number
  failed: number
  released: number
  /** people who answered and found no free seat */
  abandoned: number
  talkedMs: number
  outcomes: Record<string, number>
}

/** What an agent does at the desk and may be refused; `allowed.ts` has the rule of each. */
export type Action =
  | `session.${'start' | 'continue' | 'pause' | 'resume' | 'stop'}`
  | `call.${'keep' | 'hang-up' | 'hold' | 'unhold' | 'do-not-call' | 'transfer' | 'take-back'}`
  | 'single.dial'
  | 'call.ask-first'
  | `transfer.${Move}`
  | 'visit.leave'
  | `inbound.${'accept' | 'decline'}`
  | 'outcome.saved'
  | `presence.${'paused' | 'ready'}`
  | 'wrap-up.done'

/** Why an action is refused, as a stable word; the page turns each into words for people. */
export type Reason =
  | 'phone-not-ready' // S3-29: no start before the phone is registered and the line is open
  | 'line-not-open'
  | 'phone-in-another-tab'
  | 'on-break'
  | 'not-on-break'
  | 'outcome-owed'
  | 'nothing-owed'
  | 'call-not-over' // an outcome comes after the call
  | 'in-conversation'
  | 'seat-taken' // by the rest of the last round, or by a parked customer
  | 'no-session'
  | 'session-running'
  | 'session-starting'
  | 'round-under-way'
  | 'wrapping-up'
  | 'session-paused'
  | 'session-not-paused'
  | 'session-resting'
  | 'nobody-on-line'
  | 'person-certain'
  | 'person-uncertain'
  | 'already-held'
  | 'not-held'
  | 'number-withheld' // the caller showed no number, so none can be listed
  | 'already-listed'
  | 'already-answered' // a lane that does not ring any more
  | 'nobody-calls'
  | 'handing-over' // the person is being handed over already
  | 'not-handing-over'
  | 'consulting' // somebody is asked first; only the moves of the consultation go
  | 'not-consulting'
  | 'not-now' // not in this phase of the consultation
  | 'not-in-the-room' // the person rang through to the browser, and is in no room that somebody could come into
  | 'not-wrapping-up'
  | 'already-accepted'
  | 'unknown-call'
  | 'unknown-outcome'
  | Missing // the outcome asks for it
  | 'time-past'
  | 'time-too-far'
  | 'zone-unknown' // nobody knows what time it is where the person is

/** An action without an entry is allowed: the view is pushed with every change, and most entries would say nothing. */
export type WhyNot = { [A in Action]?: Reason }

export interface DeskView {
  /** server time of this view */
  at: number
  agent: { userId: string; deskId: string; name: string; role: 'agent' | 'supervisor' | 'admin'; identity: string }
  presence: 'offline' | 'ready' | 'dialing' | 'on-call' | 'wrap-up' | 'paused'
  presenceSinceMs: number
  phone: {
    /** which tab owns the phone; null when none */
    ownerTabId: string | null
    state: 'off' | 'registered'
  }
  /** `away`: the line dropped (a reload); the customer waits in the room until `graceUntilMs` */
  line: {
    state: 'closed' | 'opening' | 'open' | 'away'
    generation: number
    sinceMs: number
    graceUntilMs: number | null
  }
  session: SessionView | null
  lanes: LaneView[]
  conversation: Conversation | null
  /** null: nobody was on the line yet, or somebody is */
  lastTalk: LastTalk | null
  inbound: InboundRing | null
  /** absent: nobody asks this agent first */
  visit?: { callId: string; agentName: string; phase: Phase }
  /** the server-held clock; `untilMs` null while the agent types */
  wrapUp: { untilMs: number | null; totalMs: number } | null
  pendingOutcomes: PendingOutcome[]
  outcomes: OutcomeChoice[]
  muted: boolean
  script: string
  /** in place of `script`; absent: none */
  scriptBlocks?: readonly ScriptBlock[]
  /** what a supervisor has said, until it is read; absent: nothing */
  notices?: readonly DeskNotice[]
  /** why there is a break that the agent did not take; absent: they did, or there is none */
  pausedBecause?: 'no-answer' | 'supervisor'
  /** what the agent may not do now */
  whyNot: WhyNot
}
