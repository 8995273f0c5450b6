/** Makes the sounds of people near a telephone who do not speak: they breathe, cough, clear the throat, blow, smack, put it down. */
import type { Chance } from '../chance.ts'
import { bandPass, filter, highPass, lowPass, peak } from '../filters.ts'
import { blow, click } from './office.ts'
import { add, empty, pink, repeatedly, shape, struck, white } from './pieces.ts'

export function bursts(chance: Chance, seconds: number): Float32Array {
  const sound = empty(seconds)
  const kinds = [breath, cough, throat, wind, click, blow, smack, laughter]
  const some = kinds.filter(() => chance.happens(0.5))
  const pause: [number, number] = [chance.between(0.3, 1.5), chance.between(2, 8)]
  repeatedly(chance, seconds, pause, at => {
    add(sound, chance.pick(some.length > 0 ? some : kinds)(chance), at, chance.ratio(0.3, 3))
  })
  return sound
}

/** Gives noise the resonances of a mouth, as wide peaks. */
function mouth(chance: Chance, sound: Float32Array): Float32Array {
  return filter(sound, [
    highPass(200),
    peak(chance.ratio(400, 1_100), 2, chance.between(6, 15)),
    peak(chance.ratio(1_100, 2_200), 2, chance.between(4, 12)),
    peak(chance.ratio(2_200, 3_400), 2, chance.between(0, 10)),
  ])
}

/** One breath in and one out. */
function breath(chance: Chance): Float32Array {
  const [inwards, outwards] = [chance.between(0.3, 1.2), chance.between(0.3, 1.5)]
  const sound = empty(inwards + outwards + 0.5)
  for (const [seconds, at] of [
    [inwards, 0],
    [outwards, inwards + chance.between(0.05, 0.5)],
  ] as const) {
    const air = mouth(chance, pink(chance, seconds))
    add(
      sound,
      shape(air, t => Math.sin((Math.PI * t) / seconds) ** 1.5),
      at,
      chance.between(0.4, 1),
    )
  }
  return sound
}

/** A cough is a burst with a rough rest, once to three times. */
function cough(chance: Chance): Float32Array {
  const sound = empty(1.6)
  for (let count = chance.whole(1, 3), at = 0; count > 0; count -= 1, at += chance.between(0.25, 0.45)) {
    const air = mouth(chance, white(chance, 0.35))
    const rough = chance.between(60, 180)
    shape(air, t => 1 - 0.7 * (0.5 + 0.5 * Math.sin(2 * Math.PI * rough * t)) * Math.min(1, t * 10))
    add(sound, struck(air, 0.004, chance.between(0.15, 0.4)), at, chance.between(0.6, 1))
  }
  return sound
}

/** A cleared throat is a rattle that is nearly a voice, but without syllables. */
function throat(chance: Chance): Float32Array {
  const seconds = chance.between(0.2, 0.7)
  const sound = empty(seconds)
  const pitch = chance.between(40, 110)
  for (let at = 0; at < seconds; at += (1 / pitch) * chance.between(0.7, 1.3)) {
    add(sound, struck(white(chance, 0.015), 0.001, 0.012), at, chance.between(0.3, 1))
  }
  add(sound, white(chance, seconds), 0, 0.1)
  return shape(mouth(chance, sound), t => Math.sin((Math.PI * t) / seconds))
}

function wind(chance: Chance): Float32Array {
  const seconds = chance.between(0.2, 1.5)
  const air = filter(pink(chance, seconds), [lowPass(chance.ratio(300, 2_000))])
  const flutter = chance.between(5, 30)
  return shape(air, t => Math.sin((Math.PI * t) / seconds) * (1 + 0.6 * Math.sin(2 * Math.PI * flutter * t)))
}

function smack(chance: Chance): Float32Array {
  const sound = filter(white(chance, 0.05), [bandPass(chance.ratio(900, 3_000), chance.between(1, 5))])
  return struck(sound, 0.002, chance.ratio(0.01, 0.05))
}

/** Silent laughter is a row of puffs. */
function laughter(chance: Chance): Float32Array {
  const sound = empty(2)
  const pace = chance.between(0.14, 0.25)
  for (let count = chance.whole(3, 8); count > 0; count -= 1) {
    const puff = mouth(chance, pink(chance, pace))
    add(
      sound,
      shape(puff, t => Math.sin((Math.PI * t) / pace) ** 2),
      count * pace,
      chance.between(0.3, 1),
    )
  }
  return sound
}
