/**
 * The media stream of one call over a plain WebSocket. (A stream never sleeps, and hibernation would cost 10 µs a frame,
 * measured.) Messages are checked; a wrong one closes the socket with a reason, and the call goes on.
 */
import type { Outgoing } from '../../../media/speech/playout.ts'
import type { MediaCodec, StreamMessage } from '../../../providers/telephony/media-port.ts'
import { base64FromBytes, bytesFromBase64 } from '../../../sound/base64.ts'
import { FRAME_BYTES } from '../../../sound/mulaw.ts'
import { CarrierSocket } from './carrier-socket.ts'

/** base64 of the largest frame that the conversation takes in one piece */
const FRAME_CHARS_MAX = 344

type Start = Extract<StreamMessage, { type: 'start' }>

export interface MediaEvents {
  started(start: Start): void
  frame(payload: string): void
  mark(name: string): void
  digit(digit: string): void
  /** Called once; `why` is for the timeline. */
  closed(why: string): void
}

export class MediaSocket {
  readonly #socket: CarrierSocket
  readonly #events: MediaEvents
  readonly #codec: MediaCodec
  #streamId: string | null = null

  constructor(socket: WebSocket, codec: MediaCodec, events: MediaEvents) {
    this.#events = events
    this.#codec = codec
    this.#socket = new CarrierSocket(socket, 'start', {
      text: text => this.#receive(text),
      closed: why => events.closed(why),
    })
  }

  send(message: Outgoing): void {
    if (this.#streamId !== null) this.#socket.send(this.#codec.encode(this.#streamId, message))
  }

  close(code: number, why: string): void {
    this.#socket.close(code, why)
  }

  #receive(text: string): void {
    const payload = this.#streamId === null ? null : this.#codec.cheapPayload(text)
    if (payload !== null) this.#frame(payload)
    else this.#act(this.#codec.readMessage(text))
  }

  #act(message: StreamMessage): void {
    switch (message.type) {
      case 'connected':
        return
      case 'start':
        return this.#start(message)
      case 'stop':
        return this.close(1000, 'stopped')
      case 'odd':
        return this.#socket.odd(message.why)
      default:
        if (this.#streamId === null) return this.close(1008, `${message.type} before start`)
        if (message.type === 'media') return message.track === 'outbound' ? undefined : this.#frame(message.payload)
        if (message.type === 'mark') return this.#events.mark(message.name)
        return this.#events.digit(message.digit)
    }
  }

  #start(start: Start): void {
    if (this.#streamId !== null) return this.close(1008, 'a second start')
    if (start.trouble !== null) return this.close(1003, start.trouble)
    this.#socket.begun()
    this.#streamId = start.streamId
    this.#events.started(start)
  }

  #frame(payload: string): void {
    try {
      if (payload.length <= FRAME_CHARS_MAX) this.#events.frame(payload)
      else for (const piece of pieces(payload)) this.#events.frame(piece)
    } catch {
      this.#socket.odd('a frame that is no sound')
    }
  }
}

/** Cuts a payload of any length into frames of 20 ms. */
function pieces(payload: string): string[] {
  const bytes = new Uint8Array(Math.ceil((payload.length * 3) / 4))
  const count = bytesFromBase64(payload, bytes)
  return Array.from({ length: Math.ceil(count / FRAME_BYTES) }, (_, at) =>
    base64FromBytes(bytes.subarray(at * FRAME_BYTES, Math.min(count, (at + 1) * FRAME_BYTES))),
  )
}
