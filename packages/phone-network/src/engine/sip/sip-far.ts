import { intend, later, type Turn } from '../turn.ts'
import { API_VERSION } from '../webhook-fields.ts'
import type { Call, Far } from '../world.ts'

/** The engine describes a leg here for the SIP side, which sends its INVITE, and for webhooks, which have fields of SIP. */

/** Host of the caller in an INVITE of ours. */
const CALLER_HOST = 'sip.twilio.com'
const URI_CHARS_MAX = 255
const SIP_URI = /^sips?:(?:[^\s@]+@)?[^\s@?;]+(?:;[^\s?]*)?(?:\?\S*)?$/i

/** Whether Twilio would try to call this. https://www.twilio.com/docs/voice/twiml/sip#noun-attributes */
export function isSipUri(text: string): boolean {
  return text.length < URI_CHARS_MAX && SIP_URI.test(text)
}

export function sipFar(uri: string, username: string | null, password: string | null): Far {
  return { kind: 'sip', uri, username, password }
}

/** The call leaves the queue: an INVITE goes to the URI, with the headers that stand behind its question mark. */
export function inviteSip(turn: Turn, call: Call): void {
  const { far, sid: callSid } = call
  if (far.kind !== 'sip') return
  const { accountSid } = turn.world.account
  const [, query = ''] = far.uri.split('?')
  const custom = [...new URLSearchParams(query)].filter(([name]) => /^(x-[\w-]+|user-to-user)$/i.test(name))
  intend(turn, {
    do: 'invite-sip',
    callSid,
    uri: far.uri,
    from: callerUri(call.from),
    username: far.username,
    password: far.password,
    headers: {
      'X-Twilio-ApiVersion': API_VERSION,
      'X-Twilio-AccountSid': accountSid,
      'X-Twilio-CallSid': callSid,
      // A line end in a value would be a header of its own.
      ...Object.fromEntries(custom.map(([name, value]) => [name, value.replace(/[\r\n]+/g, ' ')])),
    },
  })
  // A phone that answers nothing does not ring either, and is given up all the same.
  later(turn, call.ringLimitMs, { kind: 'ring-limit.reached', callSid })
}

function callerUri(from: string): string {
  // Whatever a document names as its caller stands between brackets in a header.
  if (/^sips?:[^\s<>"]+$/.test(from)) return from
  return `sip:${encodeURIComponent(from.replace(/^client:/, '')).replaceAll('%2B', '+')}@${CALLER_HOST}`
}

/** Fields of a `<Dial>`'s action about its SIP child. https://www.twilio.com/docs/voice/twiml/sip */
export function dialSipFields(child: Call | null): Record<string, string> {
  if (child?.far.kind !== 'sip') return {}
  const { sipOutcome } = child
  const headers = Object.entries(sipOutcome?.headers ?? {}).map(([name, value]) => [`DialSipHeader_${name}`, value])
  const code = child.answeredAt === null ? child.sipCode : 200
  return {
    ...Object.fromEntries(headers),
    ...(sipOutcome === null ? {} : { DialSipCallId: sipOutcome.callId }),
    ...(code === null ? {} : { DialSipResponseCode: String(code) }),
  }
}

/** The phone that has called gets the answer. */
export function answerSip(turn: Turn, call: Call): void {
  if (call.far.kind === 'sip' && call.direction === 'inbound') intend(turn, { do: 'answer-sip', callSid: call.sid })
}

export function endSip(turn: Turn, call: Call, sipCode: number): void {
  if (call.far.kind === 'sip') intend(turn, { do: 'end-sip', callSid: call.sid, code: sipCode })
}
