import { expect, test } from 'vitest'
import { TURN_RULES } from '../../src/core/turn/state.ts'
import { exploreTurns, PHASES } from './explore-turn.ts'

/** Two overlapping turns. `turn.large.test.ts` goes on to four. */
const TURNS_MAX = 2

test.each([false, true])('every order of two turns (opening uninterruptible: %s)', openingUninterruptible => {
  const { states, phases, endless } = exploreTurns({ ...TURN_RULES, openingUninterruptible }, TURNS_MAX)
  // Fewer would mean that the explorer has stopped looking.
  expect(states).toBeGreaterThan(20_000)
  expect(phases).toEqual(PHASES)
  expect(endless).toEqual([])
})
