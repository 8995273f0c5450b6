import { expect, test } from 'vitest'
import { NO_USAGE } from '../../../core/agent/cost.ts'
import type { RunningUsage } from '../../../wire/conversation.ts'
import { RunningCost } from './running-cost.ts'

test('told after ten seconds, then at most every 30 s, and only when it has changed', () => {
  const told: RunningUsage[] = []
  const running = new RunningCost(usage => told.push(usage))
  const look = (nowMs: number, heardMs: number) => running.look(nowMs, () => ({ ...NO_USAGE, heardMs }))
  look(0, 20)
  look(9_980, 10_000)
  expect(told).toEqual([])
  for (let nowMs = 10_000; nowMs < 40_000; nowMs += 20) look(nowMs, 60_000 + nowMs - 10_000)
  expect(told).toMatchObject([{ heardMs: 60_000, costMicros: 7_700 }])
  look(40_000, 60_000)
  expect(told).toHaveLength(1)
  look(40_020, 120_000)
  expect(told[1]).toMatchObject({ heardMs: 120_000, costMicros: 15_400 })
})
