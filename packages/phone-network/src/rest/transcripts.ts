import type { Transcript } from '../engine/media-world.ts'
import type { World } from '../engine/world.ts'
import { page } from './paging.ts'
import { API_VERSION, accountPath, date } from './resources.ts'
import { notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** The words of `<Record transcribe>`: https://www.twilio.com/docs/voice/api/recording-transcription */

function transcriptResource(world: World, { sid, recordingSid, text, ms, createdAt }: Transcript) {
  return {
    sid,
    account_sid: world.account.accountSid,
    api_version: API_VERSION,
    date_created: date(createdAt),
    date_updated: date(createdAt),
    duration: String(Math.round(ms / 1_000)),
    price: null,
    price_unit: 'USD',
    recording_sid: recordingSid,
    status: text === '' ? 'failed' : 'completed',
    transcription_text: text,
    type: 'fast',
    uri: `${accountPath(world)}/Transcriptions/${sid}.json`,
  }
}

/** The transcript of a SID; `recordingSid` null means any recording. Throws 20404. */
function transcriptOf(ask: RestAsk, recordingSid: string | null, sid: string): Transcript {
  const found = ask.world.media.transcripts.get(sid)
  if (!found || (recordingSid !== null && found.recordingSid !== recordingSid)) throw notFound(ask.path)
  return found
}

function list(ask: RestAsk, recordingSid: string | null): RestAnswer {
  const { world, query } = ask
  if (recordingSid !== null && !world.media.recordings.has(recordingSid)) throw notFound(ask.path)
  const found = [...world.media.transcripts.values()]
    .reverse()
    .filter(one => recordingSid === null || one.recordingSid === recordingSid)
  const owner = recordingSid === null ? '' : `/Recordings/${recordingSid}`
  const path = `${accountPath(world)}${owner}/Transcriptions.json`
  return { status: 200, body: page(path, query, 'transcriptions', found, one => transcriptResource(world, one)) }
}

function fetchOne(ask: RestAsk, recordingSid: string | null, sid: string): RestAnswer {
  return { status: 200, body: transcriptResource(ask.world, transcriptOf(ask, recordingSid, sid)) }
}

function remove(ask: RestAsk, recordingSid: string | null, sid: string): RestAnswer {
  const found = transcriptOf(ask, recordingSid, sid)
  ask.take({ kind: 'transcript.removed', recordingSid: found.recordingSid, transcriptSid: found.sid })
  return { status: 204, body: null }
}

const ALL = '/Transcriptions.json'
const ONE = '/Transcriptions/{Sid}.json'
const OF_RECORDING = `/Recordings/{RecordingSid}${ALL}`
const ONE_OF_RECORDING = `/Recordings/{RecordingSid}${ONE}`

export const TRANSCRIPT_ROUTES: Route[] = [
  { method: 'GET', path: ALL, operation: 'transcript-list', run: ask => list(ask, null) },
  { method: 'GET', path: ONE, operation: 'transcript-fetch', run: (ask, sid = '') => fetchOne(ask, null, sid) },
  { method: 'DELETE', path: ONE, operation: 'transcript-delete', run: (ask, sid = '') => remove(ask, null, sid) },
  { method: 'GET', path: OF_RECORDING, operation: 'transcript-list', run: (ask, of = '') => list(ask, of) },
  {
    method: 'GET',
    path: ONE_OF_RECORDING,
    operation: 'transcript-fetch',
    run: (ask, of = '', sid = '') => fetchOne(ask, of, sid),
  },
  {
    method: 'DELETE',
    path: ONE_OF_RECORDING,
    operation: 'transcript-delete',
    run: (ask, of = '', sid = '') => remove(ask, of, sid),
  },
]
