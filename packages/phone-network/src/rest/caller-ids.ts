import type { CallerId } from '../engine/account.ts'
import { nationalLook } from '../engine/book.ts'
import { seededRandom } from '../engine/random.ts'
import type { World } from '../engine/world.ts'
import { methodOf, one, urlOf, whole } from './form.ts'
import { drop, keep } from './keep.ts'
import { page } from './paging.ts'
import { e164, isPhoneNumber } from './read-call.ts'
import { accountPath, date } from './resources.ts'
import { notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/OutgoingCallerIds`: numbers of others that may be used as caller id, once somebody there has typed a code. */

/** The number from which the verification calls. */
const VERIFIER = '+14157234000'
const RING_LIMIT_MS = 60_000
const TALK_LIMIT_MS = 120_000

function callerIdResource(world: World, callerId: CallerId): Record<string, unknown> {
  return {
    sid: callerId.sid,
    account_sid: world.account.accountSid,
    friendly_name: callerId.friendlyName,
    phone_number: callerId.number,
    date_created: date(callerId.createdAt),
    date_updated: date(callerId.updatedAt),
    uri: `${accountPath(world)}/OutgoingCallerIds/${callerId.sid}.json`,
  }
}

function callerIdOf(ask: RestAsk, sid: string): CallerId {
  for (const callerId of ask.world.callerIds.values()) if (callerId.sid === sid) return callerId
  throw notFound(ask.path)
}

/** Asks for a verification: the number is called, and whoever answers must type the code of this answer. */
function create(ask: RestAsk): RestAnswer {
  const { world, form } = ask
  const raw = one(form, 'PhoneNumber')
  if (raw === null) throw new RestError(400, 21201, "No 'PhoneNumber' is specified")
  const number = e164(raw)
  if (!isPhoneNumber(number)) throw new RestError(400, 21211, `The phone number ${raw} is not valid.`)
  if (world.callerIds.has(number)) {
    throw new RestError(400, 21450, 'Phone number is already validated for your Account')
  }
  if (one(form, 'Extension') !== null) ask.alert('Extension of a caller id is accepted without effect')
  if (whole(form, 'CallDelay', 0, 60, 0) > 0) ask.alert('CallDelay of a caller id is accepted without effect')
  const friendlyName = one(form, 'FriendlyName')
  const url = urlOf(form, 'StatusCallback')
  const random = seededRandom(`verification ${world.seed} ${number} ${world.calls.size}`)
  const code = String(100_000 + random.int(900_000))
  const { facts } = ask.take({
    kind: 'call.requested',
    request: {
      to: number,
      from: VERIFIER,
      instructions: {
        twiml: '<Response><Say>Please type the six digits of your code.</Say><Pause length="60"/></Response>',
      },
      applicationSid: null,
      statusCallback: null,
      detection: null,
      ringLimitMs: RING_LIMIT_MS,
      timeLimitMs: TALK_LIMIT_MS,
      seat: null,
      verification: {
        code,
        friendlyName,
        callback: url === null ? null : { url, method: methodOf(form, 'StatusCallbackMethod') },
        typed: '',
        done: false,
      },
    },
  })
  const created = facts.find(fact => fact.kind === 'call-created')
  const body = {
    account_sid: world.account.accountSid,
    call_sid: created?.callSid ?? null,
    friendly_name: friendlyName ?? nationalLook(number),
    phone_number: number,
    validation_code: code,
  }
  return { status: 200, body }
}

function fetch(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: callerIdResource(ask.world, callerIdOf(ask, sid)) }
}

function update(ask: RestAsk, sid: string): RestAnswer {
  const { number } = callerIdOf(ask, sid)
  const friendlyName = one(ask.form, 'FriendlyName')
  keep(ask, { of: 'caller-id', number, settings: friendlyName === null ? {} : { friendlyName } })
  return fetch(ask, sid)
}

function list({ world, query }: RestAsk): RestAnswer {
  const number = one(query, 'PhoneNumber')
  const name = one(query, 'FriendlyName')
  const found = [...world.callerIds.values()]
    .reverse()
    .filter(each => (number === null || each.number === e164(number)) && (name === null || each.friendlyName === name))
  const path = `${accountPath(world)}/OutgoingCallerIds.json`
  return { status: 200, body: page(path, query, 'outgoing_caller_ids', found, each => callerIdResource(world, each)) }
}

const ALL = '/OutgoingCallerIds.json'
const ONE = '/OutgoingCallerIds/{Sid}.json'

export const CALLER_ID_ROUTES: Route[] = [
  { method: 'GET', path: ALL, operation: 'caller-id-list', run: list },
  { method: 'POST', path: ALL, operation: 'caller-id-create', run: create },
  { method: 'GET', path: ONE, operation: 'caller-id-fetch', run: fetch },
  { method: 'POST', path: ONE, operation: 'caller-id-update', run: update },
  {
    method: 'DELETE',
    path: ONE,
    operation: 'caller-id-delete',
    run: (ask, sid = '') => drop(ask, 'caller-id', callerIdOf(ask, sid).sid),
  },
]
