/**
 * The carrier's sound of one call over a plain WebSocket (a stream never sleeps, and hibernation would cost
 * 10 µs a frame, measured). What comes is checked; what is wrong closes the socket with a reason, and the call goes on.
 */
import { base64FromBytes, bytesFromBase64 } from '../../media/base64.ts'
import { FRAME_BYTES } from '../../media/mulaw.ts'
import type { Outgoing } from '../../media/speech/playout.ts'
import { mediaCodec } from '../../providers/registry.ts'
import { MESSAGE_CHARS_MAX, type StreamMessage } from '../../providers/telephony/media-port.ts'

const { cheapPayload, readMessage, encode } = mediaCodec

/** A stream that does not begin within this time is closed. */
export const START_WITHIN_MS = 5_000
/** Frames that are no sound, in one stream. */
export const BAD_FRAMES_MAX = 50
/** base64 of the largest frame that the ear takes in one piece */
const FRAME_CHARS_MAX = 344

export interface MediaEvents {
  started(start: Extract<StreamMessage, { type: 'start' }>): void
  frame(payload: string): void
  mark(name: string): void
  digit(digit: string): void
  /** once; `why` is for the timeline */
  closed(why: string): void
}

export class MediaSocket {
  readonly #socket: WebSocket
  readonly #events: MediaEvents
  readonly #startTimer: ReturnType<typeof setTimeout>
  #streamSid: string | null = null
  #over = false
  #badFrames = 0

  constructor(socket: WebSocket, events: MediaEvents) {
    this.#socket = socket
    this.#events = events
    this.#startTimer = setTimeout(() => this.close(1008, 'no start within 5 s'), START_WITHIN_MS)
    socket.addEventListener('message', ({ data }) => this.#heard(data))
    socket.addEventListener('close', ({ code }) => this.#end(`closed with ${code}`))
    socket.addEventListener('error', () => this.#end('the connection broke'))
  }

  send(message: Outgoing): void {
    if (this.#over || this.#streamSid === null) return
    try {
      this.#socket.send(encode(this.#streamSid, message))
    } catch {
      this.#end('the connection broke')
    }
  }

  close(code: number, why: string): void {
    if (this.#over) return
    this.#end(why)
    try {
      this.#socket.close(code, why)
    } catch {
      // It was closed from the other side in the same moment.
    }
  }

  #end(why: string): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#startTimer)
    this.#events.closed(why)
  }

  #heard(data: unknown): void {
    if (this.#over) return
    if (typeof data !== 'string') return this.close(1003, 'text only')
    if (data.length > MESSAGE_CHARS_MAX) return this.close(1009, 'a message is too large')
    const payload = this.#streamSid === null ? null : cheapPayload(data)
    if (payload !== null) return this.#frame(payload)
    this.#act(readMessage(data))
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
        return this.#odd(message.why)
      default:
        if (this.#streamSid === null) return this.close(1008, `${message.type} before start`)
        if (message.type === 'media') return message.track === 'outbound' ? undefined : this.#frame(message.payload)
        if (message.type === 'mark') return this.#events.mark(message.name)
        return this.#events.digit(message.digit)
    }
  }

  #start(start: Extract<StreamMessage, { type: 'start' }>): void {
    if (this.#streamSid !== null) return this.close(1008, 'a second start')
    if (start.trouble !== null) return this.close(1003, start.trouble)
    clearTimeout(this.#startTimer)
    this.#streamSid = start.streamSid
    this.#events.started(start)
  }

  #frame(payload: string): void {
    try {
      if (payload.length <= FRAME_CHARS_MAX) this.#events.frame(payload)
      else for (const piece of pieces(payload)) this.#events.frame(piece)
    } catch {
      this.#odd('a frame that is no sound')
    }
  }

  /** Forgiven a few times: one broken message must not cost a conversation. */
  #odd(why: string): void {
    this.#badFrames += 1
    if (this.#badFrames > BAD_FRAMES_MAX) this.close(1007, why)
  }
}

/** A payload of any length as frames of 20 ms. */
function pieces(payload: string): string[] {
  const bytes = new Uint8Array(Math.ceil((payload.length * 3) / 4))
  const count = bytesFromBase64(payload, bytes)
  return Array.from({ length: Math.ceil(count / FRAME_BYTES) }, (_, at) =>
    base64FromBytes(bytes.subarray(at * FRAME_BYTES, Math.min(count, (at + 1) * FRAME_BYTES))),
  )
}
