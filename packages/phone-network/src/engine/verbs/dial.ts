import type { TwimlNode } from '../../twiml/document.ts'
import { targetOf } from '../attributes.ts'
import { joinConference } from '../conference.ts'
import { dialDefaults, type Reached, readConference, readQueue, readTargets } from '../dial-reading.ts'
import { addCall } from '../make-call.ts'
import { proceed } from '../proceed.ts'
import { makeQueue, matchQueue, queueNamed, stopAsking } from '../queue.ts'
import { readDialRecord } from '../record-reading.ts'
import { recordDial, stopDialRecording } from '../recordings.ts'
import { answerInbound, openBrowser, openCall, startCall } from '../ringing.ts'
import { dialOf, leaveAll } from '../runs.ts'
import { dialSipFields } from '../sip/sip-far.ts'
import { alert, dropTimers, fact, intend, later, soon, type Turn } from '../turn.ts'
import { talkSeconds } from '../webhook-fields.ts'
import { type Call, type Dial, type Seat, type Target, TERMINAL } from '../world.ts'
import type { Verb } from './verb.ts'

/**
 * `<Dial>`: rings its children and bridges the first that answers, or takes a seat in a conference, or a queue's next
 * caller.
 */

function start(turn: Turn, call: Call, verb: TwimlNode): void {
  const settings = dialDefaults(verb)
  const running: Dial = {
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
  call.doing = { what: 'dialing', dial: running }
  const seat = readConference(call, verb)
  if (seat !== null) return dialConference(turn, call, running, seat)
  const queue = readQueue(call, verb)
  if (queue !== null) return dialQueue(turn, call, running, queue, settings.ringLimitMs)
  if (!settings.answerOnBridge) {
    answerInbound(turn, call)
    if (turn.world.account.browserOpens === 'at-dial') openBrowser(turn, call)
  }
  if (running.recordFromRinging) recordDial(turn, call, running)
  const { targets, problem } = readTargets(turn.world, call, verb)
  if (problem !== null) alert(turn, call, problem.code, problem.message)
  for (const target of targets) running.children.push(addChild(turn, call, target, settings.ringLimitMs).sid)
  if (running.children.length === 0) finishDial(turn, call, 'failed', null)
  for (const sid of running.sequential ? running.children.slice(0, 1) : running.children) startChild(turn, sid)
}

function startChild(turn: Turn, sid: string): void {
  const child = turn.world.calls.get(sid)
  if (child) startCall(turn, child)
}

function dialConference(turn: Turn, call: Call, dial: Dial, seat: Seat): void {
  openCall(turn, call)
  const conference = joinConference(turn, call, seat)
  if (conference === null) finishDial(turn, call, 'failed', null)
  else dial.conferenceSid = conference.sid
}

/** Takes the next caller of the queue. When it is empty, the call waits in silence until the `<Dial>` times out. */
function dialQueue(
  turn: Turn,
  call: Call,
  dial: Dial,
  { name, whisper }: { name: string; whisper: Target | null },
  ringLimitMs: number,
): void {
  const queue = queueNamed(turn, name) ?? makeQueue(turn, name)
  openCall(turn, call)
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

/** The first child to answer is bridged, the others stop ringing. False when this child is not wanted any more. */
function childAnswered(turn: Turn, call: Call, dial: Dial, childSid: string): boolean {
  if (dial.winner !== null || !dial.children.includes(childSid)) return false
  const callSid = call.sid
  dial.winner = childSid
  dial.winnerAt = turn.at
  openCall(turn, call)
  const program = turn.world.calls.get(childSid)?.far.kind === 'application'
  intend(
    turn,
    { do: 'stop-playing', callSid },
    program ? { do: 'attach-program', callSid, other: childSid } : { do: 'bridge', callSid, other: childSid },
  )
  recordDial(turn, call, dial)
  fact(turn, { kind: 'bridged', callSid, with: childSid })
  for (const other of dial.children) {
    // Children of a sequence that were never dialled leave without a callback.
    if (other === childSid) continue
    if (isQueued(turn, other)) turn.world.calls.delete(other)
    else soon(turn, { kind: 'hang-up.wanted', callSid: other })
  }
  dial.children = dial.children.filter(other => turn.world.calls.has(other))
  later(turn, dial.timeLimitMs, { kind: 'dial-limit.reached', callSid, child: childSid })
  return true
}

/** A child has ended. The `<Dial>` ends with its winner, or when no child is left that rings. */
function childEnded(turn: Turn, call: Call, dial: Dial, childSid: string): void {
  const child = turn.world.calls.get(childSid)
  if (!child) return
  const callSid = call.sid
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

/** The parent has pressed `*` with `hangupOnStar`, or the time limit is reached. */
function leaveDial(turn: Turn, call: Call, dial: Dial): void {
  if (dial.queueSid !== null) return leaveQueueDial(turn, call, dial)
  if (dial.winner !== null) soon(turn, { kind: 'hang-up.wanted', callSid: dial.winner })
}

/** The queue's caller continues with its own TwiML, if there was one. */
function leaveQueueDial(turn: Turn, call: Call, dial: Dial): void {
  const member = dial.winner === null ? null : (turn.world.calls.get(dial.winner) ?? null)
  if (member === null) return finishDial(turn, call, 'no-answer', null)
  soon(turn, { kind: 'queue.left', callSid: member.sid, result: 'bridged' })
  finishDial(turn, call, 'completed', member)
}

function finishDial(turn: Turn, call: Call, status: string, child: Call | null): void {
  const dial = dialOf(call)
  leaveAll(call)
  stopAsking(turn, call)
  dropTimers(turn, call.sid, 'dial-limit.reached')
  const recorded = dial === null ? {} : stopDialRecording(turn, dial)
  fact(turn, { kind: 'dial-ended', callSid: call.sid, status, child: child?.sid ?? null })
  if (!dial || dial.action === null) return proceed(turn, call)
  const bridged = dial.winner !== null
  proceed(turn, call, dial.action, {
    DialCallStatus: status,
    DialBridged: String(bridged),
    ...recorded,
    ...(child === null ? {} : { DialCallSid: child.sid }),
    ...dialSipFields(child),
    ...(child !== null && bridged ? { DialCallDuration: String(talkSeconds(child, turn.at)) } : {}),
  })
}

export const dial: Verb = {
  start,
  input(turn, call, doing, told) {
    if (doing.what !== 'dialing') return false
    const running = doing.dial
    switch (told.kind) {
      case 'child.answered':
        return childAnswered(turn, call, running, told.child)
      case 'child.ended':
        childEnded(turn, call, running, told.child)
        return true
      case 'dial-limit.reached':
      case 'star.pressed':
        leaveDial(turn, call, running)
        return true
      case 'conference.left':
        finishDial(turn, call, 'answered', null)
        return true
      default:
        return false
    }
  },
}
