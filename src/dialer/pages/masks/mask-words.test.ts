import { expect, test } from 'vitest'
import { callWords, hoursText, sessionWords } from './mask-words.ts'

test.each([
  ['connecting', null, 'being connected'],
  ['connected', null, 'talking'],
  ['ended', 'no-answer', 'nobody answered'],
  ['refused', 'unknown-caller', 'a stranger: connected with nobody'],
  ['refused', 'on the do-not-call list', 'not allowed: on the do-not-call list'],
] as const)('a call that is %s, %s', (status, result, words) => {
  expect(callWords({ status, result })).toBe(words)
})

test('a session says how it ends, or how it has ended', () => {
  const session = { status: 'open', closed_reason: null, expires_at: null, ttl: null } as const
  const words = (more: object) => sessionWords({ ...session, ...more } as Parameters<typeof sessionWords>[0])
  expect(words({})).toBe('open')
  expect(words({ ttl: 7_200 })).toBe('open, and 2 hours after the last call')
  expect(words({ status: 'closed', closed_reason: 'idle' })).toBe('nobody called for too long')
})

test('seconds as people say them', () => {
  expect([60, 5_400, 86_400, 604_800].map(hoursText)).toEqual(['1 minute', '2 hours', '24 hours', '7 days'])
})
