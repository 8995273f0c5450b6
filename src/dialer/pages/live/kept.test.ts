import { expect, test } from 'vitest'
import type { Live, LiveQueue } from '../../../wire/supervision.ts'
import { withKept } from './kept.ts'

const queue = (queueId: string, at: number): LiveQueue => ({
  ...{ queueId, name: queueId, waiting: 1, waitingSinceMs: 1, talking: 0, free: 1, members: 1 },
  ...{ serviceLevel: null, abandonRate: null, at },
})
const live = (more: Partial<Live>): Live => ({
  ...{ at: 1, agents: [], talks: [], queues: [], campaigns: [], unread: [], more: false },
  ...more,
})
const unread = (id: string) => ({ of: 'queue' as const, id, name: id })

test('what cannot be read keeps its figures and its age, until it is read again', () => {
  const first = withKept(undefined, live({ queues: [queue('q1', 10), queue('q2', 10)] }))
  const second = withKept(first, live({ queues: [queue('q2', 20)], unread: [unread('q1')] }))
  expect(second.queues.map(one => [one.queueId, one.at])).toEqual([
    ['q2', 20],
    ['q1', 10],
  ])
  expect(second.stale).toEqual(['q1'])
  const third = withKept(second, live({ queues: [], unread: [unread('q1')] }))
  expect(third.queues).toMatchObject([{ queueId: 'q1', at: 10 }])
  expect(withKept(third, live({ queues: [queue('q1', 40)] }))).toMatchObject({ queues: [{ at: 40 }], stale: [] })
})

test('what was never read is named, and what is gone is not kept', () => {
  const shown = withKept(undefined, live({ unread: [unread('q1')] }))
  expect(shown).toMatchObject({ queues: [], missing: [{ id: 'q1' }] })
  expect(withKept(withKept(undefined, live({ queues: [queue('q1', 1)] })), live({})).queues).toEqual([])
})
