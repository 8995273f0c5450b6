import type { IncomingMessage, ServerResponse } from 'node:http'
import { decode } from '../../media/mulaw.ts'
import { readSound } from '../../media/sound-file.ts'
import { bytesOf, openAiRefusal, pause, sendJson } from '../answering.ts'
import type { Script } from '../dialogue/script-file.ts'
import { grammarFor } from './grammars.ts'
import { HANG_MS_MIN } from './listen-socket.ts'
import { Listener, type Result } from './listener.ts'
import type { Recogniser } from './recogniser.ts'
import type { Grammar } from './recogniser-messages.ts'
import { punctuated } from './results.ts'

/** `POST /v1/audio/transcriptions`: https://platform.openai.com/docs/api-reference/audio/createTranscription */

/** Limit of a file. The vendor's is 25 MB, but reading that much would hold up everything else here. */
export const FILE_BYTES_MAX = 5 * 1024 * 1024
/** Silence after the sound, so that its last utterance ends. */
const TAIL_MS = 600
const FORMATS = ['json', 'text', 'verbose_json']
/** Sound given to the listener at once. */
const PIECE_SAMPLES = 1_600

export interface TranscriptionContext {
  scripts: ReadonlyMap<string, Script>
  recogniser: Recogniser
  delayMs: number
  drop: boolean
  signal: AbortSignal
  noted(body: unknown): void
}

interface Transcribed {
  results: Result[]
  durationMs: number
}

/** The utterances of a clip, which is heard as fast as the recogniser can. Rejects when the recogniser fails. */
export async function transcribe(
  clip: Uint8Array,
  grammar: Grammar,
  context: Pick<TranscriptionContext, 'recogniser' | 'signal'>,
): Promise<Transcribed> {
  const results: Result[] = []
  let failure: Error | null = null
  const listener = new Listener(context.recogniser, grammar, HANG_MS_MIN, {
    started: () => undefined,
    partial: () => undefined,
    final: result => void results.push(result),
    failed: error => {
      failure = error
    },
  })
  const samples = new Int16Array(clip.length + TAIL_MS * 8)
  samples.set(decode(clip))
  for (let at = 0; at < samples.length && failure === null && !context.signal.aborted; at += PIECE_SAMPLES) {
    await context.recogniser.room()
    listener.push(samples.slice(at, at + PIECE_SAMPLES))
  }
  await listener.finish()
  if (failure) throw failure
  return { results, durationMs: clip.length / 8 }
}

/** Throws `Refusal`. */
export async function answerTranscription(
  request: IncomingMessage,
  response: ServerResponse,
  context: TranscriptionContext,
): Promise<void> {
  const bytes = await bytesOf(request, FILE_BYTES_MAX, () => openAiRefusal(413, 'Maximum content size limit exceeded.'))
  let form: FormData
  try {
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    form = await new Response(new Uint8Array(bytes), { headers }).formData()
  } catch {
    throw openAiRefusal(400, 'The body must be multipart/form-data.')
  }
  const text = (name: string): string | null => {
    const value = form.get(name)
    return typeof value === 'string' ? value : null
  }
  context.noted(Object.fromEntries([...form.keys()].map(key => [key, text(key) ?? '(a file)'])))
  const file = form.get('file')
  if (file === null || typeof file === 'string') {
    throw openAiRefusal(400, "Missing required parameter: 'file'.", 'file', 'missing_required_parameter')
  }
  if (text('model') === null) throw openAiRefusal(400, 'you must provide a model parameter')
  const format = text('response_format') ?? 'json'
  if (!FORMATS.includes(format)) {
    throw openAiRefusal(
      400,
      `Invalid value: '${format}'. Supported here: ${FORMATS.join(', ')}.`,
      'response_format',
      'invalid_value',
    )
  }
  const clip = soundOf(new Uint8Array(await file.arrayBuffer()), file.type)
  const grammar = grammarFor(context.scripts, text('grammar'))
  if (!grammar) throw openAiRefusal(400, `There is no grammar '${text('grammar')}'.`, 'grammar', 'invalid_value')
  const transcribed = await transcribe(clip, grammar, context)
  await pause(context.delayMs, context.signal)
  if (context.drop) return void response.destroy()
  send(response, format, transcribed)
}

function soundOf(bytes: Uint8Array, type: string): Uint8Array {
  try {
    return readSound(bytes, type)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw openAiRefusal(400, `Invalid file format: ${why}`, 'file', 'invalid_value')
  }
}

function send(response: ServerResponse, format: string, { results, durationMs }: Transcribed): void {
  const whole = results
    .map(result => punctuated(result.text))
    .filter(text => text !== '')
    .join(' ')
  if (format === 'text') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
    response.end(`${whole}\n`)
    return
  }
  if (format === 'json') return sendJson(response, 200, { text: whole })
  const segments = results.map((result, id) => ({
    id,
    start: result.startMs / 1_000,
    end: (result.startMs + result.durationMs) / 1_000,
    text: punctuated(result.text),
    no_speech_prob: result.text === '' ? 1 : 0,
  }))
  const words = results.flatMap(result =>
    result.words.map(({ word, startMs, endMs }) => ({
      word,
      start: (result.startMs + startMs) / 1_000,
      end: (result.startMs + endMs) / 1_000,
    })),
  )
  sendJson(response, 200, {
    task: 'transcribe',
    language: 'english',
    duration: durationMs / 1_000,
    text: whole,
    segments,
    words,
  })
}
