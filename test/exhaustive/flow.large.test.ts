import { expect, test } from 'vitest'
import { exploreFlows } from './explore-flow.ts'
import { fuzzFlows } from './flow-fuzz.ts'

test('every reachable state of the small flows, one or two inputs further', () => {
  const { broken, states, transitions } = exploreFlows(true)
  expect(broken).toEqual([])
  expect(states).toBeGreaterThan(15_000)
  expect(transitions).toBeGreaterThan(120_000)
})

test('twenty thousand random flows with a crash after every commit', { timeout: 600_000 }, () => {
  const { broken, flows } = fuzzFlows(20_000, 100_001)
  expect(broken).toEqual([])
  expect(flows).toBe(20_000)
})
