import { personOf } from '../engine/acting.ts'
import { BODY_CHARS_MAX, type TextRequest } from '../engine/texts/text.ts'
import type { Target, World } from '../engine/world.ts'
import { type Form, one, urlOf } from './form.ts'
import { e164, isBlocked, isPhoneNumber } from './read-call.ts'
import { RestError } from './rest-error.ts'

/** Reading the parameters of `POST Messages.json`, in Twilio's order of refusals. */

const MEDIA_MAX = 10

/** Accepted as Twilio accepts them, but without effect here; the alert log says so. */
export const TEXT_WITHOUT_EFFECT = [
  'MaxPrice',
  'ProvideFeedback',
  'Attempt',
  'ValidityPeriod',
  'ForceDelivery',
  'ContentRetention',
  'AddressRetention',
  'SmartEncoded',
  'ShortenUrls',
  'PersistentAction',
  'RiskCheck',
  'SendAsMms',
]

function refuse(code: number, message: string): RestError {
  return new RestError(400, code, message)
}

function readTo(world: World, form: Form): string {
  const raw = one(form, 'To')
  if (raw === null) throw refuse(21604, "A 'To' phone number is required.")
  const to = e164(raw)
  const bad = /^\+1/.test(to) && to.length !== 12
  if (!isPhoneNumber(to) || bad || personOf(world, to).script.kind === 'invalid') {
    throw refuse(21211, `Invalid 'To' Phone Number: ${raw}`)
  }
  if (isBlocked(world, to)) {
    throw refuse(
      21408,
      `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}`,
    )
  }
  return to
}

function readFrom(world: World, form: Form, to: string): string {
  const raw = one(form, 'From')
  if (raw === null) {
    if (one(form, 'MessagingServiceSid') === null) throw refuse(21603, "A 'From' phone number is required.")
    throw refuse(21701, 'The Messaging Service does not exist: the phone network has none')
  }
  const from = e164(raw)
  if (!isPhoneNumber(from)) throw refuse(21212, `The 'From' phone number provided (${raw}) is not a valid phone number`)
  if (!world.numbers.has(from)) {
    throw refuse(
      21606,
      `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination.`,
    )
  }
  if (from === to) throw refuse(21266, "'To' and 'From' number cannot be the same")
  return from
}

function readContent(form: Form): Pick<TextRequest, 'body' | 'media'> {
  const body = one(form, 'Body') ?? ''
  const media = (form.get('MediaUrl') ?? []).filter(url => url !== '')
  if (body === '' && media.length === 0) throw refuse(21602, 'Message body is required.')
  if (body.length > BODY_CHARS_MAX) {
    throw refuse(21617, `The concatenated message body exceeds the ${BODY_CHARS_MAX} character limit.`)
  }
  if (media.length > MEDIA_MAX) throw refuse(21623, 'Number of media files exceeds allowed limit')
  for (const url of media) {
    if (!URL.canParse(url) || !/^https?:/.test(url)) throw refuse(21620, `Invalid media URL(s): ${url}`)
  }
  return { body, media }
}

/** `StatusCallback`, or that of the application that is named. */
function readTextCallback(world: World, form: Form): Target | null {
  const url = urlOf(form, 'StatusCallback', 21609)
  if (url !== null) return { url, method: 'POST' }
  const sms = world.applications.get(one(form, 'ApplicationSid') ?? '')?.sms
  const told = sms?.MessageStatusCallback || sms?.SmsStatusCallback
  return told ? { url: told, method: 'POST' } : null
}

/** Throws `RestError`. */
export function readTextRequest(world: World, form: Form): TextRequest {
  const to = readTo(world, form)
  const from = readFrom(world, form, to)
  const content = readContent(form)
  if (world.texts.stopped.has(`${to} ${from}`)) {
    throw refuse(21610, 'Attempt to send to unsubscribed recipient')
  }
  return { to, from, ...content, callback: readTextCallback(world, form) }
}
