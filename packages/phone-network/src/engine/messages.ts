import { rfc2822 } from './rfc2822.ts'
import { alert, fact, intend, type Turn } from './turn.ts'
import type { Call, Target } from './world.ts'

/**
 * User-defined messages between a program and the page of a call
 * (https://www.twilio.com/docs/voice/sdks/call-message-events).
 */

export const SUBSCRIPTIONS_MAX = 10
/** Requests that are remembered by their `IdempotencyKey`, for one call. */
export const IDEMPOTENCY_KEYS_MAX = 100

export interface Subscription {
  sid: string
  createdAt: number
  callback: Target
}

export interface Messaging {
  subscriptions: Subscription[]
  /** sequence number of the next message from the page; the first is 1 */
  sequence: number
  /** IdempotencyKey → the SID that its request has created */
  made: Map<string, { sid: string; at: number }>
}

export function noMessages(): Messaging {
  return { subscriptions: [], sequence: 1, made: new Map() }
}

/** Only a browser's leg has messages, while it rings or is answered. */
export function hasMessages(call: Call): boolean {
  return call.far.kind === 'client' && (call.status === 'ringing' || call.status === 'in-progress')
}

function remember(call: Call, key: string | null, sid: string, at: number): void {
  if (key === null) return
  const { made } = call.messaging
  const oldest = made.keys().next().value
  if (made.size >= IDEMPOTENCY_KEYS_MAX && oldest !== undefined) made.delete(oldest)
  made.set(key, { sid, at })
}

/** Send a message of the program to the page. `content` is JSON. */
export function sendMessage(turn: Turn, call: Call, content: string, idempotencyKey: string | null): void {
  if (!hasMessages(call)) return
  const sid = `KX${turn.world.random.hex(32)}`
  remember(call, idempotencyKey, sid, turn.at)
  fact(turn, { kind: 'message-sent', callSid: call.sid, sid, content })
  intend(turn, { do: 'message-client', callSid: call.sid, sid, content })
}

export function subscribe(turn: Turn, call: Call, callback: Target, idempotencyKey: string | null): void {
  if (!hasMessages(call) || call.messaging.subscriptions.length >= SUBSCRIPTIONS_MAX) return
  const sid = `ZY${turn.world.random.hex(32)}`
  remember(call, idempotencyKey, sid, turn.at)
  call.messaging.subscriptions.push({ sid, createdAt: turn.at, callback })
  fact(turn, { kind: 'messages-subscribed', callSid: call.sid, sid })
}

export function unsubscribe(call: Call, sid: string): void {
  const { messaging } = call
  messaging.subscriptions = messaging.subscriptions.filter(subscription => subscription.sid !== sid)
}

/** Send a message of the page to every subscriber. */
export function takeMessage(turn: Turn, call: Call, sid: string, content: string): void {
  const { messaging } = call
  fact(turn, { kind: 'message-received', callSid: call.sid, sid, content })
  if (messaging.subscriptions.length === 0) {
    alert(turn, call, 0, 'a page sent a message to which no program has subscribed')
  }
  const fields = {
    AccountSid: turn.world.account.accountSid,
    CallSid: call.sid,
    Sid: sid,
    ContentType: 'application/json',
    Content: content,
    SequenceNumber: String(messaging.sequence),
    Timestamp: rfc2822(turn.at),
  }
  messaging.sequence += 1
  for (const { sid: subscription, callback } of messaging.subscriptions) {
    const lane = `messages ${subscription}`
    intend(turn, { do: 'notify', webhook: 'message', lane, callSid: call.sid, target: callback, fields })
  }
}
