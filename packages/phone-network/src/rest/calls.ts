import { CALLS_LIVE_MAX, type Call, isLive, liveCalls } from '../engine/world.ts'
import { dateFilter } from './date-filter.ts'
import { type Form, one } from './form.ts'
import { page } from './paging.ts'
import { readCallChange, readCallRequest, WITHOUT_EFFECT } from './read-call.ts'
import { strangeEvents } from './read-callback.ts'
import { accountPath, callResource, restStatus } from './resources.ts'
import { NOT_IN_PROGRESS, notFound, TOO_MANY_REQUESTS } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Calls.json` and `/Calls/{Sid}.json`. */

function createCall(ask: RestAsk): RestAnswer {
  if (liveCalls(ask.world).length >= CALLS_LIVE_MAX) throw TOO_MANY_REQUESTS
  const request = readCallRequest(ask.world, ask.form)
  for (const event of strangeEvents(ask.form)) ask.alert(`StatusCallbackEvent "${event}" does not exist`, 21626)
  for (const name of WITHOUT_EFFECT) {
    if (one(ask.form, name) !== null) ask.alert(`${name} is accepted without effect`)
  }
  if (request.detection?.async && request.detection.callback === null) {
    ask.alert('AsyncAmd without AsyncAmdStatusCallback: nobody will be told the verdict', 21262)
  }
  const created = ask.take({ kind: 'call.requested', request }).facts.find(fact => fact.kind === 'call-created')
  const call = created && ask.world.calls.get(created.callSid)
  if (!call) throw new Error('the engine made no call')
  // The answer to a create says `queued`, whatever has happened meanwhile.
  return { status: 201, body: { ...callResource(ask.world, call, ask.at), status: 'queued' } }
}

/** The call of the path. Throws 20404. */
export function callOf(ask: RestAsk, sid: string): Call {
  const call = ask.world.calls.get(sid)
  if (!call) throw notFound(ask.path)
  return call
}

function fetchCall(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: callResource(ask.world, callOf(ask, sid), ask.at) }
}

function updateCall(ask: RestAsk, sid: string): RestAnswer {
  const call = callOf(ask, sid)
  const change = readCallChange(ask.form)
  if (!isLive(call)) throw NOT_IN_PROGRESS
  // An outbound call that still rings has no instructions that it could leave.
  const ringsOut = call.status !== 'in-progress' && call.direction !== 'inbound'
  if (change.instructions !== null && change.status === null && ringsOut) throw NOT_IN_PROGRESS
  ask.take({ kind: 'call.changed', callSid: sid, change })
  return { status: 200, body: callResource(ask.world, call, ask.at) }
}

function wanted(query: Form): (call: Call) => boolean {
  const to = one(query, 'To')
  const from = one(query, 'From')
  const parent = one(query, 'ParentCallSid')
  const status = one(query, 'Status')
  const started = dateFilter<Call>(query, 'StartTime', call => call.startedAt ?? call.createdAt)
  const ended = dateFilter<Call>(query, 'EndTime', call => call.endedAt)
  return call =>
    (to === null || call.to === to) &&
    (from === null || call.from === from) &&
    (parent === null || call.parentSid === parent) &&
    (status === null || restStatus(call) === status) &&
    started(call) &&
    ended(call)
}

function listCalls({ world, query, at }: RestAsk): RestAnswer {
  const calls = [...world.calls.values()].reverse().filter(wanted(query))
  const body = page(`${accountPath(world)}/Calls.json`, query, 'calls', calls, call => callResource(world, call, at))
  return { status: 200, body }
}

export const CALL_ROUTES: Route[] = [
  { method: 'GET', path: '/Calls.json', operation: 'list', run: listCalls },
  { method: 'POST', path: '/Calls.json', operation: 'create', run: createCall },
  { method: 'GET', path: '/Calls/{Sid}.json', operation: 'fetch', run: fetchCall },
  { method: 'POST', path: '/Calls/{Sid}.json', operation: 'update', run: updateCall },
]
