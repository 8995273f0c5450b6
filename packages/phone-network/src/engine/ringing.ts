import { personOf, prepareWords, startActing } from './acting.ts'
import { startDetection } from './detection.ts'
import { digitsMs } from './digit-time.ts'
import { sendDigits } from './digits.ts'
import { lineAnswered, ringLine, startLine } from './line.ts'
import { notifyStatus } from './notify.ts'
import { participantRings } from './participants.ts'
import { fetchInstructions } from './proceed.ts'
import { recordFromAnswer } from './recordings.ts'
import { enter } from './runs.ts'
import { answerSip, inviteSip } from './sip/sip-far.ts'
import { fact, intend, later, soon, type Turn, touch } from './turn.ts'
import { awaitCode } from './verification.ts'
import { attestation } from './webhook-fields.ts'
import { type Call, callOfPhone, isLive, liveCalls } from './world.ts'

/** From dialling to the answer. */

/** When the twin of a tied phone never rings, the phone answers alone after this time. */
const TIE_WAIT_MS = 15_000
const CLIENT_SETUP_MS = 30

/** The call leaves the queue: the far end is dialled. */
export function startCall(turn: Turn, call: Call): void {
  if (call.status !== 'queued') return
  const { far } = call
  const busyPhone = far.kind === 'person' && callOfPhone(turn.world, far.number) !== undefined
  call.status = 'initiated'
  call.startedAt = turn.at
  touch(turn, call)
  fact(turn, { kind: 'call-initiated', callSid: call.sid })
  notifyStatus(turn, call, 'initiated')
  later(turn, call.timeLimitMs, { kind: 'time-limit.reached', callSid: call.sid })
  if (far.kind === 'application') return later(turn, CLIENT_SETUP_MS, { kind: 'ring.due', callSid: call.sid })
  if (far.kind === 'client') {
    intend(turn, { do: 'count-devices', callSid: call.sid, identity: far.identity })
    return
  }
  if (far.kind === 'line') return startLine(turn, call)
  if (far.kind === 'sip') return inviteSip(turn, call)
  const { script } = personOf(turn.world, far.number)
  if (busyPhone) {
    later(turn, script.setupMs, { kind: 'refusal.due', callSid: call.sid, status: 'busy', sipCode: 486 })
  } else if (script.kind === 'unreachable' || script.kind === 'invalid') {
    later(turn, script.setupMs, { kind: 'refusal.due', callSid: call.sid, status: 'failed', sipCode: 404 })
  } else later(turn, script.setupMs, { kind: 'ring.due', callSid: call.sid })
}

/**
 * The number of registered browsers is known. All of them ring, also those that are on a call. A browser whose SDK does
 * not allow a second call (`allowIncomingWhileBusy`) stays silent, and the time limit of the `<Dial>` ends that; the
 * option would make no sense if the network refused such calls itself.
 */
export function reachDevices(turn: Turn, call: Call, devices: number): void {
  const { far } = call
  if (far.kind !== 'client' || call.status !== 'initiated') return
  if (devices === 0)
    later(turn, CLIENT_SETUP_MS, { kind: 'refusal.due', callSid: call.sid, status: 'no-answer', sipCode: 480 })
  else later(turn, CLIENT_SETUP_MS, { kind: 'ring.due', callSid: call.sid })
}

