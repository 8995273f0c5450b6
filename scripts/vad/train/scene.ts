/** A stretch of a telephone call: someone speaks and pauses, in a room, in noise, through a line. */
import { MULAW_SILENCE, mulawOf } from '../../../src/sound/mulaw.ts'
import type { Chance } from './chance.ts'
import { type Biquad, filter, highPass, lowPass, peak, RATE } from './filters.ts'
import { LABEL_SAMPLES } from './labels.ts'
import { lively } from './liveliness.ts'
import { NOISES, type Noise, type NoiseBank } from './noise-bank.ts'
import { echoing } from './room.ts'
import type { PoolVoice } from './speech-pool.ts'

export interface SceneOrder {
  /** a multiple of a label (80) */
  samples: number
  noise: Noise
  /** speech over noise, both as root mean square; speech while it is there */
  snrDb: number
  /** null: nobody speaks */
  speaker: PoolVoice | null
}

export interface Scene {
  mulaw: Uint8Array
  /** one 0 or 1 for each 10 ms */
  labels: Uint8Array
}

/** What is hardest to tell from speech, or most common on a line, comes twice as often. */
const DRAWN: readonly Noise[] = [...NOISES, 'babble', 'music', 'street', 'line', 'office']

/** Any noise, any level (more often a bad one); one of six without a speaker. */
export function anyScene(chance: Chance, pool: readonly PoolVoice[], samples: number): SceneOrder {
  const engine = chance.pick(['flite', 'espeak'])
  const own = pool.filter(voice => voice.engine === engine)
  return {
    samples,
    noise: chance.pick(DRAWN),
    snrDb: chance.between(-2, chance.pick([15, 30])),
    speaker: chance.happens(1 / 6) ? null : chance.pick(own.length > 0 ? own : pool),
  }
}

export function makeScene(chance: Chance, bank: NoiseBank, order: SceneOrder): Scene {
  const { samples, snrDb, speaker } = order
  const labels = new Uint8Array(samples / LABEL_SAMPLES)
  let sound: Float32Array = new Float32Array(samples)
  if (speaker) {
    sound = dialogue(chance, speaker, sound, labels)
    if (chance.happens(0.5)) filter(sound, colours(chance))
    if (chance.happens(0.35)) sound = echoing(chance, sound, chance.ratio(0.15, 0.9), chance.between(0.05, 0.5))
  }
  const noise = bank.take(chance, order.noise, samples)
  mixIn(sound, noise, 10 ** (-snrDb / 20))
  if (order.noise !== 'clean' && chance.happens(0.2)) {
    const second = bank.take(chance, chance.pick(NOISES), samples)
    mixIn(sound, second, 10 ** ((-snrDb - chance.between(3, 20)) / 20))
  }
  // Where nobody speaks, noise may be as soft or as loud as it likes.
  const level = speaker ? chance.between(-42, -13) : snrDb / 2 + chance.between(-58, -18)
  return { mulaw: throughLine(chance, sound, 32_768 * 10 ** (level / 20)), labels }
}

/** Utterances and pauses into `sound`, both with the length of whole labels. */
function dialogue(chance: Chance, speaker: PoolVoice, sound: Float32Array, labels: Uint8Array): Float32Array {
  const pause: [number, number] = [0.25, chance.ratio(0.5, 12)]
  for (let at = Math.round(chance.ratio(0.1, 8) * 100); at < labels.length; ) {
    const spoken = chance.pick(speaker.utterances)
    const place = sound.subarray(at * LABEL_SAMPLES, at * LABEL_SAMPLES + spoken.samples.length)
    lively(chance, spoken.samples, place)
    const gain = chance.ratio(0.6, 1.6)
    for (let index = 0; index < place.length; index += 1) place[index] = (place[index] as number) * gain
    labels.set(spoken.labels.subarray(0, Math.max(0, labels.length - at)), at)
    at += spoken.labels.length + Math.round(chance.ratio(...pause) * 100)
  }
  return sound
}

function mixIn(sound: Float32Array, noise: Float32Array, gain: number): void {
  for (let at = 0; at < sound.length; at += 1) sound[at] = (sound[at] as number) + (noise[at] as number) * gain
}

/** A microphone's own colour. */
function colours(chance: Chance): Biquad[] {
  return Array.from({ length: chance.whole(1, 3) }, () =>
    peak(chance.ratio(250, 3_400), chance.between(0.4, 1.5), chance.between(-9, 9)),
  )
}

/** The telephone band with slopes of all kinds, the level, an overdriven microphone, µ-law, sometimes lost frames. */
function throughLine(chance: Chance, sound: Float32Array, level: number): Uint8Array {
  if (chance.happens(0.4)) filter(sound, colours(chance))
  if (chance.happens(0.9)) {
    const [low, high] = [chance.ratio(120, 380), chance.between(2_900, 3_700)]
    filter(
      sound,
      Array.from({ length: chance.whole(1, 2) }, () => highPass(low)),
    )
    filter(
      sound,
      Array.from({ length: chance.whole(1, 3) }, () => lowPass(high)),
    )
  }
  const ceiling = chance.happens(0.1) ? level * chance.ratio(0.8, 4) : 32_767
  const mulaw = new Uint8Array(sound.length)
  for (let at = 0; at < sound.length; at += 1) {
    mulaw[at] = mulawOf(Math.max(-ceiling, Math.min(ceiling, Math.round((sound[at] as number) * level))))
  }
  if (chance.happens(0.05)) {
    const share = chance.between(0.005, 0.05)
    for (let at = 0; at < mulaw.length; at += RATE / 50) {
      if (chance.happens(share)) mulaw.fill(MULAW_SILENCE, at, at + RATE / 50)
    }
  }
  return mulaw
}
