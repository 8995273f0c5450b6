import type { Time } from '../time.ts'
import { MixingPlane } from './audio-plane.ts'
import { FrameClock } from './clock.ts'
import type { AudioPlane, Voices } from './plane.ts'
import { SpokenVoices } from './voices.ts'

export interface Sound {
  plane: AudioPlane
  voices: Voices
  /** Starts real time: the plane ticks every 20 ms. */
  start(): void
  /** Stops real time and ends the synthesizer's thread. */
  stop(): Promise<void>
}

/** The whole sound of a phone network. `seed` decides which voice unknown names get. */
export function createSound(options: { seed: number; time?: Time }): Sound {
  const plane = new MixingPlane()
  const voices = new SpokenVoices(options.seed)
  const clock = new FrameClock(() => plane.tick(), options.time)
  return {
    plane,
    voices,
    start: () => clock.start(),
    async stop() {
      clock.stop()
      await voices.close()
    },
  }
}
