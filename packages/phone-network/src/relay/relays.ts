import type { Input } from '../engine/input.ts'
import type { RelayIntent } from '../engine/media-input.ts'
import { silence } from '../media/mulaw.ts'
import type { AudioPlane, Voices } from '../media/plane.ts'
import type { SoundFiles } from '../sound-files.ts'
import { estimateMs } from '../sounds.ts'
import { type Line, lineOf } from '../streams/frames.ts'
import type { WireOptions } from '../streams/wire.ts'
import { type RelayOrder, RelaySocket } from './relay-socket.ts'

/** All ConversationRelay sessions of the network. */

export interface RelaysOptions extends WireOptions {
  plane: AudioPlane | null
  voices: Voices | null
  files: SoundFiles
  take: (input: Input) => void
}

export class Relays {
  readonly #options: RelaysOptions
  readonly #line: Line
  readonly #sockets = new Map<string, RelaySocket>()

  constructor(options: RelaysOptions) {
    this.#options = options
    this.#line = lineOf(options.plane, options.time)
  }

  perform(intent: RelayIntent): void {
    if (intent.do === 'relay-open') return this.#open(intent)
    const socket = this.#sockets.get(intent.relaySid)
    if (intent.do === 'relay-began') return socket?.began()
    if (intent.do === 'relay-heard') return socket?.heard(intent.text)
    if (intent.do === 'relay-dtmf') return socket?.dtmf(intent.digits)
    this.#sockets.delete(intent.relaySid)
    socket?.stop()
  }

  get isBusy(): boolean {
    return [...this.#sockets.values()].some(socket => socket.isOpening)
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.cut()
    this.#sockets.clear()
  }

  #open(order: RelayOrder): void {
    const { relaySid, callSid } = order
    const { take, authToken, tunnels, time, files, voices } = this.#options
    const socket = new RelaySocket(order, {
      authToken,
      tunnels,
      time,
      line: this.#line,
      fetch: url => files.fetch(url),
      // When synthesis fails, the sentence is silent but takes its usual time.
      say: async (text, voice) =>
        (await voices?.say(text, voice ?? undefined).catch(() => undefined)) ?? silence(estimateMs(text)),
      said: text => take({ kind: 'relay.said', relaySid, text }),
      pressed: digits => take({ kind: 'relay.pressed', relaySid, digits }),
      complain: (code, message) => take({ kind: 'media.alerted', ownerSid: callSid, code, message }),
      over: how => {
        this.#sockets.delete(relaySid)
        take({ kind: 'relay.over', relaySid, ...how })
      },
    })
    this.#sockets.set(relaySid, socket)
  }
}
