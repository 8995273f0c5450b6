/**
 * Every id that we make, by kind: one constructor and one parser each. An id carries its workspace, so tenants are apart
 * by construction; nothing elsewhere puts an id together or takes one apart (`test/tidy/ids.test.ts`).
 *
 *   workspace  w_demo · w_ws1f… (one that was made in the product)
 *   desk      w_demo.d_ada
 *   campaign   w_demo.c_spring            batch     w_demo.c_spring.b7 · w_demo.d_ada.s1f… (one number, from a desk)
 *   group call w_demo.g_1f… (a batch that a program has asked for)
 *   call       w_demo.c_spring.b7.2 (leg of a batch) · w_demo.call_1f… · w_demo.d_ada.l3 (an agent's line)
 *   room       w_demo.d_ada.3 (desk and generation) · w_demo.cf_1f… (a conference by name; its room has its id) · w_demo.x_1f… (where a
 *              person and the number that was asked first are, when the agent has left them)
 *   supervision w_demo.d_ada.3.v1f… (of the conversation in that room; the supervisor's leg has its id)
 *   AI seat    w_demo.ai_7.s1             rehearsal w_demo.rh_1f…
 *   queue      w_demo.q_1f…               webhook   w_demo.wh_1f… (an endpoint that gets events)
 *   mask       w_demo.m_14155550100 (the digits of its number)            session   w_demo.m_14155550100.s1f… (two people at that mask)
 *   import     w_demo.im_1f… (one list of people)            report    w_demo.rs_1f… (one that is sent by itself)
 *   log        w_demo.log_2026-11 (one month)       profile   w_demo.p_ada (the voice profile of a desk's agent)
 *   call of two extensions  w_demo.sip_1f… (their SIP domain is one object, which is named by the workspace)
 *   recording  w_demo.call_1f….rp1 (of a call or a conference, by who has begun it, and which of theirs it is)
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
export type GroupcallId = Id<'groupcall'>
export type CallId = Id<'call'>
export type RoomId = Id<'room'>
export type SupervisionId = Id<'supervision'>
export type SeatId = Id<'ai-seat'>
export type RehearsalId = Id<'rehearsal'>
export type LogId = Id<'log'>
export type ProfileId = Id<'profile'>
export type QueueId = Id<'queue'>
export type WebhookId = Id<'webhook'>
export type ImportId = Id<'import'>
export type ReportScheduleId = Id<'report-schedule'>
export type MaskId = Id<'mask'>
export type MaskSessionId = Id<'mask-session'>
export type RecordingId = Id<'recording'>
/** It is the id of its room as well. */
export type ConferenceId = Id<'conference'>

