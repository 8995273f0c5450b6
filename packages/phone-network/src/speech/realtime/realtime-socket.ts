import { type RawData, WebSocket } from 'ws'
import type { Voices } from '../../media/plane.ts'
import type { Script } from '../dialogue/script-file.ts'
import { type Reply, replyOf } from '../dialogue/walk.ts'
import type { SpeechKnobs } from '../knobs.ts'
import type { Result } from '../listen/listener.ts'
import type { Recogniser } from '../listen/recogniser.ts'
import type { Grammar } from '../listen/recogniser-messages.ts'
import { Answer } from './answer.ts'
import { type Item, newItem, orderedWords, turnsOf } from './conversation.ts'
import { Ear } from './ear.ts'
import { Items } from './items.ts'
import { type Fields, fieldsOf, isFields, RealtimeError, textOf } from './realtime-error.ts'
import { newSession, type Session, type Shape, sessionView } from './session.ts'
import { speaks, updated } from './session-update.ts'

/** One `WS /v1/realtime`: OpenAI's Realtime, answered by a script, with turns found in the caller's sound. */

/** https://platform.openai.com/docs/api-reference/realtime-client-events/input_audio_buffer/commit */
const COMMIT_MS_MIN = 100
const EVENTS = [
  'session.update',
  'input_audio_buffer.append',
  'input_audio_buffer.commit',
  'input_audio_buffer.clear',
  'conversation.item.create',
  'conversation.item.retrieve',
  'conversation.item.truncate',
  'conversation.item.delete',
  'response.create',
  'response.cancel',
]

export interface RealtimeOptions {
  model: string
  shape: Shape
  script: Script
  grammar: Grammar
  recogniser: Recogniser
  voices: Voices
  knobs: SpeechKnobs
  /** nothing is answered: the model's variant `silent` */
  silent: boolean
  /** cut after the first event */
  drop: boolean
}

export class RealtimeSocket {
  readonly #socket: WebSocket
  readonly #options: RealtimeOptions
  readonly #items: Items
  #session: Session
  #ear: Ear
  /** length of the sound before the present ear */
  #earlierMs = 0
  #answer: Answer | null = null
  #answering: Promise<void> = Promise.resolve()
  /** the item of the turn that is being heard */
  #turnId: string | null = null
  /** words of a turn that was too long for one utterance */
  #words: string[] = []
  /** turns that the client has ended, whose words are still to come */
  #asked: string[] = []
  #ids = 0
  #hasSpoken = false
  #sending: Promise<void> = Promise.resolve()

