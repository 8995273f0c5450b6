/** The scripted carrier's messages of a stream: JSON lists that begin with one word. */
import type { Outgoing } from '../../../media/speech/playout.ts'
import { base64FromBytes } from '../../../sound/base64.ts'
import type { MediaCodec, RelayCodec, RelayMessage, StreamMessage } from '../media-port.ts'

const SOUND = '["sound","'
const ODD = { type: 'odd' as const, why: 'no list of texts' }

/** The payload of `["sound","…"]`, which is base64 and therefore has no quotes. */
function cheapPayload(text: string): string | null {
  return text.startsWith(SOUND) && text.endsWith('"]') ? text.slice(SOUND.length, -2) : null
}

function listOf(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every(one => typeof one === 'string') ? list : null
  } catch {
    return null
  }
}

function readMessage(text: string): StreamMessage {
  const list = listOf(text)
  if (list === null) return ODD
  const [word, first = '', second = '', third = ''] = list
  switch (word) {
    case 'hello':
      return { type: 'connected' }
    case 'begin': {
      const trouble = third === 'mulaw-8000' ? null : 'the sound is not µ-law'
      return { type: 'start', streamId: first, providerId: second, trouble, parameters: {} }
    }
    case 'sound':
      return { type: 'media', payload: first, track: 'inbound' }
    case 'key':
      return { type: 'dtmf', digit: first }
    case 'played':
      return { type: 'mark', name: first }
    case 'end':
      return { type: 'stop' }
    default:
      return { type: 'odd', why: 'an unknown word' }
  }
}

function encode(_streamId: string, message: Outgoing): string {
  switch (message.type) {
    case 'audio':
      return JSON.stringify(['sound', base64FromBytes(message.mulaw)])
    case 'mark':
      return JSON.stringify(['mark', message.name])
    case 'clear':
      return JSON.stringify(['clear'])
  }
}

export const scriptedMedia: MediaCodec = { cheapPayload, readMessage, encode }

function readRelayMessage(text: string): RelayMessage {
  const list = listOf(text)
  if (list === null) return ODD
  const [word, first = '', second = ''] = list
  switch (word) {
    case 'begin':
      return { type: 'setup', providerId: second }
    case 'heard':
      return { type: 'prompt', text: first, last: second !== 'partial' }
    case 'interrupted':
      return { type: 'interrupt', heard: first }
    case 'key':
      return { type: 'dtmf', digit: first }
    case 'played':
      return { type: 'played', text: first }
    case 'hello':
      return { type: 'other' }
    default:
      return { type: 'odd', why: 'an unknown word' }
  }
}

export const scriptedRelay: RelayCodec = {
  readMessage: readRelayMessage,
  say: text => JSON.stringify(['say', text]),
}
