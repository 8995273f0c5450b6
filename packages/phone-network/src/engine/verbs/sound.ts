import type { TwimlNode } from '../../twiml/document.ts'
import { resolveUrl } from '../attributes.ts'
import { digitsMs } from '../digit-time.ts'
import { sendDigits } from '../digits.ts'
import { proceed } from '../proceed.ts'
import { openCall } from '../ringing.ts'
import { transcribeNetwork } from '../transcription.ts'
import { fact, intend, later, soon, type Turn } from '../turn.ts'
import { type Call, newToken } from '../world.ts'
import type { Verb } from './verb.ts'

/** `<Say>`, `<Play>` and `<Pause>`: each takes a time that is known or reported, and then the next verb follows. */

const LOOPS_MAX = 1_000
const SOUND_MS_MAX = 600_000

function startLoops(turn: Turn, call: Call, node: TwimlNode): void {
  openCall(turn, call)
  startSound(turn, call, node, loopsOf(node))
}

function loopsOf({ attributes }: TwimlNode): number {
  const loop = Number(attributes.loop ?? '1')
  if (!Number.isInteger(loop) || loop < 0) return 1
  return loop === 0 ? LOOPS_MAX : Math.min(loop, LOOPS_MAX)
}

/** `again` counts how often it will sound in all, this time included. */
function startSound(turn: Turn, call: Call, node: TwimlNode, again: number): void {
  const token = newToken(turn.world)
  call.doing = { what: 'sounding', token, again }
  const callSid = call.sid
  if (node.name === 'Say') {
    fact(turn, { kind: 'network-said', callSid, text: node.text })
    intend(turn, { do: 'say', callSid, text: node.text, voice: node.attributes.voice ?? null, token })
    return
  }
  const url = resolveUrl(call, node.text)
  if (node.text !== '' && url !== null) intend(turn, { do: 'play-url', callSid, url, by: 'network', token })
  else {
    const digits = (node.attributes.digits ?? '').replace(/[^0-9*#wWA-D]/g, '')
    if (digits !== '') sendDigits(turn, call, digits)
    later(turn, digitsMs(digits), { kind: 'sound.ended', callSid, token })
  }
}

function soundEnded(turn: Turn, call: Call, again: number): void {
  const node = call.verbs[call.cursor - 1]
  if (node?.name === 'Say') {
    transcribeNetwork(turn, call, node.text)
    if (call.far.kind === 'line' && call.far.other !== null) {
      soon(turn, { kind: 'line.said', callSid: call.far.other, text: node.text })
    }
  }
  if (again > 1 && node) startSound(turn, call, node, again - 1)
  else proceed(turn, call)
}

const input: Verb['input'] = (turn, call, doing, told) => {
  // Only the document that sounds now: while an announcement covers this one, its timer no longer counts.
  if (doing !== call.doing || doing.what !== 'sounding') return false
  if (!('token' in told) || doing.token !== told.token) return false
  switch (told.kind) {
    case 'sound.started':
      if (call.far.kind === 'line' && call.far.other !== null && call.verbs[call.cursor - 1]?.name === 'Say') {
        soon(turn, { kind: 'line.began', callSid: call.far.other })
      }
      // The length of the sound is known now.
      later(turn, Math.min(told.ms, SOUND_MS_MAX), { kind: 'sound.ended', callSid: call.sid, token: told.token })
      return true
    case 'sound.failed':
      // A file that cannot be fetched is not tried again.
      proceed(turn, call)
      return true
    case 'sound.ended':
      soundEnded(turn, call, doing.again)
      return true
    default:
      return false
  }
}

export const say: Verb = { start: startLoops, input }
export const play: Verb = { start: startLoops, input }

/** Whether nothing but pauses comes before this verb in its document. */
function leads(call: Call): boolean {
  return call.verbs.slice(0, call.cursor - 1).every(verb => verb.name === 'Pause')
}

/** `<Pause>` at the head of a document lets an inbound call ring on; after any other verb it answers it. */
export const pause: Verb = {
  start(turn, call, { attributes }) {
    if (!leads(call)) openCall(turn, call)
    const seconds = Number(attributes.length ?? '1')
    const token = newToken(turn.world)
    call.doing = { what: 'sounding', token, again: 1 }
    const ms = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, SOUND_MS_MAX) : 0
    later(turn, ms, { kind: 'sound.ended', callSid: call.sid, token })
  },
  input,
}
