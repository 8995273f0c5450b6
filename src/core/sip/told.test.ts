import { expect, test } from 'vitest'
import type { EndReason } from './state.ts'
import { causeOf, loggedFact, type SipCall } from './told.ts'

const CALL: SipCall = { callId: 'w_a.sip_1', from: '101', to: '102', beganMs: 1, answeredMs: null, ended: null }
const REASONS: EndReason[] = [
  ...(['hung-up', 'cancelled', 'busy', 'declined', 'no-answer', 'not-registered'] as const),
  ...(['failed', 'connection-lost', 'too-long'] as const),
]

test('the end of a call is said in a sentence of its own for each cause, with the code that the phone got', () => {
  const over = (reason: EndReason, status: number | null) => causeOf({ ...CALL, ended: { atMs: 2, reason, status } })
  expect(new Set(REASONS.map(reason => over(reason, null))).size).toBe(REASONS.length)
  expect(over('not-registered', 480)).toBe('No phone of extension 102 was connected (480).')
  expect(causeOf(CALL)).toBe('101 calls 102.')
  expect(causeOf({ ...CALL, answeredMs: 2 })).toBe('101 and 102 are talking.')
})

test('the log hears how long two have talked, and nothing of a call that is put away', () => {
  const ended = { type: 'ended', token: 't', atMs: 9_000, reason: 'hung-up', status: null } as const
  expect(loggedFact(ended, 4_000)).toMatchObject({ type: 'call-hungup', reason: 'normal', talkedMs: 5_000 })
  expect(loggedFact({ ...ended, reason: 'busy', status: 486 }, null)).toMatchObject({ talkedMs: 0, code: 486 })
  expect(
    loggedFact({ type: 'closed', token: 't', atMs: 1, ladder: { first: [], last: [], omitted: 0 } }, null),
  ).toBeNull()
})
