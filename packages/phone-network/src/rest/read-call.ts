import { personOf } from '../engine/acting.ts'
import { instructionsOf } from '../engine/book.ts'
import type { CallChange, CallRequest } from '../engine/input.ts'
import { appCallback, TIME_LIMIT_MS } from '../engine/make-call.ts'
import { isSipUri } from '../engine/sip/sip-far.ts'
import type { Detection, Instructions, World } from '../engine/world.ts'
import { type Form, flag, methodOf, one, urlOf, whole } from './form.ts'
import { readCallback } from './read-callback.ts'
import { readRecordRequest } from './read-recording.ts'
import { badParameter, RestError } from './rest-error.ts'

/** Reading the parameters of `POST Calls.json` and `POST Calls/{Sid}.json`. */

const TWIML_CHARS_MAX = 4_000

/** Accepted as Twilio accepts them, but without effect here; the alert log says so. */
export const WITHOUT_EFFECT = ['CallerId', 'CallToken', 'Byoc']

/** Twilio accepts spaces, brackets and a missing plus (a plus that was not encoded arrives as a space). */
export function e164(raw: string): string {
  const digits = raw.replace(/[\s().-]/g, '')
  return /^1\d{10}$/.test(digits) ? `+${digits}` : digits
}

export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text)
}

/** Whether the number begins with a prefix that the account may not call. */
export function isBlocked(world: World, number: string): boolean {
  return world.account.blockedPrefixes.some(prefix => number.startsWith(prefix))
}

/** `To` as Twilio takes it: E.164, spaces and brackets forgiven, or `client:name`. */
export function readTo(world: World, form: Form): string {
  const raw = one(form, 'To')
  if (raw === null) throw new RestError(400, 21201, "No 'To' number is specified")
  if (/^client:.+/.test(raw)) return raw
  if (/^sips?:/i.test(raw)) return readSipTo(world, raw)
  const to = e164(raw)
  if (!isPhoneNumber(to) || personOf(world, to).script.kind === 'invalid') {
    throw new RestError(400, 21211, `The phone number you are attempting to call, ${raw}, is not valid.`)
  }
  // North American numbers have ten digits; the shape alone would let others pass.
  if (/^\+1/.test(to) && to.length !== 12) {
    throw new RestError(400, 21217, `Phone number does not appear to be valid: ${raw}`)
  }
  if (isBlocked(world, to)) {
    throw new RestError(
      400,
      21215,
      `Account not authorized to call ${to}. Perhaps you need to enable some international permissions: https://www.twilio.com/console/voice/calls/geo-permissions/low-risk`,
    )
  }
  return to
}

/** A SIP URI, if this network reaches any. */
function readSipTo(world: World, uri: string): string {
  if (isSipUri(uri) && (world.sip.listens || world.people.has(uri))) return uri
  throw new RestError(400, 21211, `The phone number you are attempting to call, ${uri}, is not valid.`)
}

const SIP_CHARS_MAX = 255
/** Twilio's refusals of the two parameters: too long, illegal characters. */
const SIP_AUTH = { SipAuthUsername: [21221, 21222], SipAuthPassword: [21223, 21224] } as const

function readSipAuth(form: Form): { username: string; password: string } | null {
  const read = (name: keyof typeof SIP_AUTH): string => {
    const value = one(form, name) ?? ''
    const [tooLong, illegal] = SIP_AUTH[name]
    if (value.length > SIP_CHARS_MAX) throw new RestError(400, tooLong, `Invalid ${name}. Must be fewer than 256 chars`)
    if (!/^[\x21-\x7e]*$/.test(value)) throw new RestError(400, illegal, `Invalid ${name}. Illegal chars`)
    return value
  }
  const [username, password] = [read('SipAuthUsername'), read('SipAuthPassword')]
  return username === '' ? null : { username, password }
}

/** To a SIP URI a call may come from any name that a SIP user may have. */
export function readFrom(world: World, form: Form, toSip = false): string {
  const raw = one(form, 'From')
  if (raw === null) throw new RestError(400, 21213, "No 'From' number is specified")
  if (/^client:.+/.test(raw)) return raw
  if (toSip && /^[\w+.-]{1,64}$/.test(raw)) return raw
  const from = e164(raw)
  if (!isPhoneNumber(from)) {
    throw new RestError(400, 21212, `The phone number ${from} provided as the From number is not valid.`)
  }
  if (!world.numbers.has(from) && !world.callerIds.has(from)) {
    throw new RestError(400, 21210, `The source phone number provided, ${from}, is not yet verified for your account.`)
  }
  return from
}

