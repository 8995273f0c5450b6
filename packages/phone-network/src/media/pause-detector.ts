import { energyOf } from './mixer.ts'
import { decode, FRAME_BYTES, FRAME_MS } from './mulaw.ts'

/** −40 dBFS: above the noise of a quiet phone call, below a soft voice. */
const SPEECH_RMS = 0.01
const SPEECH_ENERGY = (SPEECH_RMS * 32768) ** 2 * FRAME_BYTES

/** Detects that the other side has spoken and then fallen silent. */
export class PauseDetector {
  readonly #silenceMs: number
  readonly #atMostMs: number
  readonly #frame = new Int16Array(FRAME_BYTES)
  #heardMs = 0
  #silentMs = 0
  #spoken = false

  constructor(silenceMs: number, atMostMs: number) {
    this.#silenceMs = silenceMs
    this.#atMostMs = atMostMs
  }

  /** Takes one frame of 20 ms. True when the other side has finished, or the time is over. */
  hear(frame: Uint8Array): boolean {
    decode(frame, this.#frame)
    this.#heardMs += FRAME_MS
    if (energyOf(this.#frame) > SPEECH_ENERGY) {
      this.#spoken = true
      this.#silentMs = 0
    } else this.#silentMs += FRAME_MS
    return (this.#spoken && this.#silentMs >= this.#silenceMs) || this.#heardMs >= this.#atMostMs
  }
}
