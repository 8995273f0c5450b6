import { personOf } from '../acting.ts'
import { fact, intend, later, soon, type Turn } from '../turn.ts'
import { newSid, type World } from '../world.ts'
import { TEXTS_KEPT_MAX, type Text, type TextDirection, type TextRequest, type TextStatus } from './text.ts'
import { textStatusFields } from './text-fields.ts'

/** Texts that are sent: queued, sent, delivered or not. A text to an own number arrives there as an inbound one. */

const SENT_AFTER_MS = 200
const DELIVERED_AFTER_MS = 500
/** https://www.twilio.com/docs/api/errors/30003 */
const UNREACHABLE = 30003

/** A new text, entered into the world and the log. */
export function addText(
  turn: Turn,
  direction: TextDirection,
  { from, to, body, media, callback }: TextRequest,
  status: TextStatus,
): Text {
  const { texts } = turn.world
  const oldest = texts.all.keys().next().value
  if (texts.all.size >= TEXTS_KEPT_MAX && oldest !== undefined) texts.all.delete(oldest)
  const text: Text = {
    sid: newSid(turn.world, media.length > 0 ? 'MM' : 'SM'),
    direction,
    from,
    to,
    body,
    media,
    status,
    createdAt: turn.at,
    updatedAt: turn.at,
    sentAt: direction === 'inbound' ? turn.at : null,
    errorCode: null,
    callback,
    asking: null,
    replies: 0,
  }
  texts.all.set(text.sid, text)
  fact(turn, { kind: 'text-created', textSid: text.sid, direction, from, to, body })
  return text
}

export function sendText(turn: Turn, direction: TextDirection, request: TextRequest): Text {
  const text = addText(turn, direction, request, 'queued')
  tell(turn, text)
  later(turn, SENT_AFTER_MS, { kind: 'text.sent', textSid: text.sid })
  return text
}

/** The network has handed the text on. */
export function textSent(turn: Turn, text: Text): void {
  text.sentAt = turn.at
  become(turn, text, 'sent')
  later(turn, DELIVERED_AFTER_MS, { kind: 'text.arrived', textSid: text.sid })
}

/** The text has arrived at a person's phone, at an own number, or nowhere. */
export function textArrived(turn: Turn, text: Text): void {
  const own = turn.world.numbers.has(text.to)
  if (!own && !isReachable(turn.world, text.to)) {
    text.errorCode = UNREACHABLE
    become(turn, text, 'undelivered')
    return
  }
  become(turn, text, 'delivered')
  if (own) soon(turn, { kind: 'text.crossed', textSid: text.sid })
}

function isReachable(world: World, number: string): boolean {
  const { kind } = personOf(world, number).script
  return kind !== 'unreachable' && kind !== 'invalid'
}

function become(turn: Turn, text: Text, status: TextStatus): void {
  text.status = status
  text.updatedAt = turn.at
  tell(turn, text)
}

function tell(turn: Turn, text: Text): void {
  fact(turn, { kind: 'text-status', textSid: text.sid, status: text.status, errorCode: text.errorCode })
  if (text.callback === null) return
  intend(turn, {
    do: 'notify',
    webhook: 'text-status',
    lane: text.sid,
    callSid: null,
    target: text.callback,
    fields: textStatusFields(turn.world, text),
  })
}
