/**
 * The calls that actors offer to the Worker and to each other: one interface per actor, and the values that travel with
 * them. Every actor class implements its own; nobody imports a neighbour's class. Each method is one RPC; an answer is
 * given after its commit.
 */

import type { BatchFact, BatchInput, BatchPolicy, BatchState, SeatOffer, Verdict } from '../core/batch/state.ts'
import type { ConsultOrder } from '../core/call/consult/consult.ts'
import type { NoControl, Pause } from '../core/call/control/state.ts'
import type { KnownCall } from '../core/call/flow/pages.ts'
import type {
  CallInput,
  CallLinks,
  CallParty,
  CallStatus,
  ClearanceOrder,
  DialEnd,
  PlaceOptions,
} from '../core/call/state.ts'
import type { TalkOrder } from '../core/call/talk/talk.ts'
import type { CampaignInput, CampaignSettings, CampaignState } from '../core/campaign/state.ts'
import type { Verdict as Clearance } from '../core/clearance/clearance.ts'
import type { Rule } from '../core/clearance/rules.ts'
import type { DeskInput } from '../core/desk/state.ts'
import type { DeskView, LaneContact, Reason } from '../core/desk/view.ts'
import type { Instructions } from '../core/instruction/instruction.ts'
import type { FloorView } from '../core/pool/pool.ts'
import type { QueueInput, QueueState } from '../core/queue/state.ts'
import type { RecordingSettings } from '../core/recording/policy.ts'
import type { RoomFact, RoomInput, RoomState } from '../core/room/state.ts'
import type { AiAgentBody } from '../wire/ai-agent.ts'
import type { Contact } from '../wire/api.ts'
import type { DeskMessage } from '../wire/desk.ts'
import type { RehearsalState } from '../wire/scenario.ts'
import type { SupervisionRule } from '../wire/supervision.ts'
import type {
  ConferenceAsk,
  ConferenceRow,
  FlowAsk,
  FlowToRun,
  OutcomeAsk,
  Outcomes,
  QueueAsk,
  QueueRow,
} from './books.ts'
import type { ContactAsk, HandRound, NotedOutcome, OptOut, PersonToDial, TriedContact } from './people.ts'
import type { Inspected } from './shell/inspection.ts'
import type { StoredFact } from './shell/journal.ts'

type Actor = Rpc.DurableObjectBranded

/** One dialling round. */
export interface BatchContract extends Inspected {
  /** Idempotent: a batch opens once. */
  open(round: OpenBatch): Promise<void>
  /** Seats and lines join a pool; it opens with the first of them. A repeat (`inputId`) changes nothing. */
  join(joining: OpenBatch, inputId: string): Promise<void>
  /** The race. The answer is the same for every repeat of the webhook. */
  claim(legId: string, providerId: string, verdict: Verdict | null): Promise<Claim>
  /** False: there is no such batch. `inputId` makes a repeated delivery a no-op. */
  deliver(input: BatchInput, inputId: string | null): Promise<boolean>
  read(): Promise<BatchState>
}
/** The instructions for the person on a leg, or the AI agent (`CallContract.converse`) or flow (`CallContract.runFlow`) that takes them over. */
export type Claim = { instructions: Instructions } | { agent: TalkOrder } | { flow: FlowToRun }
export interface BatchLeg {
  callId: string
  contactId: string | null
  name: string
  to: string
  from: string
  extension?: string | null
  where?: { timeZone: string | null; postcode: string | null }
  /** of a pool: what the screen of the agent shows who gets this person */
  shown?: LaneContact
}
export interface OpenBatch {
  policy: BatchPolicy
  legs: BatchLeg[]
  seats: SeatOffer[]
  campaignId: string | null
  agentName: string | null
  record: boolean
  clearance: ClearanceOrder
  /** what the winner of a group call gets */
  flow?: FlowToRun
}

/** What a program wants of a call. */
export type ControlOrder =
  | { do: 'pause'; pause: Pause; on: boolean }
  | { do: 'talk'; text: string; language: string }
  /** `onEndFlowId`: a flow that begins when the recording is there */
  | { do: 'record'; on: boolean; onEndFlowId?: string }
  /** what is said is not recorded for a while */
  | { do: 'pause-record'; on: boolean }

