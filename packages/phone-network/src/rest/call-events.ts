import { isLive } from '../engine/world.ts'
import type { Entry } from '../network-log.ts'
import { callOf } from './calls.ts'
import { page } from './paging.ts'
import { accountPath, date } from './resources.ts'
import { RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** A call's events (the requests that were sent for it), and its deletion. */

type WebhookEntry = Extract<Entry, { kind: 'webhook' }>

function eventResource(entry: WebhookEntry): Record<string, unknown> {
  return {
    request: { method: entry.method, url: entry.url, parameters: entry.fields },
    response: {
      response_code: entry.status,
      request_duration: Math.round(entry.ms),
      response_body: entry.response,
      date_created: date(entry.at),
    },
  }
}

function listEvents(ask: RestAsk, callSid: string): RestAnswer {
  const { sid } = callOf(ask, callSid)
  const entries = ask
    .log()
    .filter((entry): entry is WebhookEntry & Entry => entry.kind === 'webhook' && entry.callSid === sid)
    .map(entry => ({ ...entry, sid: String(entry.seq) }))
  const path = `${accountPath(ask.world)}/Calls/${sid}/Events.json`
  return { status: 200, body: page(path, ask.query, 'events', entries, eventResource) }
}

/** Only an ended call can be deleted. https://www.twilio.com/docs/voice/api/call-resource#delete-a-call-resource */
function deleteCall(ask: RestAsk, callSid: string): RestAnswer {
  const call = callOf(ask, callSid)
  if (isLive(call)) {
    throw new RestError(409, 20409, `Call ${call.sid} is not in a finished state and cannot be deleted`)
  }
  ask.take({ kind: 'call.forgotten', callSid: call.sid })
  return { status: 204, body: null }
}

export const CALL_EVENT_ROUTES: Route[] = [
  { method: 'GET', path: '/Calls/{CallSid}/Events.json', operation: 'event-list', run: listEvents },
  { method: 'DELETE', path: '/Calls/{Sid}.json', operation: 'delete', run: deleteCall },
]
