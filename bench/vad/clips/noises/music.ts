/** Makes hold music: chords, bass, melody and drums from a few instruments, in any key and pace. */
import type { Chance } from '../chance.ts'
import { bandPass, filter, highPass, lowPass } from '../filters.ts'
import { add, empty, shape, struck, tones, white } from './pieces.ts'

const SCALES = [
  [0, 2, 4, 5, 7, 9, 11],
  [0, 2, 3, 5, 7, 8, 10],
  [0, 2, 3, 5, 7, 9, 10],
]
const PROGRESSIONS = [
  [0, 4, 5, 3],
  [0, 5, 3, 4],
  [1, 4, 0, 0],
  [0, 3, 0, 4],
  [5, 3, 0, 4],
]

type Instrument = (hz: number, seconds: number) => Float32Array

export function music(chance: Chance, seconds: number): Float32Array {
  const sound = empty(seconds)
  const beat = 60 / chance.between(55, 150)
  const [key, scale, progression] = [chance.ratio(110, 220), chance.pick(SCALES), chance.pick(PROGRESSIONS)]
  const hz = (degree: number) =>
    key * 2 ** (((scale[((degree % 7) + 7) % 7] as number) + 12 * Math.floor(degree / 7)) / 12)
  const [chords, lead, bass] = [instrument(chance), instrument(chance), instrument(chance)]
  const [withDrums, withLead, withBass] = [chance.happens(0.6), chance.happens(0.75), chance.happens(0.7)]
  const leadGain = chance.ratio(0.5, 2.5)
  let step = chance.whole(4, 10)
  for (let bar = 0; bar * 4 * beat < seconds; bar += 1) {
    const [root, start] = [progression[bar % 4] as number, bar * 4 * beat]
    const strokes = chance.pick([1, 2, 4])
    for (let stroke = 0; stroke < strokes; stroke += 1) {
      const length = (4 / strokes) * beat
      for (const third of [0, 2, 4]) add(sound, chords(hz(root + third), length), start + stroke * length, 0.4)
    }
    if (withBass) for (const at of [0, 2]) add(sound, bass(hz(root - 7), 2 * beat), start + at * beat, 0.7)
    if (withDrums) drums(chance, sound, start, beat)
    for (let at = 0; withLead && at < 4; ) {
      const length = chance.pick([0.5, 0.5, 1, 1, 2])
      step = Math.max(3, Math.min(15, step + chance.whole(-2, 2)))
      if (chance.happens(0.85)) add(sound, lead(hz(step), length * beat), start + at * beat, leadGain)
      at += length
    }
  }
  return sound
}

function instrument(chance: Chance): Instrument {
  return chance.pick([plucked, organ, bowed, bell])(chance)
}

/** A plucked string (K. Karplus and A. Strong) is a delay line that loses its high tones. */
function plucked(chance: Chance): Instrument {
  const [dull, loss] = [chance.between(0.3, 0.5), chance.between(0.99, 0.999)]
  return (hz, seconds) => {
    const sound = empty(seconds)
    const period = Math.max(2, Math.round(8_000 / hz))
    for (let at = 0; at < sound.length; at += 1) {
      if (at < period) sound[at] = chance.between(-1, 1)
      else {
        const before = at > period ? (sound[at - period - 1] as number) : 0
        sound[at] = loss * ((1 - dull) * (sound[at - period] as number) + dull * before)
      }
    }
    return sound
  }
}

function organ(chance: Chance): Instrument {
  const stops = Array.from({ length: 6 }, (_, order) => chance.next() / (order + 1))
  return (hz, seconds) => tones(seconds, partials(hz, 6), stops)
}

/** The sound swells and its pitch trembles; the partials make it strings, a flute or brass. */
function bowed(chance: Chance): Instrument {
  const [fall, tremble, depth] = [chance.between(0.5, 2), chance.between(4, 7), chance.between(0, 0.012)]
  const [attack, colour] = [chance.ratio(0.02, 0.2), chance.ratio(500, 2_500)]
  const gains = Array.from({ length: 10 }, (_, order) => (order + 1) ** -fall)
  return (hz, seconds) => {
    const pitch = (order: number) => (t: number) => hz * order * (1 + depth * Math.sin(2 * Math.PI * tremble * t))
    const count = Math.min(10, Math.floor(3_800 / hz))
    const sound = tones(
      seconds,
      Array.from({ length: count }, (_, at) => pitch(at + 1)),
      gains,
    )
    const body = filter(sound.slice(), [bandPass(colour, 2)])
    add(sound, body, 0, 1.5)
    return shape(sound, t => Math.min(1, t / attack, Math.max(0, (seconds - t) / 0.05)))
  }
}

function bell(chance: Chance): Instrument {
  const [fall, ratio] = [chance.between(0.5, 3), chance.pick([2, 2.76, 3.5, 4])]
  return (hz, seconds) =>
    struck(tones(seconds, [() => hz, () => hz * ratio, () => hz * 5.4], [1, 0.4, 0.15]), 0.003, fall)
}

function partials(hz: number, count: number): (() => number)[] {
  return Array.from({ length: Math.min(count, Math.floor(3_800 / hz)) }, (_, at) => () => hz * (at + 1))
}

function drums(chance: Chance, sound: Float32Array, start: number, beat: number): void {
  for (let half = 0; half < 8; half += 1) {
    const at = start + (half * beat) / 2
    add(sound, struck(filter(white(chance, 0.08), [highPass(2_500)]), 0.001, 0.08), at, 0.5)
    if (half % 4 === 0) add(sound, struck(tones(0.25, [t => 45 + 120 * Math.exp(-t * 30)], [1]), 0.002, 0.25), at, 1.5)
    if (half % 4 !== 2) continue
    add(sound, struck(filter(white(chance, 0.2), [lowPass(3_000)]), 0.001, chance.between(0.1, 0.2)), at, 0.8)
  }
}
