import type { TwimlNode } from '../twiml/document.ts'
import { targetOf } from './attributes.ts'
import { joinConference } from './conference.ts'
import { dialDefaults, type Reached, readConference, readQueue, readTargets } from './dial-reading.ts'
import { fetchInstructions } from './instructions.ts'
import { addCall } from './make-call.ts'
import { makeQueue, matchQueue, queueNamed, stopAsking } from './queue.ts'
import { readDialRecord } from './record-reading.ts'
import { recordDial, stopDialRecording } from './recordings.ts'
import { answerInbound, openBrowser, startCall } from './ringing.ts'
import { dialOf, leaveAll } from './runs.ts'
import { alert, dropTimers, fact, intend, later, soon, type Turn } from './turn.ts'
import { talkSeconds } from './webhook-fields.ts'
import { type Call, type Dial, isLive, type Seat, type Target, TERMINAL } from './world.ts'

/** `<Dial>`: children that ring, the first who answers is bridged; or a seat in a conference. */

export function startDial(turn: Turn, call: Call, verb: TwimlNode): void {
  const settings = dialDefaults(verb)
  const dial: Dial = {
    children: [],
    winner: null,
    winnerAt: null,
    conferenceSid: null,
    queueSid: null,
    whisper: null,
    sequential: settings.sequential,
    action: targetOf(call, verb.attributes.action, verb.attributes.method),
    ...readDialRecord(call, verb),
    hangupOnStar: settings.hangupOnStar,
    timeLimitMs: settings.timeLimitMs,
  }
  call.doing = { what: 'dialing', dial }
  const seat = readConference(call, verb)
  if (seat !== null) return dialConference(turn, call, dial, seat)
  const queue = readQueue(call, verb)
  if (queue !== null) return dialQueue(turn, call, dial, queue, settings.ringLimitMs)
  if (!settings.answerOnBridge) {
    answerInbound(turn, call)
    if (turn.world.account.browserOpens === 'at-dial') openBrowser(turn, call)
  }
  if (dial.recordFromRinging) recordDial(turn, call, dial)
  const { targets, problem } = readTargets(turn.world, call, verb)
  if (problem !== null) alert(turn, call, problem.code, problem.message)
  for (const target of targets) dial.children.push(addChild(turn, call, target, settings.ringLimitMs).sid)
  if (dial.children.length === 0) finishDial(turn, call, 'failed', null)
  for (const sid of dial.sequential ? dial.children.slice(0, 1) : dial.children) startChild(turn, sid)
}

function startChild(turn: Turn, sid: string): void {
  const child = turn.world.calls.get(sid)
  if (child) startCall(turn, child)
}

function dialConference(turn: Turn, call: Call, dial: Dial, seat: Seat): void {
  answerInbound(turn, call)
  openBrowser(turn, call)
  const conference = joinConference(turn, call, seat)
  if (conference === null) finishDial(turn, call, 'failed', null)
  else dial.conferenceSid = conference.sid
}

/** The next caller of the queue; whoever finds it empty waits, hearing nothing, until the time of the `<Dial>` is over. */
function dialQueue(
  turn: Turn,
  call: Call,
  dial: Dial,
  { name, whisper }: { name: string; whisper: Target | null },
  ringLimitMs: number,
): void {
  const queue = queueNamed(turn, name) ?? makeQueue(turn, name)
  answerInbound(turn, call)
  openBrowser(turn, call)
  if (queue === null) return finishDial(turn, call, 'failed', null)
  dial.queueSid = queue.sid
  dial.whisper = whisper
  queue.askers.push(call.sid)
  later(turn, ringLimitMs, { kind: 'dial-limit.reached', callSid: call.sid, child: '' })
  matchQueue(turn, queue)
}

function addChild(turn: Turn, parent: Call, target: Reached, ringLimitMs: number): Call {
  return addCall(
    turn,
    {
      direction: 'outbound-dial',
      from: target.callerId,
      to: target.to,
      far: target.far,
      instructions: target.instructions ?? { twiml: '<Response/>' },
    },
    {
      parentSid: parent.sid,
      applicationSid: target.far.kind === 'application' ? target.far.applicationSid : null,
      parameters: target.parameters,
      statusCallback: target.statusCallback,
      whisper: target.whisper,
      sendDigits: target.sendDigits,
      detection: target.detection,
      ringLimitMs,
      phoneNumberSid: turn.world.numbers.get(target.callerId)?.sid ?? null,
    },
  )
}

function dialing(turn: Turn, callSid: string): { call: Call; dial: Dial } | null {
  const call = turn.world.calls.get(callSid)
  const dial = call && isLive(call) ? dialOf(call) : null
  return call && dial ? { call, dial } : null
}

