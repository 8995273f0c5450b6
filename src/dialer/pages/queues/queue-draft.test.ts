import { expect, test } from 'vitest'
import type { Queue } from '../../../wire/queue.ts'
import { bodyOf, draftOf, NEW_QUEUE } from './queue-draft.ts'

const QUEUE: Queue = {
  id: 'w_demo.q_1',
  name: 'Support',
  detail: 'Who has bought',
  tm_create: '2026-11-01T00:00:00.000Z',
  tm_update: '2026-11-01T00:00:00.000Z',
  routing_method: 'skills',
  offer_timeout: 20_000,
  wait_timeout: 90_000,
  capacity: 20,
  wrap_up: 0,
  pause_unanswered: true,
  announce_every: 60_000,
  service_target: 20_000,
  short_abandon: 5_000,
  language: 'en-US',
  skills: ['English', 'after sales'],
  music_urls: ['https://example.com/a.mp3'],
  members: [
    {
      agent_id: 'ada',
      skills: { English: 1, 'after sales': 3 },
      ...{ free: true, reason: null, calls: 0, tm_since: '' },
    },
  ],
  ...{ wait_queuecall_ids: [], service_queuecall_ids: [], total_incoming_count: 0, total_serviced_count: 0 },
  ...{ total_abandoned_count: 0, service_level: null, abandon_rate: null, average_wait: null, longest_wait: 0 },
}

test('what is saved is what was shown', () => {
  const { body, errors } = bodyOf(draftOf(QUEUE))
  expect(errors).toEqual([])
  expect(QUEUE).toMatchObject({ ...body, members: [{ agent_id: 'ada', skills: { English: 1, 'after sales': 3 } }] })
})

test('a time that is no number is named with the field of the API', () => {
  const draft = { ...NEW_QUEUE, waitMinutes: 'long', capacity: ' ' }
  expect(bodyOf(draft).errors.map(({ field }) => field)).toEqual(['wait_timeout', 'capacity'])
})

test('a skill without a level has the best one, and parts of a minute are taken', () => {
  const { body } = bodyOf({
    ...NEW_QUEUE,
    waitMinutes: '1,5',
    members: [{ agentId: 'ada', skills: 'English, sales 2' }],
  })
  expect(body).toMatchObject({ wait_timeout: 90_000, members: [{ skills: { English: 1, sales: 2 } }] })
})
