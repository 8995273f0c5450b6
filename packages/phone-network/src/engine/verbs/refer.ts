import type { ReferAnswer } from '../../people/script.ts'
import type { TwimlNode } from '../../twiml/document.ts'
import { targetOf } from '../attributes.ts'
import type { Referring } from '../media-world.ts'
import { proceed } from '../proceed.ts'
import { referFields, referOver } from '../referring.ts'
import { openCall } from '../ringing.ts'
import { alert, fact, intend, later, type Turn } from '../turn.ts'
import { type Call, newToken } from '../world.ts'
import type { Verb } from './verb.ts'

/**
 * `<Refer>`: the SIP device at the far end is asked to call somebody else. It answers, tells how its new call goes, and leaves when that is
 * answered. https://www.twilio.com/docs/voice/twiml/refer
 */

/** The answer of the device to REFER takes so long, and so long it stays when its new call was answered. */
const ANSWER_MS = 100
const LEAVES_MS = 500
/** How a real phone answers is not known before it does. */
const REAL_PHONE: ReferAnswer = { answer: 202, final: null, afterMs: 0 }
const SIP_URI = /^sips?:[^\s@]+@[^\s@?]+(\?\S*)?$/

function start(turn: Turn, call: Call, verb: TwimlNode): void {
  openCall(turn, call)
  const uri = verb.children.find(child => child.name === 'Sip')?.text ?? ''
  const token = newToken(turn.world)
  const action = targetOf(call, verb.attributes.action, verb.attributes.method)
  const running: Referring = { what: 'referring', token, uri, action, status: '', sip: null, notify: null }
  const phone = call.far.kind === 'sip'
  const device = phone ? REAL_PHONE : deviceOf(turn, call)
  if (device === null || !SIP_URI.test(uri)) {
    if (device === null) alert(turn, call, 13801, 'Refer not allowed on non-SIP call legs')
    else alert(turn, call, 12200, `Schema validation warning: <Refer> needs a <Sip> with a SIP URI, not "${uri}"`)
    return finish(turn, call, { ...running, status: 'failed' })
  }
  call.doing = running
  if (phone) return intend(turn, { do: 'refer-sip', callSid: call.sid, uri, token })
  later(turn, ANSWER_MS, { kind: 'refer.answered', callSid: call.sid, token, code: device.answer })
}

/** How the SIP device of this leg answers; null: the far end is a telephone or a browser. */
function deviceOf({ world }: Turn, { far }: Call): ReferAnswer | null {
  if (far.kind !== 'person' || !/^sips?:/.test(far.number)) return null
  return world.people.get(far.number)?.script.refer ?? { answer: 202, final: 200, afterMs: 1_000 }
}

function answered(turn: Turn, call: Call, running: Referring, code: number): void {
  running.sip = code
  if (code < 200 || code > 299) return finish(turn, call, { ...running, status: 'failed' })
  // A real phone tells by itself how its new call goes, and hangs up.
  if (call.far.kind === 'sip') return
  const { final, afterMs } = deviceOf(turn, call) ?? { final: null, afterMs: 0 }
  // A device that tells nothing of its new call has ended the subscription.
  if (final === null) return finish(turn, call, running)
  running.notify = 180
  later(turn, afterMs, { kind: 'refer.notified', callSid: call.sid, token: running.token, code: final })
}

function notified(turn: Turn, call: Call, running: Referring, code: number): void {
  if (code < 200) {
    running.notify = code
    return
  }
  const reached = code >= 200 && code <= 299
  const status = reached ? 'in-progress' : code === 486 || code === 600 ? 'busy' : 'failed'
  finish(turn, call, { ...running, notify: code, status })
  // The device has its other call now.
  if (reached && call.far.kind === 'person') later(turn, LEAVES_MS, { kind: 'person.hangs-up', callSid: call.sid })
}

function finish(turn: Turn, call: Call, running: Referring): void {
  fact(turn, referOver(call, running))
  proceed(turn, call, running.action, referFields(running))
}

export const refer: Verb = {
  start,
  input(turn, call, doing, told) {
    if (doing.what !== 'referring') return false
    if (told.kind !== 'refer.answered' && told.kind !== 'refer.notified') return false
    if (told.token !== doing.token) return false
    if (told.kind === 'refer.answered') answered(turn, call, doing, told.code)
    else notified(turn, call, doing, told.code)
    return true
  },
}
