import type { Routing } from './account.ts'
import { instructionsOf, routingOf } from './book.ts'
import type { CallRequest } from './input.ts'
import { noMessages } from './messages.ts'
import { sipFar } from './sip/sip-far.ts'
import { fact, intend, later, soon, type Turn } from './turn.ts'
import {
  CALLS_KEPT_MAX,
  type Call,
  type CallbackTarget,
  CPS_MAX,
  type Far,
  isLive,
  newSid,
  type World,
} from './world.ts'

/** How calls are created: by REST (paced), by a pretend person, by a browser, or as the child of a `<Dial>`. */

export const RING_LIMIT_MS = 60_000
/** Twilio ends any call after four hours: https://www.twilio.com/docs/voice/twiml/dial#timelimit */
export const TIME_LIMIT_MS = 14_400_000

type Required = Pick<Call, 'direction' | 'from' | 'to' | 'far' | 'instructions'>

function forgetOldest(world: World): void {
  if (world.calls.size < CALLS_KEPT_MAX) return
  for (const [sid, call] of world.calls) {
    if (!isLive(call)) {
      world.calls.delete(sid)
      return
    }
  }
}

/** A new call, entered into the world and the log. It does not ring yet. */
export function addCall(turn: Turn, required: Required, rest: Partial<Call> = {}): Call {
  const { world, at } = turn
  forgetOldest(world)
  const call: Call = {
    sid: newSid(world, 'CA'),
    parentSid: null,
    status: 'queued',
    createdAt: at,
    updatedAt: at,
    startedAt: null,
    answeredAt: null,
    endedAt: null,
    queueMs: 0,
    statusCallback: null,
    statusSequence: 0,
    detection: null,
    answeredBy: null,
    detectionMs: null,
    ringLimitMs: RING_LIMIT_MS,
    timeLimitMs: TIME_LIMIT_MS,
    why: 'main',
    outer: [],
    doing: { what: 'waiting' },
    verbs: [],
    cursor: 0,
    documentUrl: null,
    conferenceSid: null,
    queueSid: null,
    seat: null,
    wait: null,
    whisper: null,
    sendDigits: '',
    acting: null,
    sipCode: null,
    applicationSid: null,
    phoneNumberSid: null,
    verification: null,
    callerName: null,
    parameters: {},
    callToken: null,
    record: null,
    idleDocuments: 0,
    verbAt: at,
    openToBrowser: false,
    messaging: noMessages(),
    sipOutcome: null,
    ...required,
    ...rest,
  }
  world.calls.set(call.sid, call)
  fact(turn, {
    kind: 'call-created',
    callSid: call.sid,
    direction: call.direction,
    from: call.from,
    to: call.to,
    queueMs: call.queueMs,
  })
  return call
}

/** The far end of a call to this address. `hops`: how many own numbers have led to this call, with this one. */
export function farOf(world: World, address: string, hops = 1): Far {
  const scripted = world.people.has(address)
  if (/^sips?:/.test(address) && !scripted && world.sip.listens) return sipFar(address, null, null)
  if (address.startsWith('client:')) return { kind: 'client', identity: address.slice('client:'.length) }
  if (world.numbers.has(address)) return { kind: 'line', number: address, other: null, hops }
  return { kind: 'person', number: address }
}

export function hopsOf({ far }: Call): number {
  return far.kind === 'line' ? far.hops : 0
}

/**
 * When the next API-created call may start: at most `cps` calls start in any second. Further calls are accepted, stay
 * `queued` and start later. Only API-created calls are paced (https://www.twilio.com/docs/voice/api#rate-limits).
 */
function nextStart(world: World, at: number): number {
  const before = world.starts[world.starts.length - world.cps]
  const start = before === undefined ? at : Math.max(at, before + 1_000)
  world.starts.push(start)
  if (world.starts.length > CPS_MAX) world.starts.shift()
  return start
}

/** `client:name?key=value`: what follows the question mark reaches the browser as parameters and is no part of its name. */
function calledWith(address: string): { to: string; parameters: Record<string, string> } {
  const mark = address.startsWith('client:') ? address.indexOf('?') : -1
  if (mark < 0) return { to: address, parameters: {} }
  return { to: address.slice(0, mark), parameters: Object.fromEntries(new URLSearchParams(address.slice(mark + 1))) }
}

