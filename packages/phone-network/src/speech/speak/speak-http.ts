import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Voices } from '../../media/plane.ts'
import { bytesOf, deepgramRefusal, openAiRefusal, pause, type Refusal } from '../answering.ts'
import { type AudioFormat, contentTypeOf, encodeClip, wavHeader } from './audio-format.ts'
import { sentencesOf } from './sentences.ts'
import { readSpeakParameters } from './speak-parameters.ts'

/** `POST /v1/speak` and `POST /v1/audio/speech`: text to sound in one answer, sent sentence by sentence. */

/** https://developers.deepgram.com/docs/text-to-speech: 2,000 characters a request. */
export const TEXT_CHARS_MAX = 2_000
/** https://platform.openai.com/docs/api-reference/audio/createSpeech */
export const INPUT_CHARS_MAX = 4_096
const BODY_BYTES_MAX = 64 * 1024

export interface SpeakContext {
  voices: Voices
  delayMs: number
  drop: boolean
  signal: AbortSignal
  noted(body: unknown): void
}

interface Order {
  text: string
  voice: string
  speed: number
  format: AudioFormat
}

/** The head is sent with the first sound, so that a voice that fails can still be an error. */
async function speak(
  response: ServerResponse,
  order: Order,
  context: SpeakContext,
  headers: Record<string, string>,
): Promise<void> {
  const { voices, signal } = context
  await pause(context.delayMs, signal)
  const sentences = sentencesOf(order.text)
  for (const sentence of sentences) {
    const sound = await encodeClip(await voices.say(sentence, order.voice, order.speed), order.format)
    if (signal.aborted) return
    if (!response.headersSent) {
      response.writeHead(200, {
        'content-type': contentTypeOf(order.format),
        'transfer-encoding': 'chunked',
        ...headers,
      })
      if (order.format.wav) response.write(wavHeader(order.format))
    }
    if (context.drop) {
      // The sound that was sent before the connection breaks must arrive, so the socket is destroyed after the write.
      response.write(sound, () => response.destroy())
      return
    }
    response.write(sound)
  }
  response.end()
}

function jsonOf(text: string, wrong: () => Refusal): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wrong()
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong()
  return value as Record<string, unknown>
}

/** Deepgram's. Throws `Refusal`. */
export async function answerSpeak(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  context: SpeakContext,
): Promise<void> {
  const tooLong = (): Refusal =>
    deepgramRefusal(413, 'PAYLOAD_TOO_LARGE', `Input text exceeds maximum character limit of ${TEXT_CHARS_MAX}.`)
  const raw = (await bytesOf(request, BODY_BYTES_MAX, tooLong)).toString('utf8')
  const plain = /^text\/plain/i.test(request.headers['content-type'] ?? '')
  const wrong = (): Refusal =>
    deepgramRefusal(
      400,
      'PAYLOAD_ERROR',
      'Failed to deserialize JSON payload. Please specify exactly one of `text` or `url` in the JSON body.',
    )
  const text = plain ? raw : jsonOf(raw, wrong).text
  context.noted(typeof text === 'string' ? { text } : raw)
  const { model, ...order } = readSpeakParameters(query, false)
  if (typeof text !== 'string') throw wrong()
  if (text.trim() === '') throw deepgramRefusal(400, 'PAYLOAD_ERROR', 'Input text is empty.')
  if (text.length > TEXT_CHARS_MAX) throw tooLong()
  await speak(response, { ...order, text }, context, {
    'dg-model-name': model,
    'dg-char-count': String(text.length),
    'dg-request-id': crypto.randomUUID(),
  })
}

const OPENAI_VOICES: Record<string, string> = {
  alloy: 'slt',
  ash: 'rms',
  ballad: 'rms',
  coral: 'slt',
  echo: 'rms',
  fable: 'awb',
  onyx: 'rms',
  nova: 'slt',
  sage: 'slt',
  shimmer: 'slt',
  verse: 'rms',
}
const OPENAI_FORMATS: Record<string, AudioFormat> = {
  mp3: { encoding: 'mp3', hz: 22_050, wav: false },
  wav: { encoding: 'linear16', hz: 24_000, wav: true },
  pcm: { encoding: 'linear16', hz: 24_000, wav: false },
}

/** OpenAI's. Throws `Refusal`. */
export async function answerAudioSpeech(
  request: IncomingMessage,
  response: ServerResponse,
  context: SpeakContext,
): Promise<void> {
  const tooLong = (): Refusal =>
    openAiRefusal(
      400,
      `Invalid 'input': string too long. Expected at most ${INPUT_CHARS_MAX}.`,
      'input',
      'string_above_max_length',
    )
  const raw = (await bytesOf(request, BODY_BYTES_MAX, tooLong)).toString('utf8')
  const body = jsonOf(raw, () => openAiRefusal(400, 'We could not parse the JSON body of your request.'))
  context.noted(body)
  const { input, voice = 'alloy', response_format: name = 'mp3', speed = 1 } = body
  if (typeof body.model !== 'string') throw openAiRefusal(400, 'you must provide a model parameter')
  if (typeof input !== 'string' || input.trim() === '') {
    throw openAiRefusal(400, "Missing required parameter: 'input'.", 'input', 'missing_required_parameter')
  }
  if (input.length > INPUT_CHARS_MAX) throw tooLong()
  const format = Object.hasOwn(OPENAI_FORMATS, String(name)) ? OPENAI_FORMATS[String(name)] : undefined
  if (!format) {
    throw openAiRefusal(
      400,
      `Invalid value: '${String(name)}'. Supported here: ${Object.keys(OPENAI_FORMATS).join(', ')}.`,
      'response_format',
      'invalid_value',
    )
  }
  const own = Object.hasOwn(OPENAI_VOICES, String(voice)) ? OPENAI_VOICES[String(voice)] : undefined
  if (own === undefined) throw openAiRefusal(400, `Invalid value: '${String(voice)}'.`, 'voice', 'invalid_value')
  if (typeof speed !== 'number' || !(speed >= 0.25 && speed <= 4)) {
    throw openAiRefusal(400, "Invalid 'speed': expected a number from 0.25 to 4.", 'speed', 'invalid_value')
  }
  await speak(response, { text: input, voice: own, speed, format }, context, {})
}
