import { expect, test } from 'vitest'
import { afterOutcome, DEFAULT_PLAN, nextTry } from './retry.ts'

test('busy comes back after ten minutes, until the attempts are used up', () => {
  expect(nextTry('busy', 0, 1_000, DEFAULT_PLAN)).toEqual({ status: 'active', dueAt: 601_000, counted: true })
  expect(nextTry('busy', 3, 1_000, DEFAULT_PLAN).status).toBe('archived')
})

test('a leg let go while it rang is not counted against the contact', () => {
  expect(nextTry('released', 3, 0, DEFAULT_PLAN)).toEqual({ status: 'dropped', dueAt: 60_000, counted: false })
})

test('who heard the message is left alone for a day', () => {
  expect(nextTry('no-seat', 0, 0, DEFAULT_PLAN).dueAt).toBe(24 * 3_600_000)
})

test('a refused number is not dialled again, do-not-call never', () => {
  expect(nextTry('refused', 0, 0, DEFAULT_PLAN).status).toBe('archived')
  // The carrier refused our number, not the person.
  expect(nextTry('number-refused', 3, 0, DEFAULT_PLAN)).toEqual({ status: 'active', dueAt: 5_000, counted: false })
  expect(afterOutcome({ outcomeId: 'do-not-call' }, 0).status).toBe('dnc')
  expect(afterOutcome({ outcomeId: 'interested' }, 0).status).toBe('done')
})
