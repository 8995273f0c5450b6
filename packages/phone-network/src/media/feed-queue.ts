import { FRAME_BYTES } from './mulaw.ts'

/** Sound from outside waits at most this long before the oldest of it is dropped. */
export const FEED_LIMIT_MS = 200
const FEED_LIMIT_BYTES = FEED_LIMIT_MS * 8
/** How many frames may be gathered before playing after a gap. */
const MAX_CUSHION_FRAMES = 3
/** Without a frame for this many ticks the party's microphone counts as gone. */
const STALE_TICKS = 50
/** A queue that never ran low in this many ticks has more delay than it needs. */
const TRIM_WINDOW_TICKS = 50

/**
 * An adaptive jitter buffer between another clock (a browser, a microphone page) and the 20 ms tick. It starts without
 * a cushion. A gap makes the cushion one frame larger, to 60 ms at most. A second in which at least one frame always
 * waited takes one frame out, which also keeps two drifting clocks together.
 */
export class FeedQueue {
  private readonly bytes = new Uint8Array(FEED_LIMIT_BYTES)
  private start = 0
  private length = 0
  private cushionFrames = 1
  private gathering = true
  private idleTicks = STALE_TICKS
  private windowTicks = 0
  private leastWaiting = FEED_LIMIT_BYTES
  /** Bytes that were dropped because the reader was too slow or the cushion too large. */
  droppedBytes = 0
  /** Times the sound ran out while the party was live. */
  gaps = 0

  /** Whether frames arrive from a microphone at present. */
  get live(): boolean {
    return this.idleTicks < STALE_TICKS
  }

  push(frame: Uint8Array): void {
    const kept = frame.length > FEED_LIMIT_BYTES ? frame.subarray(frame.length - FEED_LIMIT_BYTES) : frame
    this.droppedBytes += frame.length - kept.length
    if (this.length + kept.length > FEED_LIMIT_BYTES) this.drop(this.length + kept.length - FEED_LIMIT_BYTES)
    for (let i = 0; i < kept.length; i++) {
      this.bytes[(this.start + this.length + i) % FEED_LIMIT_BYTES] = kept[i] as number
    }
    this.length += kept.length
    this.idleTicks = 0
  }

  /** Copy one frame into `out`. False when there is nothing to hear in this tick. */
  pull(out: Uint8Array): boolean {
    this.idleTicks++
    if (this.gathering && this.length < this.cushionFrames * FRAME_BYTES) return false
    if (this.length < FRAME_BYTES) {
      this.gathering = true
      if (this.live) {
        this.gaps++
        this.cushionFrames = Math.min(this.cushionFrames + 1, MAX_CUSHION_FRAMES)
      }
      return false
    }
    this.gathering = false
    for (let i = 0; i < FRAME_BYTES; i++) out[i] = this.bytes[(this.start + i) % FEED_LIMIT_BYTES] as number
    this.start = (this.start + FRAME_BYTES) % FEED_LIMIT_BYTES
    this.length -= FRAME_BYTES
    this.trim()
    return true
  }

  private trim(): void {
    this.leastWaiting = Math.min(this.leastWaiting, this.length)
    if (++this.windowTicks < TRIM_WINDOW_TICKS) return
    if (this.leastWaiting >= FRAME_BYTES) {
      this.drop(FRAME_BYTES)
      this.cushionFrames = Math.max(1, this.cushionFrames - 1)
    }
    this.windowTicks = 0
    this.leastWaiting = FEED_LIMIT_BYTES
  }

  private drop(bytes: number): void {
    const count = Math.min(bytes, this.length)
    this.start = (this.start + count) % FEED_LIMIT_BYTES
    this.length -= count
    this.droppedBytes += count
  }
}
