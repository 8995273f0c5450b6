/** Makes the sounds of an office: clicks, knocks, a telephone's ring, keyboards, paper, an air conditioner. */
import type { Chance } from '../chance.ts'
import { bandPass, filter, highPass, lowPass } from '../filters.ts'
import { add, empty, pink, repeatedly, shape, struck, tones, wandering, white } from './pieces.ts'

export function office(chance: Chance, seconds: number): Float32Array {
  const room = filter(pink(chance, seconds), [lowPass(chance.ratio(400, 3_000))])
  const quiet = chance.ratio(0.05, 0.6)
  for (let at = 0; at < room.length; at += 1) room[at] = (room[at] as number) * quiet
  const often = (share: number, pause: [number, number], make: () => Float32Array) => {
    if (chance.happens(share)) repeatedly(chance, seconds, pause, at => add(room, make(), at, chance.ratio(0.3, 4)))
  }
  often(0.7, [0.3, 8], () => click(chance))
  often(0.6, [1, 10], () => knocks(chance))
  often(0.5, [2, 15], () => ring(chance))
  often(0.6, [1, 8], () => typing(chance))
  often(0.4, [1, 10], () => paper(chance))
  return room
}

export function click(chance: Chance): Float32Array {
  const sound = struck(white(chance, 0.03), 0.0005, chance.ratio(0.003, 0.03))
  return filter(sound, [bandPass(chance.ratio(800, 3_500), chance.between(0.5, 4))])
}

/** A blow hits something that rings for a moment. */
export function blow(chance: Chance): Float32Array {
  const sound = struck(white(chance, 0.3), 0.001, chance.ratio(0.02, 0.2))
  const hollow = filter(sound.slice(), [bandPass(chance.ratio(120, 900), chance.between(1, 8))])
  return add(hollow, filter(sound, [bandPass(chance.ratio(500, 2_500), chance.between(0.5, 4))]), 0, chance.next())
}

function knocks(chance: Chance): Float32Array {
  const sound = empty(1.5)
  const [one, pace] = [blow(chance), chance.between(0.12, 0.4)]
  for (let count = chance.whole(1, 5); count > 0; count -= 1)
    add(sound, one, (count - 1) * pace, chance.between(0.7, 1))
  return sound
}

/** A telephone rings with two notes in quick turns, or with a melody. */
function ring(chance: Chance): Float32Array {
  const seconds = chance.between(0.8, 2.2)
  const [low, up, pace] = [chance.ratio(400, 2_000), chance.between(1.1, 1.6), chance.between(8, 25)]
  const melody = Array.from({ length: 16 }, () => low * 2 ** (chance.whole(0, 12) / 12))
  const warble = (t: number) => (Math.sin(2 * Math.PI * pace * t) > 0 ? low : low * up)
  const tune = (t: number) => melody[Math.floor(t * 7) % 16] as number
  const hz = chance.happens(0.6) ? warble : tune
  return tones(seconds, [hz, t => 2 * hz(t), t => 3 * hz(t)], [1, chance.next() * 0.6, chance.next() * 0.4])
}

function typing(chance: Chance): Float32Array {
  const seconds = chance.between(0.5, 5)
  const sound = empty(seconds)
  const [colour, pause] = [chance.ratio(900, 3_300), chance.between(0.06, 0.2)]
  repeatedly(chance, seconds, [pause / 2, pause * 2], at => {
    const key = struck(white(chance, 0.04), 0.001, chance.ratio(0.008, 0.04))
    add(sound, filter(key, [bandPass(colour * chance.between(0.8, 1.2), 0.8)]), at, chance.between(0.4, 1.2))
  })
  return sound
}

function paper(chance: Chance): Float32Array {
  const seconds = chance.between(0.3, 1.5)
  const sound = filter(white(chance, seconds), [highPass(chance.ratio(600, 2_000))])
  const rustle = wandering(chance, -0.6, 1, chance.between(8, 40))
  return shape(sound, t => Math.max(0, rustle(t)) * Math.sin((Math.PI * t) / seconds))
}
