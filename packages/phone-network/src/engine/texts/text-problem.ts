import type { Turn } from '../turn.ts'
import type { World } from '../world.ts'
import { BODY_CHARS_MAX } from './text.ts'

/** Why TwiML may not send a text: the codes that Twilio's debugger shows. */

export const FAST_REPLIES_MAX = 20
const FAST_MS = 15_000
const HELD_MS = 30_000
const PACES_MAX = 1_000

export interface TextProblem {
  code: number
  message: string
}

const NUMBER = /^\+[1-9]\d{6,14}$/

/** Null when a text with these attributes of `<Message>` or `<Sms>` may be sent. */
export function textProblem(
  world: World,
  to: string,
  from: string,
  body: string,
  media: readonly string[] = [],
): TextProblem | null {
  if (!NUMBER.test(to) || to === from) return { code: 14101, message: `Invalid "To" attribute: ${to}` }
  if (!world.numbers.has(from)) return { code: 14102, message: `Invalid "From" attribute: ${from}` }
  if ((body === '' && media.length === 0) || body.length > BODY_CHARS_MAX) {
    return { code: 14103, message: `Invalid Body: 1 to ${BODY_CHARS_MAX} characters` }
  }
  if (world.texts.stopped.has(`${to} ${from}`)) {
    return { code: 21610, message: 'Attempt to send to unsubscribed recipient' }
  }
  return null
}

/** Counts a reply of one number to another. Too many in a row, each soon after the last, are held up for a while. */
export function isTooFast(turn: Turn, from: string, to: string): TextProblem | null {
  const { paces } = turn.world.texts
  const key = `${from} ${to}`
  const pace = paces.get(key) ?? { count: 0, lastAt: turn.at, heldUntil: 0 }
  paces.delete(key)
  const oldest = paces.keys().next().value
  if (paces.size >= PACES_MAX && oldest !== undefined) paces.delete(oldest)
  paces.set(key, pace)
  const held = { code: 14107, message: `SMS send rate limit exceeded between ${from} and ${to}` }
  if (turn.at < pace.heldUntil) return held
  pace.count = turn.at - pace.lastAt < FAST_MS ? pace.count + 1 : 1
  pace.lastAt = turn.at
  if (pace.count <= FAST_REPLIES_MAX) return null
  pace.heldUntil = turn.at + HELD_MS
  pace.count = 0
  return held
}
