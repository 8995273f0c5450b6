import { expect, test } from 'vitest'
import { TURN_RULES } from '../../src/core/turn/state.ts'
import { exploreTurns, PHASES } from './explore-turn.ts'

const TURNS_MAX = 4

test.each([false, true])('every order of four turns (opening uninterruptible: %s)', openingUninterruptible => {
  const { states, phases, endless } = exploreTurns({ ...TURN_RULES, openingUninterruptible }, TURNS_MAX)
  // Fewer would mean that the explorer has stopped looking.
  expect(states).toBeGreaterThan(100_000)
  expect(phases).toEqual(PHASES)
  expect(endless).toEqual([])
})
