/**
 * The desk: one agent's presence, open line, seat lease and screen. Only the desk grants a seat, for one thing
 * at a time; a closed line revokes it.
 */
import type { BatchFact, LegOutcome } from '../batch/state.ts'
import type { Target, TransferEnd } from '../call/transfer/state.ts'
import type { ContactStatus } from '../campaign/retry.ts'
import type { ScriptBlock } from '../campaign/script.ts'
import { deskRoomId } from '../ids.ts'
import type { GivenUpFact, GivenUpInput, Repeat } from '../machine.ts'
import type { OfferAnswer } from '../queue/state.ts'
import type { RoomFact } from '../room/state.ts'
import type { SupervisionMode } from '../room/supervision.ts'
import type { Arrival } from './arrival.ts'
import type { Asking, ConsultAgentInput, ConsultEffect, ConsultFact, ConsultInput, Visit } from './consult.ts'
import type { DeskNotice, NoticeReadInput, ToldFact, ToldInput } from './notice.ts'
import type { OutcomeEffect, OutcomeFact, OutcomeInput } from './outcome-words.ts'
import type {
  Conversation,
  DeskView,
  InboundRing,
  Lane,
  LaneContact,
  LastTalk,
  Offered,
  OutcomeChoice,
  PendingOutcome,
  SessionView,
  SoundQuality,
} from './view.ts'

/** How long a customer waits in the room for a line that dropped (a reload, a lost network). */
export const LINE_GRACE_MS = 15_000
/** A line that never reaches its room is given up. */
export const LINE_OPENING_MS = 20_000
/** Typing holds the wrap-up clock this long after the last key. */
export const TYPING_MS = 4_000
export const PENDING_MAX = 20

/** The one thing that an agent is leased to, so that two owners can never both believe that the agent is free. */
export type LeasedTo = { kind: 'batch'; id: string } | Offered
/** The actor that asked for the seat and gets the answer. */
export interface SeatAsker {
  kind: 'campaign'
  id: string
}
export interface Lease {
  leaseId: string
  for: LeasedTo
  /** of a pool, where an agent has one seat after the other: the question that this one answers */
  askId?: string
}
export interface SeatAsk {
  askId: string
  asker: SeatAsker
  for: LeasedTo
  /** a seat in a pool */
  shared?: true
}
export interface DeskSettings {
  wrapUpMs: number
  outcomes: OutcomeChoice[]
  script: string
  /** in place of `script`; absent: none */
  blocks?: ScriptBlock[]
}
export interface Owed extends PendingOutcome {
  campaignId: string
}
export interface Talk extends Conversation {
  batchId: string | null
  campaignId: string | null
  /** a queue or a colleague has brought this call; a queue gives the agent time after it */
  offer?: { of: Offered; wrapUpMs: number }
}
export interface DeskLine {
  state: DeskView['line']['state']
  generation: number
  sinceMs: number
  graceUntilMs: number | null
  /** lines opened so far: each is a leg with an id of its own */
  opened: number
  /** the leg of the agent's own phone; null: closed */
  callId: string | null
  /** the carrier's id of that leg; a repeated webhook for a line has the same one */
  providerId: string | null
  /** the call of whoever hears music until the line is back; absent: nobody does */
  kept?: string | null
}

export interface DeskState {
  agent: DeskView['agent'] | null
  phone: DeskView['phone']
  line: DeskLine
  leases: number
  lease: Lease | null
  /** a revoked lease that its batch has not given back; until then nobody else gets this agent */
  leaving: Lease | null
  /** customers who were let into this line's room and whose calls are not over; meanwhile nobody else may be seated there */
  guests: string[]
  /** a seat that was asked for before the last round of this agent has ended; answered when it has */
  asked: SeatAsk | null
  paused: boolean
  presenceSinceMs: number
  session: SessionView | null
  /** the campaign that this agent has begun last; absent: none since such things are kept */
  startedIn?: string
  batchId: string | null
  /** the campaign whose round the lanes show; null: a single call */
  campaignId: string | null
  lanes: Lane[]
  conversation: Talk | null
  /** put on hold while an inbound call has the agent */
  parked: Talk | null
  /** absent: no conversation has ended since release 0.3 */
  lastTalk?: LastTalk | null
  inbound: InboundRing | null
  /** somebody whom a queue or a colleague sends into this room, and who is not in yet; absent: nobody */
  arrival?: Arrival | null
  wrapUp: { remainingMs: number; runningSinceMs: number | null; typingUntilMs: number | null; totalMs: number } | null
  pending: Owed[]
  settings: DeskSettings
  muted: boolean
  /** the queues that may offer calls here; absent: none */
  queues?: readonly string[]
  /** what they have been told; null as reason: the agent is free */
  available?: { reason: string | null; sinceMs: number }
  /** absent: the line is at home */
  visit?: Visit | null
  /** when the last visit ended */
  visitedMs?: number
  /** what a supervisor has said and nobody has read; absent: nothing was ever said */
  notices?: readonly DeskNotice[]
  /** why there is a break that the agent did not take; absent: they did */
  pausedBecause?: 'no-answer' | 'supervisor' | undefined
}

