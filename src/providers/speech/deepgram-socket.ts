/**
 * Deepgram's text to speech over one socket per call, which saves a handshake per sentence. Sentences are sent one after
 * another, each with a Flush, whose answer marks its end. Flushes are limited (20 in 60 s); beyond that, and
 * without the socket, a sentence is sent by HTTP.
 * Source: developers.deepgram.com, "Text to Speech WebSocket" (Speak, Flush, Clear,
 * Close; Flushed, Cleared, Warning) and its "Limits".
 */
import { ProviderFailure } from '../failure.ts'
import { withoutSlash } from '../http.ts'
import { type Connect, connectByFetch, dial, objectOf, type ProviderSocket } from '../socket.ts'
import { DEEPGRAM_API } from '../transcription/deepgram.ts'
import { DEEPGRAM_VOICE, type DeepgramSpeechOptions, sayOverHttp, speakQuery } from './deepgram.ts'
import type { Speaker, Speech, SpeechOptions } from './port.ts'
import { rawMulaw } from './raw-mulaw.ts'

export const FLUSHES_MAX = 20
export const FLUSH_WINDOW_MS = 60_000

export interface DeepgramSocketOptions extends DeepgramSpeechOptions {
  connect?: Connect
  now?: () => number
}

export class DeepgramSocketSpeech implements Speech {
  readonly provider = 'deepgram'
  readonly #options: DeepgramSocketOptions

  constructor(options: DeepgramSocketOptions) {
    this.#options = options
  }

  async open(options: SpeechOptions, signal: AbortSignal): Promise<Speaker> {
    const { apiKey, baseUrl = DEEPGRAM_API, connect = connectByFetch, voice = DEEPGRAM_VOICE } = this.#options
    const speaker = new SocketSpeaker(this.#options, options.voice)
    const url = `${withoutSlash(baseUrl)}/v1/speak?${speakQuery(options.voice || voice)}`
    const headers: Record<string, string> = apiKey ? { Authorization: `Token ${apiKey}` } : {}
    speaker.start(await dial(this.provider, connect, { url, headers }, speaker.ears, signal))
    return speaker
  }
}

/** A sentence that waits to be sent or is being spoken. */
interface Sentence {
  text: string
  sound: Uint8Array[]
  state: 'waiting' | 'saying' | 'whole' | 'dropped'
  failure: ProviderFailure | null
  wake: () => void
}

class SocketSpeaker implements Speaker {
  readonly provider = 'deepgram'
  readonly ears = {
    text: (text: string) => this.#control(text),
    bytes: (bytes: Uint8Array) => this.#sound(bytes),
    closed: (code: number) => this.#lost(new ProviderFailure(this.provider, 'unavailable', `closed with ${code}`)),
  }
  readonly #options: DeepgramSocketOptions
  readonly #voice: string
  readonly #closed = new AbortController()
  #socket: ProviderSocket | null = null
  #queue: Sentence[] = []
  #saying: Sentence | null = null
  /** a Clear was sent: sound that arrives before its answer is dropped */
  #clearing = false
  #flushes: number[] = []

  constructor(options: DeepgramSocketOptions, voice: string) {
    this.#options = options
    this.#voice = voice
  }

  start(socket: ProviderSocket): void {
    this.#socket = socket
  }

  async *say(text: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const both = AbortSignal.any([signal, this.#closed.signal])
    if (both.aborted) return
    if (this.#socket === null || !this.#mayFlush()) {
      yield* sayOverHttp(this.#options, this.#voice, text, both)
      return
    }
    const sentence: Sentence = { text, sound: [], state: 'waiting', failure: null, wake: () => undefined }
    const wake = () => sentence.wake()
    both.addEventListener('abort', wake)
    this.#queue.push(sentence)
    this.#next()
    try {
      yield* rawMulaw(this.provider, heardOf(sentence, both))
    } finally {
      both.removeEventListener('abort', wake)
      this.#drop(sentence)
    }
  }

  close(): void {
    if (this.#closed.signal.aborted) return
    this.#closed.abort()
    this.#socket?.send('{"type":"Close"}')
    this.#socket?.close()
    this.#socket = null
  }

  /** Takes one Flush of the budget; false: none is left. It is taken when the sentence enters the queue. */
  #mayFlush(): boolean {
    const now = (this.#options.now ?? Date.now)()
    this.#flushes = this.#flushes.filter(at => now - at < FLUSH_WINDOW_MS)
    if (this.#flushes.length >= FLUSHES_MAX) return false
    this.#flushes.push(now)
    return true
  }

  #next(): void {
    if (this.#saying !== null || this.#clearing) return
    const sentence = this.#queue.shift()
    if (!sentence) return
    this.#saying = sentence
    sentence.state = 'saying'
    this.#socket?.send(JSON.stringify({ type: 'Speak', text: sentence.text }))
    this.#socket?.send('{"type":"Flush"}')
  }

  /** The rest of the sentence is not wanted. */
  #drop(sentence: Sentence): void {
    if (sentence.state === 'waiting') this.#queue = this.#queue.filter(one => one !== sentence)
    if (sentence.state === 'saying') {
      this.#clearing = true
      this.#saying = null
      this.#socket?.send('{"type":"Clear"}')
    }
    sentence.state = 'dropped'
  }

  #control(text: string): void {
    const type = objectOf(text)?.type
    if (type === 'Cleared') this.#clearing = false
    else if (type === 'Flushed' && !this.#clearing && this.#saying) {
      this.#saying.state = 'whole'
      this.#saying.wake()
      this.#saying = null
    } else if (type === 'Error')
      return this.#lost(new ProviderFailure(this.provider, 'refused', 'it reported an error'))
    this.#next()
  }

  #sound(bytes: Uint8Array): void {
    if (this.#clearing || this.#saying === null || bytes.length === 0) return
    this.#saying.sound.push(bytes)
    this.#saying.wake()
  }

  /** The socket is lost: all its sentences fail, and later ones are sent by HTTP. */
  #lost(failure: ProviderFailure): void {
    this.#socket?.close()
    this.#socket = null
    for (const sentence of [...(this.#saying ? [this.#saying] : []), ...this.#queue]) {
      sentence.failure = failure
      sentence.state = 'dropped'
      sentence.wake()
    }
    this.#saying = null
    this.#queue = []
  }
}

async function* heardOf(sentence: Sentence, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  while (!signal.aborted) {
    const piece = sentence.sound.shift()
    if (piece) yield piece
    else if (sentence.failure) throw sentence.failure
    else if (sentence.state === 'whole') return
    else
      await new Promise<void>(resolve => {
        sentence.wake = resolve
        // The signal may have aborted since the loop looked at it.
        if (signal.aborted) resolve()
      })
  }
}
