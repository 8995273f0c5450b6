import type { Voices } from '../../media/plane.ts'
import { pieces } from '../chat/chat-answer.ts'
import type { Reply } from '../dialogue/walk.ts'
import { type AudioFormat, encodeClip } from '../speak/audio-format.ts'
import { sentencesOf } from '../speak/sentences.ts'
import { type Item, itemView, newItem } from './conversation.ts'
import type { Session, Shape, SoundFormat } from './session.ts'

/** One response: its items, their words and sound, event by event, faster than it is heard. */

/** Sound in one event, and the pause between two of them: five times as fast as it is heard. */
const PIECE_MS = 200
const PAUSE_MS = 40
/** So much is sent at once, so that a client has something to play. */
const AHEAD_MS = 400

const FORMATS: Record<SoundFormat, AudioFormat> = {
  ulaw: { encoding: 'mulaw', hz: 8_000, wav: false },
  alaw: { encoding: 'alaw', hz: 8_000, wav: false },
  pcm16: { encoding: 'linear16', hz: 24_000, wav: false },
}
const BYTES_PER_MS: Record<SoundFormat, number> = { ulaw: 8, alaw: 8, pcm16: 48 }

/** The built-in voices by the names of OpenAI's. */
const MALE = new Set(['ash', 'ballad', 'cedar', 'echo', 'verse'])

/** The words of events that have changed with the shape. */
export function namesOf(shape: Shape) {
  const beta = shape === 'beta'
  return {
    sound: beta ? 'response.audio' : 'response.output_audio',
    transcript: beta ? 'response.audio_transcript' : 'response.output_audio_transcript',
    text: beta ? 'response.text' : 'response.output_text',
    content: beta ? ('audio' as const) : ('output_audio' as const),
    created: beta ? ['conversation.item.created'] : ['conversation.item.added'],
    done: beta ? [] : ['conversation.item.done'],
  }
}

export interface AnswerOptions {
  id: string
  shape: Shape
  session: Session
  speaks: boolean
  voices: Voices
  reply: Reply
  newId: (prefix: string) => string
  send: (type: string, fields: Record<string, unknown>) => void
  /** enters an item into the conversation; returns the id of the one before */
  add: (item: Item) => string | null
  usage: (items: readonly Item[]) => Record<string, unknown>
}

export class Answer {
  readonly #options: AnswerOptions
  readonly #items: Item[] = []
  /** why it was stopped; null: it was not */
  #stopped: 'turn_detected' | 'client_cancelled' | null = null

  constructor(options: AnswerOptions) {
    this.#options = options
  }

  get id(): string {
    return this.#options.id
  }

  /** Whether it was told to stop; its last events may still be on their way. */
  get isStopping(): boolean {
    return this.#stopped !== null
  }

  stop(reason: 'turn_detected' | 'client_cancelled'): void {
    this.#stopped ??= reason
  }