/** Is it the same offer? */
export function isSame(one: LeasedTo | undefined, other: Offered): boolean {
  if (one === undefined || one.kind === 'batch') return false
  return one.kind === other.kind && one.id === other.id && one.offerId === other.offerId
}

export const EMPTY_DESK: DeskState = {
  agent: null,
  phone: { ownerTabId: null, state: 'off' },
  line: { state: 'closed', generation: 0, sinceMs: 0, graceUntilMs: null, opened: 0, callId: null, providerId: null },
  leases: 0,
  lease: null,
  leaving: null,
  guests: [],
  asked: null,
  paused: false,
  presenceSinceMs: 0,
  session: null,
  batchId: null,
  campaignId: null,
  lanes: [],
  conversation: null,
  parked: null,
  inbound: null,
  wrapUp: null,
  pending: [],
  settings: { wrapUpMs: 30_000, outcomes: [], script: '' },
  muted: false,
}

/** Name of the conference that this desk's agent sits in, by desk and generation. */
export function roomOf(state: DeskState): string {
  return deskRoomId(state.agent?.deskId ?? 'desk', state.line.generation)
}

export type SessionWord = 'start' | 'continue' | 'pause' | 'resume' | 'stop'

/** Inputs of the agent. `allowed.ts` refuses the ones that are not allowed before they reach `decide`. */
export type AgentInput =
  | ConsultAgentInput
  | NoticeReadInput
  | { type: 'phone.claimed'; tabId: string }
  | { type: 'phone.registered'; tabId: string }
  | { type: 'phone.lost'; tabId: string }
  | { type: 'session.asked'; word: SessionWord; campaignId: string; lines: 1 | 2 | 4 }
  /** the carrier gives this phone no pass */
  | { type: 'phone.refused'; tabId: string; reason: string }
  | { type: 'quality.reported'; callId: string; level: SoundQuality; cause: string | null }
  | { type: 'lane.skipped'; callId: string }
  | { type: 'call.kept'; callId: string }
  | { type: 'call.hung-up'; callId: string }
  | { type: 'call.hold-asked'; callId: string; held: boolean }
  | { type: 'call.do-not-call-asked'; callId: string }
  /** `ask`: the target is asked first; where a number is called as, and meets the person */
  | { type: 'call.transfer-asked'; callId: string; transferId: string; target: Target; ask?: Asking }
  | { type: 'call.take-back-asked'; callId: string }
  | { type: 'mute.changed'; muted: boolean }
  /** `others`: people who are dialled in the same race */
  | {
      type: 'single.dialed'
      callId: string
      batchId: string
      contact: LaneContact
      others?: { callId: string; contact: LaneContact }[]
    }
  | { type: 'inbound.accepted'; callId: string }
  | { type: 'inbound.declined'; callId: string }
  | { type: 'note.saved'; callId: string; text: string }
  | OutcomeInput
  | { type: 'presence.changed'; paused: boolean }
  /** the agent needs no more time after a call of a queue */
  | { type: 'wrap-up.done' }

