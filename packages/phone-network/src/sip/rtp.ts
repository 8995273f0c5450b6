import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { FRAME_BYTES } from '../media/mulaw.ts'
import { KeySender, TelephoneEvents } from '../signalling/telephone-event.ts'
import { hearsUs, PCMU, type RemoteMedia } from './sdp.ts'

/** The sound of one SIP call: RTP with a packet every 20 ms (RFC 3550, 3551), keys as events among them. */

const HEADER_BYTES = 12
const PACKET_BYTES_MAX = 1_500
const VERSION_2 = 0x80
const MARKER = 0x80

export interface RtpEvents {
  /** µ-law from the phone, any length */
  onSound(mulaw: Uint8Array): void
  onDigit(digit: string): void
}

export class RtpSession {
  readonly #socket: Socket
  readonly #events: RtpEvents
  readonly #keys = new KeySender()
  readonly #heardKeys = new TelephoneEvents()
  readonly #ssrc = randomInt(0, 0x1_0000_0000)
  #sequence = randomInt(0, 0x1_0000)
  #timestamp = randomInt(0, 0x1_0000_0000)
  #remote: RemoteMedia | null = null
  #begun = false
  #closed = false
  port = 0
  /** packets of sound and keys that have come, and that were sent */
  received = 0
  sent = 0

  private constructor(socket: Socket, events: RtpEvents) {
    this.#socket = socket
    this.#events = events
  }

  static async open(address: string, events: RtpEvents): Promise<RtpSession> {
    const socket = createSocket('udp4')
    const session = new RtpSession(socket, events)
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, address, () => {
        socket.off('error', reject)
        resolve()
      })
    })
    // A phone that has gone answers with an ICMP error, which must not end the network.
    socket.on('error', () => undefined)
    socket.on('message', bytes => session.#take(bytes))
    session.port = socket.address().port
    return session
  }

  /** Where sound goes from now on; null: nowhere yet. */
  aim(remote: RemoteMedia | null): void {
    this.#remote = remote
  }

  /** One frame of the 20 ms clock. */
  send(frame: Uint8Array): void {
    const remote = this.#remote
    this.#sequence = (this.#sequence + 1) & 0xffff
    this.#timestamp = (this.#timestamp + FRAME_BYTES) >>> 0
    if (remote === null || this.#closed || !hearsUs(remote)) return
    const key = remote.events === null ? null : this.#keys.next(FRAME_BYTES)
    if (key === null) return this.#write(remote, PCMU, this.#timestamp, this.#begun ? 0 : MARKER, frame)
    const began = (this.#timestamp - key.frame * FRAME_BYTES) >>> 0
    this.#write(remote, remote.events as number, began, key.frame === 0 ? MARKER : 0, key.payload)
  }

  /** Keys that the network presses. */
  press(digits: string): void {
    this.#keys.add(digits)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.close()
  }

  #write(remote: RemoteMedia, type: number, timestamp: number, marker: number, payload: Uint8Array): void {
    const packet = Buffer.alloc(HEADER_BYTES + payload.length)
    packet[0] = VERSION_2
    packet[1] = marker | type
    packet.writeUInt16BE(this.#sequence, 2)
    packet.writeUInt32BE(timestamp, 4)
    packet.writeUInt32BE(this.#ssrc, 8)
    packet.set(payload, HEADER_BYTES)
    this.#begun = true
    this.sent += 1
    this.#socket.send(packet, remote.port, remote.address, () => undefined)
  }

  #take(bytes: Buffer): void {
    if (bytes.length <= HEADER_BYTES || bytes.length > PACKET_BYTES_MAX || ((bytes[0] ?? 0) & 0xc0) !== VERSION_2)
      return
    const first = bytes[0] as number
    const start = HEADER_BYTES + (first & 0x0f) * 4
    const extended = (first & 0x10) !== 0 && bytes.length >= start + 4
    const from = extended ? start + 4 + bytes.readUInt16BE(start + 2) * 4 : start
    const padding = (first & 0x20) !== 0 ? (bytes.at(-1) ?? 0) : 0
    const payload = bytes.subarray(from, bytes.length - padding)
    const type = (bytes[1] ?? 0) & 0x7f
    if (payload.length === 0) return
    this.received += 1
    if (type === PCMU) this.#events.onSound(payload)
    else if (type === this.#remote?.events) {
      const digit = this.#heardKeys.read(payload, bytes.readUInt32BE(4))
      if (digit !== null) this.#events.onDigit(digit)
    }
  }
}
