import { fetchInstructions } from './proceed.ts'
import { queueFields } from './queue-fields.ts'
import { enter, leaveKind } from './runs.ts'
import { intend, later, type Turn } from './turn.ts'
import type { Call, Conference, Seat, Target } from './world.ts'
import { newToken } from './world.ts'

/** What those hear who wait: in a queue, alone in a conference, or on hold. The document is asked for again when it ends. */

/** An empty document must not be asked for without pause. */
const AGAIN_MS = 1_000

/** Hold music, silence, or a document that is asked for again and again. */
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

/** What a seat's or a queue's `waitUrl` asks for: absent is music, empty is silence. */
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

/** The waiting is over, or something else is to be heard meanwhile. */
export function stopWaiting(turn: Turn, call: Call): void {
  call.wait = null
  leaveKind(call, 'wait')
  // An announcement is heard to its end, whoever comes in meanwhile.
  if (call.why !== 'announce') intend(turn, { do: 'stop-playing', callSid: call.sid })
}

/** The document has ended, and the waiting has not. */
export function waitEnded(turn: Turn, call: Call): void {
  const token = newToken(turn.world)
  call.doing = { what: 'sounding', token, again: 1 }
  later(turn, AGAIN_MS, { kind: 'wait.again', callSid: call.sid, token })
}

export function waitAgain(turn: Turn, call: Call, token: number): void {
  if (call.why === 'wait' && call.doing.what === 'sounding' && call.doing.token === token) askAgain(turn, call)
}

/** The document could not be had: music instead, and nobody is thrown out for it. */
export function waitFailed(turn: Turn, call: Call): void {
  call.wait = null
  leaveKind(call, 'wait')
  intend(turn, { do: 'play-sound', callSid: call.sid, sound: 'hold', loop: true })
}
