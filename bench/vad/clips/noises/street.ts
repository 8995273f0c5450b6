/** Makes the sounds of a street: traffic that passes, horns, sirens, birds, steps. */
import type { Chance } from '../chance.ts'
import { bandPass, filter, highPass, lowPass } from '../filters.ts'
import { add, pink, repeatedly, shape, struck, tones, wandering, white } from './pieces.ts'

export function street(chance: Chance, seconds: number): Float32Array {
  const ground = filter(pink(chance, seconds), [lowPass(chance.ratio(600, 3_500))])
  shape(ground, wandering(chance, 0.5, 1.5, chance.between(0.1, 1)))
  repeatedly(chance, seconds, [1, 12], at => add(ground, passing(chance), at, chance.ratio(0.5, 6)))
  if (chance.happens(0.7))
    repeatedly(chance, seconds, [2, 25], at => add(ground, horn(chance), at, chance.ratio(0.2, 2)))
  if (chance.happens(0.15)) add(ground, siren(chance), chance.between(0, seconds / 2), chance.ratio(0.1, 1))
  if (chance.happens(0.3))
    repeatedly(chance, seconds, [0.2, 6], at => add(ground, chirp(chance), at, chance.ratio(0.1, 1)))
  if (chance.happens(0.3)) {
    const [step, gain] = [chance.between(0.4, 0.7), chance.ratio(0.3, 3)]
    for (let at = 0; at < seconds; at += step) add(ground, footstep(chance), at, gain * chance.between(0.7, 1.3))
  }
  return ground
}

/** A vehicle comes near and goes away, so that its noise swells and its engine falls in pitch. */
function passing(chance: Chance): Float32Array {
  const seconds = chance.between(1.5, 6)
  const [near, width] = [seconds / 2, seconds / chance.between(4, 9)]
  const swell = (t: number) => Math.exp(-(((t - near) / width) ** 2))
  const noise = filter(white(chance, seconds), [bandPass(chance.ratio(250, 1_800), chance.between(0.3, 1.2))])
  const base = chance.ratio(40, 180)
  const hz = (order: number) => (t: number) => base * order * (1 - 0.06 * Math.tanh((t - near) / width))
  const orders = [1, 2, 3, 4, 5, 7]
  const engine = tones(
    seconds,
    orders.map(hz),
    orders.map(order => chance.next() / order),
  )
  return shape(add(noise, engine, 0, chance.between(0, 0.5)), swell)
}

function horn(chance: Chance): Float32Array {
  const [low, high] = [chance.ratio(250, 450), chance.between(1.18, 1.34)]
  const seconds = chance.ratio(0.1, 1.5)
  const orders = [1, 2, 3, 4, 5, 6, 7]
  const hz = orders.flatMap(order => [() => low * order, () => low * high * order])
  const sound = tones(
    seconds,
    hz,
    orders.flatMap(order => [1 / order ** 0.8, 1 / order ** 0.8]),
  )
  if (chance.happens(0.3)) add(sound, sound.slice(0, sound.length >> 1), seconds * 0.6, 0.8)
  return sound
}

function siren(chance: Chance): Float32Array {
  const [low, high, pace] = [chance.ratio(400, 700), chance.ratio(900, 1_600), chance.ratio(0.2, 4)]
  const twoTone = chance.happens(0.5)
  const hz = (t: number) => {
    const wave = twoTone ? Math.sign(Math.sin(2 * Math.PI * pace * t)) : Math.sin(2 * Math.PI * pace * t)
    return low + (high - low) * (0.5 + 0.5 * wave)
  }
  return tones(chance.between(4, 15), [hz, t => 2 * hz(t), t => 3 * hz(t)], [1, 0.4, 0.2])
}

function chirp(chance: Chance): Float32Array {
  const [from, to, wobble] = [chance.ratio(1_800, 3_600), chance.ratio(1_800, 3_600), chance.between(0, 400)]
  const seconds = chance.ratio(0.04, 0.3)
  return tones(seconds, [t => from + ((to - from) * t) / seconds + wobble * Math.sin(2 * Math.PI * 30 * t)], [1])
}

function footstep(chance: Chance): Float32Array {
  return struck(filter(white(chance, 0.12), [bandPass(chance.ratio(150, 900), 0.7), highPass(80)]), 0.004, 0.1)
}
