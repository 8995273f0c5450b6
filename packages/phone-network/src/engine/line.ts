import { instructionsOf, routingOf } from './book.ts'
import { receiveOnLine } from './make-call.ts'
import { otherEnd } from './runs.ts'
import { alert, intend, later, soon, type Turn } from './turn.ts'
import type { Call, World } from './world.ts'

/**
 * Calls to a number of the account itself. They are two calls, as with Twilio: the one that was placed, and an inbound one
 * that asks the number's voice URL. Each is the far end of the other: what the network plays on one is what the other's
 * party says.
 */

/** A number whose TwiML dials itself must come to an end. */
export const HOPS_MAX = 5
const SETUP_MS = 100

function answersCalls(world: World, number: string): boolean {
  const own = world.numbers.get(number)
  return own !== undefined && instructionsOf(routingOf(world, own).routing) !== null
}

/** The placed call leaves the queue: the number rings after a moment, or is refused. */
export function startLine(turn: Turn, call: Call): void {
  if (call.far.kind !== 'line') return
  const { number, hops } = call.far
  const callSid = call.sid
  if (hops <= HOPS_MAX && answersCalls(turn.world, number)) {
    return later(turn, SETUP_MS, { kind: 'ring.due', callSid })
  }
  if (hops > HOPS_MAX) alert(turn, call, 0, `loop: more than ${HOPS_MAX} own numbers call one another`)
  else alert(turn, call, 21404, `${number} has no voice URL; the call was refused`)
  later(turn, SETUP_MS, { kind: 'refusal.due', callSid, status: 'failed', sipCode: 404 })
}

/** The placed call rings: the inbound one begins. */
export function ringLine(turn: Turn, call: Call): void {
  if (call.far.kind !== 'line') return
  const inbound = receiveOnLine(turn, call)
  if (inbound === null) soon(turn, { kind: 'refusal.due', callSid: call.sid, status: 'failed', sipCode: 404 })
  else call.far = { ...call.far, other: inbound.sid }
}

/** The TwiML of the number has answered: the placed call is answered too, and both hear each other. */
export function lineAnswered(turn: Turn, inbound: Call): void {
  const placed = otherEnd(turn.world, inbound)
  if (placed === null || inbound.direction !== 'inbound') return
  intend(turn, { do: 'cross', callSid: inbound.sid, other: placed.sid })
  soon(turn, { kind: 'answer.due', callSid: placed.sid })
}