  /** Resolves when the last event has been sent. Never rejects: a failure is the end of the response. */
  async run(): Promise<void> {
    const { send, reply, usage } = this.#options
    send('response.created', { response: this.#view('in_progress', null) })
    let failure: string | null = null
    try {
      if (reply.text !== '') await this.#say(reply.text)
      for (const call of reply.calls) this.#call(call.tool, call.arguments)
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
    }
    const [status, details] = this.#end(failure)
    send('response.done', { response: { ...this.#view(status, details), usage: usage(this.#items) } })
    send('rate_limits.updated', {
      rate_limits: [{ name: 'tokens', limit: 40_000, remaining: 40_000, reset_seconds: 0 }],
    })
  }

  #end(failure: string | null): [string, Record<string, unknown> | null] {
    if (this.#stopped !== null) return ['cancelled', { type: 'cancelled', reason: this.#stopped }]
    if (failure === null) return ['completed', null]
    return ['failed', { type: 'failed', error: { type: 'server_error', code: null, message: failure } }]
  }

  #view(status: string, details: Record<string, unknown> | null): Record<string, unknown> {
    const { id, shape, session, speaks } = this.#options
    const modalities = speaks ? ['audio'] : ['text']
    return {
      object: 'realtime.response',
      id,
      status,
      status_details: details,
      output: this.#items.map(item => itemView(item, namesOf(shape).content)),
      ...(shape === 'beta'
        ? {
            modalities: speaks ? ['audio', 'text'] : ['text'],
            voice: session.voice,
            output_audio_format: session.output,
          }
        : { output_modalities: modalities }),
      usage: null,
      metadata: null,
    }
  }

  #begin(item: Item): { response_id: string; item_id: string; output_index: number } {
    const { id, send, add, shape } = this.#options
    const names = namesOf(shape)
    const previous_item_id = add(item)
    this.#items.push(item)
    const output_index = this.#items.length - 1
    send('response.output_item.added', { response_id: id, output_index, item: itemView(item, names.content) })
    for (const type of names.created) send(type, { previous_item_id, item: itemView(item, names.content) })
    return { response_id: id, item_id: item.id, output_index }
  }

  #finish(item: Item, at: { response_id: string; output_index: number }): void {
    const { send, shape } = this.#options
    item.done = true
    const { content, done } = namesOf(shape)
    const { response_id, output_index } = at
    send('response.output_item.done', { response_id, output_index, item: itemView(item, content) })
    for (const type of done) send(type, { item: itemView(item, content) })
  }

  async #say(text: string): Promise<void> {
    const { newId, send, shape, speaks } = this.#options
    const names = namesOf(shape)
    const item = newItem(newId('item'), { role: 'assistant', spoken: speaks, done: false })
    const at = { ...this.#begin(item), content_index: 0 }
    const part = (words: string) =>
      speaks ? { type: 'audio', transcript: words } : { type: shape === 'beta' ? 'text' : 'output_text', text: words }
    send('response.content_part.added', { ...at, part: part('') })
    for (const sentence of sentencesOf(text)) {
      if (this.#stopped !== null) break
      const words = item.text === '' ? sentence : ` ${sentence}`
      item.text += words
      const type = speaks ? names.transcript : names.text
      for (const delta of pieces(words)) send(`${type}.delta`, { ...at, delta })
      if (speaks) await this.#sound(item, sentence, at)
    }
    if (speaks) {
      send(`${names.sound}.done`, at)
      send(`${names.transcript}.done`, { ...at, transcript: item.text })
    } else send(`${names.text}.done`, { ...at, text: item.text })
    send('response.content_part.done', { ...at, part: part(item.text) })
    this.#finish(item, at)
  }

  async #sound(item: Item, sentence: string, at: Record<string, unknown>): Promise<void> {
    const { voices, session, send, shape } = this.#options
    const clip = await voices.say(sentence, MALE.has(session.voice) ? 'rms' : 'slt', session.speed)
    const sound = Buffer.from(await encodeClip(clip, FORMATS[session.output]))
    const perMs = BYTES_PER_MS[session.output]
    const { sound: type } = namesOf(shape)
    for (let from = 0; from < sound.length && this.#stopped === null; from += PIECE_MS * perMs) {
      const piece = sound.subarray(from, from + PIECE_MS * perMs)
      item.ms += piece.length / perMs
      send(`${type}.delta`, { ...at, delta: piece.toString('base64') })
      if (item.ms > AHEAD_MS) await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    }
  }

  #call(name: string, values: Record<string, unknown>): void {
    if (this.#stopped !== null) return
    const { newId, send } = this.#options
    const call = { name, id: newId('call'), arguments: JSON.stringify(values) }
    const item = newItem(newId('item'), { type: 'function_call', role: 'assistant', call, done: false })
    const { response_id, item_id, output_index } = this.#begin(item)
    const at = { response_id, item_id, output_index, call_id: call.id }
    for (const delta of call.arguments.match(/[\s\S]{1,12}/g) ?? []) {
      send('response.function_call_arguments.delta', { ...at, delta })
    }
    send('response.function_call_arguments.done', { ...at, name, arguments: call.arguments })
    this.#finish(item, { response_id, output_index })
  }
}
