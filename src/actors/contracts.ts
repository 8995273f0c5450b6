/**
 * The calls that actors offer to the Worker and to each other: one interface per actor, and the values that travel with
 * them. Every actor class implements its own; nobody imports a neighbour's class. Each method is one RPC; an answer is
 * given after its commit.
 */

import type { BatchFact, BatchInput, BatchPolicy, BatchState, SeatOffer, Verdict } from '../core/batch/state.ts'
import type {
  CallInput,
  CallLinks,
  CallParty,
  CallState,
  ClearanceOrder,
  DialEnd,
  PlaceOptions,
} from '../core/call/state.ts'
import type { TalkOrder } from '../core/call/talk/talk.ts'
import type { CampaignInput, CampaignSettings, CampaignState } from '../core/campaign/state.ts'
import type { Verdict as Clearance } from '../core/clearance/clearance.ts'
import type { DeskInput } from '../core/desk/state.ts'
import type { DeskView } from '../core/desk/view.ts'
import type { Instructions } from '../core/instruction/instruction.ts'
import type { RoomFact, RoomInput, RoomState } from '../core/room/state.ts'
import type { AiAgentBody } from '../wire/ai-agent.ts'
import type { CallFilters, CallRow, Contact } from '../wire/api.ts'
import type { DeskMessage } from '../wire/desk.ts'
import type { RehearsalState } from '../wire/scenario.ts'
import type { HandRound, PersonToDial, TriedContact } from './people.ts'
import type { StoredFact } from './shell/journal.ts'

type Actor = Rpc.DurableObjectBranded

/** One dialling round. */
export interface BatchContract extends Actor {
  /** Idempotent: a batch opens once. */
  open(round: OpenBatch): Promise<void>
  /** The race. The answer is the same for every repeat of the webhook. */
  claim(legId: string, providerId: string, verdict: Verdict | null): Promise<Claim>
  /** False: there is no such batch. `inputId` makes a repeated delivery a no-op. */
  deliver(input: BatchInput, inputId: string | null): Promise<boolean>
  read(): Promise<BatchState>
}
/** The instructions for the person on a leg, or the AI agent that takes them over (`CallContract.converse`). */
export type Claim = { instructions: Instructions } | { agent: TalkOrder }
export interface BatchLeg {
  callId: string
  contactId: string | null
  name: string
  to: string
  from: string
  extension?: string | null
  where?: { timeZone: string | null; postcode: string | null }
}
export interface OpenBatch {
  policy: BatchPolicy
  legs: BatchLeg[]
  seats: SeatOffer[]
  campaignId: string | null
  agentName: string | null
  record: boolean
  clearance: ClearanceOrder
}

/** One leg at the carrier. */
export interface CallContract extends Actor {
  /** The carrier brought this call: decided and stored in one commit. A repeated webhook gets the stored answer. */
  ring(incoming: Incoming, route: Route): Promise<Instructions>
  /** The carrier asks what to do with the call. A repeated question gets the same answer. */
  answer(providerId: string): Promise<Instructions>
  /** The AI agent that won this person's leg talks with them. */
  converse(order: TalkOrder, providerId: string): Promise<Instructions>
  /** The party that this call was connected to is gone, or never answered. Returns what the caller hears next. */
  dialEnded(providerId: string, end: DialEnd): Promise<Instructions>
  /** One of the documents of a conversation, as text; null when there is none. */
  document(kind: CallDocument): Promise<string | null>
  /** The carrier's answer to the create, or what is known after `withinMs`. */
  placed(withinMs: number): Promise<Placed>
  /** Gives words to the model that the caller does not hear. False: there is no conversation now. */
  whisper(text: string, by: string): Promise<boolean>
  /** The caller's words, typed. False: no trial of an AI agent runs here now. */
  say(text: string): Promise<boolean>
  /** A batch or a route wants this person called. Idempotent: a call is created once. False: it cannot be stored. */
  request(links: CallLinks, party: CallParty, options: PlaceOptions, talk?: TalkOrder | null): Promise<boolean>
  /** False: there is no such call. `inputId` makes a repeated delivery a no-op. */
  deliver(input: CallInput, inputId: string | null): Promise<boolean>
  /** Several inputs of one sender, in order. */
  deliverAll(inputs: { input: CallInput; inputId: string | null }[]): Promise<boolean>
  read(): Promise<CallState>
}
/** A call that the carrier brings: from outside, or from the browser phone of a desk. */
export interface Incoming {
  providerId: string
  kind: 'inbound' | 'browser'
  from: string
  to: string
  /** the caller's name; null: the number stands for it */
  name: string | null
  /** the desk whose phone placed it */
  deskId: string | null
  agentName: string | null
  /** the agent whose call it is; absent: the desk says it */
  agentId?: string | null
  /** the AI agent's first words, instead of its own opening */
  message: string | null
  /** a trial of an AI agent is made as this person of the CRM */
  trialContactId: string | null
}
/** The party that answers a call: chosen by number (`TrunkContract.routeOf`), or the number that a browser phone dials. */
export type Route =
  | { to: 'desk'; deskId: string }
  | { to: 'agent'; order: TalkOrder }
  /** `record`: the agent's voice profile has their calls recorded */
  | { to: 'number'; clearance: Clearance; record: boolean }
  | { to: 'nobody' }
