import { expect, test } from 'vitest'
import type { ActorInspection } from '../../../wire/inspection.ts'
import { inspectionWords } from './inspection-words.ts'

const quiet: ActorInspection = {
  ...{ id: 'w_demo.call_1', kind: 'call', seq: 7, deadlineMs: null, alarmMs: null },
  ...{ facts: [], debts: [], readers: [{ name: 'log', behind: 0, attempts: 0, dueMs: null }], refused: 0 },
}

test('an actor with nothing to do waits for others', () => {
  expect(inspectionWords(quiet, 0)).toEqual(['It waits for others.'])
})

test('what it owes, who has not read, when it acts, and what it could not take, in this order', () => {
  const busy: ActorInspection = {
    ...quiet,
    deadlineMs: 95_000,
    debts: [
      { type: 'cancel-call', dueMs: 13_000, attempts: 2 },
      { type: 'tell-desk', dueMs: 10_000, attempts: 0 },
    ],
    readers: [
      { name: 'log', behind: 1, attempts: 1, dueMs: 10_400 },
      { name: 'desk:w_demo.d_ada', behind: 3, attempts: 0, dueMs: null },
    ],
    refused: 1,
  }
  expect(inspectionWords(busy, 10_000)).toEqual([
    'Owes cancel-call, tried 2 times, again in 0:03.',
    'Owes tell-desk.',
    'The log has not read one fact yet, tried once, again now.',
    'desk:w_demo.d_ada has not read 3 facts yet.',
    'It acts by itself in 1:25.',
    'It could not take 1 input.',
  ])
})
