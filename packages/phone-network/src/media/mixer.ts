/**
 * Adding voices. Sums have 32 bits, so that subtracting one voice is exact; only what a party hears is limited to 16.
 */
import { FRAME_BYTES } from './mulaw.ts'

/** The shared frame of a party that says nothing. It must never be written to. */
export const SILENT_FRAME: Int16Array = new Int16Array(FRAME_BYTES)

/** sum += frame */
export function addInto(sum: Int32Array, frame: Int16Array): void {
  if (frame === SILENT_FRAME) return
  for (let i = 0; i < FRAME_BYTES; i++) sum[i] = (sum[i] as number) + (frame[i] as number)
}

/** sum += everyone − self: what one participant of a conference hears. */
export function addOthersInto(sum: Int32Array, everyone: Int32Array, self: Int16Array): void {
  for (let i = 0; i < FRAME_BYTES; i++) sum[i] = (sum[i] as number) + (everyone[i] as number) - (self[i] as number)
}

/** Limit to 16 bits instead of wrapping around: two loud voices clip, but do not crackle. */
export function saturate(sum: Int32Array, out: Int16Array): void {
  for (let i = 0; i < FRAME_BYTES; i++) {
    const value = sum[i] as number
    out[i] = value > 32767 ? 32767 : value < -32768 ? -32768 : value
  }
}

/** Sum of squares, the energy of a frame. */
export function energyOf(frame: Int16Array): number {
  if (frame === SILENT_FRAME) return 0
  let energy = 0
  for (let i = 0; i < FRAME_BYTES; i++) energy += (frame[i] as number) * (frame[i] as number)
  return energy
}

const LEVEL_FRAMES = 10

/** Loudness of the last 200 ms (ten frames), 0…1 RMS. */
export class LevelMeter {
  private readonly energies = new Float64Array(LEVEL_FRAMES)
  private next = 0

  add(frame: Int16Array): void {
    this.energies[this.next] = energyOf(frame)
    this.next = (this.next + 1) % LEVEL_FRAMES
  }

  rms(): number {
    let sum = 0
    for (const energy of this.energies) sum += energy
    return Math.sqrt(sum / (LEVEL_FRAMES * FRAME_BYTES)) / 32768
  }
}
