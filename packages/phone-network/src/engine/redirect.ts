import { disconnect } from './call-media.ts'
import { leaveConference } from './conference.ts'
import { beginInstructions } from './documents.ts'
import { endCall, statusAfterHangUp } from './end-call.ts'
import type { CallChange } from './input.ts'
import { leaveQueues } from './queue.ts'
import { dialOf, leaveAll } from './runs.ts'
import { dropTimers, fact, intend, later, soon, type Turn, touch } from './turn.ts'
import type { Call } from './world.ts'

/** `POST Calls/{Sid}.json` on a live call. */
export function redirectCall(turn: Turn, call: Call, change: CallChange): void {
  touch(turn, call)
  if (change.statusCallback !== null) {
    const events = call.statusCallback?.events ?? ['completed']
    call.statusCallback = { ...change.statusCallback, events }
  }
  if (change.timeLimitMs !== null) {
    dropTimers(turn, call.sid, 'time-limit.reached')
    later(turn, change.timeLimitMs, { kind: 'time-limit.reached', callSid: call.sid })
  }
  if (change.status === 'canceled') {
    // Twilio: `canceled` hangs up calls that are queued or ringing and does not affect calls in progress.
    if (call.status !== 'in-progress') endCall(turn, call, 'canceled', 487)
    return
  }
  if (change.status === 'completed') {
    const after = statusAfterHangUp(call)
    endCall(turn, call, after.status, after.sipCode, 'participant_updated_via_api')
    return
  }
  if (change.instructions === null) return
  // The REST layer refuses this for an outbound call that is not answered yet (21220).
  if (call.status !== 'in-progress' && call.direction !== 'inbound') return
  fact(turn, { kind: 'call-redirected', callSid: call.sid })
  const dial = dialOf(call)
  disconnect(turn, call)
  // The call is in an `<Echo>`.
  if (call.doing.what === 'waiting') intend(turn, { do: 'unbridge', callSid: call.sid })
  leaveQueues(turn, call, 'redirected')
  leaveAll(call)
  call.wait = null
  call.doing = { what: 'nothing' }
  call.seat = null
  if (dial !== null) {
    for (const child of dial.children) soon(turn, { kind: 'hang-up.wanted', callSid: child })
    if (dial.winner !== null) intend(turn, { do: 'unbridge', callSid: call.sid })
  }
  intend(turn, { do: 'stop-playing', callSid: call.sid })
  leaveConference(turn, call, 'participant_updated_via_api')
  beginInstructions(turn, call, change.instructions)
}
