/** Keypad digits inside the audio stream (RFC 4733, named telephone events). */

const DIGITS = '0123456789*#ABCD'

/**
 * Reads the event packets of one stream. An event is sent in many packets that share one timestamp; the digit is
 * reported with the first packet that arrives.
 */
export class TelephoneEvents {
  private lastTimestamp: number | null = null

  /** @returns the digit when this packet starts a new event, else null */
  read(payload: Uint8Array, timestamp: number): string | null {
    if (payload.length < 4 || timestamp === this.lastTimestamp) return null
    this.lastTimestamp = timestamp
    return DIGITS[payload[0] ?? 255] ?? null
  }
}

/** 10 below full scale, as loud as a person's keys (RFC 4733, 2.3.3). */
const VOLUME = 10
const END_BIT = 0x80
/**
 * A key and its gap are half a second, as in `media/tones.ts`. The event is shorter than its tone: while it lasts its
 * timestamp stands still, which the browser takes for jitter (58 ms for a quarter of a second, seen in Chromium 153).
 */
const KEY_FRAMES = 6
const GAP_FRAMES = 19
const WAIT_FRAMES = 25
/** The end of an event is sent three times, as one of the packets may be lost. */
const END_FRAMES = 3
export const KEYS_QUEUED_MAX = 200

export interface EventPacket {
  payload: Buffer
  /** how many packets before this one carried the same event: its timestamp is that of the first */
  frame: number
}

/** Sends keys as events: one packet beside each 20 ms frame of sound. */
export class KeySender {
  private readonly keys: string[] = []
  private key = ''
  private frame = 0

  add(keys: string): void {
    for (const key of keys) if (this.keys.length < KEYS_QUEUED_MAX) this.keys.push(key)
  }

  /** @returns the packet that goes with this frame; null when no key is down */
  next(ticksPerFrame: number): EventPacket | null {
    if (this.key === '') {
      this.key = this.keys.shift() ?? ''
      this.frame = 0
      if (this.key === '') return null
    }
    const { frame } = this
    const event = DIGITS.indexOf(this.key)
    const sounding = event < 0 ? 0 : KEY_FRAMES
    const wait = event >= 0 ? GAP_FRAMES : WAIT_FRAMES * (this.key === 'W' ? 2 : 1)
    this.frame += 1
    if (this.frame >= sounding + wait) this.key = ''
    if (frame >= sounding) return null
    const ended = frame >= sounding - END_FRAMES
    const ticks = Math.min(frame + 1, sounding - END_FRAMES + 1) * ticksPerFrame
    const payload = Buffer.from([event, (ended ? END_BIT : 0) | VOLUME, 0, 0])
    payload.writeUInt16BE(Math.min(ticks, 0xffff), 2)
    return { payload, frame }
  }
}
