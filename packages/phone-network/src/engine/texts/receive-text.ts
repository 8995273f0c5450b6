import type { OwnNumber } from '../account.ts'
import { alert, intend, type Turn } from '../turn.ts'
import { newToken, type Target, type World } from '../world.ts'
import { addText } from './send-text.ts'
import type { Text, TextAsking } from './text.ts'
import { inboundTextFields } from './text-fields.ts'

/** Texts that arrive at an own number: the number's document is asked for. */

/** Words by which a person leaves and comes back: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out */
const STOP = /^(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)$/i
const START = /^(start|unstop|yes)$/i

export function receiveText(turn: Turn, from: string, to: string, body: string, media: string[] = []): Text {
  const text = addText(turn, 'inbound', { from, to, body, media, callback: null }, 'received')
  const { stopped } = turn.world.texts
  if (STOP.test(body.trim())) stopped.add(`${from} ${to}`)
  if (START.test(body.trim())) stopped.delete(`${from} ${to}`)
  const own = turn.world.numbers.get(to)
  const route = own ? textRouteOf(turn.world, own) : null
  if (route === null) alert(turn, null, 0, `${to} has no SmsUrl; nobody was told of the text`)
  else askForDocument(turn, text, { ...route, token: 0, documents: 0, extra: {} })
  return text
}

/** Where a number's texts go: to the URLs of its application for texts, if it has one, otherwise to its own. */
export function textRouteOf(world: World, own: OwnNumber): { target: Target; fallback: Target | null } | null {
  const application = world.applications.get(own.sms.SmsApplicationSid ?? '')
  const { sms } = application ?? own
  const method = (name: string): Target['method'] => (sms[name]?.toUpperCase() === 'GET' ? 'GET' : 'POST')
  if (!sms.SmsUrl) return null
  return {
    target: { url: sms.SmsUrl, method: method('SmsMethod') },
    fallback: sms.SmsFallbackUrl ? { url: sms.SmsFallbackUrl, method: method('SmsFallbackMethod') } : null,
  }
}

/** Ask for a document about this text. The answer comes back as `text.answered` with the same token. */
export function askForDocument(turn: Turn, text: Text, asking: TextAsking): void {
  const token = newToken(turn.world)
  text.asking = { ...asking, token, documents: asking.documents + 1 }
  intend(turn, {
    do: 'ask-text',
    textSid: text.sid,
    token,
    target: asking.target,
    fields: { ...inboundTextFields(turn.world, text), ...asking.extra },
  })
}
