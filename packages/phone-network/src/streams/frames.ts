import { FRAME_BYTES, FRAME_MS, SILENCE_BYTE } from '../media/mulaw.ts'
import type { AudioPlane, EarSource } from '../media/plane.ts'
import type { Time, Timer } from '../time.ts'

/** A call's frames in real time: from the sound plane, or silence when the network has none. */

export type FrameListener = (says: Uint8Array, hears: Uint8Array) => void

const SILENCE = new Uint8Array(FRAME_BYTES).fill(SILENCE_BYTE)

export interface Line {
  /**
   * Calls back every 20 ms until the returned function is called. `speaks` is asked first, for what the party hears.
   */
  listen(callSid: string, listener: FrameListener, speaks: EarSource | null): () => void
}

export function lineOf(plane: AudioPlane | null, time: Time): Line {
  return plane === null ? silentLine(time) : planeLine(plane)
}

function planeLine(plane: AudioPlane): Line {
  return {
    listen(callSid, listener, speaks) {
      const untap = plane.tap(callSid, listener)
      if (speaks !== null) plane.setSource(callSid, speaks)
      return () => {
        untap()
        if (speaks !== null) plane.setSource(callSid, null)
      }
    },
  }
}

function silentLine(time: Time): Line {
  return {
    listen(_callSid, listener, speaks) {
      const startedAt = time.now()
      const hears = new Uint8Array(FRAME_BYTES)
      let ticks = 0
      let timer: Timer | null = null
      const arm = (): void => {
        ticks += 1
        timer = time.after(startedAt + ticks * FRAME_MS - time.now(), tick)
      }
      const tick = (): void => {
        if (!speaks?.(hears)) hears.fill(SILENCE_BYTE)
        arm()
        listener(SILENCE, hears)
      }
      arm()
      return () => timer?.cancel()
    },
  }
}
