/**
 * Every id that we make, by kind: one constructor and one parser each. An id carries its workspace, so tenants are apart
 * by construction; nothing elsewhere puts an id together or takes one apart (`test/tidy/ids.test.ts`).
 *
 *   workspace  w_demo                     desk      w_demo.d_ada
 *   campaign   w_demo.c_spring            batch     w_demo.c_spring.b7 · w_demo.d_ada.s1f… (one number, from a desk)
 *   call       w_demo.c_spring.b7.2 (leg of a batch) · w_demo.call_1f… · w_demo.d_ada.l3 (an agent's line)
 *   room       w_demo.d_ada.3 (desk and generation)
 *   AI seat    w_demo.ai_7.s1             rehearsal w_demo.rh_1f…
 *   log        w_demo.log_2026-11 (one month)       profile   w_demo.p_ada (the voice profile of a desk's agent)
 *
 * Ids of calls are ours, never the carrier's and never made in a browser. `unique` is random text that the shell makes
 * (`src/actors/unique.ts`), because the core makes nothing random. Calls of release 0.1.0 end in `i_…`, `o_…` or `a_…`.
 */
declare const KIND: unique symbol
export type Id<Kind extends string> = string & { readonly [KIND]: Kind }
export type WorkspaceId = Id<'workspace'>
export type DeskId = Id<'desk'>
export type CampaignId = Id<'campaign'>
export type BatchId = Id<'batch'>
export type CallId = Id<'call'>
export type RoomId = Id<'room'>
export type SeatId = Id<'ai-seat'>
export type RehearsalId = Id<'rehearsal'>
export type LogId = Id<'log'>
export type ProfileId = Id<'profile'>

const WORKSPACE = 'w_[A-Za-z0-9]{1,32}'
const PART = '[A-Za-z0-9_-]{1,48}'
const ANY = new RegExp(`^${WORKSPACE}(\\.${PART}){0,5}$`)
const DESK = `${WORKSPACE}\\.d_[A-Za-z0-9_-]{1,46}`
const CAMPAIGN = `${WORKSPACE}\\.c_[A-Za-z0-9_-]{1,46}`
const BATCH = `(?:${CAMPAIGN}\\.b[A-Za-z0-9_-]{1,46}|${DESK}\\.s[A-Za-z0-9_-]{1,46})`
const GRAMMAR = {
  workspace: new RegExp(`^${WORKSPACE}$`),
  desk: new RegExp(`^${DESK}$`),
  campaign: new RegExp(`^${CAMPAIGN}$`),
  batch: new RegExp(`^${BATCH}$`),
  call: new RegExp(`^(?:${BATCH}\\.\\d{1,6}|${DESK}\\.l\\d{1,9}|${WORKSPACE}\\.(?:call|i|o|a)_[A-Za-z0-9]{1,42})$`),
  room: new RegExp(`^${DESK}\\.\\d{1,9}$`),
  'ai-seat': new RegExp(`^${WORKSPACE}\\.ai_[A-Za-z0-9_]{1,46}\\.s\\d{1,4}$`),
  rehearsal: new RegExp(`^${WORKSPACE}\\.rh_[0-9a-f]{1,45}$`),
  profile: new RegExp(`^${WORKSPACE}\\.p_[A-Za-z0-9_-]{1,46}$`),
  log: new RegExp(`^${WORKSPACE}\\.log_\\d{4}-(?:0[1-9]|1[0-2])$`),
}
type Kind = keyof typeof GRAMMAR

/** Null: the text is not an id of that kind, or it belongs to another workspace. */
export function parseId<K extends Kind>(kind: K, text: string, workspaceId: string): Id<K> | null {
  return GRAMMAR[kind].test(text) && workspaceOf(text) === workspaceId ? (text as Id<K>) : null
}

/** Is this text an id of ours, of any kind? */
export function isId(text: string): boolean {
  return ANY.test(text)
}

