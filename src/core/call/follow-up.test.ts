import { expect, test } from 'vitest'
import { countsAsConversation, needsFollowUp } from './follow-up.ts'

const off = { enabled: false, seconds: 0 }
const ten = { enabled: true, seconds: 10 }

test('the threshold counts only when it is on', () => {
  expect(countsAsConversation(true, 1_000, off)).toBe(true)
  expect(countsAsConversation(true, 9_999, ten)).toBe(false)
  expect(countsAsConversation(true, 10_000, ten)).toBe(true)
  expect(countsAsConversation(false, 60_000, off)).toBe(false)
})

test('someone who heard the message is owed a call until an outcome is saved', () => {
  const heard = { result: 'no-seat' as const, talkedMs: 0, attemptsLeft: 0, outcomeSaved: false }
  expect(needsFollowUp(heard, off)).toBe(true)
  expect(needsFollowUp({ ...heard, outcomeSaved: true }, off)).toBe(false)
})

test('busy is followed up while attempts are left, a machine never', () => {
  const call = { talkedMs: 0, attemptsLeft: 1, outcomeSaved: false }
  expect(needsFollowUp({ ...call, result: 'busy' }, off)).toBe(true)
  expect(needsFollowUp({ ...call, result: 'busy', attemptsLeft: 0 }, off)).toBe(false)
  expect(needsFollowUp({ ...call, result: 'machine' }, off)).toBe(false)
  expect(needsFollowUp({ ...call, result: 'connected', talkedMs: 3_000 }, ten)).toBe(true)
})