/** One leg at the carrier. */
export interface CallContract extends Inspected {
  /** The carrier brought this call: decided and stored in one commit. A repeated webhook gets the stored answer. */
  ring(incoming: Incoming, route: Route): Promise<Instructions>
  /** The carrier asks what to do with the call. A repeated question gets the same answer. */
  answer(providerId: string): Promise<Instructions>
  /** The carrier has finished a step of a flow, with the keys that were pressed and the length of what was recorded, ms. */
  stepDone(step: FinishedStep): Promise<Instructions>
  /** The AI agent that won this person's leg talks with them. */
  converse(order: TalkOrder, providerId: string): Promise<Instructions>
  /** The flow that this person's leg has won begins. */
  runFlow(flow: FlowToRun, providerId: string): Promise<Instructions>
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
  request(
    links: CallLinks,
    party: CallParty,
    options: PlaceOptions,
    talk?: TalkOrder | null,
    flow?: FlowToRun | null,
    consult?: ConsultOrder | null,
  ): Promise<boolean>
  /** A program interrupts what the person hears, or records them. Returns why it cannot; null: it is stored. */
  control(order: ControlOrder): Promise<NoControl | null>
  /** False: there is no such call. `inputId` makes a repeated delivery a no-op. */
  deliver(input: CallInput, inputId: string | null): Promise<boolean>
  /** Several inputs of one sender, in order. */
  deliverAll(inputs: { input: CallInput; inputId: string | null }[]): Promise<boolean>
  /** The state, without the large parts of its flow. The desk `viewer` is told for a while when the recording changes. */
  read(viewer?: string): Promise<KnownCall>
}
export interface FinishedStep {
  token: string
  digits: string
  recordedMs: number
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
  /** the number of ours that is shown if they are connected with somebody else; absent: the one that they have dialled */
  shown?: string
}
/** The party that answers a call: chosen by number (`TrunkContract.routeOf`), or the number that a browser phone dials. */
export type Route =
  /** `unanswered`: the queue that callers wait in if the desk does not take them; null: they are asked for a message */
  | { to: 'desk'; deskId: string; unanswered?: string | null }
  | { to: 'agent'; order: TalkOrder }
  | { to: 'flow'; flow: FlowToRun }
  /** `record`: the agent's voice profile has their calls recorded */
  | { to: 'number'; clearance: Clearance; record: boolean }
  | { to: 'nobody' }
export type CallDocument = 'conversation' | 'log' | 'recording' | 'summary'
/** The result of a request to the carrier. `code` is its reason when it refused. */
export interface Placed {
  providerId: string | null
  status: CallStatus
  code?: number
  /** the rule that forbade it when it was about to be dialled */
  held?: { rule: Rule; untilMs: number | null }
}

