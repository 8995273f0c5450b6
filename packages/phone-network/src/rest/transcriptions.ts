import type { Transcription, TranscriptionRequest } from '../engine/media-world.ts'
import { isTrack } from '../engine/streams.ts'
import { callOf } from './calls.ts'
import { type Form, flag, methodOf, one, urlOf } from './form.ts'
import { accountPath, date } from './resources.ts'
import { badParameter, NOT_IN_PROGRESS, notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Calls/{CallSid}/Transcriptions`: https://www.twilio.com/docs/voice/api/realtime-transcription-resource */

/** Parameters without effect, because the words are known; the log says so. */
const WITHOUT_EFFECT = [
  'SpeechModel',
  'Hints',
  'IntelligenceService',
  'ConversationConfiguration',
  'ConversationId',
  'TranscriptionConfigurationId',
]

function transcriptionResource(ask: RestAsk, transcription: Transcription): Record<string, unknown> {
  const { sid, callSid, name, status, updatedAt } = transcription
  return {
    sid,
    account_sid: ask.world.account.accountSid,
    call_sid: callSid,
    name: name === '' ? null : name,
    status,
    date_updated: date(updatedAt),
    uri: `${accountPath(ask.world)}/Calls/${callSid}/Transcriptions/${sid}.json`,
  }
}

function readTranscription(form: Form): TranscriptionRequest {
  const track = one(form, 'Track') ?? 'both_tracks'
  if (!isTrack(track)) throw badParameter('Track', 'must be inbound_track, outbound_track or both_tracks')
  const callback = urlOf(form, 'StatusCallbackUrl')
  return {
    name: one(form, 'Name') ?? '',
    track,
    callback: callback === null ? null : { url: callback, method: methodOf(form, 'StatusCallbackMethod') },
    partialResults: flag(form, 'PartialResults') ?? false,
    languageCode: one(form, 'LanguageCode') ?? 'en-US',
    engine: one(form, 'TranscriptionEngine') ?? 'google',
    labels: { inbound: one(form, 'InboundTrackLabel') ?? '', outbound: one(form, 'OutboundTrackLabel') ?? '' },
  }
}

function createTranscription(ask: RestAsk, callSid: string): RestAnswer {
  const call = callOf(ask, callSid)
  const request = readTranscription(ask.form)
  for (const name of WITHOUT_EFFECT) if (one(ask.form, name) !== null) ask.alert(`${name} is accepted without effect`)
  if (call.status !== 'in-progress') throw NOT_IN_PROGRESS
  const { facts } = ask.take({ kind: 'transcription.requested', ownerSid: call.sid, request })
  const started = facts.find(fact => fact.kind === 'transcription-started')
  const made = started && ask.world.media.transcriptions.get(started.transcriptionSid)
  if (!made) throw new RestError(400, 20001, 'The call has as many transcriptions and streams as it can have')
  return { status: 201, body: transcriptionResource(ask, made) }
}

function stopTranscription(ask: RestAsk, callSid: string, sidOrName: string): RestAnswer {
  const call = callOf(ask, callSid)
  const found = [...ask.world.media.transcriptions.values()].findLast(
    one => one.callSid === call.sid && (one.sid === sidOrName || one.name === sidOrName),
  )
  if (!found) throw notFound(ask.path)
  if (one(ask.form, 'Status') !== 'stopped') throw badParameter('Status', 'must be stopped')
  ask.take({ kind: 'transcription.stopped', transcriptionSid: found.sid })
  return { status: 200, body: transcriptionResource(ask, found) }
}

const TRANSCRIPTIONS = '/Calls/{CallSid}/Transcriptions.json'
const TRANSCRIPTION = '/Calls/{CallSid}/Transcriptions/{Sid}.json'

export const TRANSCRIPTION_ROUTES: Route[] = [
  { method: 'POST', path: TRANSCRIPTIONS, operation: 'transcription-create', run: createTranscription },
  { method: 'POST', path: TRANSCRIPTION, operation: 'transcription-update', run: stopTranscription },
]
