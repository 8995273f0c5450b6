/**
 * Twilio Media Streams over a WebSocket. A media frame comes fifty times a second per call, so its payload is found without
 * parsing JSON; a message that looks unusual is parsed completely.
 * Messages: https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */

import type { Outgoing } from '../../../media/speech/playout.ts'
import { base64FromBytes } from '../../../sound/base64.ts'
import type { MediaCodec, StreamMessage } from '../media-port.ts'
import { plainWord } from '../plain-word.ts'

const MEDIA = '{"event":"media"'
const PAYLOAD = '"payload":"'

/** Returns the payload of an ordinary inbound media message, null for everything else. It does not check the payload. */
function cheapPayload(text: string): string | null {
  if (!text.startsWith(MEDIA) || !text.endsWith('}') || text.includes('"track":"outbound"')) return null
  const from = text.indexOf(PAYLOAD)
  if (from < 0) return null
  const to = text.indexOf('"', from + PAYLOAD.length)
  return to < 0 ? null : text.slice(from + PAYLOAD.length, to)
}

function readStreamMessage(text: string): StreamMessage {
  let body: Record<string, unknown>
  try {
    body = JSON.parse(text) as Record<string, unknown>
  } catch {
    return { type: 'odd', why: 'no JSON' }
  }
  if (typeof body !== 'object' || body === null) return { type: 'odd', why: 'no object' }
  switch (body.event) {
    case 'connected':
    case 'stop':
      return { type: body.event }
    case 'start':
      return startOf(record(body.start))
    case 'media': {
      const { payload, track } = record(body.media)
      if (typeof payload !== 'string') return { type: 'odd', why: 'media without a payload' }
      return { type: 'media', payload, track: typeof track === 'string' ? track : 'inbound' }
    }
    case 'dtmf':
      return { type: 'dtmf', digit: plainWord(record(body.dtmf).digit) }
    case 'mark':
      return { type: 'mark', name: plainWord(record(body.mark).name) }
    default:
      return { type: 'odd', why: 'an unknown event' }
  }
}

function startOf(start: Record<string, unknown>): StreamMessage {
  const format = record(start.mediaFormat)
  const { streamSid, callSid } = start
  if (typeof streamSid !== 'string' || typeof callSid !== 'string') return { type: 'odd', why: 'start without ids' }
  const parameters = Object.fromEntries(
    Object.entries(record(start.customParameters)).map(([name, value]) => [name, plainWord(value)]),
  )
  return {
    type: 'start',
    streamId: streamSid,
    providerId: callSid,
    trouble: troubleOf(format),
    parameters,
  }
}

function troubleOf({ encoding, sampleRate, channels }: Record<string, unknown>): string | null {
  if (encoding !== 'audio/x-mulaw') return 'the sound is not µ-law'
  if (Number(plainWord(sampleRate)) !== 8_000) return 'not 8,000 samples a second'
  return Number(plainWord(channels)) === 1 ? null : 'not one channel'
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function encode(streamSid: string, message: Outgoing): string {
  switch (message.type) {
    case 'audio':
      return `{"event":"media","streamSid":"${streamSid}","media":{"payload":"${base64FromBytes(message.mulaw)}"}}`
    case 'mark':
      return JSON.stringify({ event: 'mark', streamSid, mark: { name: message.name } })
    case 'clear':
      return JSON.stringify({ event: 'clear', streamSid })
  }
}

export const twilioMedia: MediaCodec = { cheapPayload, readMessage: readStreamMessage, encode }