/** One campaign: contacts and the sessions of its agents. */
export interface CampaignContract extends Inspected {
  /** False: it cannot be stored, and nothing was done. */
  configure(settings: CampaignSettings): Promise<boolean>
  /** A known id is corrected. `dropped`: ids of people whose number somebody else in this campaign has. */
  addContacts(contacts: NewContact[]): Promise<{ added: number; dropped: string[] }>
  /** Those of them whom nobody has called go; returns who stays. */
  removeContacts(ids: string[]): Promise<string[]>
  deliver(input: CampaignMessage, inputId: string | null): Promise<boolean>
  hearBatch(batchId: string, facts: StoredFact<BatchFact>[]): Promise<void>
  read(): Promise<CampaignRead>
}
export interface CampaignRead {
  state: CampaignState
  left: number
  /** people whom a calling rule holds back until somebody changes what is on record, or a session starts */
  held: number
  total: number
  /** people of the last 30 days, and for whom of them nobody was free */
  answered: number
  abandoned: number
  /** who shares lines now; null: nobody */
  floor: FloorView | null
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
export interface DeskContract extends Inspected {
  /** Sets the agent of this desk from their session; a change of name or role is a fact. */
  open(agent: DeskView['agent']): Promise<void>
  /** False: nobody has signed in here. */
  deliver(input: DeskInput, inputId: string | null): Promise<boolean>
  hearBatch(batchId: string, facts: StoredFact<BatchFact>[]): Promise<void>
  hearRoom(room: string, facts: StoredFact<RoomFact>[]): Promise<void>
  /** The agent's phone opens its line. Null: nobody has signed in here. */
  openLine(providerId: string): Promise<Instructions | null>
  /** The carrier asks where this line belongs now. Null: it is no line of this desk any more. */
  lineAsks(callId: string): Promise<Instructions | null>
  /** `viewer`: the desk whose page reads it, which is told of changes for a while. */
  view(viewer?: string): Promise<DeskView | null>
  /** The queues that this agent takes calls from. */
  queues(): Promise<string[]>
  /** Something has changed in the agent's inbox: their screens are told, if any is open. */
  inboxChanged(): Promise<void>
  /** What a page of this agent has read of the object `of` has changed. False: no page of theirs looks any more. */
  liveChanged(of: string): Promise<boolean>
  /** Sign-ins of this agent have ended: their sockets end at once. */
  leave(leave: DeskLeave): Promise<void>
  /** People whom the agent dials at once without a campaign; those who may be called are one race. */
  dialPeople(people: PersonToDial[]): Promise<HandRound>
  /** A supervisor takes the person over, and their desk has said yes. Null: it is on its way; else why not. */
  handTo(callId: string, deskId: string): Promise<Reason | null>
  /** Null: this desk takes a person over at once; else a stable word. */
  whyNotTaking(): Promise<string | null>
  /** A command of the desk socket over HTTP, as JSON text. */
  command(text: string): Promise<DeskMessage>
}

export interface DeskLeave {
  /** the sign-ins that are over; null: all of them */
  sessions: string[] | null
  /** nobody signs in here again soon, so the session of a campaign stops */
  forGood?: true
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
export interface RoomContract extends Inspected {
  deliver(input: RoomInput, inputId: string | null): Promise<void>
  read(viewer?: string): Promise<RoomState>
  /** The phone of the supervisor at this desk asks where it goes. Null: this supervision is over, is not theirs, or has another leg. */
  supervise(supervisionId: string, deskId: string, providerId: string): Promise<Instructions | null>
}

/** One queue. */
export interface QueueContract extends Inspected {
  /** False: there is no such queue. `inputId` makes a repeated delivery a no-op. */
  deliver(input: QueueInput, inputId: string | null): Promise<boolean>
  read(viewer?: string): Promise<QueueState>
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
  /** Puts numbers on the do-not-call list and marks the contacts that have them. Returns how many were not listed before. */
  optOut(optOut: OptOut): Promise<number>
  /** A supervisor took this number off the list: contacts that have it lose their mark. */
  liftOptOut(number: string): Promise<void>
  /** The opt-outs that an older release kept here. */
  optOuts(): Promise<{ number: string; because: string }[]>
  noteCallback(callId: string, phone: string, wanted: string, note: string): Promise<void>
  /** One question or change about flows; the answer as JSON, because options of steps have no fixed shape. Null: there is no such thing. */
  flow(ask: FlowAsk): Promise<string | null>
  /** Null: there is no such queue, or there are too many. */
  queues(ask: QueueAsk): Promise<QueueRow[] | null>
  /** Null: there is no such conference, there are too many, or another one has this name. */
  conferences(ask: ConferenceAsk): Promise<ConferenceRow[] | null>
  setProfile(name: string, sellerName: string, sellerNumber: string): Promise<void>
  /** With `change` they are these from now on; settings that it does not name stay. */
  settings(change?: Partial<WorkspaceSettings>): Promise<WorkspaceSettings>
  /** The seller as the safe-harbour message names it. */
  seller(): Promise<{ name: string; number: string }>
  /** Returns the ids of those who had asked not to be called and whose new number was therefore listed. */
  saveContacts(entries: ContactEntry[]): Promise<string[]>
  peopleOfList(ask: ContactAsk): Promise<(string | null)[]>
  contacts(ids: string[]): Promise<Contact[]>
  listContacts(after: string | null, limit: number): Promise<Contact[]>
  contactByPhone(phone: string): Promise<Contact | null>
  hasCampaign(campaignId: string): Promise<boolean>
  /** Stores an outcome; one that means do-not-call lists the called and the stored number. False: there is no such contact. */
  noteContact(outcome: NotedOutcome): Promise<boolean>
  /** A call to this contact was placed; a repeat counts nothing. */
  countAttempt(contactId: string, callId: string, at: number): Promise<void>
  /** A round is over for this contact. An outcome that a person saved for the same call stands. */
  contactTried(tried: TriedContact): Promise<void>
  saveCampaign(campaignId: string, name: string, lines: number): Promise<void>
  outcomes(ask: OutcomeAsk): Promise<Outcomes>
  campaigns(): Promise<{ campaignId: string; name: string; lines: number }[]>
  /** One step: it looks at an idempotency key and, if nobody has it, takes it. */
  claimKey(key: string, digest: string): Promise<KeyClaim>
  /** The answer that repeats get from now on. */
  settleKey(key: string, token: string, done: KeptAnswer): Promise<void>
  /** Nothing was done under this claim, so the key is free again. */
  releaseKey(key: string, token: string): Promise<void>
}
/** `timeZone`: the day of the workspace (IANA); `voicemailDays`: so long voicemail, missed calls and callbacks are kept */
export interface WorkspaceSettings extends RecordingSettings {
  timeZone: string
  /** whether agents are told of supervisors on their calls */
  supervision: SupervisionRule
  voicemailDays: number
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