export function requestCall(turn: Turn, request: CallRequest): Call {
  const { world, at } = turn
  const start = nextStart(world, at)
  const { to, parameters } = calledWith(request.to)
  const far = farOf(world, to)
  const call = addCall(
    turn,
    {
      direction: 'outbound-api',
      from: request.from,
      to,
      far: far.kind === 'sip' ? { ...far, ...request.sipAuth } : far,
      instructions: request.instructions,
    },
    {
      applicationSid: request.applicationSid,
      statusCallback: request.statusCallback,
      detection: request.detection,
      ringLimitMs: request.ringLimitMs,
      timeLimitMs: request.timeLimitMs,
      seat: request.seat,
      parameters,
      sendDigits: request.sendDigits ?? '',
      record: request.record ?? null,
      verification: request.verification ?? null,
      queueMs: start - at,
      phoneNumberSid: world.numbers.get(request.from)?.sid ?? null,
    },
  )
  later(turn, start - at, { kind: 'call.due', callSid: call.sid })
  return call
}

/** An inbound call rings at once; its TwiML decides whether it is answered. */
export function receive(turn: Turn, call: Call): void {
  call.status = 'ringing'
  call.startedAt = turn.at
  intend(turn, { do: 'add-leg', callSid: call.sid })
  fact(turn, { kind: 'call-ringing', callSid: call.sid })
  later(turn, call.timeLimitMs, { kind: 'time-limit.reached', callSid: call.sid })
  soon(turn, { kind: 'instructions.wanted', callSid: call.sid })
}

/** A number's or an application's status callback is told only when the call has ended. */
export function appCallback({ statusCallback }: Routing): CallbackTarget | null {
  return statusCallback.url === '' ? null : { ...statusCallback, events: ['completed'] }
}

/** A pretend person dials one of our numbers. Unknown numbers are refused before this, by the control API. */
export function receiveFromPerson(turn: Turn, from: string, to: string): Call | null {
  if (turn.world.account.status !== 'active') {
    fact(turn, {
      kind: 'alert',
      callSid: null,
      code: 10001,
      message: `the account is not active; ${to} was not answered`,
    })
    return null
  }
  const call = receiveAt(turn, from, to, { kind: 'person', number: from })
  if (call === null) {
    fact(turn, { kind: 'alert', callSid: null, code: 21404, message: `${to} has no voice URL; the call was refused` })
  }
  return call
}

/** The inbound half of a call to a number of the account itself. */
export function receiveOnLine(turn: Turn, placed: Call): Call | null {
  const far: Far = { kind: 'line', number: placed.from, other: placed.sid, hops: hopsOf(placed) }
  return receiveAt(turn, placed.from, placed.to, far)
}

/** An inbound call at one of our numbers; null when the number has no voice URL. */
function receiveAt(turn: Turn, from: string, to: string, far: Far): Call | null {
  const own = turn.world.numbers.get(to)
  const route = own && routingOf(turn.world, own)
  const instructions = route ? instructionsOf(route.routing) : null
  if (!own || !route || instructions === null) return null
  const call = addCall(
    turn,
    { direction: 'inbound', from, to, far, instructions },
    {
      applicationSid: route.applicationSid,
      // The names of the North American directory have fifteen characters.
      callerName: route.routing.callerIdLookup
        ? (turn.world.people.get(from)?.name ?? 'WIRELESS CALLER').toUpperCase().slice(0, 15)
        : null,
      phoneNumberSid: own.sid,
      callToken: `%7B%22parentCallInfoToken%22%3A%22${turn.world.random.hex(40)}%22%7D`,
      statusCallback: appCallback(route.routing),
    },
  )
  receive(turn, call)
  return call
}

/** A browser device places a call: the TwiML App's voice URL is asked, with the device's parameters as fields. */
export function receiveFromBrowser(
  turn: Turn,
  identity: string,
  applicationSid: string | null,
  parameters: Record<string, string>,
): Call {
  const { account, applications } = turn.world
  const application = applications.get(applicationSid ?? account.twimlAppSid)
  const instructions = application ? instructionsOf(application) : null
  const from = `client:${identity}`
  const call = addCall(
    turn,
    {
      direction: 'inbound',
      from,
      to: parameters.To ?? '',
      far: { kind: 'client', identity },
      instructions: instructions ?? { twiml: '<Response><Reject/></Response>' },
    },
    {
      applicationSid: applicationSid ?? account.twimlAppSid,
      parameters,
      statusCallback: application ? appCallback(application) : null,
    },
  )
  if (instructions === null) {
    fact(turn, {
      kind: 'alert',
      callSid: call.sid,
      code: 21218,
      message: `${applicationSid ?? account.twimlAppSid} has no voice URL`,
    })
  }
  receive(turn, call)
  return call
}
