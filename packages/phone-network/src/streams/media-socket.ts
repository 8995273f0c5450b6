import type { MediaIntent, Track } from '../engine/media-input.ts'
import { FRAME_MS } from '../media/mulaw.ts'
import { PlayoutQueue } from '../media/playout-queue.ts'
import type { Line } from './frames.ts'
import { UNSENT_BYTES_MAX, Wire, type WireOptions } from './wire.ts'

/** One Media Stream: https://www.twilio.com/docs/voice/media-streams/websocket-messages */

/** Limit of one program's errors that are logged; further ones are only counted. */
const COMPLAINTS_MAX = 10
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

export type StreamOrder = Extract<MediaIntent, { do: 'stream-open' }>

export interface MediaSocketOptions extends WireOptions {
  accountSid: string
  line: Line
  opened(): void
  lost(code: number, message: string, wasOpen: boolean): void
  complain(code: number, message: string): void
}

/** https://www.twilio.com/docs/api/errors/31921 */
const CONNECTION_LOST = 31921

type Message = Record<string, unknown>

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export class MediaSocket {
  readonly #order: StreamOrder
  readonly #options: MediaSocketOptions
  readonly #wire: Wire
  readonly #playout = new PlayoutQueue()
  #unlisten: (() => void) | null = null
  #wasOpen = false
  #sequence = 0
  #chunks = 0
  #frames = 0
  #complaints = 0
  /** whether it has been reported that the program reads too slowly */
  #dropping = false

  constructor(order: StreamOrder, options: MediaSocketOptions) {
    this.#order = order
    this.#options = options
    this.#wire = new Wire(order.url, options, {
      open: () => this.#start(),
      message: text => this.#take(text),
      lost: (code, message) => {
        this.#silence()
        options.lost(code, message, this.#wasOpen)
      },
    })
  }

  get callSid(): string {
    return this.#order.callSid
  }

  get isOpening(): boolean {
    return this.#wire.opening
  }

  dtmf(digits: string): void {
    for (const digit of digits) this.#send('dtmf', { dtmf: { track: 'inbound_track', digit } })
  }

  /** The call or the stream is over. */
  stop(): void {
    this.#silence()
    const { callSid } = this.#order
    if (this.#wasOpen) this.#send('stop', { stop: { accountSid: this.#options.accountSid, callSid } })
    this.#wire.close()
  }

  cut(): void {
    this.#silence()
    this.#wire.cut()
  }

  /** A fault: the connection breaks without a closing frame, and the call is told. */
  lose(): void {
    this.cut()
    this.#options.lost(CONNECTION_LOST, 'Stream - WebSocket: the connection was lost (fault)', this.#wasOpen)
  }

  #silence(): void {
    this.#unlisten?.()
    this.#unlisten = null
  }

  #start(): void {
    const { callSid, streamSid, tracks, parameters, bidirectional } = this.#order
    const { accountSid, line } = this.#options
    this.#wasOpen = true
    this.#wire.send({ event: 'connected', protocol: 'Call', version: '1.0.0' })
    this.#send('start', {
      start: {
        accountSid,
        streamSid,
        callSid,
        tracks,
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
        customParameters: parameters,
      },
    })
    this.#unlisten = line.listen(
      callSid,
      (says, hears) => this.#hear(says, hears),
      bidirectional ? out => this.#playout.pull(out) : null,
    )
    this.#options.opened()
  }

  #send(event: string, more: Message): void {
    this.#sequence += 1
    const { streamSid } = this.#order
    this.#wire.send({ event, sequenceNumber: String(this.#sequence), streamSid, ...more })
  }

  /** One frame of the call. */
  #hear(says: Uint8Array, hears: Uint8Array): void {
    this.#frames += 1
    if (this.#wire.unsentBytes > UNSENT_BYTES_MAX) {
      if (!this.#dropping) this.#options.complain(31930, 'Stream: the server reads too slowly; sound was dropped')
      this.#dropping = true
    } else {
      this.#dropping = false
      for (const track of this.#order.tracks) this.#media(track, track === 'inbound' ? says : hears)
    }
    this.#tellMarks(this.#playout.reached())
  }

  #media(track: Track, frame: Uint8Array): void {
    this.#chunks += 1
    const timestamp = String((this.#frames - 1) * FRAME_MS)
    const payload = Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString('base64')
    this.#send('media', { media: { track, chunk: String(this.#chunks), timestamp, payload } })
  }

  #complain(why: string): void {
    this.#complaints += 1
    if (this.#complaints > COMPLAINTS_MAX) return
    const last = this.#complaints === COMPLAINTS_MAX ? ' (further ones are not told)' : ''
    this.#options.complain(31924, `Stream - WebSocket - Protocol Error: ${why}${last}`)
  }

  #take(text: string | null): void {
    if (text === null) return this.#complain('a binary message')
    let message: unknown
    try {
      message = JSON.parse(text)
    } catch {
      return this.#complain('a message that is not JSON')
    }
    if (!isMessage(message)) return this.#complain('a message that is not an object')
    if (!this.#order.bidirectional) return this.#complain('a message on a stream of <Start>, which is only heard')
    if (message.streamSid !== this.#order.streamSid) return this.#complain('a message with another streamSid')
    if (message.event === 'media') return this.#play(message.media)
    if (message.event === 'mark') return this.#mark(message.mark)
    if (message.event !== 'clear') return this.#complain(`an event that does not exist: ${String(message.event)}`)
    this.#tellMarks(this.#playout.clear())
  }

  #tellMarks(names: string[]): void {
    for (const name of names) this.#send('mark', { mark: { name } })
  }

  #play(media: unknown): void {
    const payload = isMessage(media) ? media.payload : null
    if (typeof payload !== 'string' || !BASE64.test(payload)) return this.#complain('media without a base64 payload')
    if (!this.#playout.push(new Uint8Array(Buffer.from(payload, 'base64')))) {
      this.#complain('more sound than the network keeps; it was dropped')
    }
  }

  #mark(mark: unknown): void {
    const name = isMessage(mark) ? mark.name : null
    if (typeof name !== 'string') return this.#complain('a mark without a name')
    if (!this.#playout.mark(name)) return this.#complain('too many marks wait')
    if (this.#playout.waitingBytes === 0) this.#tellMarks(this.#playout.reached())
  }
}
