/** Conferences by name and the calls in them. */
import type { z } from 'zod'
import type { ConferenceChange, ConferenceRow } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { isRecorded } from '../../core/call/control/control.ts'
import type { KnownCall } from '../../core/call/flow/pages.ts'
import {
  type CallId,
  type ConferenceId,
  conferenceCallId,
  conferenceId as conferenceIdOf,
  parseConferenceCallId,
  parseId,
} from '../../core/ids.ts'
import { RECORD_NOTICE, runningRecording } from '../../core/room/recording.ts'
import type { ConferenceCaller, ConferenceInput, RoomInput, RoomState } from '../../core/room/state.ts'
import type { Conference, ConferenceCall, ConferenceSummary, conferenceBody } from '../../wire/conference.ts'
import { shownCaller } from '../../wire/phone-number.ts'
import { conferenceRoutes } from '../../wire/routes/conferences.ts'
import { conferencePages } from '../../wire/routes/pages.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { requireEndFlow } from './flow-check.ts'
import { numbersLeading, ownConferenceOf } from './own-conference.ts'
import { viewerOf } from './own-desk.ts'

interface By {
  env: Env
  member: Caller
}
type Body = Omit<z.output<typeof conferenceBody>, 'type'>

const noConference = () => new Refusal(404, 'There is no such conference.')
const noParticipant = () => new Refusal(404, 'There is no such participant in a conference.')
const time = (ms: number) => new Date(ms).toISOString()

function book({ env, member }: By) {
  return stubFor(env, 'workspace', member.workspaceId)
}

async function rowOf(by: By, conferenceId: ConferenceId): Promise<ConferenceRow> {
  const [row] = (await book(by).conferences({ do: 'read', conferenceId })) ?? []
  if (row === undefined) throw noConference()
  return row
}

async function tell(env: Env, conferenceId: ConferenceId, input: Untimed<RoomInput | ConferenceInput>): Promise<void> {
  await stubFor(env, 'room', conferenceId).deliver({ ...input, at: Date.now() } as RoomInput, null)
}
type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never

function changeOf(body: Body): Required<ConferenceChange> {
  return {
    name: body.name,
    detail: body.detail,
    pin: body.pin,
    moderatorPin: body.moderator_pin,
    settings: {
      waitsFor: body.waits_for,
      participantsMax: body.max_participants,
      mutedOnEntry: body.muted_on_entry,
      announces: body.announce_joins,
      endsWithModerator: body.ends_with_moderator,
      locked: body.locked,
      record: body.record,
      recordNotice: body.record_notice,
      onEndFlowId: body.on_end_flow_id,
    },
  }
}

function asBody({ name, detail, settings, pin, moderatorPin }: ConferenceRow): Body {
  return {
    name,
    detail,
    waits_for: settings.waitsFor,
    max_participants: settings.participantsMax,
    muted_on_entry: settings.mutedOnEntry,
    announce_joins: settings.announces,
    ends_with_moderator: settings.endsWithModerator,
    locked: settings.locked,
    record: settings.record ?? false,
    record_notice: settings.recordNotice ?? RECORD_NOTICE,
    on_end_flow_id: settings.onEndFlowId ?? '',
    pin,
    moderator_pin: moderatorPin,
  }
}

const odd = (field: string, message: string) =>
  new Refusal(400, 'The conference cannot be saved.', [{ field, message }])

function checkPins({ pin, moderator_pin }: Body): void {
  if (moderator_pin === '') return
  if (pin === '') throw odd('moderator_pin', 'needs a pin for the others: without one nobody is asked')
  if (moderator_pin === pin) throw odd('moderator_pin', 'is the pin of the others')
}

function summaryOf(row: ConferenceRow): ConferenceSummary {
  const { pin, moderator_pin, ...rest } = asBody(row)
  return {
    id: row.conferenceId,
    type: 'conference',
    ...rest,
    has_pin: pin !== '',
    has_moderator_pin: moderator_pin !== '',
    tm_create: time(row.madeMs),
    tm_update: time(row.changedMs),
  }
}

function callersOf({ conference }: RoomState): [string, ConferenceCaller][] {
  return Object.entries(conference?.callers ?? {})
}

async function read(by: By, row: ConferenceRow): Promise<Conference> {
  const { conferenceId } = row
  const [state, leading] = await Promise.all([
    stubFor(by.env, 'room', conferenceId).read(viewerOf(by.member)),
    numbersLeading(by.env, by.member.workspaceId),
  ])
  const callers = callersOf(state)
  return {
    ...summaryOf(row),
    status: callers.some(([, { stage }]) => stage === 'in') ? 'progressing' : 'starting',
    recording_id: runningRecording(state),
    conferencecall_ids: callers.map(([callId]) => conferenceCallId(conferenceId, callId)),
    numbers: [...leading].flatMap(([number, id]) => (id === conferenceId ? [number] : [])),
  }
}

