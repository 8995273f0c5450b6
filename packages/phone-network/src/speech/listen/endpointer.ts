/** Detects where speech begins and ends in a stream, by its loudness above a floor that follows the noise. Pure. */

export const HZ = 8_000
export const FRAME_MS = 20
const FRAME_SAMPLES = (HZ * FRAME_MS) / 1_000
/**
 * The loudness (RMS of 16-bit samples) above which sound is never silence, and the factor by which speech exceeds the
 * noise.
 */
const LOUD_MIN = 150
const ABOVE_FLOOR = 3
/** The floor follows quieter frames at once, and louder ones so slowly that a sentence does not lift it. */
const FLOOR_RISE = 1.006
const FLOOR_MAX = 2_000
/** How many of the last frames must be loud. */
const OPENS_AFTER = 3
const WINDOW = 5

export type EndpointEvent = { type: 'began'; atMs: number } | { type: 'ended'; atMs: number }

export class Endpointer {
  readonly #hangMs: number
  #rest = new Int16Array(0)
  #frames = 0
  #floor = 50
  #recent: boolean[] = []
  #open = false
  #loudUntilMs = 0

  /** @param hangMs silence that ends speech; Infinity: only `reset` does */
  constructor(hangMs: number) {
    this.#hangMs = hangMs
  }

  get open(): boolean {
    return this.#open
  }

  /** When the last loud frame ended. */
  get loudUntilMs(): number {
    return this.#loudUntilMs
  }

  /** Samples at 8 kHz, cut anywhere. Times are of the stream. */
  push(samples: Int16Array): EndpointEvent[] {
    const line = new Int16Array(this.#rest.length + samples.length)
    line.set(this.#rest)
    line.set(samples, this.#rest.length)
    const events: EndpointEvent[] = []
    let at = 0
    for (; at + FRAME_SAMPLES <= line.length; at += FRAME_SAMPLES) {
      const event = this.#frame(line.subarray(at, at + FRAME_SAMPLES))
      if (event) events.push(event)
    }
    this.#rest = line.slice(at)
    return events
  }

  /** Ends the present speech; if it continues, it begins again. */
  reset(): void {
    this.#open = false
    this.#recent = []
  }

  #frame(frame: Int16Array): EndpointEvent | null {
    let sum = 0
    for (const sample of frame) sum += sample * sample
    const rms = Math.sqrt(sum / frame.length)
    this.#floor = Math.min(FLOOR_MAX, rms < this.#floor ? Math.max(20, rms) : this.#floor * FLOOR_RISE)
    const loud = rms > Math.max(LOUD_MIN, this.#floor * ABOVE_FLOOR)
    this.#frames += 1
    const nowMs = this.#frames * FRAME_MS
    this.#recent.push(loud)
    if (this.#recent.length > WINDOW) this.#recent.shift()
    if (loud) this.#loudUntilMs = nowMs
    if (!this.#open && this.#recent.filter(each => each).length >= OPENS_AFTER) {
      this.#open = true
      return { type: 'began', atMs: nowMs - (this.#recent.length - this.#recent.indexOf(true)) * FRAME_MS }
    }
    if (this.#open && nowMs - this.#loudUntilMs >= this.#hangMs) {
      this.reset()
      return { type: 'ended', atMs: this.#loudUntilMs }
    }
    return null
  }
}
