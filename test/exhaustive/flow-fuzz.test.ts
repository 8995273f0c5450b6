import { expect, test } from 'vitest'
import { RUN } from '../../src/core/call/flow/run/table.ts'
import { VERBS } from '../../src/core/flow/verbs/table.ts'
import { fuzzFlows } from './flow-fuzz.ts'

test('2,500 random flows, a crash after every commit: nothing done twice, no step lost, limits held, pages stable [S1-19]', () => {
  const { broken, flows, garbageRun, commits, steps, reasons, verbs } = fuzzFlows(2_500)
  expect(broken).toEqual([])
  expect(flows).toBe(2_500)
  // Fewer would mean that the flows have become shallow.
  expect(garbageRun).toBeGreaterThan(25)
  expect(commits).toBeGreaterThan(12_000)
  expect(steps).toBeGreaterThan(12_000)
  for (const reason of ['finished', 'failed', 'hung-up', 'stopped', 'taken-away', 'call-over', 'too-many-at-once'])
    expect(reasons[reason], reason).toBeGreaterThan(0)
  expect(Object.keys(RUN).filter(verb => !verbs.has(verb))).toEqual([])
  expect(Object.keys(VERBS).length).toBeGreaterThan(Object.keys(RUN).length)
})