/** Whether whoever asks may know whom the calls are with. */
async function seesPeople({ env, member }: By, conferenceId: ConferenceId): Promise<boolean> {
  return member.role !== 'agent' || (await ownConferenceOf(env, member)) === conferenceId
}

async function shown(
  { env, member }: By,
  conferenceId: ConferenceId,
  { participants }: RoomState,
  [callId, caller]: [string, ConferenceCaller],
  named: boolean,
): Promise<ConferenceCall> {
  const inside = participants.find(one => one.callId === callId)
  const came = inside === undefined ? 'joining' : 'joined'
  const id = parseId('call', callId, member.workspaceId)
  const call = id === null ? null : await stubFor(env, 'call', id).read()
  return {
    id: conferenceCallId(conferenceId, callId),
    conference_id: conferenceId,
    reference_type: 'call',
    reference_id: callId,
    status: caller.stage === 'leaving' ? 'leaving' : came,
    role: caller.moderator ? 'moderator' : 'participant',
    muted: inside?.muted ?? false,
    held: inside?.held ?? false,
    recording: call !== null && isRecorded(call),
    ...(call !== null && named ? personOf(call) : { name: '', number: '' }),
    tm_join: inside === undefined ? null : time(inside.joinedAt),
  }
}

function personOf({ call }: KnownCall): { name: string; number: string } {
  if (call.phase !== 'live') return { name: '', number: '' }
  const { party, links } = call
  const number = links.kind === 'inbound' ? party.from : party.to
  return { name: party.name, number: /^\+[0-9]+$/.test(number) ? shownCaller(number) : '' }
}

async function participantOf(by: By, id: string) {
  const parts = parseConferenceCallId(by.member.workspaceId, id)
  if (parts === null) throw noParticipant()
  const { conferenceId, callId } = parts
  if ((await book(by).conferences({ do: 'read', conferenceId })) === null) throw noParticipant()
  const state = await stubFor(by.env, 'room', conferenceId).read()
  const [, caller] = callersOf(state).find(([known]) => known === callId) ?? []
  if (caller === undefined) throw noParticipant()
  return { conferenceId, callId, state, caller }
}

/** Somebody who is in the room at the carrier. */
async function present(by: By, id: string): Promise<{ conferenceId: ConferenceId; callId: CallId }> {
  const { conferenceId, callId, state } = await participantOf(by, id)
  if (!state.participants.some(one => one.callId === callId)) throw new Refusal(409, 'They are not in the room yet.')
  return { conferenceId, callId }
}

async function mute(by: By & { params: { conferencecallId: string } }, muted: boolean) {
  const { conferenceId, callId } = await present(by, by.params.conferencecallId)
  await tell(by.env, conferenceId, { type: 'mute.wanted', callId, muted })
  return { message: muted ? 'muting' : 'unmuting' }
}

async function hold(by: By & { params: { conferencecallId: string } }, held: boolean) {
  const { conferenceId, callId } = await present(by, by.params.conferencecallId)
  await tell(by.env, conferenceId, { type: 'hold.wanted', callId, held })
  return { message: held ? 'holding' : 'unholding' }
}

/** The carrier has no request that begins a recording of a conference: it is in the document of whoever joins first. */
async function startRecording(by: By, conferenceId: ConferenceId): Promise<never> {
  const { settings } = await rowOf(by, conferenceId)
  const state = await stubFor(by.env, 'room', conferenceId).read()
  if (runningRecording(state) !== null) throw new Refusal(409, 'The conference is recorded already.')
  const later = settings.record ? 'It is set to be recorded when it begins' : 'Set `record` before it begins'
  throw new Refusal(
    409,
    `The carrier records a conference from its beginning or not at all. ${later}; what one participant says and hears is recorded by recording_start of their call.`,
  )
}

async function stopRecording(by: By, conferenceId: ConferenceId) {
  await rowOf(by, conferenceId)
  const state = await stubFor(by.env, 'room', conferenceId).read()
  if (runningRecording(state) === null) throw new Refusal(409, 'The conference is not recorded now.')
  await tell(by.env, conferenceId, { type: 'recording.stop-wanted' })
  return { message: 'stopping' }
}

