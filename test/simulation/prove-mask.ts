/** The part of the long proof about masks: larger worlds than those of the tests, and what was planted in them. */
import { recordFigure } from '../../scripts/figures.ts'
import { exploreMask, SMALL_MASKS } from '../exhaustive/explore-mask.ts'
import { caughtBy, PLANTED_MASKS } from '../exhaustive/mask-planted.ts'

const STATES_MAX = 2_000_000

export interface MaskProof {
  maskStates: number
  maskTransitions: number
  maskViolations: number
  maskPlanted: number
  maskCaught: number
}

export function proveMask(): MaskProof {
  const worlds = [...SMALL_MASKS, ...SMALL_MASKS.map(world => ({ ...world, clockMost: world.clockMost + 1 }))]
  const explored = worlds.map(world => exploreMask(world, undefined, STATES_MAX))
  for (const { violations } of explored) for (const law of violations) console.log(law)
  const planted = Object.entries(PLANTED_MASKS).map(([name, rules]) => {
    const law = caughtBy(rules)
    if (law === null) console.log(`NOT CAUGHT: ${name}`)
    return law
  })
  return {
    maskStates: explored.reduce((sum, { states }) => sum + states, 0),
    maskTransitions: explored.reduce((sum, { transitions }) => sum + transitions, 0),
    maskViolations: explored.reduce((sum, { violations }) => sum + violations.length, 0),
    maskPlanted: planted.length,
    maskCaught: planted.filter(law => law !== null).length,
  }
}

export function missedByMask(proof: MaskProof): number {
  return proof.maskViolations + proof.maskPlanted - proof.maskCaught
}

export function writeMask(proof: MaskProof, reproduce: string): void {
  recordFigure('RELIABILITY', 'mask', {
    goal: 'every order of sessions, ends, cool-off, PINs and calls at small masks: nobody meets a stranger, whoever may meet does; at least 6 planted defects caught',
    reproduce,
    seed: null,
    values: {
      'states of small masks': proof.maskStates,
      transitions: proof.maskTransitions,
      violations: proof.maskViolations,
      planted: proof.maskPlanted,
      caught: proof.maskCaught,
    },
  })
}
