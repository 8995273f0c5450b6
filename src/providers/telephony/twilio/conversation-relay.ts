/**
 * Twilio ConversationRelay: the carrier hears and speaks, and words go over the socket. It reports on its own speech by events
 * that our instruction asks for (`speaker-events tokens-played`).
 * Messages: https://www.twilio.com/docs/voice/conversationrelay/websocket-messages
 */
import type { RelayCodec, RelayMessage } from '../media-port.ts'
import { plainWord } from '../plain-word.ts'

function readRelayMessage(text: string): RelayMessage {
  let body: Record<string, unknown>
  try {
    body = JSON.parse(text) as Record<string, unknown>
  } catch {
    return { type: 'odd', why: 'no JSON' }
  }
  if (typeof body !== 'object' || body === null) return { type: 'odd', why: 'no object' }
  switch (body.type) {
    case 'setup':
      return typeof body.callSid === 'string'
        ? { type: 'setup', providerId: body.callSid }
        : { type: 'odd', why: 'setup without a call' }
    case 'prompt':
      return { type: 'prompt', text: plainWord(body.voicePrompt).trim(), last: body.last !== false }
    case 'interrupt':
      return { type: 'interrupt', heard: plainWord(body.utteranceUntilInterrupt) }
    case 'dtmf':
      return { type: 'dtmf', digit: plainWord(body.digit) }
    case 'info':
      return body.name === 'tokensPlayed' ? { type: 'played', text: plainWord(body.value) } : { type: 'other' }
    case 'error':
      return { type: 'odd', why: 'the carrier did not understand us' }
    default:
      return { type: 'odd', why: 'an unknown type' }
  }
}

export const twilioRelay: RelayCodec = {
  readMessage: readRelayMessage,
  // Not `preemptible`, because then the next sentence would replace one that still waits.
  say: text => JSON.stringify({ type: 'text', token: text, last: true, interruptible: true }),
}
