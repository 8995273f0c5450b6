import { stopMedia } from './call-media.ts'
import { type LeaveReason, leaveConference } from './conference.ts'
import { notifyStatus } from './notify.ts'
import { leaveQueues } from './queue.ts'
import { dropRefer } from './referring.ts'
import { answerInbound } from './ringing.ts'
import { dialOf, leaveAll, otherEnd } from './runs.ts'
import { endSip } from './sip/sip-far.ts'
import { dropTimers, fact, intend, soon, type Turn, touch } from './turn.ts'
import { tellVerification } from './verification.ts'
import { talkSeconds } from './webhook-fields.ts'
import { type Call, type CallStatus, isLive } from './world.ts'

/** The status that a call gets when it is hung up now. */
export function statusAfterHangUp(call: Call): { status: CallStatus; sipCode: number } {
  if (call.status === 'in-progress') return { status: 'completed', sipCode: 200 }
  return { status: 'canceled', sipCode: 487 }
}

/** The errors that the browser SDK shows when a call that it has placed is refused. */
const REFUSALS = new Map([
  [486, { code: 31486, message: 'Busy Here' }],
  [500, { code: 31005, message: 'Error sent from gateway in HANGUP' }],
  [603, { code: 31603, message: 'Decline' }],
])

function refusalOf(call: Call): { code: number; message: string } | undefined {
  const refused = call.direction === 'inbound' && call.answeredAt === null && call.sipCode !== null
  return refused ? REFUSALS.get(call.sipCode ?? 0) : undefined
}

/**
 * End a call for good, with its conference seat, its sound, its children and its parent's `<Dial>`. Ending it again
 * does nothing.
 */
export function endCall(
  turn: Turn,
  call: Call,
  status: CallStatus,
  sipCode: number,
  reason: LeaveReason = 'participant_hung_up',
): void {
  if (!isLive(call)) return
  const wasSounding = call.status !== 'queued' && call.status !== 'initiated'
  const children = dialOf(call)?.children ?? []
  stopMedia(turn, call)
  leaveQueues(turn, call, 'hangup')
  leaveAll(call)
  call.wait = null
  dropTimers(turn, call.sid)
  call.status = status
  call.sipCode = sipCode
  call.endedAt = turn.at
  call.acting = null
  touch(turn, call)
  leaveConference(turn, call, reason)
  dropRefer(turn, call)
  call.doing = { what: 'nothing' }
  if (call.far.kind === 'client') {
    const rang = call.direction !== 'inbound' && call.answeredAt === null
    const error = refusalOf(call)
    if (rang) intend(turn, { do: 'cancel-client', callSid: call.sid })
    else intend(turn, { do: 'hang-up-client', callSid: call.sid, ...(error === undefined ? {} : { error }) })
  }
  endSip(turn, call, sipCode)
  if (wasSounding) intend(turn, { do: 'remove-leg', callSid: call.sid })
  fact(turn, { kind: 'call-ended', callSid: call.sid, status, sipCode, seconds: talkSeconds(call, turn.at) })
  notifyStatus(turn, call, 'completed')
  tellVerification(turn, call)
  for (const child of children) {
    soon(turn, { kind: 'hang-up.wanted', callSid: child })
  }
  if (call.far.kind === 'line' && call.far.other !== null) {
    soon(turn, { kind: 'line.ended', callSid: call.far.other })
  }
  if (call.parentSid !== null) soon(turn, { kind: 'child.ended', callSid: call.parentSid, child: call.sid })
}

/** TwiML hangs up. That answers an inbound call first: only `<Reject>` leaves it unanswered. */
export function hangUpFromTwiml(turn: Turn, call: Call): void {
  answerInbound(turn, call)
  const { status, sipCode } = statusAfterHangUp(call)
  endCall(turn, call, status, sipCode)
}

/** The other call of a pair (`line.ts`) has ended, and this one with it. */
export function lineEnded(turn: Turn, call: Call): void {
  const other = otherEnd(turn.world, call)
  if (other === null || isLive(other)) return
  if (call.status === 'in-progress') return endCall(turn, call, 'completed', 200)
  if (call.direction === 'inbound') return endCall(turn, call, 'no-answer', 487)
  // The number's TwiML has refused.
  if (other.status === 'failed') return endCall(turn, call, 'failed', 500)
  endCall(turn, call, 'busy', other.sipCode ?? 486)
}
