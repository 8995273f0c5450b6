import { silence } from '../../media/mulaw.ts'
import type { Message, SpeechClient } from './speech-client.ts'

/** A client of `WS /v1/realtime`: what it sends, and what it looks for. For tests. */

export const BETA_PATH = '/v1/realtime?model=gpt-4o-realtime-preview'
export const BETA = { headers: { 'OpenAI-Beta': 'realtime=v1' } }

export const betaSession = {
  turn_detection: { type: 'server_vad' },
  input_audio_format: 'g711_ulaw',
  output_audio_format: 'g711_ulaw',
  voice: 'alloy',
  instructions: 'You are a helpful assistant.',
  modalities: ['text', 'audio'],
  temperature: 0.8,
  input_audio_transcription: { model: 'whisper-1' },
}
/** Speaks in 20 ms pieces, with the pauses that people make. */
export function speak(client: SpeechClient, clip: Uint8Array, pauseMs = 800): void {
  const all = Buffer.concat([silence(300), clip, silence(pauseMs)])
  for (let at = 0; at < all.length; at += 160) {
    client.say({ type: 'input_audio_buffer.append', audio: all.subarray(at, at + 160).toString('base64') })
  }
}

export const done = (client: SpeechClient): Message[] => client.of('response.done').map(message => message.response)
export const errors = (client: SpeechClient): Message[] => client.of('error').map(message => message.error)
