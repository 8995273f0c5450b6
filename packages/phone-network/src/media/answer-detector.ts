import { Loudness, rmsOf, SPEECH_RMS } from './loudness.ts'
import { decode, FRAME_BYTES, FRAME_MS, SAMPLE_RATE_HZ } from './mulaw.ts'

/**
 * Answering machine detection from the sound, as Twilio describes it: a short greeting followed by silence is a human,
 * a long one is a machine (https://www.twilio.com/docs/voice/answering-machine-detection-faq-best-practices). It can be
 * wrong: it takes a human who answers with a long sentence for a machine.
 */

export interface DetectorSettings {
  /** report a machine only at the end of its greeting */
  messageEnd: boolean
  /** a greeting of this length is a machine's */
  speechMs: number
  /** silence that ends a greeting */
  speechEndMs: number
  /** silence from the answer on after which the verdict is `unknown` */
  silenceMs: number
  limitMs: number
}

/** How far a frame may be from one pure tone. */
const TONE_RESIDUE_MAX = 0.012
const TONE_HZ_MIN = 420
const TONE_WOBBLE = 0.02
const BEEP_MS = 240
const FAX_MS = 400
/** ITU-T T.30: the tones of the calling and of the called fax machine. */
const FAX_HZ = [1_100, 2_100]
const FAX_WOBBLE_HZ = 38
/** Silence that ends a machine's greeting when there is no beep. */
const END_SILENCE_MS = 2_000

/** The frequency of a frame that is one pure tone, else null. A sine has x[n-1] + x[n+1] = 2 cos(w) x[n]. */
export function toneOf(pcm: Int16Array): number | null {
  let [product, energy] = [0, 0]
  for (let n = 1; n < pcm.length - 1; n += 1) {
    const x = pcm[n] as number
    product += x * ((pcm[n - 1] as number) + (pcm[n + 1] as number))
    energy += x * x
  }
  if (energy === 0) return null
  const twice = product / energy
  let residue = 0
  for (let n = 1; n < pcm.length - 1; n += 1) {
    const error = (pcm[n - 1] as number) + (pcm[n + 1] as number) - twice * (pcm[n] as number)
    residue += error * error
  }
  if (residue / energy > TONE_RESIDUE_MAX || Math.abs(twice) > 2) return null
  const hz = (Math.acos(twice / 2) * SAMPLE_RATE_HZ) / (2 * Math.PI)
  return hz < TONE_HZ_MIN ? null : hz
}

export class AnswerDetector {
  readonly #settings: DetectorSettings
  readonly #pcm = new Int16Array(FRAME_BYTES)
  #ms = 0
  readonly #loudness = new Loudness()
  #firstSpeechMs: number | null = null
  #lastSpeechMs = 0
  #machine = false
  #toneHz = 0
  #toneMs = 0

  constructor(settings: DetectorSettings) {
    this.#settings = settings
  }

  /** One frame of 20 ms of what the called party says; the verdict when it is clear. */
  hear(frame: Uint8Array): string | null {
    decode(frame, this.#pcm)
    this.#ms += FRAME_MS
    const rms = rmsOf(this.#pcm)
    const speaks = this.#loudness.hear(rms)
    // A tone that sounds from the first frame on is not noise, however steady it is.
    const tone = this.#listenForTone(rms > SPEECH_RMS)
    if (tone !== null) return tone
    if (speaks && this.#toneMs === 0) {
      this.#firstSpeechMs ??= this.#ms - FRAME_MS
      this.#lastSpeechMs = this.#ms
    }
    return this.#judge()
  }

  /** A fax is recognised by its tone, a machine's beep when it has ended. */
  #listenForTone(loud: boolean): string | null {
    const hz = loud ? toneOf(this.#pcm) : null
    const goes = hz !== null && Math.abs(hz - this.#toneHz) < this.#toneHz * TONE_WOBBLE
    if (hz !== null) {
      this.#toneMs = goes ? this.#toneMs + FRAME_MS : FRAME_MS
      this.#toneHz = hz
      const fax = FAX_HZ.some(known => Math.abs(known - hz) < FAX_WOBBLE_HZ)
      return fax && this.#toneMs >= FAX_MS ? 'fax' : null
    }
    const beeped = this.#toneMs >= BEEP_MS
    this.#toneMs = 0
    if (!beeped) return null
    return this.#settings.messageEnd ? 'machine_end_beep' : 'machine_start'
  }

  #judge(): string | null {
    const { messageEnd, speechMs, speechEndMs, silenceMs, limitMs } = this.#settings
    if (this.#ms >= limitMs) return this.#machine ? 'machine_end_other' : 'unknown'
    if (this.#firstSpeechMs === null) return this.#ms >= silenceMs ? 'unknown' : null
    const greetedMs = this.#lastSpeechMs - this.#firstSpeechMs
    const silentMs = this.#ms - this.#lastSpeechMs
    if (this.#machine) return silentMs >= END_SILENCE_MS && this.#toneMs === 0 ? 'machine_end_silence' : null
    if (greetedMs >= speechMs) {
      this.#machine = true
      return messageEnd ? null : 'machine_start'
    }
    return silentMs >= speechEndMs ? 'human' : null
  }
}
