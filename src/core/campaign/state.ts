/**
 * The campaign decides who is called next. Each agent works a session of solo rounds over one shared list of contacts; a round
 * is one batch. Ids of rounds and legs are counted from the campaign's own id, so a retried step names the same ones.
 */
import type { BatchFact, BatchPolicy, LegOutcome, SeatOffer, SeatPlace } from '../batch/state.ts'
import type { Cleared, Refused } from '../clearance/clearance.ts'
import type { CallingHours } from '../clearance/local-time.ts'
import type { Rule } from '../clearance/rules.ts'
import type { DeskSettings, Lease } from '../desk/state.ts'
import type { SessionCounts, SessionView } from '../desk/view.ts'
import { agentOfSeat } from '../ids.ts'
import type { GivenUpFact, GivenUpInput, Repeat } from '../machine.ts'
import type { Pool, PoolPace, Tallies } from '../pool/pool.ts'
import type { Decided, Given, OutcomeChoice } from './dispositions.ts'
import type { PoolFact } from './pool-facts.ts'
import type { ContactStatus, RetryPlan } from './retry.ts'
import type { ScriptBlock } from './script.ts'

/** Agents and AI seats of one campaign. Sessions that are over make room for new ones. */
export const SESSIONS_MAX = 400
/** A session whose seat or numbers were not granted is tried again after this long. */
export const REST_MS = 15_000
/** After a page of people none of whom may be called now, the next page is looked at. */
export const NEXT_PAGE_MS = 1_000

export interface CampaignSettings {
  name: string
  script: string
  /** in place of `script`; absent: none */
  blocks?: ScriptBlock[]
  outcomes: OutcomeChoice[]
  wrapUpMs: number
  /** `ask`: the agent's Space opens the next round; `auto`: it opens as soon as outcomes are in */
  advance: 'ask' | 'auto'
  /** when the wrap-up clock runs out with an outcome owed: wait for it, or go on and keep it owed */
  afterWrapUp: 'wait' | 'proceed'
  policy: Omit<BatchPolicy, 'host'>
  /** the AI agent that talks with people for whom no seat is free, instead of the message */
  hostAgentId: string | null
  plan: RetryPlan
  hours: CallingHours
  record: boolean
  /** a talk that was shorter needs a follow-up; 0 or absent: every talk counts (S3-64) */
  conversationMs?: number
  /** abandoned of people who answer, at most: 0.03. The governor keeps rounds as small as that needs. Null or absent: nobody does */
  abandonMax?: number | null
  /** agents share the lines that ring; absent: each has rounds of their own. AI agents always have. It needs `abandonMax` */
  pooled?: true
}

/** The governor's word on one round; on a pool it is the same. */
export type RoundPace = PoolPace

export interface Session {
  deskId: string
  agentName: string
  lines: 1 | 2 | 4
  state: SessionView['state']
  /** the round that is being put together or runs */
  askId: string | null
  lease: Lease | null
  place: SeatPlace | null
  batchId: string | null
  roundOpen: boolean
  legs: {
    callId: string
    contactId: string
    number: string
    attempts: number
    heldAt: number | null
    /** the desk's outcome came before the batch's fact that there was a conversation */
    outcomeIn: boolean
  }[]
  /** conversations whose outcome is not in */
  owed: string[]
  startedMs: number
  restUntilMs: number | null
  restReason: SessionView['restReason']
  wantsPause: boolean
  contactsLeft: number
  counts: SessionCounts
  /** of the round that runs or was the last; null or absent: nobody governs it */
  pace?: RoundPace | null
}

export interface CampaignState {
  campaignId: string
  settings: CampaignSettings | null
  rounds: number
  sessions: Session[]
  /** absent: this campaign never had one */
  pools?: Pool[]
}

/** A row of the contact queue, as the shell reads it for a round. */
export interface Candidate {
  contactId: string
  name: string
  company: string
  number: string
  numberShown: string
  timeZone: string | null
  postcode: string | null
  extension: string | null
  attempts: number
  lastNote: string
}

