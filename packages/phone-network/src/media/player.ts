import { decode, FRAME_BYTES } from './mulaw.ts'
import type { Clip } from './plane.ts'

/** Plays one clip, 20 ms at a time. */
export class Player {
  private position = 0
  private readonly clip: Clip
  private readonly loop: boolean

  constructor(clip: Clip, loop = false) {
    this.clip = clip
    // An empty loop would never advance.
    this.loop = loop && clip.length > 0
  }

  get finished(): boolean {
    return !this.loop && this.position >= this.clip.length
  }

  /** Fill one frame; the part that the clip does not cover is silence. */
  read(out: Int16Array): void {
    let filled = 0
    while (filled < FRAME_BYTES) {
      if (this.position >= this.clip.length) {
        if (!this.loop) break
        this.position = 0
      }
      const count = Math.min(FRAME_BYTES - filled, this.clip.length - this.position)
      decode(this.clip.subarray(this.position, this.position + count), out.subarray(filled, filled + count))
      this.position += count
      filled += count
    }
    out.fill(0, filled)
  }
}