export type CallDocument = 'conversation' | 'log' | 'recording' | 'summary'
/** The result of a request to the carrier. `code` is its reason when it refused. */
export interface Placed {
  providerId: string | null
  status: string
  code?: number
}

/** One campaign: contacts and the sessions of its agents. */
export interface CampaignContract extends Actor {
  /** False: it cannot be stored, and nothing was done. */
  configure(settings: CampaignSettings): Promise<boolean>
  /** A known id is corrected. `dropped`: ids of people whose number somebody else in this campaign has. */
  addContacts(contacts: NewContact[]): Promise<{ added: number; dropped: string[] }>
  deliver(input: CampaignMessage, inputId: string | null): Promise<boolean>
  hearBatch(batchId: string, facts: StoredFact<BatchFact>[]): Promise<void>
  /** `held`: people whom a calling rule holds back until somebody changes what is on record, or a session starts */
  read(): Promise<{ state: CampaignState; left: number; held: number; total: number }>
}
/** Inputs that others send. They lack the counts of rows, which the campaign adds itself. */
export type CampaignMessage =
  | Exclude<CampaignInput, { type: 'outcome.saved' | 'wrap-up.ended' }>
  | Omit<Extract<CampaignInput, { type: 'outcome.saved' }>, 'left'>
  | Omit<Extract<CampaignInput, { type: 'wrap-up.ended' }>, 'left'>
export interface NewContact {
  contactId: string
  name: string
  company: string
  number: string
  numberShown: string
  timeZone: string | null
  postcode?: string | null
  extension?: string | null
  /** this person has agreed to be called by an AI agent */
  aiConsent?: boolean
}

/** One agent. */
export interface DeskContract extends Actor {
  /** Sets the agent of this desk from their session; a change of name or role is a fact. */
  open(agent: DeskView['agent']): Promise<void>
  /** False: nobody has signed in here. */
  deliver(input: DeskInput, inputId: string | null): Promise<boolean>
  hearBatch(batchId: string, facts: StoredFact<BatchFact>[]): Promise<void>
  hearRoom(room: string, facts: StoredFact<RoomFact>[]): Promise<void>
  /** The agent's phone opens its line. Null: nobody has signed in here. */
  openLine(providerId: string): Promise<Instructions | null>
  view(): Promise<DeskView | null>
  /** Sign-ins of this agent have ended: their sockets end at once. */
  leave(leave: DeskLeave): Promise<void>
  /** People whom the agent dials at once without a campaign; those who may be called are one race. */
  dialPeople(people: PersonToDial[]): Promise<HandRound>
  /** A command of the desk socket over HTTP, as JSON text. */
  command(text: string): Promise<DeskMessage>
}

export interface DeskLeave {
  /** the sign-ins that are over; null: all of them */
  sessions: string[] | null
  /** nobody signs in here again soon, so the session of a campaign stops */
  forGood?: true
}

/**
 * The log of a workspace, one month. The newest month answers for all. Events are numbered in the order in which they
 * arrive, without gaps, and a month that is over takes no more: a reader that has gone on misses nothing. A cursor is text
 * that only the log reads. The id of an event is its actor's and its seq; a page of facts that is sent again across the end of
 * a month makes events that a reader has seen, and the id tells so.
 */
export interface LogContract extends Actor {
  /** One page of an actor's facts, as JSON. False: this month is over; the page belongs to the next one. */
  hear(source: string, factsJson: string): Promise<boolean>
  list(query: LogQuery): Promise<CallPage>
  /** A `CallDetail` as JSON, because the data of a timeline has no fixed shape and typed RPC cannot carry it. */
  detail(callId: string): Promise<string | null>
  byProviderId(providerId: string): Promise<CallRow | null>
  /** Has this call a row? */
  knows(callId: string): Promise<boolean>
  /** An `EventPage` as JSON. Null: there is no such cursor. */
  events(query: EventQuery): Promise<string | null>
  /** The answer of this month alone to another month, as JSON (`src/actors/log/reader.ts`). */
  answer(question: string): Promise<string>
  /** The months of this workspace, asked of the object that is named by it. Null: `entering` is older than one of them. */
  months(entering: string | null, leaving?: string | null): Promise<string[] | null>
  /** Columns of calls that began in this month, as JSON by call id. Returns those that did. */
  amend(json: string): Promise<string[]>
  /** Calls and rounds that are open and have said nothing for too long. */
  silent(now: number, limit: number): Promise<{ calls: string[]; rounds: string[] }>
  /** The sweep has looked at them. True: nothing is open here, and the entry with this token may go. */
  settle(over: string[], woken: string[], token: string, now: number): Promise<boolean>
}
export interface CallPage {
  items: CallRow[]
  next: string | null
  /** the cursor is none of ours, or its month is not kept any more */
  strayed?: true
}
export interface EventQuery {
  /** null: from the first event that is kept */
  cursor: string | null
  limit: number
  /** null: all of them */
  types: string[] | null
}
export interface LogQuery extends CallFilters {
  cursor: string | null
  limit: number
  /** calls of this agent only */
  agentId?: string
}

