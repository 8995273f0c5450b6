import { MESSAGE_BYTES_MAX } from './message.ts'

/** Cuts the messages out of a TCP stream by their Content-Length (RFC 3261, 18.3). */

export type Cut = { kind: 'message'; bytes: Buffer } | { kind: 'ping' } | { kind: 'broken' }

const PING = '\r\n\r\n'

export class SipStream {
  #held = Buffer.alloc(0)

  /** What has become complete with these bytes. After `broken` the connection is of no use. */
  push(bytes: Buffer): Cut[] {
    this.#held = Buffer.concat([this.#held, bytes])
    const cuts: Cut[] = []
    for (let cut = this.#next(); cut !== null; cut = this.#next()) {
      cuts.push(cut)
      if (cut.kind === 'broken') break
    }
    return cuts
  }

  #next(): Cut | null {
    const held = this.#held
    if (held.subarray(0, 4).toString('latin1') === PING) {
      this.#held = held.subarray(4)
      return { kind: 'ping' }
    }
    // A lone line end before a message means nothing; the second half of a ping may still be on its way.
    if (held.length > 2 && held.subarray(0, 2).toString('latin1') === '\r\n' && held[2] !== 0x0d) {
      this.#held = held.subarray(2)
      return this.#next()
    }
    const end = held.indexOf(PING)
    if (end < 0) return held.length > MESSAGE_BYTES_MAX ? { kind: 'broken' } : null
    const head = held.subarray(0, end).toString('latin1')
    const length = /^(?:content-length|l)[ \t]*:[ \t]*(\d{1,6})[ \t]*$/im.exec(head)
    // Without a length nobody knows where the next message begins.
    if (length === null || Number(length[1]) > MESSAGE_BYTES_MAX) return { kind: 'broken' }
    const whole = end + 4 + Number(length[1])
    if (held.length < whole) return null
    this.#held = held.subarray(whole)
    return { kind: 'message', bytes: held.subarray(0, whole) }
  }
}
