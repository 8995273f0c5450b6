import type { TwimlNode } from '../twiml/document.ts'
import { announceEnded } from './announce.ts'
import { startConnect, startForks, stopForks } from './connect.ts'
import { startDial } from './dial.ts'
import { digitsMs, sendDigits } from './digits.ts'
import { endCall, statusAfterHangUp } from './end-call.ts'
import { promptsOver, startGather } from './gather.ts'
import { fetchInstructions, resolveUrl } from './instructions.ts'
import { bridgeQueued, enqueue, leaveQueue } from './queue.ts'
import { startRecord } from './record.ts'
import { answerInbound, openBrowser } from './ringing.ts'
import { leave } from './runs.ts'
import { transcribeNetwork } from './transcription.ts'
import { alert, fact, intend, later, soon, type Turn } from './turn.ts'
import { waitEnded } from './waiting.ts'
import { type Call, isLive, newToken, type Why } from './world.ts'

/** Performing TwiML, one verb at a time. */

const LOOPS_MAX = 1_000
const SOUND_MS_MAX = 600_000

/** The next verb; after the last one of its own document the call is hung up. */
export function nextVerb(turn: Turn, call: Call): void {
  if (!isLive(call)) return
  call.doing = { what: 'nothing' }
  const verb = call.verbs[call.cursor]
  call.cursor += 1
  if (verb === undefined) return documentEnded(turn, call)
  if (call.why !== 'main' && !WITHIN[call.why].has(verb.name)) {
    alert(turn, call, 12200, `Schema validation warning: <${verb.name}> is not performed in a document to ${call.why}`)
    return soon(turn, { kind: 'verb.due', callSid: call.sid })
  }
  perform(turn, call, verb)
}

/** What a document may do that sounds within another one. */
const WITHIN: Record<Exclude<Why, 'main'>, ReadonlySet<string>> = {
  prompt: new Set(['Say', 'Play', 'Pause']),
  announce: new Set(['Say', 'Play', 'Pause', 'Redirect']),
  // https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waitUrl
  wait: new Set(['Say', 'Play', 'Pause', 'Gather', 'Record', 'Redirect', 'Hangup', 'Leave']),
  whisper: new Set(['Say', 'Play', 'Pause', 'Gather', 'Record', 'Redirect', 'Hangup', 'Reject']),
}

function documentEnded(turn: Turn, call: Call): void {
  switch (call.why) {
    case 'main':
      return hangUp(turn, call)
    case 'prompt':
      leave(call)
      return promptsOver(turn, call)
    case 'wait':
      return waitEnded(turn, call)
    case 'announce':
      return announceEnded(turn, call, true)
    case 'whisper':
      leave(call)
      return whisperEnded(turn, call)
  }
}

/** The callee has heard what was for it alone, and has not hung up: now it is bridged. */
function whisperEnded(turn: Turn, call: Call): void {
  if (call.doing.what === 'queued') bridgeQueued(turn, call)
  else if (call.parentSid !== null) soon(turn, { kind: 'child.answered', callSid: call.parentSid, child: call.sid })
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
    case 'Gather':
      openCall(turn, call)
      startGather(turn, call, verb)
      return
    case 'Record':
      openCall(turn, call)
      startRecord(turn, call, verb)
      return
    case 'Enqueue':
      enqueue(turn, call, verb)
      return
    case 'Connect':
      openCall(turn, call)
      startConnect(turn, call, verb)
      return
    case 'Start':
      startForks(turn, call, verb)
      return
    case 'Stop':
      stopForks(turn, call, verb)
      return
    case 'Echo':
      return echo(turn, call)
    case 'Leave':
      leaveQueue(turn, call, 'leave')
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
  if (verb.text !== '' && url !== null) intend(turn, { do: 'play-url', callSid, url, by: 'network', token })
  else {
    const digits = (verb.attributes.digits ?? '').replace(/[^0-9*#wWA-D]/g, '')
    if (digits !== '') sendDigits(turn, call, digits)
    later(turn, digitsMs(digits), { kind: 'sound.ended', callSid, token })
  }
}

/** The sound's length is known. */
export function soundStarted(turn: Turn, call: Call, token: number, ms: number): void {
  if (call.doing.what !== 'sounding' || call.doing.token !== token) return
  later(turn, Math.min(ms, SOUND_MS_MAX), { kind: 'sound.ended', callSid: call.sid, token })
}

/** A file that cannot be had is not tried again: on with the next verb. */
export function soundFailed(turn: Turn, call: Call, token: number): void {
  if (call.doing.what === 'sounding' && call.doing.token === token) nextVerb(turn, call)
}

export function soundEnded(turn: Turn, call: Call, token: number): void {
  if (call.doing.what !== 'sounding' || call.doing.token !== token) return
  const verb = call.verbs[call.cursor - 1]
  if (verb?.name === 'Say') transcribeNetwork(turn, call, verb.text)
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

/** The caller hears itself until it hangs up. */
function echo(turn: Turn, call: Call): void {
  openCall(turn, call)
  call.doing = { what: 'waiting' }
  intend(turn, { do: 'bridge', callSid: call.sid, other: call.sid })
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
    // Also the callee's way to say no to a whisper.
    hangUp(turn, call)
    return
  }
  const busy = verb.attributes.reason === 'busy'
  endCall(turn, call, busy ? 'busy' : 'no-answer', busy ? 486 : 603)
}