/** The first child to answer is bridged, the others stop ringing. A child whose parent has gone is hung up. */
export function childAnswered(turn: Turn, callSid: string, childSid: string): void {
  const found = dialing(turn, callSid)
  if (!found || found.dial.winner !== null || !found.dial.children.includes(childSid)) {
    soon(turn, { kind: 'hang-up.wanted', callSid: childSid })
    return
  }
  const { call, dial } = found
  dial.winner = childSid
  dial.winnerAt = turn.at
  answerInbound(turn, call)
  openBrowser(turn, call)
  const program = turn.world.calls.get(childSid)?.far.kind === 'application'
  intend(
    turn,
    { do: 'stop-playing', callSid },
    program ? { do: 'lend-ear', callSid, other: childSid } : { do: 'bridge', callSid, other: childSid },
  )
  recordDial(turn, call, dial)
  fact(turn, { kind: 'bridged', callSid, with: childSid })
  for (const other of dial.children) {
    // In a sequence the later ones have never been dialled: nobody is told of them.
    if (other === childSid) continue
    if (isQueued(turn, other)) turn.world.calls.delete(other)
    else soon(turn, { kind: 'hang-up.wanted', callSid: other })
  }
  dial.children = dial.children.filter(other => turn.world.calls.has(other))
  later(turn, dial.timeLimitMs, { kind: 'dial-limit.reached', callSid, child: childSid })
}

/** A child has ended: the `<Dial>` ends with the winner, or when nobody is left to ring. */
export function childEnded(turn: Turn, callSid: string, childSid: string): void {
  const found = dialing(turn, callSid)
  const child = turn.world.calls.get(childSid)
  if (!found || !child) return
  const { call, dial } = found
  if (!dial.children.includes(childSid) && dial.winner !== childSid) return
  if (dial.winner === childSid) {
    intend(turn, { do: 'unbridge', callSid })
    finishDial(turn, call, 'completed', child)
    return
  }
  const next = dial.sequential && dial.winner === null ? dial.children.find(sid => isQueued(turn, sid)) : undefined
  if (next !== undefined) return startChild(turn, next)
  const ringing = dial.children.some(sid => {
    const other = turn.world.calls.get(sid)
    return other !== undefined && !TERMINAL.has(other.status)
  })
  if (dial.winner === null && !ringing) {
    intend(turn, { do: 'stop-playing', callSid })
    finishDial(turn, call, child.status, child)
  }
}

function isQueued(turn: Turn, sid: string): boolean {
  return turn.world.calls.get(sid)?.status === 'queued'
}

/** The parent pressed `*` with `hangupOnStar`, or the time of the `<Dial>` is over. */
export function leaveDial(turn: Turn, callSid: string): void {
  const found = dialing(turn, callSid)
  if (!found) return
  const { call, dial } = found
  if (dial.queueSid !== null) return leaveQueueDial(turn, call, dial)
  if (dial.winner !== null) soon(turn, { kind: 'hang-up.wanted', callSid: dial.winner })
}

/** The queue's caller goes on with its own TwiML, or was never there. */
function leaveQueueDial(turn: Turn, call: Call, dial: Dial): void {
  const member = dial.winner === null ? null : (turn.world.calls.get(dial.winner) ?? null)
  if (member === null) return finishDial(turn, call, 'no-answer', null)
  soon(turn, { kind: 'queue.left', callSid: member.sid, result: 'bridged' })
  finishDial(turn, call, 'completed', member)
}

/** The call is out of its conference: the `<Dial>` is over. */
export function conferenceLeft(turn: Turn, callSid: string): void {
  const call = turn.world.calls.get(callSid)
  if (!call || !isLive(call)) return
  if (dialOf(call) !== null) finishDial(turn, call, 'answered', null)
  else soon(turn, { kind: 'verb.due', callSid })
}

function finishDial(turn: Turn, call: Call, status: string, child: Call | null): void {
  const dial = dialOf(call)
  leaveAll(call)
  stopAsking(turn, call)
  dropTimers(turn, call.sid, 'dial-limit.reached')
  const recorded = dial === null ? {} : stopDialRecording(turn, dial)
  fact(turn, { kind: 'dial-ended', callSid: call.sid, status, child: child?.sid ?? null })
  if (!dial || dial.action === null) {
    soon(turn, { kind: 'verb.due', callSid: call.sid })
    call.doing = { what: 'nothing' }
    return
  }
  const bridged = dial.winner !== null
  fetchInstructions(turn, call, dial.action, null, {
    DialCallStatus: status,
    DialBridged: String(bridged),
    ...recorded,
    ...(child === null ? {} : { DialCallSid: child.sid }),
    ...(child !== null && bridged ? { DialCallDuration: String(talkSeconds(child, turn.at)) } : {}),
  })
}
