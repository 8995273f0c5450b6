/** Keeps long pieces of all kinds of noise, because drawing a stretch of one is cheap. Now and then a piece is made anew. */
import type { Chance } from './chance.ts'
import { filter, highPass, TELEPHONE_FROM_HZ } from './filters.ts'
import { babble } from './noises/babble.ts'
import { bursts } from './noises/bursts.ts'
import { music } from './noises/music.ts'
import { office } from './noises/office.ts'
import { signals } from './noises/signals.ts'
import { car, line } from './noises/steady.ts'
import { street } from './noises/street.ts'
import type { PoolVoice } from './speech-pool.ts'

export const NOISES = ['line', 'car', 'street', 'office', 'babble', 'music', 'tones', 'bursts', 'clean'] as const
export type Noise = (typeof NOISES)[number]

type Maker = (chance: Chance, seconds: number) => Float32Array

export interface NoiseBank {
  /** Returns `length` samples of that kind at a level (root mean square) of 1; `clean` is digital silence. */
  take(chance: Chance, noise: Noise, length: number): Float32Array
}

const PIECE_SECONDS = 30
/** the chance that a drawing replaces a piece */
const RENEWED = 0.02
/** Sounds that fill less than this share of the time may be levelled by their loudness while they sound, not by the average. */
const LOUD_SHARE = 0.5

/** Keeps `pieces` pieces of 30 s of each kind. */
export function createNoiseBank(pool: readonly PoolVoice[], pieces: number): NoiseBank {
  const makers: Record<Exclude<Noise, 'clean'>, Maker> = {
    line,
    car,
    street,
    office,
    babble: babble(pool),
    music,
    tones: signals,
    bursts,
  }
  const kept = new Map<Noise, Float32Array[]>()

  function piece(chance: Chance, noise: Exclude<Noise, 'clean'>): Float32Array {
    const all = kept.get(noise) ?? []
    kept.set(noise, all)
    if (all.length < pieces) {
      all.push(makers[noise](chance, PIECE_SECONDS))
      return all.at(-1) as Float32Array
    }
    const at = chance.whole(0, pieces - 1)
    if (chance.happens(RENEWED)) all[at] = makers[noise](chance, PIECE_SECONDS)
    return all[at] as Float32Array
  }

  return {
    take(chance, noise, length) {
      const sound = new Float32Array(length)
      if (noise === 'clean') return sound
      for (let filled = 0; filled < length; ) {
        const speed = noise === 'tones' ? chance.between(0.98, 1.02) : chance.ratio(0.8, 1.25)
        filled += stretch(piece(chance, noise), chance.next() * 0.5, speed, sound.subarray(filled))
      }
      return leveled(chance, sound)
    },
  }
}

/** Copies the piece from `start` (a part of its length) on, faster or slower. Returns the number of samples written. */
function stretch(from: Float32Array, start: number, speed: number, to: Float32Array): number {
  const first = Math.floor(start * from.length)
  const count = Math.min(to.length, Math.floor((from.length - first - 1) / speed) - 1)
  for (let at = 0; at < count; at += 1) {
    const place = first + at * speed
    const low = Math.floor(place)
    const [a, b] = [from[low] as number, from[low + 1] as number]
    to[at] = a + (b - a) * (place - low)
  }
  return Math.max(1, count)
}

/** Brings the noise to a level of 1 in the telephone's band, because a car's rumble is hardly heard on the line. */
function leveled(chance: Chance, sound: Float32Array): Float32Array {
  const heard = filter(sound.slice(), [highPass(TELEPHONE_FROM_HZ)])
  const frames = Math.floor(sound.length / 160)
  const power = Float64Array.from({ length: frames }, (_, frame) => {
    let sum = 0
    for (let at = frame * 160; at < frame * 160 + 160; at += 1) sum += (heard[at] as number) ** 2
    return sum / 160
  })
  const mean = power.reduce((sum, one) => sum + one, 0) / Math.max(1, frames)
  const sounding = power.filter(one => one > mean / 10)
  const short = sounding.length < frames * LOUD_SHARE && chance.happens(0.6)
  const level = Math.sqrt(short ? sounding.reduce((sum, one) => sum + one, 0) / sounding.length : mean)
  if (level > 0) for (let at = 0; at < sound.length; at += 1) sound[at] = (sound[at] as number) / level
  return sound
}