type Verdict = Pick<Cleared, 'cleared'> | Refused

/** `tallies`: of a pooled campaign, read by its own shell. */
export type CampaignInput = { at: number; tallies?: Tallies } & (
  | { type: 'campaign.configured'; campaignId: string; settings: CampaignSettings }
  | {
      type: 'agent.asked'
      deskId: string
      agentName: string
      word: 'start' | 'continue' | 'pause' | 'resume' | 'stop'
      lines: 1 | 2 | 4
    }
  | {
      type: 'seat.answered'
      askId: string
      lease: Lease | null
      place: SeatPlace | null
      reason: string | null
      /** as below; absent: an AI agent's seat, which is no part of a pool */
      left?: number
    }
  | {
      type: 'numbers.leased'
      askId: string
      numbers: string[]
      notBefore: number | null
      /** null or absent: as many lines as the session has */
      pace?: RoundPace | null
      candidates: Candidate[]
      /** one for each candidate */
      verdicts: Verdict[]
      left: number
    }
  | { type: 'batch.reported'; batchId: string; facts: BatchFact[]; left: number }
  /** `left`: people who may still be called, read by the campaign's own shell */
  | ({
      type: 'outcome.saved'
      deskId: string
      callId: string
      contactId: string | null
      outcomeId: string
      note: string
      /** what the agent has learned of the person */
      fields?: Given['fields']
      left: number
    } & Partial<Decided>)
  | { type: 'wrap-up.ended'; deskId: string; left: number }
  | { type: 'clock.struck' }
  | GivenUpInput
)

export interface RoundLeg {
  callId: string
  contactId: string
  from: string
  attempt: number
}

export type CampaignFact = { at: number } & (
  | { type: 'campaign-configured'; campaignId: string; settings: CampaignSettings }
  | { type: 'session-started'; deskId: string; agentName: string; lines: 1 | 2 | 4 }
  /** there are too many; the agent's screen says so */
  | { type: 'session-refused'; deskId: string; lines: 1 | 2 | 4 }
  /** it was over, and its place was needed */
  | { type: 'session-forgotten'; deskId: string }
  | { type: 'round-asked'; deskId: string; askId: string; batchId: string }
  | { type: 'seat-taken'; deskId: string; askId: string; lease: Lease; place: SeatPlace }
  | {
      type: 'round-put-off'
      deskId: string
      untilMs: number
      reason: NonNullable<SessionView['restReason']>
      surplus: string[]
    }
  | { type: 'round-given-up'; deskId: string; because: string }
  /** the gate refused this person when they were chosen; `untilMs` null: until somebody changes what is on record */
  | { type: 'contact-held-back'; contactId: string; rule: Rule; untilMs: number | null }
  /** leased for a round that was stopped or paused while it was put together */
  | { type: 'numbers-unused'; askId: string; numbers: string[] }
  | {
      type: 'round-opened'
      deskId: string
      batchId: string
      lease: Lease
      place: SeatPlace
      legs: RoundLeg[]
      surplus: string[]
      /** callable contacts beside those of this round */
      left: number
      pace?: RoundPace | null
      personal: { contacts: Candidate[] }
    }
  /** null as desk, here and below: a line of a pool that no agent has had */
  | { type: 'leg-answered'; deskId: string | null; callId: string; held: boolean }
  | { type: 'leg-abandoned'; deskId: string | null; callId: string }
  /** `agentName`: of a pool, whose calls begin with nobody's name */
  | { type: 'conversation-owed'; deskId: string; callId: string; agentName?: string }
  | PoolFact
  | {
      type: 'attempt-ended'
      deskId: string | null
      callId: string
      contactId: string
      number: string
      outcome: LegOutcome
      attempts: number
      talkedMs: number
      /** this person needs a follow-up as long as no outcome is saved; absent in 0.1.0 */
      followUp?: boolean
      /** of a pool: what the governor expected of this line */
      expected?: number
    }
  /** what follows is absent in older stores, and of AI agents: the id says it */
  | ({
      type: 'outcome-noted'
      deskId: string
      callId: string
      contactId: string | null
      outcomeId: string
      personal: { note: string; fields?: Given['fields'] }
    } & Partial<Decided>)
  | { type: 'owed-let-go'; deskId: string }
  | { type: 'round-closed'; deskId: string; batchId: string; left: number }
  | { type: 'session-waiting'; deskId: string }
  | { type: 'session-wrapping-up'; deskId: string }
  | { type: 'pause-wanted'; deskId: string }
  | { type: 'session-paused'; deskId: string }
  | { type: 'session-resumed'; deskId: string }
  | { type: 'session-stopped'; deskId: string }
  | { type: 'session-finished'; deskId: string; surplus: string[] }
  | GivenUpFact
)