export function workspaceOf(id: string): WorkspaceId {
  return (id.split('.', 1)[0] ?? '') as WorkspaceId
}

/** Letters, digits and underscore of a user's id: the desk of a person and the name of their phone are made of it. */
export function deskName(userId: string): string {
  return userId.replace(/[^A-Za-z0-9]/g, '_').slice(0, 46)
}

export function deskId(workspaceId: string, name: string): DeskId {
  return `${workspaceId}.d_${name}` as DeskId
}

/** The part of a desk's id that names its agent: `ada`. */
export function nameOfDesk(id: string): string {
  return /\.d_([A-Za-z0-9_-]+)$/.exec(id)?.[1] ?? ''
}

/** Whose desk this is, as calls and the call log name an agent; null: nobody's, or the seat of an AI agent. */
export function agentOfDesk(id: string | null): string | null {
  return nameOfDesk(id ?? '') || null
}

/** The name of the browser phone at a desk: letters, digits and underscore, which every carrier takes. */
export function phoneName(desk: string): string {
  return `agent_${nameOfDesk(desk)}`
}

/** The part of a desk's id that the name of a phone has; null: it is no phone of ours. */
export function deskNameOfPhone(name: string): string | null {
  return /^agent_([A-Za-z0-9_]{1,46})$/.exec(name)?.[1] ?? null
}

export function campaignId(workspaceId: string, unique: string): CampaignId {
  return `${workspaceId}.c_${unique}` as CampaignId
}

/** Round `n` of a campaign. */
export function batchId(campaign: string, n: number): BatchId {
  return `${campaign}.b${n}` as BatchId
}

/** A call to one number from a desk is a batch of one. */
export function singleBatchId(desk: string, unique: string): BatchId {
  return `${desk}.s${unique}` as BatchId
}

/** Leg `n` of a batch, counted from 1. */
export function legId(batch: string, n: number): CallId {
  return `${batch}.${n}` as CallId
}

/** A call outside every batch. */
export function callId(workspaceId: string, unique: string): CallId {
  return `${workspaceId}.call_${unique}` as CallId
}

/** Line `n` of an agent: the leg of their own phone. */
export function lineId(desk: string, n: number): CallId {
  return `${desk}.l${n}` as CallId
}

/** The room of a desk; a transfer moves the agent to the next generation and the old room lives on. */
export function deskRoomId(desk: string, generation: number): RoomId {
  return `${desk}.${generation}` as RoomId
}

/** The desk whose room this is. */
export function deskOfRoom(room: string): DeskId {
  return room.slice(0, room.lastIndexOf('.')) as DeskId
}

/** Seat `n` of an AI agent in a campaign: nobody sits there and it is always free. */
export function aiSeatId(workspaceId: string, agentId: string, n: number): SeatId {
  return `${workspaceId}.${agentId}.s${n}` as SeatId
}

/** The AI agent of such a seat; null: a person's desk. */
export function agentOfSeat(seat: string): string | null {
  return /^w_[A-Za-z0-9]+\.(ai_[A-Za-z0-9_]+)\.s\d+$/.exec(seat)?.[1] ?? null
}

/** The voice profile of the agent at this desk. */
export function profileId(desk: string): ProfileId {
  return `${workspaceOf(desk)}.p_${nameOfDesk(desk)}` as ProfileId
}

export function rehearsalId(workspaceId: string, unique: string): RehearsalId {
  return `${workspaceId}.rh_${unique}` as RehearsalId
}

/** The log of one month (`src/core/month.ts`). The object that is named by the workspace alone has what 0.1.0 wrote. */
export function logId(workspaceId: string, month: string): LogId {
  return `${workspaceId}.log_${month}` as LogId
}

/** The month of a log; null: it is named by the workspace alone. */
export function monthOfLog(id: string): string | null {
  return GRAMMAR.log.test(id) ? id.slice(-7) : null
}
