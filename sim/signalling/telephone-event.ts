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
