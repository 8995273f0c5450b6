import { parseTwiml, type TwimlNode } from '../../twiml/document.ts'
import { checkTwiml } from '../../twiml/grammar.ts'
import { MESSAGING_ELEMENTS } from '../../twiml/messaging-elements.ts'
import { readingOf } from '../answer-reading.ts'
import type { FetchOutcome } from '../input.ts'
import { alert, type Turn } from '../turn.ts'
import type { Target } from '../world.ts'
import { askForDocument } from './receive-text.ts'
import { sendText } from './send-text.ts'
import type { Text, TextAsking } from './text.ts'
import { isTooFast, textProblem } from './text-problem.ts'

/** The TwiML that answers an inbound text: `<Message>`, `<Sms>` and `<Redirect>`, one after another. */

/** https://www.twilio.com/docs/api/errors/14109 */
export const REPLIES_MAX = 10
/** Documents in a row for one text; Twilio's 14106 names no number. */
export const DOCUMENTS_MAX = 20

/** Takes the answer of the number's document. A late answer to an older question is dropped. */
export function takeTextAnswer(turn: Turn, text: Text, token: number, outcome: FetchOutcome): void {
  const { asking } = text
  if (asking === null || asking.token !== token) return
  text.asking = null
  const reading = outcome.ok ? readingOf(outcome.contentType, outcome.body) : outcome
  if (typeof reading === 'object') return failed(turn, text, asking, reading.code, reading.message)
  if (!outcome.ok) return
  if (reading === 'text') return replyTo(turn, text, asking, outcome.body.trim())
  if (reading === 'sound') return failed(turn, text, asking, 12300, `Invalid Content-Type: ${outcome.contentType}`)
  const parsed = parseTwiml(outcome.body)
  if (!parsed.ok) return failed(turn, text, asking, parsed.code, parsed.message)
  for (const note of checkTwiml(parsed.verbs, parsed.text, MESSAGING_ELEMENTS))
    alert(turn, null, note.code, note.message)
  perform(turn, text, asking, parsed.verbs)
}

function failed(turn: Turn, text: Text, asking: TextAsking, code: number, message: string): void {
  alert(turn, null, code, message)
  if (asking.fallback === null) return
  const extra = { ErrorCode: String(code), ErrorUrl: asking.target.url }
  askForDocument(turn, text, { ...asking, target: asking.fallback, fallback: null, extra })
}

function perform(turn: Turn, text: Text, asking: TextAsking, verbs: readonly TwimlNode[]): void {
  for (const verb of verbs) {
    if (verb.name === 'Redirect') return lead(turn, text, asking, verb.text, verb.attributes.method, {})
    if (verb.name !== 'Message' && verb.name !== 'Sms') continue
    const made = reply(turn, text, asking, verb)
    if (made === null || verb.attributes.action === undefined) continue
    return lead(turn, text, asking, verb.attributes.action, verb.attributes.method, made)
  }
}

/** Another document for the same text. */
function lead(
  turn: Turn,
  text: Text,
  asking: TextAsking,
  url: string,
  method: string | undefined,
  extra: Record<string, string>,
): void {
  const target = targetOf(asking, url, method)
  if (target === null) return alert(turn, null, 11100, `Invalid URL format: ${url}`)
  if (asking.documents >= DOCUMENTS_MAX) {
    return alert(turn, null, 14106, `loop: more than ${DOCUMENTS_MAX} documents for one text, last ${target.url}`)
  }
  askForDocument(turn, text, { ...asking, target, fallback: null, extra })
}

/** A URL in a document may be relative to it. Null when it is not a URL. */
function targetOf(asking: TextAsking, url: string, method: string | undefined): Target | null {
  if (!URL.canParse(url, asking.target.url)) return null
  const resolved = new URL(url, asking.target.url).href
  return { url: resolved, method: method?.toUpperCase() === 'GET' ? 'GET' : 'POST' }
}

function replyTo(turn: Turn, text: Text, asking: TextAsking, body: string): void {
  if (body !== '') reply(turn, text, asking, { name: 'Message', attributes: {}, text: body, children: [] })
}

/** Sends one answer. Returns the fields for its action; null when nothing could be sent. */
function reply(turn: Turn, text: Text, asking: TextAsking, verb: TwimlNode): Record<string, string> | null {
  const { attributes, children } = verb
  const to = attributes.to ?? text.from
  const from = attributes.from ?? text.to
  const body = children.find(child => child.name === 'Body')?.text ?? verb.text
  const media = children.filter(child => child.name === 'Media').map(child => child.text)
  if (text.replies >= REPLIES_MAX) {
    alert(turn, null, 14109, `more than ${REPLIES_MAX} answers to one text; the rest was not sent`)
    return null
  }
  const problem = textProblem(turn.world, to, from, body, media) ?? isTooFast(turn, from, to)
  if (problem !== null) {
    alert(turn, null, problem.code, problem.message)
    return null
  }
  text.replies += 1
  const { statusCallback, statusCallbackMethod } = attributes
  const callback = statusCallback ? targetOf(asking, statusCallback, statusCallbackMethod) : null
  const { sid, status } = sendText(turn, 'outbound-reply', { from, to, body, media, callback })
  return { MessageSid: sid, SmsSid: sid, MessageStatus: status, SmsStatus: status }
}
