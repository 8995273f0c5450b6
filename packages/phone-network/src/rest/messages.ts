import { hasMessages, SUBSCRIPTIONS_MAX } from '../engine/messages.ts'
import type { Call } from '../engine/world.ts'
import { callOf } from './calls.ts'
import { methodOf, one, urlOf } from './form.ts'
import { accountPath, date } from './resources.ts'
import { badParameter, notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Calls/{Sid}/UserDefinedMessages` and their subscriptions: the program talks with the page of a call. */

const CONTENT_BYTES_MAX = 10 * 1024
const KEY_CHARS_MAX = 255

/** Twilio's documentation names no code for this; 21220 is its code for the state of a call elsewhere. */
function liveCallOf(ask: RestAsk, callSid: string): Call {
  const call = callOf(ask, callSid)
  if (call.far.kind !== 'client') throw new RestError(400, 20001, `Call ${call.sid} is not a call of the Voice SDK`)
  if (!hasMessages(call)) throw new RestError(400, 21220, `Call ${call.sid} is neither ringing nor in-progress`)
  return call
}

function keyOf(ask: RestAsk): string | null {
  const key = one(ask.form, 'IdempotencyKey')
  if (key !== null && key.length > KEY_CHARS_MAX) throw badParameter('IdempotencyKey', 'too long')
  return key
}

function contentOf(ask: RestAsk): string {
  const content = one(ask.form, 'Content')
  if (content === null) throw new RestError(400, 20001, "Missing required parameter 'Content'")
  if (Buffer.byteLength(content) > CONTENT_BYTES_MAX) {
    throw new RestError(400, 31212, 'Call Message Event Payload size exceeded authorized limit.')
  }
  try {
    JSON.parse(content)
  } catch {
    throw badParameter('Content', 'must be JSON')
  }
  return content
}

function messageResource(ask: RestAsk, call: Call, sid: string, at: number): RestAnswer {
  const account_sid = ask.world.account.accountSid
  return { status: 201, body: { account_sid, call_sid: call.sid, sid, date_created: date(at) } }
}

function createMessage(ask: RestAsk, callSid: string): RestAnswer {
  const call = liveCallOf(ask, callSid)
  const content = contentOf(ask)
  const idempotencyKey = keyOf(ask)
  const key = idempotencyKey === null ? null : `message ${idempotencyKey}`
  const before = key === null ? undefined : call.messaging.made.get(key)
  if (before) return messageResource(ask, call, before.sid, before.at)
  const { facts } = ask.take({ kind: 'message.posted', callSid: call.sid, content, idempotencyKey: key })
  const sent = facts.find(fact => fact.kind === 'message-sent')
  if (!sent) throw new Error('the engine sent no message')
  return messageResource(ask, call, sent.sid, ask.at)
}

function subscriptionResource(ask: RestAsk, call: Call, sid: string, at: number): RestAnswer {
  const base = `${accountPath(ask.world)}/Calls/${call.sid}/UserDefinedMessageSubscriptions`
  const answer = messageResource(ask, call, sid, at)
  return { status: 201, body: { ...answer.body, uri: `${base}/${sid}.json` } }
}

function createSubscription(ask: RestAsk, callSid: string): RestAnswer {
  const call = liveCallOf(ask, callSid)
  const url = urlOf(ask.form, 'Callback')
  if (url === null) throw new RestError(400, 20001, "Missing required parameter 'Callback'")
  const callback = { url, method: methodOf(ask.form, 'Method') }
  const idempotencyKey = keyOf(ask)
  const key = idempotencyKey === null ? null : `subscription ${idempotencyKey}`
  const before = key === null ? undefined : call.messaging.made.get(key)
  if (before) return subscriptionResource(ask, call, before.sid, before.at)
  if (call.messaging.subscriptions.length >= SUBSCRIPTIONS_MAX) {
    throw new RestError(400, 20001, `A call has at most ${SUBSCRIPTIONS_MAX} subscriptions`)
  }
  const { facts } = ask.take({ kind: 'messages.subscribed', callSid: call.sid, callback, idempotencyKey: key })
  const made = facts.find(fact => fact.kind === 'messages-subscribed')
  if (!made) throw new Error('the engine made no subscription')
  return subscriptionResource(ask, call, made.sid, ask.at)
}

function removeSubscription(ask: RestAsk, callSid: string, sid: string): RestAnswer {
  const call = callOf(ask, callSid)
  if (!call.messaging.subscriptions.some(subscription => subscription.sid === sid)) throw notFound(ask.path)
  ask.take({ kind: 'messages.unsubscribed', callSid: call.sid, sid })
  return { status: 204, body: null }
}

const MESSAGES = '/Calls/{CallSid}/UserDefinedMessages.json'
const SUBSCRIPTIONS = '/Calls/{CallSid}/UserDefinedMessageSubscriptions.json'
const SUBSCRIPTION = '/Calls/{CallSid}/UserDefinedMessageSubscriptions/{Sid}.json'

export const MESSAGE_ROUTES: Route[] = [
  { method: 'POST', path: MESSAGES, operation: 'message-create', run: createMessage },
  { method: 'POST', path: SUBSCRIPTIONS, operation: 'message-subscription-create', run: createSubscription },
  { method: 'DELETE', path: SUBSCRIPTION, operation: 'message-subscription-delete', run: removeSubscription },
]
