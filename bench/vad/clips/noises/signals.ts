/** Makes the tones of exchanges and machines: ringback, busy, dialled digits, information tones, beeps, fax. */
import type { Chance } from '../chance.ts'
import { add, empty, steady, tones, white } from './pieces.ts'

/** Each has its frequencies, and the seconds on and off in turns (ITU-T E.180, national tones). */
const CADENCES: { hz: number[]; seconds: number[] }[] = [
  { hz: [440, 480], seconds: [2, 4] },
  { hz: [425], seconds: [1, 4] },
  { hz: [425], seconds: [1.5, 3.5] },
  { hz: [400, 450], seconds: [0.4, 0.2, 0.4, 2] },
  { hz: [480, 620], seconds: [0.5, 0.5] },
  { hz: [425], seconds: [0.5, 0.5] },
  { hz: [425], seconds: [0.25, 0.25] },
  { hz: [480, 620], seconds: [0.25, 0.25] },
  { hz: [350, 440], seconds: [20, 0.1] },
  { hz: [425], seconds: [20, 0.1] },
  { hz: [1_100], seconds: [0.5, 3] },
  { hz: [2_100], seconds: [3, 1] },
  { hz: [1_400], seconds: [0.4, 15] },
]
const ROWS = [697, 770, 852, 941]
const COLUMNS = [1_209, 1_336, 1_477, 1_633]
const INFORMATION = [950, 1_400, 1_800]

export function signals(chance: Chance, seconds: number): Float32Array {
  const sound = empty(seconds)
  for (let at = 0; at < seconds; ) {
    const kind = chance.pick([cadence, cadence, digits, information, beep])
    const piece = kind(chance)
    add(sound, piece, at, chance.ratio(0.5, 1.5))
    at += piece.length / 8_000 + chance.between(0, 2)
  }
  // No exchange is quite silent.
  return add(sound, white(chance, seconds), 0, chance.ratio(0.001, 0.05))
}

function cadence(chance: Chance): Float32Array {
  const { hz, seconds } = chance.pick(CADENCES)
  const length = chance.between(3, 12)
  const sound = empty(length)
  const detune = chance.between(0.98, 1.02)
  for (let at = 0, turn = 0; at < length; turn += 1) {
    const part = seconds[turn % seconds.length] as number
    const on = turn % 2 === 0
    if (on)
      add(
        sound,
        tones(
          Math.min(part, length - at),
          hz.map(one => steady(one * detune)),
          [1, 1],
        ),
        at,
      )
    at += part
  }
  return sound
}

function digits(chance: Chance): Float32Array {
  const [on, off, count] = [chance.between(0.05, 0.3), chance.between(0.05, 0.4), chance.whole(1, 12)]
  const sound = empty(count * (on + off))
  for (let digit = 0; digit < count; digit += 1) {
    const pair = [steady(chance.pick(ROWS)), steady(chance.pick(COLUMNS))]
    add(sound, tones(on, pair, [1, chance.between(0.7, 1.2)]), digit * (on + off))
  }
  return sound
}

function information(): Float32Array {
  const sound = empty(2)
  for (const [index, hz] of INFORMATION.entries()) add(sound, tones(0.33, [steady(hz)], [1]), index * 0.34)
  return sound
}

function beep(chance: Chance): Float32Array {
  return tones(chance.between(0.1, 1), [steady(chance.ratio(350, 2_500))], [1])
}