export type DeskInput = { at: number } & (
  | AgentInput
  | ConsultInput
  | { type: 'desk.opened'; agent: DeskView['agent'] }
  | { type: 'line.requested'; providerId: string }
  /** the carrier says that the leg is over, beside the word of the room, which may come late or never */
  | { type: 'line.ended'; providerId: string }
  | ({ type: 'seat.requested' } & SeatAsk)
  /** sent by a campaign that did not use the lease; a batch returns it by its facts */
  | { type: 'lease.returned'; batchId: string }
  /** `shared`: a pool, whose people are shown when they answer */
  | {
      type: 'round.opened'
      campaignId: string
      batchId: string
      lanes: Lane[]
      settings: DeskSettings
      shared?: true
    }
  /** `others`: the numbers of the other lanes; null: there was none */
  | { type: 'single.opened'; batchId: string; from: string; others?: (string | null)[] }
  | { type: 'single.refused'; batchId: string }
  /** `lane`: of a pool, the person who has this agent's seat */
  | { type: 'batch.reported'; batchId: string; facts: BatchFact[]; lane?: Lane }
  | { type: 'room.reported'; room: string; facts: RoomFact[] }
  | { type: 'leg.queued'; callId: string; untilMs: number }
  | { type: 'session.reported'; session: SessionView }
  /** what became of a person whom this agent hands over */
  | { type: 'transfer.over'; callId: string; transferId: string; end: TransferEnd }
  | { type: 'inbound.rang'; ring: InboundRing }
  | { type: 'inbound.answered'; callId: string }
  /** the call knows that this agent takes it to their open line */
  | { type: 'inbound.picked-up'; callId: string }
  | { type: 'inbound.ended'; callId: string }
  /** a queue may offer calls here from now on, or no longer */
  | { type: 'queue.joined'; queueId: string }
  | { type: 'queue.left'; queueId: string }
  /** `agreed`: the agent of this desk has asked for the call */
  | { type: 'offer.made'; of: Offered; ring: InboundRing; agreed?: true }
  /** `pause`: it rang out, and the agent is not there */
  | { type: 'offer.over'; of: Offered; callId: string | null; pause: boolean }
  | ToldInput
  | { type: 'clock.struck' }
  | GivenUpInput
)

export type DeskFactOf = { at: number } & (
  | ConsultFact
  | OutcomeFact
  | ToldFact
  | { type: 'desk-opened'; agent: DeskView['agent'] }
  | { type: 'phone-changed'; ownerTabId: string | null; state: 'off' | 'registered' }
  | { type: 'phone-refused'; reason: string }
  | { type: 'quality-changed'; callId: string; level: SoundQuality; worst: SoundQuality; cause: string | null }
  /** the first time in a call that the sound is at the threshold (`ALERT_FROM`) or worse */
  | { type: 'quality-alerted'; callId: string; level: SoundQuality; cause: string | null }
  | { type: 'line-opening'; callId: string; providerId: string; generation: number }
  | { type: 'line-opened' }
  /** `kept`: the call of whoever hears music until the line is back */
  | { type: 'line-away'; graceUntilMs: number; kept?: string }
  | { type: 'line-closed' }
  | { type: 'seat-granted'; askId: string; asker: SeatAsker; lease: Lease; room: string }
  | { type: 'seat-asked'; ask: SeatAsk }
  | { type: 'seat-ask-withdrawn'; askId: string }
  | { type: 'seat-refused'; askId: string; asker: SeatAsker; reason: string }
  | { type: 'seat-revoked'; lease: Lease; because: 'line-closed' | 'inbound-accepted' }
  | { type: 'seat-returned'; leaseId: string }
  | { type: 'seat-paused'; lease: Lease; paused: boolean }
  /** `leaves`: the campaign that the agent began before; a late word may have hidden that it still goes on */
  | { type: 'session-asked'; word: SessionWord; campaignId: string; lines: 1 | 2 | 4; leaves?: string }
  | { type: 'session-changed'; session: SessionView }
  | {
      type: 'round-shown'
      campaignId: string
      batchId: string
      personal: { lanes: Lane[] }
      settings: DeskSettings
    }
  | { type: 'single-asked'; batchId: string; lease: Lease; room: string; callId: string; personal: { lanes: Lane[] } }
  /** what became of somebody of the book who was dialled by hand */
  | { type: 'contact-tried'; callId: string; contactId: string; status: ContactStatus; outcome: LegOutcome }
  /** whoever has answered a line of the pool, in place of the person before */
  | { type: 'lane-shown'; callId: string; batchId: string; personal: { lane: Lane } }
  | { type: 'lane-changed'; callId: string; patch: Partial<Lane> }
  | { type: 'lane-skip-asked'; callId: string; batchId: string }
  | { type: 'keep-asked'; callId: string; batchId: string }
  | { type: 'hang-up-asked'; callId: string; batchId: string | null; of?: Offered }
  | { type: 'hold-asked'; callId: string; held: boolean; room: string }
  /** the person on this call asked the agent not to be called again */
  | { type: 'do-not-call-asked'; callId: string; contactId: string | null; personal: { number: string } }
  /** `room`: where the person is; null: they rang through to the browser */
  | {
      type: 'transfer-asked'
      callId: string
      transferId: string
      target: Target
      room: string | null
      ask?: Asking
      personal: { number: string | null }
    }
  | { type: 'take-back-asked'; callId: string; transferId: string }
  | { type: 'transfer-over'; callId: string; transferId: string; end: TransferEnd }
  | { type: 'guest-gone'; callId: string }
  /** null: the supervisor is gone */
  | { type: 'supervisor-shown'; callId: string; supervisionId: string; name: string; mode: SupervisionMode | null }
  | { type: 'conversation-started'; callId: string; personal: { talk: Talk } }
  | { type: 'conversation-won'; callId: string }
  | { type: 'conversation-held'; callId: string; held: boolean }
  | { type: 'conversation-heard'; callId: string; answerToRoomMs: number }
  | { type: 'conversation-parked'; callId: string }
  | { type: 'conversation-resumed'; callId: string }
  | { type: 'conversation-ended'; callId: string; talkedMs: number; owes: boolean }
  | { type: 'mute-changed'; muted: boolean }
  /** `totalMs`: of a queue; absent: that of the campaign */
  | { type: 'wrap-up-started'; totalMs?: number }
  | { type: 'wrap-up-held'; untilMs: number }
  | { type: 'wrap-up-resumed' }
  | { type: 'wrap-up-ended'; campaignId: string | null }
  | { type: 'note-saved'; callId: string; personal: { text: string } }
  | { type: 'inbound-rang'; callId: string; personal: { ring: InboundRing } }
  /** `lease`: the caller rings the phone, and comes to the open line: the seat is theirs from now on */
  | { type: 'inbound-accepted'; callId: string; transferId?: string; of?: Offered; room?: string; lease?: Lease }
  /** the phone may stop ringing: the carrier brings the caller to the open line */
  | { type: 'inbound-picked-up'; callId: string }
  | { type: 'inbound-declined'; callId: string; transferId?: string; of?: Offered }
  | { type: 'inbound-ended'; callId: string }
  /** they should be in the room, and nobody has said so: a callback may be lost */
  | { type: 'arrival-asked-about'; callId: string; room: string }
  /** `because`: absent: the agent wanted it */
  | { type: 'presence-changed'; paused: boolean; because?: 'no-answer' | 'supervisor' }
  | { type: 'queue-joined'; queueId: string }
  | { type: 'queue-left'; queueId: string }
  /** `queues`: those that are told */
  | { type: 'availability-changed'; free: boolean; reason: string | null; queues: string[] }
  | {
      type: 'offer-rang'
      of: Offered
      callId: string
      lease: Lease
      personal: { ring: InboundRing }
    }
  | { type: 'offer-refused'; of: Offered; reason: string }
  | GivenUpFact
)

