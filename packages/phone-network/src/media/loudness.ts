import { energyOf } from './mixer.ts'
import { FRAME_BYTES, FRAME_MS } from './mulaw.ts'

/** Speech is at least this loud: −40 dBFS in silence, and as much above the noise otherwise. */
export const SPEECH_RMS = 0.01
const ABOVE_NOISE = 2.5
/** The noise level is that of the quietest frames; it may rise by this factor in one frame. */
const NOISE_RISES = 1.01
const SETTLING_MS = 100

/** Loudness of a frame, 0…1. */
export function rmsOf(frame: Int16Array): number {
  return Math.sqrt(energyOf(frame) / FRAME_BYTES) / 32_768
}

/** Distinguishes speech from background noise, however loud the noise is. */
export class Loudness {
  #noise = 1
  #ms = 0

  /** Takes one frame of 20 ms. True when it is louder than the noise. */
  hear(rms: number): boolean {
    this.#ms += FRAME_MS
    const risen = this.#ms <= SETTLING_MS ? this.#noise : Math.max(this.#noise, SPEECH_RMS / 10) * NOISE_RISES
    this.#noise = Math.min(rms, risen)
    return rms > Math.max(SPEECH_RMS, ABOVE_NOISE * this.#noise)
  }
}