export type CampaignEffect = Repeat<
  'neighbour',
  /** `shared`: a seat in a pool */
  | { type: 'ask-seat'; deskId: string; askId: string; batchId: string; shared?: true }
  /** `pooled`: the governor has said how many */
  | { type: 'lease-numbers'; askId: string; count: number; pooled?: true }
  /** the agent's screen first, then the seat: a person may come at once */
  | { type: 'show-pool'; deskId: string; batchId: string }
  | { type: 'join-pool'; deskId: string; batchId: string; seat: SeatOffer }
  | { type: 'withdraw-seat'; deskId: string; batchId: string; seatId: string }
  /** the call of a line of a pool learns which agent it is with */
  | { type: 'name-agent'; deskId: string; callId: string; agentName: string }
  | { type: 'add-legs'; batchId: string; legs: RoundLeg[]; contacts: Candidate[] }
  | { type: 'limit-lines'; batchId: string; most: number }
  | { type: 'close-pool'; batchId: string }
  | { type: 'open-batch'; deskId: string; batchId: string }
  | { type: 'show-round'; deskId: string; batchId: string }
  | { type: 'free-number'; number: string; leaseId: string }
  /** the workspace's book is told what a round made of this person (S3-19) */
  | { type: 'tell-book'; contactId: string; callId: string; status: ContactStatus; result: LegOutcome; at: number }
  | { type: 'return-lease'; deskId: string; batchId: string }
  /** it names the desk, so that it is in the lane of the same round's opening and follows it */
  | { type: 'stop-batch'; deskId: string; batchId: string }
  /** the session as the desk shows it; only the newest matters */
  | { type: 'tell-session'; deskId: string }
  | { type: 'refuse-session'; deskId: string; lines: 1 | 2 | 4 }
>

/** What the screens of agents need of the settings. */
export function deskSettings({ wrapUpMs, outcomes, script, blocks }: CampaignSettings): DeskSettings {
  return { wrapUpMs, outcomes, script, ...(blocks ? { blocks } : {}) }
}

export const NO_COUNTS: SessionCounts = {
  rounds: 0,
  dials: 0,
  answered: 0,
  conversations: 0,
  machines: 0,
  busy: 0,
  noAnswer: 0,
  failed: 0,
  released: 0,
  abandoned: 0,
  talkedMs: 0,
  outcomes: {},
}

export function sessionOf(state: CampaignState, deskId: string): Session | null {
  return state.sessions.find(session => session.deskId === deskId) ?? null
}

/** Does this agent work in a pool? An AI agent has a seat for everybody, and rounds of its own. */
export function isPooled({ settings }: CampaignState, deskId: string): boolean {
  return settings?.pooled === true && agentOfSeat(deskId) === null
}

export function poolOf(state: CampaignState, batchId: string | null): Pool | null {
  return state.pools?.find(pool => pool.batchId === batchId) ?? null
}

export function isLive(session: Session | null): session is Session {
  return session !== null && !isOver(session)
}

export function isOver({ state }: Session): boolean {
  return state === 'stopped' || state === 'finished'
}
