import type { TwimlNode } from '../twiml/document.ts'
import { startDial } from './dial.ts'
import { endCall, statusAfterHangUp } from './end-call.ts'
import { fetchInstructions, resolveUrl } from './instructions.ts'
import { answerInbound, openBrowser } from './ringing.ts'
import { alert, fact, intend, later, soon, type Turn } from './turn.ts'
import { type Call, isLive, newToken } from './world.ts'

/** Performing TwiML, one verb at a time. */

const LOOPS_MAX = 1_000
const SOUND_MS_MAX = 600_000
const DIGIT_MS = 500

/** The next verb; after the last one the call is hung up. */
export function nextVerb(turn: Turn, call: Call): void {
  if (!isLive(call)) return
  call.doing = { what: 'nothing' }
  const verb = call.verbs[call.cursor]
  call.cursor += 1
  if (verb === undefined) {
    hangUp(turn, call)
    return
  }
  perform(turn, call, verb)
}

function hangUp(turn: Turn, call: Call): void {
  // Hanging up answers an inbound call first: only <Reject> leaves it unanswered.
  answerInbound(turn, call)
  const { status, sipCode } = statusAfterHangUp(call)
  endCall(turn, call, status, sipCode)
}

/** Sound is about to be heard: an inbound call is answered by it. */
function openCall(turn: Turn, call: Call): void {
  answerInbound(turn, call)
  openBrowser(turn, call)
}

function perform(turn: Turn, call: Call, verb: TwimlNode): void {
  switch (verb.name) {
    case 'Say':
    case 'Play':
      openCall(turn, call)
      startSound(turn, call, verb, loopsOf(verb))
      return
    case 'Pause':
      pause(turn, call, verb)
      return
    case 'Hangup':
      hangUp(turn, call)
      return
    case 'Redirect':
      redirect(turn, call, verb)
      return
    case 'Reject':
      reject(turn, call, verb)
      return
    case 'Dial':
      startDial(turn, call, verb)
      return
    default:
      // Unknown or not performed: the alert was written when the document came.
      soon(turn, { kind: 'verb.due', callSid: call.sid })
  }
}

function loopsOf(verb: TwimlNode): number {
  const loop = Number(verb.attributes.loop ?? '1')
  if (!Number.isInteger(loop) || loop < 0) return 1
  return loop === 0 ? LOOPS_MAX : Math.min(loop, LOOPS_MAX)
}

/** `again` is how often it will sound in all, this time included. */
function startSound(turn: Turn, call: Call, verb: TwimlNode, again: number): void {
  const token = newToken(turn.world)
  call.doing = { what: 'sounding', token, again }
  const callSid = call.sid
  if (verb.name === 'Say') {
    fact(turn, { kind: 'network-said', callSid, text: verb.text })
    intend(turn, { do: 'say', callSid, text: verb.text, voice: verb.attributes.voice ?? null, token })
    return
  }
  const url = resolveUrl(call, verb.text)
  if (verb.text !== '' && url !== null) intend(turn, { do: 'play-url', callSid, url, token })
  else {
    const digits = verb.attributes.digits ?? ''
    later(turn, digits.length * DIGIT_MS, { kind: 'sound.ended', callSid, token })
  }
}

/** The sound's length is known. */
export function soundStarted(turn: Turn, call: Call, token: number, ms: number): void {
  if (call.doing.what !== 'sounding' || call.doing.token !== token) return
  later(turn, Math.min(ms, SOUND_MS_MAX), { kind: 'sound.ended', callSid: call.sid, token })
}

export function soundEnded(turn: Turn, call: Call, token: number): void {
  if (call.doing.what !== 'sounding' || call.doing.token !== token) return
  const verb = call.verbs[call.cursor - 1]
  if (call.doing.again > 1 && verb) startSound(turn, call, verb, call.doing.again - 1)
  else nextVerb(turn, call)
}

function pause(turn: Turn, call: Call, verb: TwimlNode): void {
  const seconds = Number(verb.attributes.length ?? '1')
  const token = newToken(turn.world)
  call.doing = { what: 'sounding', token, again: 1 }
  const ms = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, SOUND_MS_MAX) : 0
  later(turn, ms, { kind: 'sound.ended', callSid: call.sid, token })
}

function redirect(turn: Turn, call: Call, verb: TwimlNode): void {
  const url = resolveUrl(call, verb.text)
  if (url === null) {
    alert(turn, call, 11100, `Invalid URL format in <Redirect>: ${verb.text}`)
    hangUp(turn, call)
    return
  }
  const method = verb.attributes.method?.toUpperCase() === 'GET' ? 'GET' : 'POST'
  fetchInstructions(turn, call, { url, method }, null)
}

function reject(turn: Turn, call: Call, verb: TwimlNode): void {
  if (call.direction !== 'inbound' || call.status !== 'ringing') {
    hangUp(turn, call)
    return
  }
  const busy = verb.attributes.reason === 'busy'
  endCall(turn, call, busy ? 'busy' : 'no-answer', busy ? 486 : 603)
}