const WORKSPACE = 'w_[A-Za-z0-9]{1,32}'
const PART = '[A-Za-z0-9_-]{1,48}'
const ANY = new RegExp(`^${WORKSPACE}(\\.${PART}){0,5}$`)
const DESK = `${WORKSPACE}\\.d_[A-Za-z0-9_-]{1,46}`
const CAMPAIGN = `${WORKSPACE}\\.c_[A-Za-z0-9_-]{1,46}`
const CONFERENCE = `${WORKSPACE}\\.cf_[A-Za-z0-9]{1,45}`
const TRANSFER_ROOM = `${WORKSPACE}\\.x_[A-Za-z0-9]{1,46}`
const GROUPCALL = `${WORKSPACE}\\.g_[A-Za-z0-9]{1,46}`
const MASK = `${WORKSPACE}\\.m_\\d{6,15}`
const BATCH = `(?:${CAMPAIGN}\\.b[A-Za-z0-9_-]{1,46}|${DESK}\\.s[A-Za-z0-9_-]{1,46}|${GROUPCALL})`
const CALL = `(?:${BATCH}\\.\\d{1,6}|${DESK}\\.l\\d{1,9}|${WORKSPACE}\\.(?:call|sip|i|o|a)_[A-Za-z0-9]{1,42})`
const GRAMMAR = {
  workspace: new RegExp(`^${WORKSPACE}$`),
  desk: new RegExp(`^${DESK}$`),
  campaign: new RegExp(`^${CAMPAIGN}$`),
  batch: new RegExp(`^${BATCH}$`),
  groupcall: new RegExp(`^${GROUPCALL}$`),
  call: new RegExp(`^${CALL}$`),
  room: new RegExp(`^(?:${DESK}\\.\\d{1,9}|${CONFERENCE}|${TRANSFER_ROOM})$`),
  'transfer-room': new RegExp(`^${TRANSFER_ROOM}$`),
  conference: new RegExp(`^${CONFERENCE}$`),
  supervision: new RegExp(`^${DESK}\\.\\d{1,9}\\.v[A-Za-z0-9]{1,45}$`),
  'ai-seat': new RegExp(`^${WORKSPACE}\\.ai_[A-Za-z0-9_]{1,46}\\.s\\d{1,4}$`),
  rehearsal: new RegExp(`^${WORKSPACE}\\.rh_[0-9a-f]{1,45}$`),
  profile: new RegExp(`^${WORKSPACE}\\.p_[A-Za-z0-9_-]{1,46}$`),
  queue: new RegExp(`^${WORKSPACE}\\.q_[A-Za-z0-9]{1,46}$`),
  recording: new RegExp(`^(?:${CALL}|${CONFERENCE})\\.r[fopt]\\d{1,9}$`),
  webhook: new RegExp(`^${WORKSPACE}\\.wh_[A-Za-z0-9]{1,45}$`),
  import: new RegExp(`^${WORKSPACE}\\.im_[A-Za-z0-9]{1,45}$`),
  'report-schedule': new RegExp(`^${WORKSPACE}\\.rs_[A-Za-z0-9]{1,45}$`),
  mask: new RegExp(`^${MASK}$`),
  'mask-session': new RegExp(`^${MASK}\\.s[A-Za-z0-9]{1,45}$`),
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

const MADE = 'w_ws[0-9a-f]{20}'
const MADE_ONLY = new RegExp(`^${MADE}$`)

/** A workspace that a person makes. Its form tells it from those that the environment names. */
export function workspaceId(unique: string): WorkspaceId {
  return `w_ws${unique}` as WorkspaceId
}

export function isMadeWorkspace(id: string): boolean {
  return MADE_ONLY.test(id)
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

/** A program calls several numbers at once: a batch, and the one seat in it. */
export function groupcallId(workspaceId: string, unique: string): GroupcallId {
  return `${workspaceId}.g_${unique}` as GroupcallId
}

/** The group call that this is the id of; null: it is a round, a desk, a seat, or nothing. */
export function asGroupcall(id: string | null): GroupcallId | null {
  return id !== null && GRAMMAR.groupcall.test(id) ? (id as GroupcallId) : null
}

/** Question `n` of a pool for people and numbers, counted from 1. */
export function poolAskId(batch: string, n: number): string {
  return `${batch}.a${n}`
}

/** Is this a leg of that batch? */
export function isLegOf(batch: string, callId: string): boolean {
  return callId.startsWith(`${batch}.`)
}

/** Leg `n` of a batch, counted from 1. */
export function legId(batch: string, n: number): CallId {
  return `${batch}.${n}` as CallId
}

/** A call outside every batch. */
export function callId(workspaceId: string, unique: string): CallId {
  return `${workspaceId}.call_${unique}` as CallId
}

/** A call between extensions. Its phones hold it, so no object has its id: the registrar of the workspace knows of it. */
export function sipCallId(workspaceId: string, unique: string): CallId {
  return `${workspaceId}.sip_${unique}` as CallId
}

export function isSipCall(id: string): boolean {
  return /^[^.]+\.sip_[A-Za-z0-9]+$/.test(id)
}

const SIP_DOMAIN = /^w-((?:[a-z0-9]|-[a-z]){1,64})\.trunkline\.internal$/

/**
 * The domain of a workspace's extensions: `w-main.trunkline.internal`. A domain has no capital letters, so `A` is `-a`. It is made of the id
 * alone, so nobody can ask for the domain of somebody else; nothing looks it up, because a phone is told where to connect.
 */
export function sipDomainOf(workspaceId: string): string {
  const name = workspaceId.slice('w_'.length).replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  return `w-${name}.trunkline.internal`
}

/** Null: it is the domain of no workspace. */
export function workspaceOfSipDomain(domain: string): WorkspaceId | null {
  const [, name] = SIP_DOMAIN.exec(domain.toLowerCase()) ?? []
  const id = `w_${name?.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
  return name !== undefined && GRAMMAR.workspace.test(id) ? (id as WorkspaceId) : null
}

/** Line `n` of an agent: the leg of their own phone. */
export function lineId(desk: string, n: number): CallId {
  return `${desk}.l${n}` as CallId
}

/** The desk whose agent's line this is; null: it is no line. */
export function deskOfLine(callId: string): DeskId | null {
  const [desk] = new RegExp(`^${DESK}(?=\\.l\\d{1,9}$)`).exec(callId) ?? []
  return desk === undefined ? null : (desk as DeskId)
}

/** Who has begun a recording: a flow, the order of the call itself (its campaign or profile), a program or a person at a desk, an AI agent's talk. */
const BEGUN_BY = { flow: 'f', order: 'o', program: 'p', talk: 't' }

/** Recording number `n` of those that the same one has begun of this call or conference, counted from 1. */
export function recordingId(of: string, by: keyof typeof BEGUN_BY, n: number): RecordingId {
  return `${of}.r${BEGUN_BY[by]}${n}` as RecordingId
}

/** Is this the name of a recording of this call or conference, given by us? */
export function isRecordingOf(id: string, of: string): id is RecordingId {
  return GRAMMAR.recording.test(id) && id.slice(0, id.lastIndexOf('.')) === of
}

/** Is it the name of a recording, given by us? Others have the one of their carrier. */
export function isOwnRecording(id: string): id is RecordingId {
  return GRAMMAR.recording.test(id)
}

/** Where a person meets the number that an agent has asked first. */
export function transferRoomId(workspaceId: string, unique: string): RoomId {
  return `${workspaceId}.x_${unique}` as RoomId
}

/** The room of a desk; a transfer moves the agent to the next generation and the old room lives on. */
export function deskRoomId(desk: string, generation: number): RoomId {
  return `${desk}.${generation}` as RoomId
}

/** Which room of its desk this is, counted from 1; NaN: no desk's. */
export function generationOfRoom(room: string): number {
  return Number(room.slice(room.lastIndexOf('.') + 1))
}

/** Whose room this is, when nobody has said it: the id tells a desk's room from that of a conference. */
export function ownerOfRoom(
  room: string,
): { kind: 'desk'; id: DeskId } | { kind: 'conference'; id: ConferenceId } | { kind: 'transfer'; id: RoomId } {
  if (GRAMMAR['transfer-room'].test(room)) return { kind: 'transfer', id: room as RoomId }
  if (GRAMMAR.conference.test(room)) return { kind: 'conference', id: room as ConferenceId }
  return { kind: 'desk', id: room.slice(0, room.lastIndexOf('.')) as DeskId }
}

/** A supervisor is on the conversation in this room. */
export function supervisionId(room: string, unique: string): SupervisionId {
  return `${room}.v${unique}` as SupervisionId
}

export function isSupervision(id: string): boolean {
  return GRAMMAR.supervision.test(id)
}

export function roomOfSupervision(id: SupervisionId): RoomId {
  return id.slice(0, id.lastIndexOf('.')) as RoomId
}

export function conferenceId(workspaceId: string, unique: string): ConferenceId {
  return `${workspaceId}.cf_${unique}` as ConferenceId
}

/** Does this name a conference, and not a call? */
export function isConference(id: string): boolean {
  return GRAMMAR.conference.test(id)
}

/** A participant as their resource is named: the conference is in it, because each room keeps its own participants. */
export function conferenceCallId(conference: string, callId: string): string {
  return `${conference.slice(conference.indexOf('.') + 1)}~${callId.slice(callId.indexOf('.') + 1)}`
}

/** null: not an id that `conferenceCallId` could have made for this workspace. */
export function parseConferenceCallId(
  workspaceId: string,
  id: string,
): { conferenceId: ConferenceId; callId: CallId } | null {
  const at = id.indexOf('~')
  if (at < 0) return null
  const conference = parseId('conference', `${workspaceId}.${id.slice(0, at)}`, workspaceId)
  const call = parseId('call', `${workspaceId}.${id.slice(at + 1)}`, workspaceId)
  return conference === null || call === null ? null : { conferenceId: conference, callId: call }
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

export function queueId(workspaceId: string, unique: string): QueueId {
  return `${workspaceId}.q_${unique}` as QueueId
}

/** A caller of a queue as its resource is named: the queue is in it, because each queue keeps its own callers. */
export function queueCallId(queue: string, entryId: string): string {
  return `${queue.slice(queue.indexOf('.') + 1)}~${entryId}`
}

/** null: not an id that `queueCallId` could have made for this workspace. */
export function parseQueueCallId(workspaceId: string, id: string): { queueId: QueueId; entryId: string } | null {
  const at = id.indexOf('~')
  const queue = at < 0 ? null : parseId('queue', `${workspaceId}.${id.slice(0, at)}`, workspaceId)
  return queue === null ? null : { queueId: queue, entryId: id.slice(at + 1) }
}

export function rehearsalId(workspaceId: string, unique: string): RehearsalId {
  return `${workspaceId}.rh_${unique}` as RehearsalId
}

export function webhookId(workspaceId: string, unique: string): WebhookId {
  return `${workspaceId}.wh_${unique}` as WebhookId
}

/** One list of people on its way into the book. */
export function importId(workspaceId: string, unique: string): ImportId {
  return `${workspaceId}.im_${unique}` as ImportId
}

/** A report that is sent by itself. */
export function reportScheduleId(workspaceId: string, unique: string): ReportScheduleId {
  return `${workspaceId}.rs_${unique}` as ReportScheduleId
}

/** The random part of an import's id, for the ids of those whom it makes. */
export function uniqueOfImport(id: string): string {
  return id.slice(id.indexOf('.im_') + '.im_'.length)
}

/** A number of ours behind which people meet; there is one mask for a number. */
export function maskId(workspaceId: string, number: string): MaskId {
  return `${workspaceId}.m_${number.replace(/\D/g, '')}` as MaskId
}

/** The ledger of a workspace as the source of its events. */
export function ledgerId(workspaceId: string): string {
  return `${workspaceId}.ledger`
}

/** Its account, as the API names it. */
export function accountIdOf(workspaceId: string): string {
  return `ba_${workspaceId}`
}

/** A message that the caller of this call has left, the first one being 1: the first has the name of its call. */
export function messageId(callId: string, place: number): string {
  return place <= 1 ? callId : `${callId}~${place}`
}

/** E.164 */
export function numberOfMask(id: string): string {
  return `+${/\.m_(\d{6,15})/.exec(id)?.[1] ?? ''}`
}

export function maskSessionId(mask: string, unique: string): MaskSessionId {
  return `${mask}.s${unique}` as MaskSessionId
}

export function maskOfSession(session: string): MaskId {
  return session.slice(0, session.lastIndexOf('.')) as MaskId
}

/** The log of one month (`src/core/month.ts`). The object that is named by the workspace alone has what 0.1.0 wrote. */
export function logId(workspaceId: string, month: string): LogId {
  return `${workspaceId}.log_${month}` as LogId
}

/** The month of a log; null: it is named by the workspace alone. */
export function monthOfLog(id: string): string | null {
  return GRAMMAR.log.test(id) ? id.slice(-7) : null
}
