import { type Call, isLive, type World } from '../engine/world.ts'
import { type Form, one } from './form.ts'
import { page } from './paging.ts'
import { readCallChange, readCallRequest, WITHOUT_EFFECT } from './read-call.ts'
import { accountPath, callResource, restStatus } from './resources.ts'
import type { RestAnswer, RestAsk } from './rest-api.ts'
import { badParameter, METHOD_NOT_ALLOWED, NOT_IN_PROGRESS, notFound } from './rest-error.ts'

/** `/Calls.json` and `/Calls/{Sid}.json`. */

export function createCall(ask: RestAsk): RestAnswer {
  const request = readCallRequest(ask.world, ask.form)
  for (const name of WITHOUT_EFFECT) {
    if (one(ask.form, name) !== null) ask.alert(`${name} is accepted without effect`)
  }
  if (request.detection?.async && request.detection.callback === null) {
    ask.alert('AsyncAmd without AsyncAmdStatusCallback: nobody will be told the verdict', 21262)
  }
  const created = ask.take({ kind: 'call.requested', request }).facts.find(fact => fact.kind === 'call-created')
  const call = created && ask.world.calls.get(created.callSid)
  if (!call) throw new Error('the engine made no call')
  // Whatever has happened since, the answer to a create says `queued`.
  return { status: 201, body: { ...callResource(ask.world, call), status: 'queued' } }
}

export function oneCall(ask: RestAsk, sid: string): RestAnswer {
  const call = ask.world.calls.get(sid)
  if (!call) throw notFound(ask.path)
  if (ask.method === 'GET') return { status: 200, body: callResource(ask.world, call) }
  if (ask.method !== 'POST') throw METHOD_NOT_ALLOWED
  const change = readCallChange(ask.form)
  if (!isLive(call)) throw NOT_IN_PROGRESS
  // A call that still rings outwards has no instructions to leave.
  const ringsOut = call.status !== 'in-progress' && call.direction !== 'inbound'
  if (change.instructions !== null && change.status === null && ringsOut) throw NOT_IN_PROGRESS
  ask.take({ kind: 'call.changed', callSid: sid, change })
  return { status: 200, body: callResource(ask.world, call) }
}

type Comparison = '' | '<' | '>'

function dateFilter(query: Form, name: string, at: (call: Call) => number | null): (call: Call) => boolean {
  const tests: ((ms: number) => boolean)[] = []
  for (const sign of ['', '<', '>'] satisfies Comparison[]) {
    const text = one(query, name + sign)
    if (text === null) continue
    const ms = Date.parse(text)
    if (Number.isNaN(ms)) throw badParameter(name + sign, 'must be a date like 2026-01-31 or an ISO time')
    const dayEnd = /^\d{4}-\d\d-\d\d$/.test(text) ? ms + 86_400_000 - 1 : ms
    if (sign === '') tests.push(value => value >= ms && value <= dayEnd)
    else if (sign === '<') tests.push(value => value <= dayEnd)
    else tests.push(value => value >= ms)
  }
  return call => {
    const value = at(call)
    return tests.length === 0 || (value !== null && tests.every(test => test(value)))
  }
}

function wanted(query: Form): (call: Call) => boolean {
  const to = one(query, 'To')
  const from = one(query, 'From')
  const parent = one(query, 'ParentCallSid')
  const status = one(query, 'Status')
  const started = dateFilter(query, 'StartTime', call => call.startedAt ?? call.createdAt)
  const ended = dateFilter(query, 'EndTime', call => call.endedAt)
  return call =>
    (to === null || call.to === to) &&
    (from === null || call.from === from) &&
    (parent === null || call.parentSid === parent) &&
    (status === null || restStatus(call) === status) &&
    started(call) &&
    ended(call)
}

export function listCalls(world: World, query: Form): Record<string, unknown> {
  const calls = [...world.calls.values()].reverse().filter(wanted(query))
  return page(`${accountPath(world)}/Calls.json`, query, 'calls', calls, call => callResource(world, call))
}
