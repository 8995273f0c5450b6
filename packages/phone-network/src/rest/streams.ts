import type { StreamRequest } from '../engine/media-input.ts'
import type { MediaStream } from '../engine/media-world.ts'
import { isTrack, urlProblem } from '../engine/streams.ts'
import { callOf } from './calls.ts'
import { type Form, methodOf, one, urlOf } from './form.ts'
import { accountPath, date } from './resources.ts'
import { badParameter, NOT_IN_PROGRESS, notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Calls/{CallSid}/Streams`: https://www.twilio.com/docs/voice/api/stream-resource */

const PARAMETERS_MAX = 99

function streamResource(ask: RestAsk, stream: MediaStream): Record<string, unknown> {
  return {
    sid: stream.sid,
    account_sid: ask.world.account.accountSid,
    call_sid: stream.callSid,
    name: stream.name === '' ? null : stream.name,
    status: stream.status,
    date_updated: date(stream.updatedAt),
    uri: `${accountPath(ask.world)}/Calls/${stream.callSid}/Streams/${stream.sid}.json`,
  }
}

function parametersOf(form: Form): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (let index = 1; index <= PARAMETERS_MAX; index += 1) {
    const name = one(form, `Parameter${index}.Name`)
    if (name !== null) parameters[name] = one(form, `Parameter${index}.Value`) ?? ''
  }
  return parameters
}

function readStream(form: Form): StreamRequest {
  const url = one(form, 'Url')
  if (url === null) throw new RestError(400, 21205, "Missing required parameter 'Url'")
  const problem = urlProblem(url)
  if (problem !== null) throw new RestError(400, 21205, problem.message)
  const track = one(form, 'Track') ?? 'inbound_track'
  if (!isTrack(track)) throw badParameter('Track', 'must be inbound_track, outbound_track or both_tracks')
  const callback = urlOf(form, 'StatusCallback')
  return {
    url,
    name: one(form, 'Name') ?? '',
    track,
    callback: callback === null ? null : { url: callback, method: methodOf(form, 'StatusCallbackMethod') },
    parameters: parametersOf(form),
  }
}

function createStream(ask: RestAsk, callSid: string): RestAnswer {
  const call = callOf(ask, callSid)
  const stream = readStream(ask.form)
  if (call.status !== 'in-progress') throw NOT_IN_PROGRESS
  const { facts } = ask.take({ kind: 'stream.requested', ownerSid: call.sid, stream })
  const created = facts.find(fact => fact.kind === 'stream-created')
  const made = created && ask.world.media.streams.get(created.streamSid)
  if (!made) throw new RestError(400, 20001, 'The call has as many streams as it can have')
  return { status: 201, body: streamResource(ask, made) }
}

function stopStream(ask: RestAsk, callSid: string, sidOrName: string): RestAnswer {
  const call = callOf(ask, callSid)
  const streams = [...ask.world.media.streams.values()].filter(stream => stream.callSid === call.sid).reverse()
  const stream = streams.find(one => one.sid === sidOrName || one.name === sidOrName)
  if (!stream) throw notFound(ask.path)
  if (one(ask.form, 'Status') !== 'stopped') throw badParameter('Status', 'must be stopped')
  ask.take({ kind: 'stream.stopped', streamSid: stream.sid })
  return { status: 200, body: streamResource(ask, stream) }
}

export const STREAM_ROUTES: Route[] = [
  { method: 'POST', path: '/Calls/{CallSid}/Streams.json', operation: 'stream-create', run: createStream },
  { method: 'POST', path: '/Calls/{CallSid}/Streams/{Sid}.json', operation: 'stream-update', run: stopStream },
]