function planAnswer(turn: Turn, call: Call): void {
  if (call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  const { answerMs, kind } = script
  if (kind === 'busy') {
    later(turn, answerMs, { kind: 'refusal.due', callSid: call.sid, status: 'busy', sipCode: 486 })
  } else if (kind === 'reject') {
    later(turn, answerMs, { kind: 'refusal.due', callSid: call.sid, status: 'busy', sipCode: 603 })
  } else if (kind === 'no-answer' || kind === 'manual') {
    return
  } else if (script.tie === null) {
    later(turn, answerMs, { kind: 'answer.due', callSid: call.sid })
  } else {
    const twins = liveCalls(turn.world).filter(
      other =>
        other.sid !== call.sid &&
        other.status === 'ringing' &&
        other.direction !== 'inbound' &&
        other.far.kind === 'person' &&
        personOf(turn.world, other.far.number).script.tie === script.tie,
    )
    const waitMs = twins.length === 0 ? TIE_WAIT_MS : answerMs
    for (const tied of [...twins, call]) later(turn, waitMs, { kind: 'answer.due', callSid: tied.sid })
  }
}

export function ring(turn: Turn, call: Call): void {
  if (call.status !== 'initiated') return
  call.status = 'ringing'
  touch(turn, call)
  intend(turn, { do: 'add-leg', callSid: call.sid })
  fact(turn, { kind: 'call-ringing', callSid: call.sid })
  notifyStatus(turn, call, 'ringing')
  participantRings(turn, call)
  later(turn, call.ringLimitMs, { kind: 'ring-limit.reached', callSid: call.sid })
  tellParentRinging(turn, call)
  const { far } = call
  if (far.kind === 'client') {
    const { sid: callSid, from, to, parameters } = call
    const stirStatus = stirStatusOf(turn, call)
    const ringing = { callSid, identity: far.identity, from, to, parameters }
    intend(turn, { do: 'ring-client', ...ringing, ...(stirStatus === null ? {} : { stirStatus }) })
  } else if (far.kind === 'application') soon(turn, { kind: 'answer.due', callSid: call.sid })
  else if (far.kind === 'line') ringLine(turn, call)
  else if (far.kind === 'sip') return
  else {
    prepareWords(turn, call)
    planAnswer(turn, call)
  }
}

/** The attestation of a caller's number that a `<Dial>` passes on; null when it passes on another number. */
function stirStatusOf(turn: Turn, call: Call): string | null {
  const parent = call.parentSid === null ? undefined : turn.world.calls.get(call.parentSid)
  if (parent?.direction !== 'inbound' || parent.far.kind !== 'person' || parent.from !== call.from) return null
  return attestation(parent.from)
}

/** The caller of a `<Dial>` hears ringback. */
function tellParentRinging(turn: Turn, call: Call): void {
  const parent = call.parentSid === null ? undefined : turn.world.calls.get(call.parentSid)
  if (!parent || !isLive(parent)) return
  if (parent.far.kind === 'client' && !parent.openToBrowser) {
    intend(turn, { do: 'tell-client-ringing', callSid: parent.sid })
  }
  intend(turn, { do: 'play-sound', callSid: parent.sid, sound: 'ringback', loop: true })
}

/**
 * `double-answer`: another ringing phone answers in the same instant, which is the race that a parallel dialer must
 * decide.
 */
function pullSecond(turn: Turn, call: Call): void {
  if (turn.world.doubleAnswers === 0 || call.direction !== 'outbound-api') return
  const second = liveCalls(turn.world).find(
    other =>
      other.sid !== call.sid &&
      other.status === 'ringing' &&
      other.direction === 'outbound-api' &&
      other.far.kind === 'person' &&
      ['human', 'manual'].includes(personOf(turn.world, other.far.number).script.kind),
  )
  if (!second) return
  turn.world.doubleAnswers -= 1
  soon(turn, { kind: 'answer.due', callSid: second.sid })
}

/** Somebody picks up an outbound call. */
export function answerOutbound(turn: Turn, call: Call): void {
  if (call.status !== 'ringing' || call.direction === 'inbound') return
  becomeAnswered(turn, call)
  notifyStatus(turn, call, 'answered')
  pullSecond(turn, call)
  startDetection(turn, call)
  if (call.sendDigits === '') return connect(turn, call)
  sendDigits(turn, call, call.sendDigits)
  later(turn, digitsMs(call.sendDigits), { kind: 'digits.sent', callSid: call.sid })
}

/**
 * The call is answered and its `sendDigits` are pressed: the callee hears its own document, is bridged, or gets the
 * call's TwiML.
 */
export function connect(turn: Turn, call: Call): void {
  if (call.parentSid !== null) {
    if (call.whisper !== null && enter(call, 'whisper')) return fetchInstructions(turn, call, call.whisper, null)
    soon(turn, { kind: 'child.answered', callSid: call.parentSid, child: call.sid })
    if (call.far.kind === 'application') soon(turn, { kind: 'instructions.wanted', callSid: call.sid })
    return
  }
  awaitCode(turn, call)
  if (call.detection === null || call.detection.async) soon(turn, { kind: 'instructions.wanted', callSid: call.sid })
}

/** TwiML answers an inbound call, unless it begins with `<Reject>` or only pauses. */
export function answerInbound(turn: Turn, call: Call): void {
  if (call.status !== 'ringing' || call.direction !== 'inbound') return
  becomeAnswered(turn, call)
}

function becomeAnswered(turn: Turn, call: Call): void {
  call.status = 'in-progress'
  call.answeredAt = turn.at
  touch(turn, call)
  fact(turn, { kind: 'call-answered', callSid: call.sid, answeredAt: turn.at })
  recordFromAnswer(turn, call)
  startActing(turn, call)
  lineAnswered(turn, call)
  answerSip(turn, call)
}

/** Tell a calling browser that its call is open; media is already set up. */
export function openBrowser(turn: Turn, call: Call): void {
  if (call.far.kind !== 'client' || call.direction !== 'inbound' || call.openToBrowser) return
  call.openToBrowser = true
  intend(turn, { do: 'tell-client-answered', callSid: call.sid })
}

/** Sound is about to be heard, and that answers an inbound call. */
export function openCall(turn: Turn, call: Call): void {
  answerInbound(turn, call)
  openBrowser(turn, call)
}