export const conferences = bind(conferenceRoutes, {
  async 'GET /v1.0/conferences'(by) {
    const { query, member } = by
    const last = conferencePages.after(query.cursor)
    const after = last === null ? null : `${member.workspaceId}.${last}`
    const rows = (await book(by).conferences({ do: 'list', after, limit: query.limit })) ?? []
    const ids = rows.map(one => one.conferenceId.slice(member.workspaceId.length + 1))
    return { items: rows.map(summaryOf), next: conferencePages.next(ids, query.limit) }
  },

  async 'POST /v1.0/conferences'(by) {
    const { env, member, body } = by
    checkPins(body)
    await requireEndFlow(by, body.on_end_flow_id)
    const conferenceId = conferenceIdOf(member.workspaceId, unique())
    const taken = await book(by).conferences({ do: 'find', named: body.name, unique: null })
    if (taken !== null) throw odd('name', 'another conference has this name')
    const create = { do: 'create' as const, conferenceId, change: changeOf(body), by: member.name }
    const [row] = (await book(by).conferences(create)) ?? []
    if (row === undefined) throw new Refusal(422, 'This workspace has as many conferences as it may have.')
    await tell(env, conferenceId, { type: 'conference.configured', version: row.version, settings: row.settings })
    return read(by, row)
  },

  async 'GET /v1.0/conferences/:conferenceId'(by) {
    return read(by, await rowOf(by, by.params.conferenceId))
  },

  async 'PUT /v1.0/conferences/:conferenceId'(by) {
    const { env, member, body, params } = by
    const { conferenceId } = params
    const known = await rowOf(by, conferenceId)
    const named = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    const wanted = { ...asBody(known), ...named }
    checkPins(wanted)
    // Only what is set now: a flow that was changed since must not keep anybody from locking a conference.
    await requireEndFlow(by, body.on_end_flow_id ?? '')
    const change = { do: 'change' as const, conferenceId, change: changeOf(wanted), by: member.name }
    const [row] = (await book(by).conferences(change)) ?? []
    if (row === undefined) throw odd('name', 'another conference has this name')
    await tell(env, conferenceId, { type: 'conference.configured', version: row.version, settings: row.settings })
    return read(by, row)
  },

  async 'DELETE /v1.0/conferences/:conferenceId'(by) {
    const { conferenceId } = by.params
    await rowOf(by, conferenceId)
    await tell(by.env, conferenceId, { type: 'conference.closed' })
    await book(by).conferences({ do: 'remove', conferenceId })
    await stubFor(by.env, 'trunk', by.member.workspaceId).leadNowhere('conference', conferenceId)
    return { message: 'ended' }
  },

  async 'POST /v1.0/conferences/:conferenceId/end'(by) {
    const { conferenceId } = by.params
    await rowOf(by, conferenceId)
    await tell(by.env, conferenceId, { type: 'conference.emptied' })
    return { message: 'ending' }
  },

  'POST /v1.0/conferences/:conferenceId/recording_start': by => startRecording(by, by.params.conferenceId),
  'POST /v1.0/conferences/:conferenceId/recording_stop': by => stopRecording(by, by.params.conferenceId),

  async 'GET /v1.0/conferencecalls'(by) {
    const conferenceId = parseId('conference', by.query.conference_id, by.member.workspaceId)
    if (conferenceId === null) throw noConference()
    await rowOf(by, conferenceId)
    const state = await stubFor(by.env, 'room', conferenceId).read(viewerOf(by.member))
    const named = await seesPeople(by, conferenceId)
    const items = await Promise.all(callersOf(state).map(one => shown(by, conferenceId, state, one, named)))
    return { items, next: null }
  },

  async 'GET /v1.0/conferencecalls/:conferencecallId'(by) {
    const { conferenceId, callId, state, caller } = await participantOf(by, by.params.conferencecallId)
    return shown(by, conferenceId, state, [callId, caller], await seesPeople(by, conferenceId))
  },

  async 'DELETE /v1.0/conferencecalls/:conferencecallId'(by) {
    const { conferenceId, callId } = await participantOf(by, by.params.conferencecallId)
    await tell(by.env, conferenceId, { type: 'caller.kicked', callId })
    return { message: 'leaving' }
  },

  'POST /v1.0/conferencecalls/:conferencecallId/mute': by => mute(by, true),
  'DELETE /v1.0/conferencecalls/:conferencecallId/mute': by => mute(by, false),
  'POST /v1.0/conferencecalls/:conferencecallId/hold': by => hold(by, true),
  'DELETE /v1.0/conferencecalls/:conferencecallId/hold': by => hold(by, false),
})
