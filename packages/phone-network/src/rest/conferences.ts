import type { CallRequest, ParticipantChange } from '../engine/input.ts'
import { TIME_LIMIT_MS } from '../engine/make-call.ts'
import { findParticipant } from '../engine/participants.ts'
import { type Conference, findConference, type Participant } from '../engine/world.ts'
import { type Form, flag, methodOf, one, urlOf, whole } from './form.ts'
import { page } from './paging.ts'
import { readDetection, readFrom, readTo } from './read-call.ts'
import { readCallback, strangeEvents } from './read-callback.ts'
import { readRecordRequest } from './read-recording.ts'
import { accountPath, conferenceResource, participantResource } from './resources.ts'
import { badParameter, COACHED_IS_HELD, COACHED_IS_NOT_THERE, notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Conferences…` and their participants. */

const CONFERENCE_EVENTS = ['start', 'end', 'join', 'leave', 'mute', 'hold', 'modify', 'speaker', 'announcement']

function listConferences({ world, query }: RestAsk): RestAnswer {
  const status = one(query, 'Status')
  const name = one(query, 'FriendlyName')
  const found = [...world.conferences.values()]
    .reverse()
    .filter(
      conference =>
        (status === null || conference.status === status) && (name === null || conference.friendlyName === name),
    )
  const body = page(`${accountPath(world)}/Conferences.json`, query, 'conferences', found, conference =>
    conferenceResource(world, conference),
  )
  return { status: 200, body }
}

function conferenceOf(ask: RestAsk, idOrName: string): Conference {
  const conference = findConference(ask.world, idOrName)
  if (!conference) throw notFound(ask.path)
  return conference
}

function fetchConference(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: conferenceResource(ask.world, conferenceOf(ask, sid)) }
}

function updateConference(ask: RestAsk, sid: string): RestAnswer {
  const conference = conferenceOf(ask, sid)
  const status = one(ask.form, 'Status')
  if (status !== null && status !== 'completed') throw badParameter('Status', 'must be completed')
  const url = urlOf(ask.form, 'AnnounceUrl')
  if (url !== null) {
    const announce = { url, method: methodOf(ask.form, 'AnnounceMethod') }
    ask.take({ kind: 'conference.announced', conferenceSid: conference.sid, announce })
  }
  if (status === 'completed') ask.take({ kind: 'conference.closed', conferenceSid: conference.sid })
  return { status: 200, body: conferenceResource(ask.world, conference) }
}

/** Participants as list items, by CallSid, for paging. */
function withSid(participant: Participant): Participant & { sid: string } {
  return { ...participant, sid: participant.callSid }
}

function listParticipants(ask: RestAsk, idOrName: string): RestAnswer {
  const { world, query } = ask
  const conference = conferenceOf(ask, idOrName)
  const muted = flag(query, 'Muted')
  const held = flag(query, 'Hold')
  const found = [...conference.participants.values()]
    .filter(
      participant =>
        (muted === undefined || participant.muted === muted) && (held === undefined || participant.held === held),
    )
    .map(withSid)
  const path = `${accountPath(world)}/Conferences/${conference.sid}/Participants.json`
  const body = page(path, query, 'participants', found, participant =>
    participantResource(world, conference, participant),
  )
  return { status: 200, body }
}

/** `ConferenceRecord`: a value of TwiML's `record`, or `true`. */
function readConferenceRecord(form: Form) {
  const record = one(form, 'ConferenceRecord')
  if (record !== 'record-from-start' && record !== 'true') return null
  const trim = one(form, 'ConferenceTrim') !== 'do-not-trim'
  return { ...readRecordRequest(form, 'Conference'), channels: 1 as const, track: 'both' as const, trim }
}

function readParticipant(ask: RestAsk, conferenceName: string): CallRequest {
  const { form, world } = ask
  for (const event of strangeEvents(form)) ask.alert(`StatusCallbackEvent "${event}" does not exist`, 21626)
  for (const event of strangeEvents(form, 'ConferenceStatusCallback', CONFERENCE_EVENTS)) {
    ask.alert(`ConferenceStatusCallbackEvent "${event}" does not exist`, 21626)
  }
  const to = readTo(world, form)
  const from = readFrom(world, form)
  return {
    to,
    from,
    instructions: { twiml: '<Response/>' },
    applicationSid: null,
    statusCallback: readCallback(form),
    detection: readDetection(form, 'AmdStatusCallback', true),
    ringLimitMs: whole(form, 'Timeout', 5, 600, 60) * 1_000,
    timeLimitMs: whole(form, 'TimeLimit', 1, TIME_LIMIT_MS / 1_000, TIME_LIMIT_MS / 1_000) * 1_000,
    seat: {
      conferenceName,
      label: one(form, 'Label'),
      muted: flag(form, 'Muted') ?? false,
      startOnEnter: flag(form, 'StartConferenceOnEnter') ?? true,
      endOnExit: flag(form, 'EndConferenceOnExit') ?? false,
      coaching: flag(form, 'Coaching') ?? false,
      callSidToCoach: one(form, 'CallSidToCoach'),
      beep: !['false', 'onExit'].includes(one(form, 'Beep') ?? 'true'),
      beepOnExit: ['true', 'onExit'].includes(one(form, 'Beep') ?? 'true'),
      // An empty WaitUrl means silence, so it must not count as absent here.
      waitUrl: form.get('WaitUrl')?.at(-1) ?? null,
      waitMethod: methodOf(form, 'WaitMethod'),
      participantsMax: whole(form, 'MaxParticipants', 2, 250, 250),
      statusCallback: readCallback(form, 'ConferenceStatusCallback', CONFERENCE_EVENTS),
      record: readConferenceRecord(form),
    },
    record: flag(form, 'Record') === true ? readRecordRequest(form) : null,
  }
}

/** Calls somebody into a conference, which is created when there is no live one of that name. */
function createParticipant(ask: RestAsk, idOrName: string): RestAnswer {
  const { world } = ask
  const existing = findConference(world, idOrName)
  if (existing?.status === 'completed' || (!existing && /^CF[0-9a-f]{32}$/.test(idOrName))) throw notFound(ask.path)
  const request = readParticipant(ask, existing?.friendlyName ?? idOrName)
  const coached = one(ask.form, 'CallSidToCoach')
  if (coached !== null && flag(ask.form, 'Coaching') !== false) requireCoachable(existing, coached)
  const created = ask.take({ kind: 'call.requested', request }).facts.find(fact => fact.kind === 'call-created')
  const call = created && world.calls.get(created.callSid)
  const conference = call && call.conferenceSid !== null ? world.conferences.get(call.conferenceSid) : undefined
  const participant = call && conference?.participants.get(call.sid)
  if (!conference || !participant) throw new Error('the engine made no participant')
  return { status: 201, body: participantResource(world, conference, participant) }
}

function readChange(form: Form): ParticipantChange {
  const change: ParticipantChange = {}
  const muted = flag(form, 'Muted')
  const held = flag(form, 'Hold')
  const endOnExit = flag(form, 'EndConferenceOnExit')
  const coaching = flag(form, 'Coaching')
  const coached = one(form, 'CallSidToCoach')
  if (muted !== undefined) change.muted = muted
  if (held !== undefined) change.held = held
  if (endOnExit !== undefined) change.endOnExit = endOnExit
  if (coaching !== undefined) change.coaching = coaching
  if (coached !== null) change.callSidToCoach = coached
  const holdUrl = urlOf(form, 'HoldUrl')
  const announceUrl = urlOf(form, 'AnnounceUrl')
  const beepOnExit = flag(form, 'BeepOnExit')
  if (beepOnExit !== undefined) change.beepOnExit = beepOnExit
  // Twilio asks a hold URL by GET unless told otherwise, an announcement by POST.
  if (holdUrl !== null) change.holdUrl = { url: holdUrl, method: methodOf(form, 'HoldMethod', 'GET') }
  if (announceUrl !== null) change.announce = { url: announceUrl, method: methodOf(form, 'AnnounceMethod') }
  return change
}

/**
 * Only somebody who is in the conference and not on hold can be coached.
 * https://www.twilio.com/docs/api/errors/16027 and /16028
 */
function requireCoachable(conference: Conference | undefined, coached: string | null): void {
  const party = conference?.participants.get(coached ?? '')
  if (party?.status !== 'connected') throw COACHED_IS_NOT_THERE
  if (party.held) throw COACHED_IS_HELD
}

/** Accepted without effect on the sound; the log says so. */
const CHANGE_WITHOUT_EFFECT = ['WaitUrl', 'WaitMethod']

function seatOf(ask: RestAsk, conferenceId: string, participantId: string) {
  const conference = conferenceOf(ask, conferenceId)
  const participant = findParticipant(conference, participantId)
  if (!participant) throw notFound(ask.path)
  return { conference, participant, conferenceSid: conference.sid, callSid: participant.callSid }
}

function fetchParticipant(ask: RestAsk, conferenceId: string, participantId: string): RestAnswer {
  const { conference, participant } = seatOf(ask, conferenceId, participantId)
  return { status: 200, body: participantResource(ask.world, conference, participant) }
}

function updateParticipant(ask: RestAsk, conferenceId: string, participantId: string): RestAnswer {
  const { conference, participant, conferenceSid, callSid } = seatOf(ask, conferenceId, participantId)
  for (const name of CHANGE_WITHOUT_EFFECT) {
    if (one(ask.form, name) !== null) ask.alert(`${name} of a participant is accepted without effect on the sound`)
  }
  const change = readChange(ask.form)
  if (change.coaching ?? change.callSidToCoach !== undefined)
    requireCoachable(conference, change.callSidToCoach ?? participant.callSidToCoach)
  ask.take({ kind: 'participant.changed', conferenceSid, callSid, change })
  return { status: 200, body: participantResource(ask.world, conference, participant) }
}

function removeParticipant(ask: RestAsk, conferenceId: string, participantId: string): RestAnswer {
  const { conferenceSid, callSid } = seatOf(ask, conferenceId, participantId)
  ask.take({ kind: 'participant.kicked', conferenceSid, callSid })
  return { status: 204, body: null }
}

const SEATS = '/Conferences/{Sid}/Participants.json'
const SEAT = '/Conferences/{Sid}/Participants/{CallSidOrLabel}.json'

export const CONFERENCE_ROUTES: Route[] = [
  { method: 'GET', path: '/Conferences.json', operation: 'conference-list', run: listConferences },
  { method: 'GET', path: '/Conferences/{Sid}.json', operation: 'conference-fetch', run: fetchConference },
  { method: 'POST', path: '/Conferences/{Sid}.json', operation: 'conference-update', run: updateConference },
  { method: 'GET', path: SEATS, operation: 'participant-list', run: listParticipants },
  { method: 'POST', path: SEATS, operation: 'participant-create', run: createParticipant },
  { method: 'GET', path: SEAT, operation: 'participant-fetch', run: fetchParticipant },
  { method: 'POST', path: SEAT, operation: 'participant-update', run: updateParticipant },
  { method: 'DELETE', path: SEAT, operation: 'participant-delete', run: removeParticipant },
]
