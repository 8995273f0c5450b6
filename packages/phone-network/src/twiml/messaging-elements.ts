import { type Element, element } from './elements.ts'

/** The verbs and nouns of TwiML that answers a text. https://www.twilio.com/docs/messaging/twiml */

const ANSWER = { to: 'the sender', from: 'the number', action: 'none', method: 'POST', statusCallback: 'none' }

export const MESSAGING_ELEMENTS: ReadonlyMap<string, Element> = new Map<string, Element>([
  ['Message', element({ ...ANSWER, statusCallbackMethod: 'POST' }, '', 'Body Media')],
  ['Sms', element({ ...ANSWER, statusCallbackMethod: 'POST' })],
  ['Body', element({})],
  ['Media', element({})],
  ['Redirect', element({ method: 'POST' })],
])
