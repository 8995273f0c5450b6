import { expect, test } from 'vitest'
import { exploreFlow, FLOW_WORLDS } from './explore-flow.ts'

/** What the smallest of the worlds has. Fewer would mean that the explorer has stopped looking. */
const STATES_MIN = 15

test.each(FLOW_WORLDS)('every reachable state of a small flow keeps every law: $name', world => {
  const { states, transitions, reasons } = exploreFlow(world)
  expect(states).toBeGreaterThan(STATES_MIN)
  expect(transitions).toBeGreaterThan(10 * STATES_MIN)
  expect(reasons).toEqual(expect.arrayContaining(['call-over', 'stopped', 'taken-away']))
})
