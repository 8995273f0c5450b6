import { fetchInstructions } from './proceed.ts'
import { queueFields } from './queue-fields.ts'
import { enter, leaveKind } from './runs.ts'
import { intend, later, type Turn } from './turn.ts'
import type { Call, Conference, Seat, Target } from './world.ts'
import { newToken } from './world.ts'

/**
 * The sound for calls that wait in a queue, alone in a conference, or on hold. A document is fetched again when it
 * ends.
 */

/** Pause before a document is fetched again, because it may be empty. */
const AGAIN_MS = 1_000

/** Begin to play hold music, silence, or a document that is fetched again and again. */
export function startWaiting(turn: Turn, call: Call, target: Target | 'music' | 'silence'): void {
  stopWaiting(turn, call)
  if (target === 'silence') return
  if (target === 'music' || !enter(call, 'wait')) {
    intend(turn, { do: 'play-sound', callSid: call.sid, sound: 'hold', loop: true })
    return
  }
  call.wait = target
  askAgain(turn, call)
}

/** The meaning of a `waitUrl`: absent is music, empty is silence. */
export function waitTarget(url: string | null, method: 'GET' | 'POST'): Target | 'music' | 'silence' {
  return url === null ? 'music' : url === '' ? 'silence' : { url, method }
}

export function waitOfSeat(seat: Seat): Target | 'music' | 'silence' {
  return waitTarget(seat.waitUrl, seat.waitMethod)
}

function askAgain(turn: Turn, call: Call): void {
  if (call.wait !== null) fetchInstructions(turn, call, call.wait, null, waitFields(turn, call))
}

function waitFields(turn: Turn, call: Call): Record<string, string> {
  if (call.queueSid !== null) return queueFields(turn, call)
  const conference: Conference | undefined =
    call.conferenceSid === null ? undefined : turn.world.conferences.get(call.conferenceSid)
  return conference ? { ConferenceSid: conference.sid, FriendlyName: conference.friendlyName } : {}
}

/** End the waiting sound, because the wait is over or something else is to be heard. */
export function stopWaiting(turn: Turn, call: Call): void {
  call.wait = null
  leaveKind(call, 'wait')
  // An announcement is not cut off when somebody joins.
  if (call.why !== 'announce') intend(turn, { do: 'stop-playing', callSid: call.sid })
}

/** The document has ended while the call still waits: fetch it again after a pause. */
export function waitEnded(turn: Turn, call: Call): void {
  const token = newToken(turn.world)
  call.doing = { what: 'sounding', token, again: 1 }
  later(turn, AGAIN_MS, { kind: 'wait.again', callSid: call.sid, token })
}

export function waitAgain(turn: Turn, call: Call, token: number): void {
  if (call.why === 'wait' && call.doing.what === 'sounding' && call.doing.token === token) askAgain(turn, call)
}

/** The document could not be fetched: play music, and keep the call. */
export function waitFailed(turn: Turn, call: Call): void {
  call.wait = null
  leaveKind(call, 'wait')
  intend(turn, { do: 'play-sound', callSid: call.sid, sound: 'hold', loop: true })
}
