/** Conditions that make a call hard to hear: rooms, cheap microphones, bad lines. */
import { MULAW_SILENCE, mulawOf } from '../../../src/sound/mulaw.ts'
import type { Chance } from './chance.ts'
import { type Biquad, filter, highPass, lowPass, peak, RATE } from './filters.ts'
import { NOISES, type Noise } from './noise-bank.ts'
import { echoing } from './room.ts'

/** The speech as a microphone in a room takes it up: half of the time coloured, a third of the time with an echo. */
export function hardSpeech(chance: Chance, sound: Float32Array): Float32Array {
  if (chance.happens(0.5)) filter(sound, colours(chance))
  if (!chance.happens(0.35)) return sound
  return echoing(chance, sound, chance.ratio(0.15, 0.9), chance.between(0.05, 0.5))
}

/** In one of five calls there is another noise besides the first one. */
export function secondNoise(chance: Chance): Noise | null {
  return chance.happens(0.2) ? chance.pick(NOISES) : null
}

/** Applies a band with a drawn slope, the level, now and then an overdriven microphone, µ-law, and sometimes lost frames. */
export function hardLine(chance: Chance, sound: Float32Array, level: number): Uint8Array {
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

/** Resonances such as a microphone adds. */
function colours(chance: Chance): Biquad[] {
  return Array.from({ length: chance.whole(1, 3) }, () =>
    peak(chance.ratio(250, 3_400), chance.between(0.4, 1.5), chance.between(-9, 9)),
  )
}
