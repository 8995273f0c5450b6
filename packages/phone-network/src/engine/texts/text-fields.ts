import { API_VERSION, place } from '../webhook-fields.ts'
import type { World } from '../world.ts'
import { segmentsOf, type Text } from './text.ts'

/** The form fields of webhooks about texts. */

/** https://www.twilio.com/docs/messaging/guides/webhook-request */
export function inboundTextFields(world: World, text: Text): Record<string, string> {
  return {
    ...place('From', text.from),
    ...place('To', text.to),
    ApiVersion: API_VERSION,
    AccountSid: world.account.accountSid,
    MessageSid: text.sid,
    SmsSid: text.sid,
    SmsMessageSid: text.sid,
    SmsStatus: 'received',
    From: text.from,
    To: text.to,
    Body: text.body,
    NumMedia: String(text.media.length),
    NumSegments: String(segmentsOf(text.body)),
    ...Object.fromEntries(text.media.map((url, index) => [`MediaUrl${index}`, url])),
  }
}

export function textStatusFields(world: World, text: Text): Record<string, string> {
  return {
    ApiVersion: API_VERSION,
    AccountSid: world.account.accountSid,
    MessageSid: text.sid,
    SmsSid: text.sid,
    MessageStatus: text.status,
    SmsStatus: text.status,
    From: text.from,
    To: text.to,
    ...(text.errorCode === null ? {} : { ErrorCode: String(text.errorCode) }),
  }
}
