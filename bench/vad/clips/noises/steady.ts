/** Makes noises that are there all the time: that of the line itself, and that of a car. */
import type { Chance } from '../chance.ts'
import { bandPass, filter, highPass, lowPass, peak } from '../filters.ts'
import { add, pink, repeatedly, shape, steady, struck, tones, wandering, white } from './pieces.ts'

/** The line has a hiss of any colour, sometimes mains hum with harmonics, and sometimes crackle. */
export function line(chance: Chance, seconds: number): Float32Array {
  const hiss = chance.happens(0.5) ? white(chance, seconds) : pink(chance, seconds)
  filter(hiss, [peak(chance.ratio(300, 3_500), chance.between(0.4, 2), chance.between(-12, 12))])
  if (chance.happens(0.3)) shape(hiss, wandering(chance, 0.3, 1.5, chance.between(0.2, 4)))
  const mains = chance.pick([50, 60])
  const harmonics = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16]
  const buzz = harmonics.map(order => chance.next() / order ** chance.between(0, 1))
  const hum = tones(
    seconds,
    harmonics.map(order => steady(mains * order)),
    buzz,
  )
  add(hiss, hum, 0, chance.happens(0.5) ? chance.between(0, 1.5) : 0)
  if (chance.happens(0.3)) {
    repeatedly(chance, seconds, [0.02, chance.ratio(0.1, 2)], at => {
      add(hiss, struck(white(chance, 0.01), 0.0005, 0.006), at, chance.ratio(0.5, 10))
    })
  }
  return hiss
}

/** The car has the rumble of the road, an engine whose speed wanders, wind in gusts, and now and then an indicator. */
export function car(chance: Chance, seconds: number): Float32Array {
  const road = filter(pink(chance, seconds), [lowPass(chance.ratio(150, 1_500))])
  if (chance.happens(0.6)) filter(road, [lowPass(chance.ratio(300, 1_500))])
  shape(road, wandering(chance, 0.6, 1.4, chance.between(0.2, 3)))
  const speed = wandering(chance, 0.7, 1.4, 0.2)
  const base = chance.ratio(25, 70)
  const orders = [1, 2, 3, 4, 6, 8, 10, 12]
  const engine = tones(
    seconds,
    orders.map(order => t => base * order * speed(t)),
    orders.map(order => chance.next() / order ** 0.7),
  )
  add(road, engine, 0, chance.between(0, 1.2))
  const wind = filter(white(chance, seconds), [
    bandPass(chance.ratio(300, 1_500), chance.between(0.3, 1)),
    highPass(150),
  ])
  add(road, shape(wind, wandering(chance, -0.5, 1.2, chance.between(0.3, 2))), 0, chance.between(0, 0.8))
  if (chance.happens(0.15)) {
    for (let at = 1; at < Math.min(seconds, 12); at += 0.36) add(road, struck(white(chance, 0.03), 0.001, 0.02), at, 2)
  }
  return road
}
