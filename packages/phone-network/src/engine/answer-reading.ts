/** How Twilio takes an answer of a certain type. https://www.twilio.com/docs/voice/twiml#twilio-understands-mime-types */

const TWIML_TYPES = ['text/xml', 'application/xml', 'text/html']

export type Reading = 'twiml' | 'sound' | 'text' | { code: number; message: string }

export function readingOf(contentType: string, body: string): Reading {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  if (TWIML_TYPES.includes(type)) return 'twiml'
  if (type.startsWith('audio/')) return 'sound'
  if (type === 'text/plain') return 'text'
  if (type !== '') return { code: 12300, message: `Invalid Content-Type: ${contentType}` }
  // An answer without a body has nothing whose type could be missing (a 204 of a status route, used as a voice URL).
  if (body.trim() === '') return 'twiml'
  // https://www.twilio.com/docs/api/errors/12300: without a Content-Type the debugger shows a 502.
  return { code: 11200, message: 'HTTP retrieval failure: 502 Bad Gateway, the answer has no Content-Type' }
}
