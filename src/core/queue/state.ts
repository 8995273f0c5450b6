/**
 * The vocabulary of a queue: callers who wait for an agent, the agents who take calls from it, and one offer at a time for each of
 * them. The queue chooses; whether an agent is free says only the agent's desk, which leases its seat to one offer.
 */
import type { GivenUpFact, GivenUpInput, Repeat } from '../machine.ts'
import type { Figures } from './figures.ts'

export const MEMBERS_MAX = 200
export const CAPACITY_MAX = 500
/** A call to somebody who has left their number rings for so long. */
export const CALLBACK_RING_MS = 30_000
export const CALLBACK_TRIES_MAX = 3
/** Between two tries of one callback. */
export const CALLBACK_REST_MS = 10 * 60_000
/** A conversation whose end nobody has reported is asked about at this pace, and so is a caller who waits. */
export const TALK_WATCH_MS = 60_000
export const WAIT_WATCH_MS = 5 * 60_000
/** An agent who has declined a caller is not offered the same one for so long. */
export const DECLINED_REST_MS = 30_000

/** How the next agent is chosen among those who are free and have the skills. */
export const STRATEGIES = ['longest-idle', 'round-robin', 'fewest-calls', 'linear', 'skills'] as const
export type Strategy = (typeof STRATEGIES)[number]

export interface QueueSettings {
  name: string
  strategy: Strategy
  /** how long an offer rings at an agent */
  offerMs: number
  /** 0: there is no limit */
  waitLimitMs: number
  /** callers who may wait at once */
  capacity: number
  /** time that the agent has after a conversation */
  wrapUpMs: number
  /** an agent who lets an offer ring out is paused */
  pauseUnanswered: boolean
  /** the place is said so often; 0: never */
  announceMs: number
  /** a caller who was answered in this time counts for the service level */
  targetMs: number
  /** an abandonment in a shorter time does not count */
  shortMs: number
  language: string
  /** the skill that a caller needs; empty: none */
  skills: readonly string[]
  music: readonly string[]
}

export interface Member {
  deskId: string
  /** by name, 1 (best) to 10 */
  skills: { readonly [skill: string]: number }
}
export interface Agent extends Member {
  /** its place in the list of members, which is the order of `linear` and `round-robin` */
  place: number
  free: boolean
  /** since when; ms */
  sinceMs: number
  /** why they are not free; null: they are, or nobody has said */
  reason: string | null
  /** conversations of this queue so far */
  calls: number
  /** when the last offer was made, 0: never */
  offeredMs: number
  /** the entry that is offered to this agent or talks with them */
  entryId: string | null
}

/** How far a caller has come. */
export type Stage =
  | { is: 'waiting' }
  | { is: 'offered'; offerId: string; deskId: string; untilMs: number }
  /** the agent has taken a callback, and the person rings */
  | { is: 'ringing'; offerId: string; deskId: string; room: string; callId: string; untilMs: number }
  | { is: 'talking'; offerId: string; deskId: string; sinceMs: number; watchMs: number }
  /** a callback that nobody answered rests */
  | { is: 'resting'; untilMs: number }

export interface Entry {
  entryId: string
  kind: 'call' | 'callback'
  /** the caller's call; null: they have hung up and are called back */
  callId: string | null
  /** of the flow on that call: whose answer this is */
  ask: number
  enteredMs: number
  /** place in the queue: a callback keeps the time at which its caller came */
  placeMs: number
  seq: number
  priority: number
  skills: readonly string[]
  stage: Stage
  /** when the place was said last, and which; a place is not said twice in a row */
  saidMs: number
  saidPlace: number
  /** an agent has talked with them; who comes back is counted once */
  answered: boolean
  tries: number
  party: Caller
  /** when their call was asked about while they wait; absent: never */
  askedMs?: number
  /** agents who did not take this caller, and until when they are not asked again */
  refusedBy: { readonly [deskId: string]: number }
}

export interface QueueState {
  settings: QueueSettings | null
  agents: { readonly [deskId: string]: Agent }
  entries: { readonly [entryId: string]: Entry }
  /** number of the last offer, number of the last entry, place of the member who was offered a call last */
  offers: number
  seq: number
  turn: number
  figures: Figures
}

export type LeftWhy = 'abandoned' | 'timed-out' | 'closed' | 'kicked'
export type Refusal = 'full' | 'closed'
export type OfferEnd = 'declined' | 'refused' | 'no-answer' | 'caller-gone' | 'agent-left'
/** What a desk answers to an offer. `left`: the agent's line is gone; `done`: the agent ended the conversation. */
export type OfferAnswer = 'accepted' | 'declined' | 'refused' | 'left' | 'done'

