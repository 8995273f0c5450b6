/** Makes a stretch of a telephone call: one person speaks and pauses, in noise, through the telephone's band. */
import { encodeMulaw } from '../../../src/sound/mulaw.ts'
import type { Chance } from './chance.ts'
import { filter, highPass, lowPass } from './filters.ts'
import { hardLine, hardSpeech, secondNoise } from './hardship.ts'
import { LABEL_SAMPLES } from './labels.ts'
import { lively } from './liveliness.ts'
import type { Noise, NoiseBank } from './noise-bank.ts'
import type { PoolVoice } from './speech-pool.ts'

/**
 * `plain`: speech and one noise are mixed at exactly the stated level, and the sum passes the telephone's band. `hard`: the
 * speech is also coloured, echoes and varies in loudness before it is mixed (so the stated level holds only on average), a
 * second noise may join, and the line may be faint, overdriven or lossy.
 */
export type Conditions = 'plain' | 'hard'

export interface SceneOrder {
  /** a multiple of a label (80) */
  samples: number
  conditions: Conditions
  noise: Noise
  /** level of the speech, while it lasts, over that of the noise; both as root mean square above 300 Hz */
  snrDb: number
  /** null if nobody speaks */
  speaker: PoolVoice | null
}

export interface Scene {
  mulaw: Uint8Array
  /** one 0 or 1 for each 10 ms */
  labels: Uint8Array
}

const BAND_FROM_HZ = 250
const BAND_TO_HZ = 3_500
/** Level of the speech on a plain line, in dB of full scale: tests of telephone lines customarily use −26 dB. */
const PLAIN_LEVEL_DB: [number, number] = [-32, -18]

export function makeScene(chance: Chance, bank: NoiseBank, order: SceneOrder): Scene {
  return order.conditions === 'plain' ? plainScene(chance, bank, order) : hardScene(chance, bank, order)
}

function plainScene(chance: Chance, bank: NoiseBank, { samples, noise, snrDb, speaker }: SceneOrder): Scene {
  const labels = new Uint8Array(samples / LABEL_SAMPLES)
  const sound = new Float32Array(samples)
  if (speaker) {
    dialogue(chance, speaker, labels, (spoken, at) => sound.set(spoken.subarray(0, samples - at), at))
  }
  mixIn(sound, bank.take(chance, noise, samples), 10 ** (-snrDb / 20))
  filter(sound, [highPass(BAND_FROM_HZ), lowPass(BAND_TO_HZ)])
  const level = 32_768 * 10 ** (chance.between(...PLAIN_LEVEL_DB) / 20)
  const mulaw = new Uint8Array(samples)
  encodeMulaw(
    Int16Array.from(sound, one => Math.max(-32_768, Math.min(32_767, Math.round(one * level)))),
    mulaw,
  )
  return { mulaw, labels }
}

function hardScene(chance: Chance, bank: NoiseBank, { samples, noise, snrDb, speaker }: SceneOrder): Scene {
  const labels = new Uint8Array(samples / LABEL_SAMPLES)
  let sound: Float32Array = new Float32Array(samples)
  if (speaker) {
    dialogue(chance, speaker, labels, (spoken, at) => {
      const place = sound.subarray(at, at + spoken.length)
      if (speaker.synthetic) lively(chance, spoken, place)
      else place.set(spoken.subarray(0, place.length))
      scale(place, chance.ratio(0.6, 1.6))
    })
    sound = hardSpeech(chance, sound)
  }
  mixIn(sound, bank.take(chance, noise, samples), 10 ** (-snrDb / 20))
  const second = noise === 'clean' ? null : secondNoise(chance)
  if (second) mixIn(sound, bank.take(chance, second, samples), 10 ** ((-snrDb - chance.between(3, 20)) / 20))
  // Where nobody speaks, the noise may have any level.
  const level = speaker ? chance.between(-42, -13) : snrDb / 2 + chance.between(-58, -18)
  return { mulaw: hardLine(chance, sound, 32_768 * 10 ** (level / 20)), labels }
}

/** Draws utterances and pauses and writes their labels. Each utterance begins at the start of a label, at sample `at`. */
function dialogue(
  chance: Chance,
  speaker: PoolVoice,
  labels: Uint8Array,
  write: (spoken: Float32Array, at: number) => void,
): void {
  const pause: [number, number] = [0.25, chance.ratio(0.5, 12)]
  for (let at = Math.round(chance.ratio(0.1, 8) * 100); at < labels.length; ) {
    const spoken = chance.pick(speaker.utterances)
    write(spoken.samples, at * LABEL_SAMPLES)
    labels.set(spoken.labels.subarray(0, labels.length - at), at)
    at += spoken.labels.length + Math.round(chance.ratio(...pause) * 100)
  }
}

function scale(sound: Float32Array, gain: number): void {
  for (let at = 0; at < sound.length; at += 1) sound[at] = (sound[at] as number) * gain
}

function mixIn(sound: Float32Array, noise: Float32Array, gain: number): void {
  for (let at = 0; at < sound.length; at += 1) sound[at] = (sound[at] as number) + (noise[at] as number) * gain
}
