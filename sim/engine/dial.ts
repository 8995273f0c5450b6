import type { TwimlNode } from '../twiml/document.ts'
import { joinConference } from './conference.ts'
import { dialDefaults, type Reached, readConference, readTargets } from './dial-reading.ts'
import { fetchInstructions, resolveUrl } from './instructions.ts'
import { addCall } from './make-call.ts'
import { answerInbound, openBrowser, startCall } from './ringing.ts'
import { alert, fact, intend, later, soon, type Turn } from './turn.ts'
import { talkSeconds } from './webhook-fields.ts'
import { type Call, type Dial, isLive, type Target, TERMINAL } from './world.ts'

/** `<Dial>`: children that ring, the first who answers is bridged; or a seat in a conference. */

function actionOf(call: Call, verb: TwimlNode): Target | null {
  const { action } = verb.attributes
  if (action === undefined) return null
  const url = resolveUrl(call, action)
  return url === null ? null : { url, method: verb.attributes.method?.toUpperCase() === 'GET' ? 'GET' : 'POST' }
}

export function startDial(turn: Turn, call: Call, verb: TwimlNode): void {
  const settings = dialDefaults(verb)
  const dial: Dial = {
    children: [],
    winner: null,
    winnerAt: null,
    conferenceSid: null,
    action: actionOf(call, verb),
    hangupOnStar: settings.hangupOnStar,
    timeLimitMs: settings.timeLimitMs,
  }
  call.doing = { what: 'dialing', dial }
  const seat = readConference(call, verb)
  if (seat !== null) {
    if (seat.waitUrl) alert(turn, call, 0, `waitUrl ${seat.waitUrl} is not fetched: hold music is played instead`)
    answerInbound(turn, call)
    openBrowser(turn, call)
    const conference = joinConference(turn, call, seat)
    if (conference === null) finishDial(turn, call, 'failed', null)
    else dial.conferenceSid = conference.sid
    return
  }
  if (!settings.answerOnBridge) answerInbound(turn, call)
  const { targets, problem } = readTargets(call, verb, turn.world.account.blockedPrefixes)
  if (problem !== null) alert(turn, call, problem.code, problem.message)
  for (const target of targets) dial.children.push(addChild(turn, call, target, settings.ringLimitMs).sid)
  if (dial.children.length === 0) finishDial(turn, call, 'failed', null)
  for (const sid of dial.children) {
    const child = turn.world.calls.get(sid)
    if (child) startCall(turn, child)
  }
}

function addChild(turn: Turn, parent: Call, target: Reached, ringLimitMs: number): Call {
  return addCall(
    turn,
    {
      direction: 'outbound-dial',
      from: target.callerId,
      to: target.to,
      far: target.far,
      instructions: { twiml: '<Response/>' },
    },
    {
      parentSid: parent.sid,
      parameters: target.parameters,
      statusCallback: target.statusCallback,
      ringLimitMs,
      phoneNumberSid: turn.world.numbers.get(target.callerId)?.sid ?? null,
    },
  )
}

function dialOf(turn: Turn, callSid: string): { call: Call; dial: Dial } | null {
  const call = turn.world.calls.get(callSid)
  return call && isLive(call) && call.doing.what === 'dialing' ? { call, dial: call.doing.dial } : null
}

/** The first child to answer is bridged, the others stop ringing. A child whose parent has gone is hung up. */
export function childAnswered(turn: Turn, callSid: string, childSid: string): void {
  const found = dialOf(turn, callSid)
  if (!found || found.dial.winner !== null || !found.dial.children.includes(childSid)) {
    soon(turn, { kind: 'hang-up.wanted', callSid: childSid })
    return
  }
  const { call, dial } = found
  dial.winner = childSid
  dial.winnerAt = turn.at
  answerInbound(turn, call)
  openBrowser(turn, call)
  intend(turn, { do: 'stop-playing', callSid }, { do: 'bridge', callSid, other: childSid })
  fact(turn, { kind: 'bridged', callSid, with: childSid })
  for (const other of dial.children) {
    if (other !== childSid) soon(turn, { kind: 'hang-up.wanted', callSid: other })
  }
  later(turn, dial.timeLimitMs, { kind: 'dial-limit.reached', callSid, child: childSid })
}

/** A child has ended: the `<Dial>` ends with the winner, or when nobody is left to ring. */
export function childEnded(turn: Turn, callSid: string, childSid: string): void {
  const found = dialOf(turn, callSid)
  const child = turn.world.calls.get(childSid)
  if (!found || !child || !found.dial.children.includes(childSid)) return
  const { call, dial } = found
  if (dial.winner === childSid) {
    intend(turn, { do: 'unbridge', callSid })
    finishDial(turn, call, 'completed', child)
    return
  }
  const ringing = dial.children.some(sid => {
    const other = turn.world.calls.get(sid)
    return other !== undefined && !TERMINAL.has(other.status)
  })
  if (dial.winner === null && !ringing) {
    intend(turn, { do: 'stop-playing', callSid })
    finishDial(turn, call, child.status, child)
  }
}

/** The parent pressed `*` with `hangupOnStar`, or the time of the `<Dial>` is over. */
export function leaveDial(turn: Turn, callSid: string): void {
  const found = dialOf(turn, callSid)
  if (!found || found.dial.winner === null) return
  soon(turn, { kind: 'hang-up.wanted', callSid: found.dial.winner })
}

/** The call is out of its conference: the `<Dial>` is over. */
export function conferenceLeft(turn: Turn, callSid: string): void {
  const call = turn.world.calls.get(callSid)
  if (!call || !isLive(call)) return
  if (call.doing.what === 'dialing') finishDial(turn, call, 'answered', null)
  else soon(turn, { kind: 'verb.due', callSid })
}

function finishDial(turn: Turn, call: Call, status: string, child: Call | null): void {
  const dial = call.doing.what === 'dialing' ? call.doing.dial : null
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
    ...(child === null ? {} : { DialCallSid: child.sid }),
    ...(child !== null && bridged ? { DialCallDuration: String(talkSeconds(child, turn.at)) } : {}),
  })
}