  constructor(socket: WebSocket, options: RealtimeOptions) {
    this.#socket = socket
    this.#options = options
    this.#items = new Items(
      options.shape,
      (type, fields) => this.#send(type, fields),
      prefix => this.#newId(prefix),
    )
    this.#session = newSession(this.#newId('sess'), options.model)
    this.#ear = this.#newEar()
    socket.on('message', (data, binary) => this.#take(data, binary))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#ear.close()
      this.#answer?.stop('client_cancelled')
    })
    this.#send('session.created', { session: sessionView(this.#session, options.shape) })
    if (options.shape === 'beta') {
      this.#send('conversation.created', { conversation: { id: this.#newId('conv'), object: 'realtime.conversation' } })
    }
  }

  #newId(prefix: string): string {
    this.#ids += 1
    return `${prefix}_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}${String(this.#ids).padStart(4, '0')}`
  }

  /** Sends in order, with the delay that is set. */
  #send(type: string, fields: Fields): void {
    const { knobs, drop } = this.#options
    const text = JSON.stringify({ type, event_id: this.#newId('event'), ...fields })
    this.#sending = this.#sending.then(async () => {
      const delayMs = knobs.delayMs('realtime')
      if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs))
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text)
      if (drop) this.#socket.terminate()
    })
  }

  #take(data: RawData, binary: boolean): void {
    this.#guarded(null, () => {
      const event = readEvent(data, binary)
      this.#guarded(typeof event.event_id === 'string' ? event.event_id : null, () => this.#perform(event))
    })
  }

  /** The client is told the fault of its event, and the session goes on. */
  #guarded(event_id: string | null, run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof RealtimeError)) throw error
      const { message, code, param } = error
      this.#send('error', { error: { type: 'invalid_request_error', code, message, param, event_id } })
    }
  }

  #perform(event: Fields): void {
    switch (event.type) {
      case 'session.update':
        return this.#update(event.session)
      case 'input_audio_buffer.append':
        return this.#ear.push(soundOf(event.audio))
      case 'input_audio_buffer.commit':
        return this.#commit()
      case 'input_audio_buffer.clear':
        this.#renewEar()
        return this.#send('input_audio_buffer.cleared', {})
      case 'conversation.item.create':
        return this.#items.create(event.item)
      case 'conversation.item.retrieve':
        return this.#items.retrieve(event)
      case 'conversation.item.truncate':
        return this.#items.truncate(event)
      case 'conversation.item.delete':
        return this.#items.remove(event)
      case 'response.create':
        return this.#respond(event.response)
      case 'response.cancel':
        if (this.#answer) return this.#answer.stop('client_cancelled')
        throw new RealtimeError('Cancellation failed: no active response found', 'response_cancel_not_active')
      default: {
        const names = EVENTS.map(name => `'${name}'`).join(', ')
        throw new RealtimeError(
          `Invalid value: '${String(event.type)}'. Supported values are: ${names}.`,
          'invalid_value',
          'type',
        )
      }
    }
  }

  #update(value: unknown): void {
    const before = this.#session
    this.#session = updated(before, value, this.#options.shape, this.#hasSpoken)
    const { input, turnDetection } = this.#session
    if (input !== before.input || turnDetection !== before.turnDetection) this.#renewEar()
    this.#send('session.updated', { session: sessionView(this.#session, this.#options.shape) })
  }

  // ---- hearing

  #newEar(): Ear {
    const { recogniser, grammar } = this.#options
    return new Ear(recogniser, grammar, this.#session.input, this.#session.turnDetection, {
      started: atMs => this.#turnBegan(atMs),
      stopped: atMs => this.#turnOver(atMs),
      partial: () => undefined,
      final: result => this.#heard(result),
      failed: error => this.#send('error', { error: { type: 'server_error', code: null, message: error.message } }),
    })
  }

  #renewEar(): void {
    this.#ear.close()
    this.#earlierMs += this.#ear.nowMs
    this.#turnId = null
    this.#ear = this.#newEar()
  }

  #turnBegan(atMs: number): void {
    const { turnDetection } = this.#session
    if (turnDetection === null) return
    this.#turnId = this.#newId('item')
    const audio_start_ms = Math.max(0, Math.round(this.#earlierMs + atMs - turnDetection.prefixPaddingMs))
    this.#send('input_audio_buffer.speech_started', { audio_start_ms, item_id: this.#turnId })
    if (turnDetection.interruptResponse) this.#answer?.stop('turn_detected')
  }

  #turnOver(atMs: number): void {
    if (this.#turnId === null) return
    const item_id = this.#turnId
    this.#turnId = null
    this.#send('input_audio_buffer.speech_stopped', { audio_end_ms: Math.round(this.#earlierMs + atMs), item_id })
    this.#commitTurn(item_id)
  }

  /** The client ends the turn itself. */
  #commit(): void {
    if (this.#ear.bufferedMs < COMMIT_MS_MIN) {
      throw new RealtimeError(
        `Error committing input audio buffer: buffer too small. Expected at least ${COMMIT_MS_MIN}ms of audio, but buffer only has ${this.#ear.bufferedMs.toFixed(2)}ms of audio.`,
        'input_audio_buffer_commit_empty',
      )
    }
    // A turn that was detected is over now; without one, the whole buffer is a turn.
    if (this.#turnId === null) this.#commitTurn(this.#newId('item'))
    this.#ear.commit()
  }

  #commitTurn(id: string): void {
    const item = newItem(id, { spoken: true })
    const previous_item_id = this.#items.add(item)
    this.#asked.push(id)
    this.#send('input_audio_buffer.committed', { previous_item_id, item_id: id })
    this.#items.tellCreated(item, previous_item_id)
  }

  #heard({ text, asked }: Result): void {
    if (text !== '') this.#words.push(text)
    // A long turn that the client ends itself is heard in pieces; the last one is the one that was asked for.
    if (this.#session.turnDetection === null && !asked) return
    const id = this.#asked.shift()
    if (id === undefined) return
    const words = this.#words.join(' ')
    this.#words = []
    const item = this.#items.get(id)
    if (item) item.text = words
    if (this.#session.transcription !== null) {
      const at = { item_id: id, content_index: 0 }
      const type = 'conversation.item.input_audio_transcription'
      if (words !== '') this.#send(`${type}.delta`, { ...at, delta: words })
      this.#send(`${type}.completed`, { ...at, transcript: words })
    }
    // Speech that began meanwhile is a turn of its own, and is answered when it is over.
    if (this.#session.turnDetection?.createResponse && this.#turnId === null) this.#respondToTurn()
  }

  /** An answer that the caller has cut off first comes to its end. */
  #respondToTurn(): void {
    if (this.#answer?.isStopping) {
      void this.#answering.then(() => this.#respondToTurn())
      return
    }
    this.#guarded(null, () => this.#respond(undefined))
  }

  // ---- answering

  #respond(value: unknown): void {
    if (this.#answer) {
      throw new RealtimeError(
        `Conversation already has an active response in progress: ${this.#answer.id}. Wait until the response is finished before creating a new one.`,
        'conversation_already_has_active_response',
      )
    }
    const wanted = value === undefined ? {} : fieldsOf(value, 'response')
    const { instructions } = wanted
    const modalities = wanted.output_modalities ?? wanted.modalities
    const speaksNow = modalities === undefined ? this.#session.speaks : speaks(modalities, 'response.output_modalities')
    const order = instructions === undefined ? null : textOf(instructions, 'response.instructions')
    if (this.#options.silent) return
    const { shape, voices } = this.#options
    if (speaksNow) this.#hasSpoken = true
    const answer = new Answer({
      id: this.#newId('resp'),
      shape,
      session: this.#session,
      speaks: speaksNow,
      voices,
      reply: this.#reply(order),
      newId: prefix => this.#newId(prefix),
      send: (type, fields) => this.#send(type, fields),
      add: item => this.#items.add(item),
      usage: items => usageOf(this.#items.all, items),
    })
    this.#answer = answer
    this.#answering = answer.run().then(() => {
      this.#answer = null
    })
  }

  #reply(order: string | null): Reply {
    const { script } = this.#options
    const { instructions, tools, toolChoice } = this.#session
    const last = this.#items.all.at(-1)
    const written = last?.role === 'user' && !last.spoken ? last.text : ''
    const exactly = (order === null ? null : orderedWords(order)) ?? orderedWords(written)
    if (exactly !== null) return { text: exactly, calls: [] }
    const offers = (tool: string): boolean => toolChoice !== 'none' && tools.some(each => each.name === tool)
    return replyOf(
      script,
      turnsOf(order === null ? instructions : `${instructions}\n${order}`, this.#items.all),
      offers,
    )
  }
}

function readEvent(data: RawData, binary: boolean): Fields {
  let value: unknown
  try {
    value = binary ? null : JSON.parse(String(data))
  } catch {
    value = null
  }
  if (isFields(value)) return value
  throw new RealtimeError('We could not parse the JSON of your message.', 'invalid_json')
}

function soundOf(value: unknown): Buffer {
  const text = textOf(value, 'audio')
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0) return Buffer.from(text, 'base64')
  throw new RealtimeError(
    "Invalid 'audio'. Expected base64-encoded audio bytes, but got an invalid value.",
    'invalid_value',
    'audio',
  )
}

/** Estimate of the number of tokens: four characters are about one. */
function usageOf(before: readonly Item[], made: readonly Item[]): Fields {
  const count = (items: readonly Item[]) => items.reduce((sum, item) => sum + Math.ceil(item.text.length / 4) + 4, 0)
  const [input_tokens, output_tokens] = [count(before) - count(made), count(made)]
  return { total_tokens: input_tokens + output_tokens, input_tokens, output_tokens }
}
