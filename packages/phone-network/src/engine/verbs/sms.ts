import type { TwimlNode } from '../../twiml/document.ts'
import { targetOf } from '../attributes.ts'
import { proceed } from '../proceed.ts'
import { openCall } from '../ringing.ts'
import { sendText } from '../texts/send-text.ts'
import { textProblem } from '../texts/text-problem.ts'
import { alert, type Turn } from '../turn.ts'
import type { Call } from '../world.ts'
import type { Verb } from './verb.ts'

/** `<Sms>` during a call: a text to the far end, unless it names another number. */

function start(turn: Turn, call: Call, { attributes, text: body }: TwimlNode): void {
  openCall(turn, call)
  const inbound = call.direction === 'inbound'
  const to = attributes.to ?? (inbound ? call.from : call.to)
  const from = attributes.from ?? (inbound ? call.to : call.from)
  const action = targetOf(call, attributes.action, attributes.method)
  const problem = textProblem(turn.world, to, from, body)
  if (problem !== null) {
    alert(turn, call, problem.code, problem.message)
    return proceed(turn, call, action, { SmsStatus: 'invalid' })
  }
  const callback = targetOf(call, attributes.statusCallback, 'POST')
  const { sid, status } = sendText(turn, 'outbound-call', { from, to, body, media: [], callback })
  proceed(turn, call, action, { SmsSid: sid, MessageSid: sid, SmsStatus: status })
}

export const sms: Verb = { start }
