import type { Input } from '../engine/input.ts'
import type { MediaIntent } from '../engine/media-input.ts'
import type { AudioPlane } from '../media/plane.ts'
import { type Line, lineOf } from './frames.ts'
import { MediaSocket, type StreamOrder } from './media-socket.ts'
import type { WireOptions } from './wire.ts'

/** All Media Streams of the network. */

export interface MediaStreamsOptions extends WireOptions {
  accountSid: string
  plane: AudioPlane | null
  take: (input: Input) => void
}

export class MediaStreams {
  readonly #options: MediaStreamsOptions
  readonly #line: Line
  readonly #sockets = new Map<string, MediaSocket>()

  constructor(options: MediaStreamsOptions) {
    this.#options = options
    this.#line = lineOf(options.plane, options.time)
  }

  perform(intent: Extract<MediaIntent, { streamSid: string }>): void {
    if (intent.do === 'stream-open') return this.#open(intent)
    const socket = this.#sockets.get(intent.streamSid)
    if (intent.do === 'stream-dtmf') return socket?.dtmf(intent.digits)
    this.#sockets.delete(intent.streamSid)
    socket?.stop()
  }

  /** A fault: the streams of a call break. Returns how many there were. */
  lose(callSid: string): number {
    const broken = [...this.#sockets.values()].filter(socket => socket.callSid === callSid)
    for (const socket of broken) socket.lose()
    return broken.length
  }

  get isBusy(): boolean {
    return [...this.#sockets.values()].some(socket => socket.isOpening)
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.cut()
    this.#sockets.clear()
  }

  #open(order: StreamOrder): void {
    const { streamSid, callSid } = order
    const { take, authToken, tunnels, time, accountSid } = this.#options
    const socket = new MediaSocket(order, {
      authToken,
      tunnels,
      time,
      accountSid,
      line: this.#line,
      opened: () => take({ kind: 'stream.opened', streamSid }),
      lost: (code, message, wasOpen) => {
        this.#sockets.delete(streamSid)
        take({ kind: 'stream.lost', streamSid, code, message, wasOpen })
      },
      complain: (code, message) => take({ kind: 'media.alerted', ownerSid: callSid, code, message }),
    })
    this.#sockets.set(streamSid, socket)
  }
}
