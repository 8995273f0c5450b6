import { expect, test } from 'vitest'
import { afterOutcome, attemptEnded, DEFAULT_PLAN, nextTry, outcomeNoted, type Tries } from './retry.ts'

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

const row = (change: Partial<Tries> = {}): Tries => ({
  ...{ status: 'in-progress', dueAt: 0, attempts: 2, promised: false },
  ...change,
})
const ended = (outcome: 'connected' | 'busy', attempts = 2) => ({ outcome, attempts, at: 1_000 })
const follows = (consequence: 'archive' | 'callback' | 'retry') => ({
  ...{ outcomeId: 'o', label: 'O', consequence, dueAt: consequence === 'archive' ? null : 9_000 },
})

test('a try is counted once, whether its outcome comes after its end or before it', () => {
  for (const consequence of ['archive', 'callback', 'retry'] as const) {
    const after = outcomeNoted(
      attemptEnded(row(), ended('connected'), DEFAULT_PLAN),
      follows(consequence),
      5,
      DEFAULT_PLAN,
    )
    const before = attemptEnded(
      outcomeNoted(row(), follows(consequence), 5, DEFAULT_PLAN),
      ended('connected'),
      DEFAULT_PLAN,
    )
    expect(before).toEqual(after)
    expect(after.attempts).toBe(consequence === 'callback' ? 0 : 3)
  }
})

test('a promised call has tries of its own: a line that is busy then does not end the promise', () => {
  const promised = outcomeNoted(row({ status: 'done', attempts: 4 }), follows('callback'), 5, DEFAULT_PLAN)
  expect(promised).toEqual({ status: 'active', dueAt: 9_000, attempts: 0, promised: true })
  const busy = attemptEnded({ ...promised, status: 'in-progress' }, ended('busy', promised.attempts), DEFAULT_PLAN)
  expect(busy).toMatchObject({ status: 'active', promised: true, attempts: 1 })
})

test('another try counts on, and there is none above the most', () => {
  expect(outcomeNoted(row({ status: 'done', attempts: 3 }), follows('retry'), 5, DEFAULT_PLAN)).toMatchObject({
    ...{ status: 'active', attempts: 3, promised: true },
  })
  const last = { status: 'archived', attempts: 4, promised: false }
  expect(outcomeNoted(row({ status: 'done', attempts: 4 }), follows('retry'), 5, DEFAULT_PLAN)).toMatchObject(last)
  expect(outcomeNoted(row({ attempts: 3 }), follows('retry'), 5, DEFAULT_PLAN)).toMatchObject(last)
})
