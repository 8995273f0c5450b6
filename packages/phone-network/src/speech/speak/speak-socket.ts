import { type RawData, WebSocket } from 'ws'
import type { Voices } from '../../media/plane.ts'
import type { SpeechKnobs } from '../knobs.ts'
import { encodeClip } from './audio-format.ts'
import { sentencesOf, wholeSentences } from './sentences.ts'
import type { SpeakParameters } from './speak-parameters.ts'

/** `WS /v1/speak`: text in pieces, sound in pieces. https://developers.deepgram.com/docs/tts-websocket */

/** Characters that may wait to be spoken. */
export const WAITING_CHARS_MAX = 20_000
/** One `Speak` message: https://developers.deepgram.com/docs/tts-websocket (2,000 characters). */
export const SPEAK_CHARS_MAX = 2_000
/** https://developers.deepgram.com/docs/tts-ws-flush: 20 in 60 s. */
export const FLUSHES_MAX = 20
export const FLUSH_WINDOW_MS = 60_000
/** Sound goes out in pieces of at most this much, as the real one's does. */
const PIECE_BYTES = 4_000
/** A client that reads slower than this is cut off: the sound of minutes must not pile up here. */
const UNSENT_BYTES_MAX = 16 * 1024 * 1024

export interface SpeakSocketOptions {
  parameters: SpeakParameters
  voices: Voices
  knobs: SpeechKnobs
  now: () => number
  /** cut after the first sound */
  drop: boolean
}

type Job = { type: 'say'; text: string } | { type: 'flushed' } | { type: 'close' }

export class SpeakSocket {
  readonly #socket: WebSocket
  readonly #options: SpeakSocketOptions
  #text = ''
  #jobs: Job[] = []
  #working = false
  /** counts `Clear`: what was being made before it is thrown away */
  #generation = 0
  #sequence = 0
  #flushes: number[] = []

  constructor(socket: WebSocket, options: SpeakSocketOptions) {
    this.#socket = socket
    this.#options = options
    socket.on('message', (data, binary) => this.#take(data, binary))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#jobs = []
      this.#generation += 1
    })
    const { model } = options.parameters
    this.#send({
      type: 'Metadata',
      request_id: crypto.randomUUID(),
      model_name: model,
      model_version: 'demo',
      model_uuid: '00000000-0000-4000-8000-000000000002',
    })
  }

  #send(message: unknown): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #warn(code: string, description: string): void {
    this.#send({ type: 'Warning', code, description })
  }

  #fail(code: string, description: string): void {
    this.#send({ type: 'Error', err_code: code, code, description })
    this.#socket.close(1008, code)
  }

  #take(data: RawData, binary: boolean): void {
    let message: unknown
    try {
      message = binary ? null : JSON.parse(String(data))
    } catch {
      message = null
    }
    if (typeof message !== 'object' || message === null) return this.#fail('DATA-0000', 'The message is not JSON.')
    const { type, text } = message as { type?: unknown; text?: unknown }
    if (type === 'Speak') return this.#speak(text)
    if (type === 'Flush') return this.#flush()
    if (type === 'Clear') return this.#clear()
    if (type !== 'Close') return this.#fail('DATA-0001', `Unknown message type ${JSON.stringify(type)}.`)
    this.#sayRest()
    this.#enqueue({ type: 'close' })
  }

  #speak(text: unknown): void {
    if (typeof text !== 'string') return this.#fail('DATA-0001', 'Speak needs a text.')
    if (text.length > SPEAK_CHARS_MAX)
      return this.#fail('DATA-0001', `Speak takes at most ${SPEAK_CHARS_MAX} characters.`)
    const waiting = this.#jobs.reduce((sum, job) => sum + (job.type === 'say' ? job.text.length : 0), this.#text.length)
    if (waiting + text.length > WAITING_CHARS_MAX)
      return this.#warn('CHARACTER_LIMIT', 'Too much text waits; this was dropped.')
    const { whole, rest } = wholeSentences(this.#text + text)
    this.#text = rest
    for (const sentence of whole) this.#enqueue({ type: 'say', text: sentence })
  }

  #sayRest(): void {
    for (const sentence of sentencesOf(this.#text)) this.#enqueue({ type: 'say', text: sentence })
    this.#text = ''
  }

  #flush(): void {
    const now = this.#options.now()
    this.#flushes = this.#flushes.filter(at => now - at < FLUSH_WINDOW_MS)
    if (this.#flushes.length >= FLUSHES_MAX) {
      return this.#warn('EXCESSIVE_FLUSH', `At most ${FLUSHES_MAX} flushes in ${FLUSH_WINDOW_MS / 1_000} s.`)
    }
    this.#flushes.push(now)
    this.#sayRest()
    this.#enqueue({ type: 'flushed' })
  }

  #clear(): void {
    this.#generation += 1
    this.#text = ''
    this.#jobs = []
    this.#send({ type: 'Cleared', sequence_id: this.#nextSequence() })
  }

  #nextSequence(): number {
    this.#sequence += 1
    return this.#sequence - 1
  }

  #enqueue(job: Job): void {
    this.#jobs.push(job)
    if (!this.#working) void this.#work()
  }

  async #work(): Promise<void> {
    this.#working = true
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      if (job.type === 'say') await this.#utter(job.text)
      else if (job.type === 'flushed') this.#send({ type: 'Flushed', sequence_id: this.#nextSequence() })
      else this.#socket.close(1000)
    }
    this.#working = false
  }

  async #utter(text: string): Promise<void> {
    const { parameters, voices, knobs, drop } = this.#options
    const generation = this.#generation
    try {
      await new Promise(resolve => setTimeout(resolve, knobs.delayMs('speak')))
      const clip = await voices.say(text, parameters.voice, parameters.speed)
      const sound = await encodeClip(clip, parameters.format)
      if (generation !== this.#generation) return
      for (let at = 0; at < sound.length; at += PIECE_BYTES) this.#socket.send(sound.subarray(at, at + PIECE_BYTES))
      if (drop || this.#socket.bufferedAmount > UNSENT_BYTES_MAX) this.#socket.terminate()
    } catch (error) {
      this.#fail('NET-0000', error instanceof Error ? error.message : String(error))
    }
  }
}
