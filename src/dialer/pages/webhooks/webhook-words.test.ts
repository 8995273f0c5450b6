import { expect, test } from 'vitest'
import type { Delivery, Webhook } from '../../../wire/webhook.ts'
import { answerWords, stateWords } from './webhook-words.ts'

const webhook: Webhook = {
  ...{ id: 'w_demo.wh_1', url: 'https://example.com/hooks', name: 'CRM', types: ['*'], vocabulary: 'seed' },
  ...{ retries: 'long', status: 'enabled', disabled_because: null, failing_since: null, waiting: 0 },
  ...{ old_secret_until: null, tm_create: '2026-11-30T09:00:00.000Z' },
}
const delivery: Delivery = {
  ...{ id: '1', event_id: 'w_demo.call_1f:7', type: 'call_ringing', call_id: 'w_demo.call_1f', attempt: 1 },
  ...{ tm: '2026-11-30T09:00:00.000Z', status: 204, ms: 12, answer: '', request: '{}', state: 'delivered' },
}

test('an endpoint that is off says why, and that nothing is lost', () => {
  expect(stateWords(webhook)).toBe('On.')
  expect(stateWords({ ...webhook, waiting: 2 })).toBe('On. 2 messages wait.')
  const off = { ...webhook, status: 'disabled' as const, disabled_because: 'gone' as const, waiting: 1 }
  expect(stateWords(off)).toMatch(/^Off: .*410.* kept in the log\. 1 message waits\.$/)
  expect(stateWords({ ...webhook, failing_since: '2026-11-30T09:00:00.000Z' })).toMatch(/^Fails since /)
})

test('an answer is its status and its beginning; no answer is said in words', () => {
  expect(answerWords(delivery)).toBe('204 after 12 ms')
  expect(answerWords({ ...delivery, status: 500, answer: 'oops' })).toBe('500 after 12 ms: oops')
  expect(answerWords({ ...delivery, status: null, answer: 'not-answered' })).toBe('The server did not answer.')
  expect(answerWords({ ...delivery, status: 302, answer: 'redirected' })).toContain('sent us elsewhere')
})
