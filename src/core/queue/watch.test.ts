import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { queue } from './queue.ts'
import { type QueueInput, type QueueSettings, type QueueState, WAIT_WATCH_MS } from './state.ts'

const SETTINGS: QueueSettings = {
  ...{ name: 'Support', strategy: 'longest-idle', offerMs: 20_000, waitLimitMs: 0, capacity: 10, wrapUpMs: 0 },
  ...{
    pauseUnanswered: true,
    announceMs: 0,
    targetMs: 20_000,
    shortMs: 5_000,
    language: 'en-US',
    skills: [],
    music: [],
  },
}
const personal = { from: '+14155550101', to: '+14155550100' }
const ENTERED_MS = 1_000
const DUE = ENTERED_MS + WAIT_WATCH_MS

const waiting = (
  [
    { type: 'queue.configured', at: 0, settings: SETTINGS },
    {
      ...{ type: 'caller.entered', at: ENTERED_MS, entryId: 'e1', callId: 'call-1', ask: 1, priority: 0 },
      ...{ skills: null, personal },
    },
  ] as QueueInput[]
).reduce<QueueState>((state, input) => step(queue, state, input).state, queue.initial)

test('the call of somebody who waits is asked about from time to time', () => {
  expect(queue.deadline(waiting)).toBe(DUE)
  expect(step(queue, waiting, { type: 'clock.struck', at: DUE - 1 }).facts).toEqual([])
  const { state, effects } = step(queue, waiting, { type: 'clock.struck', at: DUE })
  expect(effects).toMatchObject([{ type: 'check-caller', entryId: 'e1', callId: 'call-1' }])
  expect(queue.deadline(state)).toBe(DUE + WAIT_WATCH_MS)
})

test('whoever has hung up unheard leaves the queue, and whoever is still there keeps their place', () => {
  const gone = step(queue, waiting, { type: 'caller.checked', at: DUE, entryId: 'e1', live: false })
  expect(gone.facts).toMatchObject([{ type: 'caller-left', because: 'abandoned' }])
  expect(gone.state.entries).toEqual({})
  expect(step(queue, waiting, { type: 'caller.checked', at: DUE, entryId: 'e1', live: true }).facts).toEqual([])
})
