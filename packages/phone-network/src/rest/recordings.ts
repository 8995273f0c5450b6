import type { Recording } from '../engine/media-world.ts'
import { recordingUrl } from '../engine/webhook-fields.ts'
import { findConference } from '../engine/world.ts'
import { callOf } from './calls.ts'
import { dateFilter } from './date-filter.ts'
import { one } from './form.ts'
import { page } from './paging.ts'
import { strangeEvents } from './read-callback.ts'
import { RECORDING_EVENTS, readRecordRequest } from './read-recording.ts'
import { API_VERSION, accountPath, date } from './resources.ts'
import { badParameter, NOT_IN_PROGRESS, notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Recordings`, of the account, of a call, of a conference: https://www.twilio.com/docs/voice/api/recording */

function recordingResource(ask: RestAsk, recording: Recording, owner = ''): Record<string, unknown> {
  const base = `${accountPath(ask.world)}${owner}/Recordings/${recording.sid}`
  const top = `${accountPath(ask.world)}/Recordings/${recording.sid}`
  return {
    account_sid: ask.world.account.accountSid,
    api_version: API_VERSION,
    call_sid: recording.callSid,
    conference_sid: recording.conferenceSid,
    date_created: date(recording.createdAt),
    date_updated: date(recording.updatedAt),
    start_time: date(recording.startedAt),
    duration: recording.ms === null ? null : String(Math.round(recording.ms / 1_000)),
    sid: recording.sid,
    price: null,
    price_unit: 'USD',
    status: recording.status,
    channels: recording.channels,
    // REST has no separate value for <Start><Recording>.
    source: recording.source === 'StartCallRecordingTwiML' ? 'StartCallRecordingAPI' : recording.source,
    error_code: null,
    track: recording.track,
    uri: `${base}.json`,
    encryption_details: null,
    subresource_uris: {
      add_on_results: `${top}/AddOnResults.json`,
      transcriptions: `${top}/Transcriptions.json`,
    },
    media_url: recordingUrl(ask.world, recording),
  }
}

function startCallRecording(ask: RestAsk, callSid: string): RestAnswer {
  const call = callOf(ask, callSid)
  for (const event of strangeEvents(ask.form, 'RecordingStatusCallback', RECORDING_EVENTS)) {
    ask.alert(`RecordingStatusCallbackEvent "${event}" does not exist`, 21626)
  }
  const request = readRecordRequest(ask.form)
  if (call.status !== 'in-progress') {
    throw new RestError(400, 21220, 'Requested resource is not eligible for recording: the call is not in-progress')
  }
  const { facts } = ask.take({ kind: 'recording.requested', ownerSid: call.sid, request })
  const started = facts.find(fact => fact.kind === 'recording-started')
  const recording = started && ask.world.media.recordings.get(started.recordingSid)
  if (!recording) throw NOT_IN_PROGRESS
  return { status: 201, body: recordingResource(ask, recording, `/Calls/${call.sid}`) }
}

type Belongs = (recording: Recording) => boolean

/** By SID; `Twilio.CURRENT` is the running one. Throws 20404. */
function recordingOf(ask: RestAsk, sid: string, belongs: Belongs): Recording {
  const own = [...ask.world.media.recordings.values()].filter(belongs)
  const running = (recording: Recording): boolean => ['in-progress', 'paused'].includes(recording.status)
  const found = sid === 'Twilio.CURRENT' ? own.findLast(running) : own.find(recording => recording.sid === sid)
  if (!found) throw notFound(ask.path)
  return found
}

function update(ask: RestAsk, recording: Recording, owner: string): RestAnswer {
  const to = one(ask.form, 'Status')
  if (to !== 'paused' && to !== 'in-progress' && to !== 'stopped') {
    throw badParameter('Status', 'must be paused, in-progress or stopped')
  }
  const pause = one(ask.form, 'PauseBehavior') ?? 'silence'
  if (pause !== 'skip' && pause !== 'silence') throw badParameter('PauseBehavior', 'must be skip or silence')
  if (!['in-progress', 'paused'].includes(recording.status)) {
    throw new RestError(400, 21220, `Recording ${recording.sid} is ${recording.status}`)
  }
  ask.take({ kind: 'recording.changed', recordingSid: recording.sid, to, skips: pause === 'skip' })
  const body = recordingResource(ask, recording, owner)
  return { status: 200, body: to === 'stopped' ? { ...body, status: 'stopped' } : body }
}

function remove(ask: RestAsk, recording: Recording): RestAnswer {
  ask.take({ kind: 'recording.removed', recordingSid: recording.sid })
  return { status: 204, body: null }
}

function list(ask: RestAsk, owner: string, belongs: Belongs): RestAnswer {
  const { query, world } = ask
  const callSid = one(query, 'CallSid')
  const conferenceSid = one(query, 'ConferenceSid')
  const created = dateFilter<Recording>(query, 'DateCreated', recording => recording.createdAt)
  const found = [...world.media.recordings.values()]
    .reverse()
    .filter(
      recording =>
        belongs(recording) &&
        (callSid === null || recording.callSid === callSid) &&
        (conferenceSid === null || recording.conferenceSid === conferenceSid) &&
        created(recording),
    )
  const path = `${accountPath(world)}${owner}/Recordings.json`
  const body = page(path, query, 'recordings', found, recording => recordingResource(ask, recording, owner))
  return { status: 200, body }
}

/** The owner of a path: which recordings belong to it, and its part of their URIs. */
type Owner = (ask: RestAsk, sid: string) => { uri: string; belongs: Belongs }

const ofCall: Owner = (ask, sid) => {
  const call = callOf(ask, sid)
  return { uri: `/Calls/${call.sid}`, belongs: recording => recording.callSid === call.sid }
}

const ofConference: Owner = (ask, id) => {
  const conference = findConference(ask.world, id)
  if (!conference) throw notFound(ask.path)
  return { uri: `/Conferences/${conference.sid}`, belongs: recording => recording.conferenceSid === conference.sid }
}

function owned(path: string, word: string, owner: Owner): Route[] {
  const one = `${path}/Recordings/{Sid}.json`
  return [
    {
      method: 'GET',
      path: `${path}/Recordings.json`,
      operation: `${word}-recording-list`,
      run: (ask, id = '') => {
        const { uri, belongs } = owner(ask, id)
        return list(ask, uri, belongs)
      },
    },
    {
      method: 'GET',
      path: one,
      operation: `${word}-recording-fetch`,
      run: (ask, id = '', sid = '') => {
        const { uri, belongs } = owner(ask, id)
        return { status: 200, body: recordingResource(ask, recordingOf(ask, sid, belongs), uri) }
      },
    },
    {
      method: 'POST',
      path: one,
      operation: `${word}-recording-update`,
      run: (ask, id = '', sid = '') => {
        const { uri, belongs } = owner(ask, id)
        return update(ask, recordingOf(ask, sid, belongs), uri)
      },
    },
    {
      method: 'DELETE',
      path: one,
      operation: `${word}-recording-delete`,
      run: (ask, id = '', sid = '') => remove(ask, recordingOf(ask, sid, owner(ask, id).belongs)),
    },
  ]
}

const RECORDING = '/Recordings/{Sid}.json'
const ANY: Belongs = () => true

export const RECORDING_ROUTES: Route[] = [
  { method: 'GET', path: '/Recordings.json', operation: 'recording-list', run: ask => list(ask, '', ANY) },
  {
    method: 'GET',
    path: RECORDING,
    operation: 'recording-fetch',
    run: (ask, sid = '') => ({ status: 200, body: recordingResource(ask, recordingOf(ask, sid, ANY)) }),
  },
  {
    method: 'DELETE',
    path: RECORDING,
    operation: 'recording-delete',
    run: (ask, sid = '') => remove(ask, recordingOf(ask, sid, ANY)),
  },
  { method: 'POST', path: '/Calls/{CallSid}/Recordings.json', operation: 'recording-create', run: startCallRecording },
  ...owned('/Calls/{CallSid}', 'call', ofCall),
  ...owned('/Conferences/{ConferenceSid}', 'conference', ofConference),
]