/** `Url` or `Twiml`; `Url` wins. Null when neither is given. */
export function readInstructions(form: Form): Instructions | null {
  const url = urlOf(form, 'Url')
  if (url !== null) {
    const fallbackUrl = urlOf(form, 'FallbackUrl')
    return {
      url,
      method: methodOf(form, 'Method'),
      fallback: fallbackUrl === null ? null : { url: fallbackUrl, method: methodOf(form, 'FallbackMethod') },
    }
  }
  const twiml = one(form, 'Twiml')
  if (twiml === null) return null
  if (twiml.length > TWIML_CHARS_MAX) throw badParameter('Twiml', `more than ${TWIML_CHARS_MAX} characters`)
  return { twiml }
}

/** Answering machine detection; `callback` is `AsyncAmdStatusCallback` of a call, `AmdStatusCallback` of a participant. */
export function readDetection(form: Form, callback: string, alwaysAsync: boolean): Detection | null {
  const mode = one(form, 'MachineDetection')
  // With Twilio, `SendDigits` turns detection off.
  if (mode === null || one(form, 'SendDigits') !== null) return null
  if (mode !== 'Enable' && mode !== 'DetectMessageEnd') {
    throw badParameter('MachineDetection', 'must be Enable or DetectMessageEnd')
  }
  const url = urlOf(form, callback)
  return {
    mode,
    async: alwaysAsync || flag(form, 'AsyncAmd') === true,
    callback: url === null ? null : { url, method: methodOf(form, `${callback}Method`) },
    limitMs: whole(form, 'MachineDetectionTimeout', 3, 59, 30) * 1_000,
    silenceMs: whole(form, 'MachineDetectionSilenceTimeout', 2_000, 10_000, 5_000),
    speechMs: whole(form, 'MachineDetectionSpeechThreshold', 1_000, 6_000, 2_400),
    speechEndMs: whole(form, 'MachineDetectionSpeechEndThreshold', 500, 5_000, 1_200),
  }
}

/** Digits, `*`, `#`, `w` (half a second) and `W` (a second), at most 32. */
function readDigits(form: Form): string {
  const digits = one(form, 'SendDigits') ?? ''
  if (digits !== '' && !/^[0-9*#wWA-D]{1,32}$/.test(digits)) {
    throw badParameter('SendDigits', 'may hold 0 to 9, A to D, *, #, w and W, at most 32')
  }
  return digits
}

/** Throws `RestError` in Twilio's order: To, From, then the instructions. */
export function readCallRequest(world: World, form: Form): CallRequest {
  const to = readTo(world, form)
  const from = readFrom(world, form, /^sips?:/i.test(to))
  const applicationSid = one(form, 'ApplicationSid')
  const application = applicationSid === null ? undefined : world.applications.get(applicationSid)
  if (applicationSid !== null && !application) {
    throw new RestError(400, 21218, `Application ${applicationSid} does not exist`)
  }
  const instructions = application ? instructionsOf(application) : readInstructions(form)
  if (instructions === null) throw new RestError(400, 21205, 'Url parameter is required.')
  return {
    to,
    from,
    instructions,
    applicationSid,
    statusCallback: application ? appCallback(application) : readCallback(form),
    detection: readDetection(form, 'AsyncAmdStatusCallback', false),
    ringLimitMs: whole(form, 'Timeout', 1, 600, 60) * 1_000,
    timeLimitMs: whole(form, 'TimeLimit', 1, TIME_LIMIT_MS / 1_000, TIME_LIMIT_MS / 1_000) * 1_000,
    seat: null,
    sendDigits: readDigits(form),
    sipAuth: readSipAuth(form),
    record: flag(form, 'Record') === true ? readRecordRequest(form) : null,
  }
}

export function readCallChange(form: Form): CallChange {
  const status = one(form, 'Status')
  if (status !== null && status !== 'canceled' && status !== 'completed') {
    throw badParameter('Status', 'must be canceled or completed')
  }
  const callbackUrl = urlOf(form, 'StatusCallback')
  const timeLimit = whole(form, 'TimeLimit', 1, TIME_LIMIT_MS / 1_000, 0)
  if (one(form, 'Url') !== null && one(form, 'Twiml') !== null) throw badParameter('Twiml', 'cannot go with Url')
  return {
    status,
    instructions: readInstructions(form),
    statusCallback: callbackUrl === null ? null : { url: callbackUrl, method: methodOf(form, 'StatusCallbackMethod') },
    timeLimitMs: timeLimit === 0 ? null : timeLimit * 1_000,
  }
}
