import { energyOf } from './mixer.ts'
import { FRAME_BYTES, FRAME_MS } from './mulaw.ts'

/** −40 dBFS on a quiet line; in noise as much above it. */
export const SPEECH_RMS = 0.01
const ABOVE_NOISE = 2.5
/** The noise is what the quietest frames have; it may rise by so much a frame. */
const NOISE_RISES = 1.01
const SETTLING_MS = 100

/** Loudness of a frame, 0…1. */
export function rmsOf(frame: Int16Array): number {
  return Math.sqrt(energyOf(frame) / FRAME_BYTES) / 32_768
}

/** Tells speech from the room behind it, however loud the room is. */
export class Loudness {
  #noise = 1
  #ms = 0

  /** One frame of 20 ms; true when it stands out. */
  hear(rms: number): boolean {
    this.#ms += FRAME_MS
    const risen = this.#ms <= SETTLING_MS ? this.#noise : Math.max(this.#noise, SPEECH_RMS / 10) * NOISE_RISES
    this.#noise = Math.min(rms, risen)
    return rms > Math.max(SPEECH_RMS, ABOVE_NOISE * this.#noise)
  }
}
