/** Makes the sound of many people who talk at once and far away, as in a café or a call centre, from the voices of `pool`. */
import type { Chance } from '../chance.ts'
import { filter, highPass, lowPass } from '../filters.ts'
import { echoing } from '../room.ts'
import type { PoolVoice } from '../speech-pool.ts'
import { add, empty } from './pieces.ts'

export function babble(pool: readonly PoolVoice[]): (chance: Chance, seconds: number) => Float32Array {
  return (chance, seconds) => {
    const sound = empty(seconds)
    for (let people = chance.whole(4, 10); people > 0; people -= 1) {
      const gain = chance.ratio(0.5, 1.6)
      const { utterances } = chance.pick(pool)
      for (let at = -chance.between(0, 3); at < seconds; ) {
        const { samples } = chance.pick(utterances)
        add(sound, samples, at, gain)
        at += samples.length / 8_000 + chance.between(-0.2, chance.pick([0.3, 2]))
      }
    }
    const far = echoing(chance, sound, chance.between(0.3, 1.2), chance.between(0.4, 0.95))
    return filter(far, [lowPass(chance.ratio(1_200, 3_800)), highPass(chance.ratio(80, 300))])
  }
}