/** One run of one scenario. */
export interface RehearsalContract extends Actor {
  /** `json`: a `RehearsalOrder`. Begins once. */
  begin(json: string): Promise<void>
  /** The run as JSON; null: there is none. */
  read(): Promise<string | null>
  forget(): Promise<void>
}

/** One conference. */
export interface RoomContract extends Actor {
  deliver(input: RoomInput, inputId: string | null): Promise<void>
  read(): Promise<RoomState>
}

/** The book of a workspace. */
export interface WorkspaceContract extends Actor {
  saveAiAgent(agentId: string, body: AiAgentBody, by: string): Promise<number | null>
  /** An `AiAgent` as JSON, because the schemas of tools have no fixed shape and typed RPC cannot carry them. */
  aiAgent(agentId: string, version?: number | null): Promise<string | null>
  aiAgents(): Promise<string>
  aiVersions(agentId: string, limit: number): Promise<string>
  assignAiNumbers(agentId: string, numbers: string[]): Promise<void>
  /** No AI agent answers this number any more. */
  releaseAiNumber(number: string): Promise<void>
  /** The AI agent that answers this number; null when none does. */
  aiAnswering(number: string): Promise<TalkOrder | null>
  /** The order with which a call begins a talk with this agent; null: there is no such agent. */
  aiOrder(agentId: string): Promise<TalkOrder | null>
  scenarios(agentId: string): Promise<string>
  saveScenario(agentId: string, name: string, body: string, by: string): Promise<boolean>
  removeScenario(agentId: string, name: string): Promise<{ runId: string | null } | null>
  beginRehearsal(agentId: string, name: string, runId: string, version: number): Promise<Begun>
  /** Is this the last run of a scenario? An earlier one is deleted. */
  hasRehearsal(runId: string): Promise<boolean>
  rehearsalEnded(runId: string, state: RehearsalState, endedMs: number): Promise<void>
  /** Puts the number on the do-not-call list and marks the contacts that have it. */
  optOut(number: string, because: string, by?: string): Promise<void>
  /** The opt-outs that an older release kept here. */
  optOuts(): Promise<{ number: string; because: string }[]>
  noteCallback(callId: string, phone: string, wanted: string, note: string): Promise<void>
  setProfile(name: string, sellerName: string, sellerNumber: string): Promise<void>
  settings(): Promise<WorkspaceSettings>
  /** Settings that are not named stay. */
  changeSettings(settings: Partial<WorkspaceSettings>): Promise<void>
  /** The seller as the safe-harbour message names it. */
  seller(): Promise<{ name: string; number: string }>
  saveContacts(entries: ContactEntry[]): Promise<void>
  contacts(ids: string[]): Promise<Contact[]>
  listContacts(after: string | null, limit: number): Promise<Contact[]>
  contactByPhone(phone: string): Promise<Contact | null>
  hasCampaign(campaignId: string): Promise<boolean>
  /** False: there is no such contact. `call`: the call that this is the outcome of. */
  noteContact(id: string, result: string, note: string, at: number, by?: string, call?: string): Promise<boolean>
  /** A call to this contact was placed; a repeat counts nothing. */
  countAttempt(contactId: string, callId: string, at: number): Promise<void>
  /** A round is over for this contact. An outcome that a person saved for the same call stands. */
  contactTried(tried: TriedContact): Promise<void>
  saveCampaign(campaignId: string, name: string, lines: number): Promise<void>
  campaigns(): Promise<{ campaignId: string; name: string; lines: number }[]>
  /** One step: it looks at an idempotency key and, if nobody has it, takes it. */
  claimKey(key: string, digest: string): Promise<KeyClaim>
  /** The answer that repeats get from now on. */
  settleKey(key: string, token: string, done: KeptAnswer): Promise<void>
  /** Nothing was done under this claim, so the key is free again. */
  releaseKey(key: string, token: string): Promise<void>
}
/** `timeZone`: the day of the workspace (IANA) */
export interface WorkspaceSettings {
  timeZone: string
}

export interface KeptAnswer {
  status: number
  body: string
}
export type KeyClaim =
  | { is: 'claimed'; token: string }
  | ({ is: 'done' } & KeptAnswer)
  /** `conflict`: the key was used with another body; `busy`: the first request has no answer yet */
  | { is: 'conflict' }
  | { is: 'busy' }
export interface ContactEntry {
  contactId: string
  firstName: string
  lastName: string
  company: string
  phone: string
  timeZone: string | null
  postcode: string | null
  extension: string | null
}
export type Begun =
  | { result: 'begun'; body: string; replaced: string | null }
  /** `unknown`: there is no such scenario; `running`: this one runs already; `full`: too many run */
  | { result: 'unknown' }
  | { result: 'running' }
  | { result: 'full' }
