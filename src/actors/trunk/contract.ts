/** What the trunk offers: the gate before every call, pace, the numbers of the workspace, and who answers them. */
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import type { Choice } from '../../core/caller-id/caller-id.ts'
import type { Verdict as Clearance, ClearanceAsk } from '../../core/clearance/clearance.ts'
import type { ClearanceRules, Purpose } from '../../core/clearance/rules.ts'
import type { Route } from '../contracts.ts'
import type { FlowRouteAsk } from './flow-routes.ts'
import type { Lead, NewLead, StepLead } from './leads.ts'

type Actor = Rpc.DurableObjectBranded

/** The provider account of a workspace: pace and numbers. */
export interface TrunkContract extends Actor {
  /**
   * The gate before every call that goes out: the verdict, and the time at which a cleared call may go, ms since the epoch. The same
   * call gets the same slot. A cleared call holds its number and its place until `freeNumber`.
   */
  clear(ask: ClearanceAsk & { callId: string }): Promise<{ verdict: Clearance; notBefore: number }>
  /** The verdict once more, just before the create is sent. A call that was never cleared, or is over, is refused. */
  clearAgain(callId: string): Promise<Clearance>
  /** Clearances for people who are being chosen, and for legs that the carrier dials by itself; nothing is reserved. */
  judge(asks: ClearanceAsk[]): Promise<Clearance[]>
  /** Caller ids for one round, with the verdicts on the people who may be in it. `preferred`: taken first while it is ours and ready. */
  leaseNumbers(
    askId: string,
    count: number,
    asks?: ClearanceAsk[],
    preferred?: string | null,
  ): Promise<Choice & { verdicts: Clearance[] }>
  /** The call is over (`talkedMs`: how long it was; `rejected`: busy or refused), or was never placed (`used` false). */
  freeNumber(number: string, callId: string, used: boolean, talkedMs?: number, rejected?: boolean): Promise<void>
  /** The carrier took a call from this number; a repeat counts nothing. */
  countPlaced(number: string, callId: string): Promise<void>
  /** Money is set aside before each call from now on, or no longer. */
  limitCredit(limited: boolean): Promise<void>
  /** The rules; with `change` they are these from now on. */
  clearanceRules(change?: ClearanceRules): Promise<ClearanceRules>
  /** Puts entries on the do-not-call list. Returns how many numbers were not on their list before. */
  addToList(entries: NewListed[]): Promise<number>
  /** Takes a number or an import off the do-not-call list. */
  removeFromList(removal: Removal): Promise<Removed>
  listed(query: ListQuery): Promise<ListPage>
  /** Entries that were taken off, the newest first. */
  unlisted(limit: number): Promise<Unlisted[]>
  saveConsents(entries: Consent[]): Promise<void>
  consentsOf(number: string): Promise<(Consent & { withdrawnMs: number | null })[]>
  saveNumber(entry: PoolNumber): Promise<void>
  /** The carrier has refused a call from this number, with this code of its own. */
  setNumberAside(number: string, code: number): Promise<void>
  /** Calls to it are answered by nobody from then on. False: there is no such number. */
  removeNumber(number: string): Promise<boolean>
  /** No number rings this desk any more. */
  forgetDesk(deskId: string): Promise<void>
  numbers(): Promise<Record<string, SqlStorageValue>[]>
  /** The route of a call to this number and our id for the call. Every repeat of the carrier's webhook gets the same id. */
  routeOf(number: string, providerId: string): Promise<{ callId: string; route: Route }>
  /** Our id for a call that a browser phone places. Null: `reserved`, which the page got before, was not given to that desk. */
  callFor(providerId: string, reserved?: { callId: string; deskId: string } | null): Promise<string | null>
  /** Our id for a call that the carrier brought earlier; null: it never did. */
  callOf(providerId: string): Promise<string | null>
  /** An id for a call that this desk is about to place. */
  reserveCall(deskId: string): Promise<string>
  /** Has this id been given to a call that goes out, came in, or is about to be placed? */
  knows(callId: string): Promise<boolean>
  /** These numbers, and no others, are answered by the AI agent from now on. */
  assignAgent(order: TalkOrder, numbers: string[]): Promise<void>
  /** One question or change about the flows that answer numbers. Returns a flow's id; null: there is none. */
  flowRoute(ask: FlowRouteAsk): Promise<string | null>
  /** The number leads there and nowhere else from now on. */
  leadNumber(number: string, lead: NewLead): Promise<void>
  /** It is deleted: no number leads there any more, and nobody waits in it instead of being answered. */
  leadNowhere(kind: 'flow' | StepLead, id: string): Promise<void>
  /** What each of these numbers leads to, in their order. */
  leadsOf(numbers: string[]): Promise<Lead[]>
  /** The numbers that this agent answers are answered in this version from now on. */
  refreshAgent(order: TalkOrder): Promise<void>
}
export interface NewListed {
  /** E.164; of an area its first digits, with the plus */
  number: string
  /** null: the list of the workspace */
  campaignId: string | null
  area: boolean
  /** an outcome, an AI agent's tool, a caller's key, an import, the API */
  source: string
  by: string
  note: string
}
/** An entry leaves only by a named person, for a reason. `source`: what one import brought; otherwise what every source says of a number. */
export type Removal = { by: string; reason: string } & (
  | { number: string; campaignId: string | null }
  | { source: string }
)
/** `removed`: entries; `stillListed`: numbers among them that another source, or an area, lists as well */
export interface Removed {
  removed: number
  stillListed: number
}
export interface Unlisted {
  atMs: number
  number: string
  by: string
  reason: string
  sinceMs: number
  /** what had listed it */
  source: string
}
/** `source`, `by`, `sinceMs` and `note` are those of the first of `sources`. */
export interface ListedNumber extends NewListed {
  sinceMs: number
  sources: { source: string; by: string; sinceMs: number; note: string }[]
}
export interface ListPage {
  items: ListedNumber[]
  next: string | null
}
export interface ListQuery {
  after: string | null
  limit: number
  /** digits that the number has */
  q: string
  /** null: all lists; empty: the workspace's */
  campaignId: string | null
}
export interface Consent {
  number: string
  purpose: Purpose
  /** where the consent was given, in words */
  source: string
  givenMs: number
  by: string
}
export interface PoolNumber {
  number: string
  name: string
  /** the desk that rings when this number is called */
  deskId: string | null
  inFlightCap: number
  cooldownMs: number
}