export type QueueInput = { at: number } & (
  | { type: 'queue.configured'; settings: QueueSettings }
  | { type: 'queue.staffed'; members: readonly Member[] }
  /** no caller is taken any more; those who wait are answered */
  | { type: 'queue.closed' }
  | {
      type: 'caller.entered'
      entryId: string
      callId: string
      ask: number
      priority: number
      skills: readonly string[] | null
      personal: Caller
    }
  /** the flow of the call has left the queue, or the call is over */
  | { type: 'caller.left'; entryId: string }
  /** a person takes the caller out of the queue */
  | { type: 'caller.kicked'; entryId: string }
  /** the caller gives up waiting on the phone and keeps the place */
  | { type: 'callback.wanted'; entryId: string; personal: Caller }
  /** the call to somebody who is called back is over, or was never answered */
  | { type: 'callback.ended'; callId: string }
  | { type: 'agent.reported'; deskId: string; free: boolean; sinceMs: number; reason: string | null }
  /** `callId`: made by the shell, for the call to somebody who is called back */
  | {
      type: 'offer.answered'
      offerId: string
      answer: OfferAnswer
      room: string
      reason: string | null
      callId: string
    }
  /** what a call that was asked about says of itself */
  | { type: 'caller.checked'; entryId: string; live: boolean }
  | { type: 'clock.struck' }
  | GivenUpInput
)
/** Who calls; kept apart, so that it can be erased. */
export interface Caller {
  from: string
  to: string
}

export type QueueFact = { at: number } & (
  | { type: 'queue-configured'; settings: QueueSettings }
  | { type: 'queue-staffed'; members: readonly Member[] }
  | { type: 'queue-closed' }
  | {
      type: 'caller-queued'
      entryId: string
      callId: string
      ask: number
      priority: number
      skills: readonly string[]
      personal: Caller
    }
  | { type: 'caller-refused'; callId: string; ask: number; because: Refusal }
  | { type: 'place-said'; entryId: string; callId: string; ask: number; place: number; waitMs: number | null }
  | { type: 'callback-kept'; entryId: string; callId: string | null; personal: Caller }
  | { type: 'call-offered'; entryId: string; callId: string | null; offerId: string; deskId: string; untilMs: number }
  | {
      type: 'offer-ended'
      entryId: string
      callId: string | null
      offerId: string
      deskId: string
      because: OfferEnd
      reason: string | null
    }
  | {
      type: 'callback-dialed'
      entryId: string
      offerId: string
      deskId: string
      callId: string
      room: string
      untilMs: number
    }
  /** `untilMs` null: it was the last try */
  | {
      type: 'callback-missed'
      entryId: string
      callId: string
      offerId: string
      deskId: string
      tries: number
      untilMs: number | null
    }
  | {
      type: 'caller-connected'
      entryId: string
      callId: string
      ask: number
      offerId: string
      deskId: string
      room: string
      waitedMs: number
      /** they were called back, so most of that time nobody held the line */
      callback?: true
    }
  | {
      type: 'conversation-over'
      entryId: string
      callId: string
      ask: number
      offerId: string
      deskId: string
      talkedMs: number
      by: 'agent' | 'caller' | 'watch'
    }
  /** the agent's line was lost, so the caller waits again, in front */
  | { type: 'caller-returned'; entryId: string; callId: string; offerId: string; deskId: string }
  | {
      type: 'caller-left'
      entryId: string
      callId: string | null
      ask: number
      waitedMs: number
      because: LeftWhy
      callback?: true
    }
  /** a callback has rested and is due again */
  | { type: 'callback-due'; entryId: string }
  /** the agent who did not take this caller may be asked again */
  | { type: 'refusal-lapsed'; entryId: string; deskId: string }
  | { type: 'caller-asked-about'; entryId: string; callId: string }
  | { type: 'agent-changed'; deskId: string; free: boolean; sinceMs: number; reason: string | null }
  | GivenUpFact
)

export type QueueEffect = Repeat<
  'neighbour',
  | { type: 'tell-members'; deskIds: readonly string[]; joined: boolean }
  | { type: 'offer-call'; deskId: string; offerId: string; entryId: string; wrapUpMs: number }
  /** the offer is not there any more; `pause`: the agent let it ring */
  | { type: 'end-offer'; deskId: string; offerId: string; callId: string | null; pause: boolean }
  | { type: 'keep-waiting'; callId: string; ask: number; place: number; waitMs: number | null }
  | { type: 'connect-caller'; callId: string; ask: number; deskId: string; room: string }
  /** the flow of the call goes on with this result */
  | { type: 'let-go'; callId: string; ask: number; result: string }
  | { type: 'call-back'; callId: string; entryId: string }
  | { type: 'end-callback'; callId: string }
  | { type: 'check-caller'; entryId: string; callId: string }
  /** its members have it in their inbox until somebody has talked with the person */
  | { type: 'file-callback'; entryId: string; callId: string | null; number: string; at: number }
  | { type: 'close-callback'; entryId: string }
>