export type DeskEffect = ConsultEffect | OutcomeEffect | DeskOwnEffect
type DeskOwnEffect = Repeat<
  'neighbour',
  | { type: 'ask-campaign'; campaignId: string; word: SessionWord; lines: 1 | 2 | 4 }
  | {
      type: 'answer-seat'
      asker: SeatAsker
      askId: string
      lease: Lease | null
      room: string
      reason: string | null
    }
  | { type: 'tell-holder'; lease: Lease; word: 'seat.left' | 'seat.paused' | 'seat.resumed' }
  | { type: 'tell-leg'; batchId: string; word: 'agent.kept' | 'agent.hung-up' | 'agent.skipped'; callId: string }
  | { type: 'ask-room'; room: string; callId: string; held: boolean }
  /** the room asks the carrier who is in */
  | { type: 'check-room'; room: string }
  | { type: 'end-call'; callId: string }
  | { type: 'hand-over'; callId: string; transferId: string; target: Target; room: string | null; ask?: Asking }
  | { type: 'take-back'; callId: string; transferId: string }
  | { type: 'list-number'; callId: string; contactId: string | null; number: string }
  | { type: 'open-single'; batchId: string; lease: Lease; room: string; lane: Lane; others?: Lane[] }
  | { type: 'tell-book'; callId: string; contactId: string; status: ContactStatus; result: LegOutcome; at: number }
  | { type: 'end-wrap-up'; campaignId: string }
  | { type: 'answer-transfer'; callId: string; transferId: string; answer: 'accepted' | 'declined'; room: string }
  | { type: 'answer-offer'; of: Offered; answer: OfferAnswer; room: string; reason: string | null }
  | { type: 'tell-queue'; queueId: string; free: boolean; sinceMs: number; reason: string | null }
>
