import { expect, test } from 'vitest'
import type { LiveCall } from '../../../wire/supervision.ts'
import { sessionOf, viewOf } from '../../testing/views.ts'
import { modeWords, whyNotListen, whyNotTake, whyWords } from './live-words.ts'

const CALL: LiveCall = {
  ...{ callId: 'w_a.call_1', name: 'Pat', number: '', kind: 'campaign', sinceMs: 1, held: false },
  ...{ whyNot: null, supervisors: [] },
}

test('the supervisor reads who hears them, and until the carrier has said it that nobody does', () => {
  expect(modeWords(null, 'Bo')).toBe('Connecting: nobody hears you')
  expect(modeWords('listen', 'Bo')).toBe('You listen: nobody hears you')
  expect(modeWords('whisper', 'Bo')).toContain('Bo')
  expect(modeWords('barge', 'Bo')).toBe('Both hear you')
})

test('a reason that has no words of its own is readable all the same', () => {
  expect(whyWords({ why: null, campaign: null })).toBeNull()
  expect(whyWords({ why: 'line-not-open', campaign: null })).toBe('line is not open')
  expect(whyWords({ why: 'some-new-reason', campaign: null })).toBe('some new reason')
  expect(whyWords({ why: 'outcome-owed', campaign: 'Q4' })).toMatch(/Q4.* · owes an outcome/)
})

test('a call that cannot be listened to says why', () => {
  expect(whyNotListen(CALL, false)).toBeNull()
  expect(whyNotListen(CALL, true)).toBe('This is your own call')
  expect(whyNotListen({ ...CALL, whyNot: 'no-room' }, false)).toContain('in no room')
  expect(whyNotListen({ ...CALL, whyNot: 'full' }, false)).toContain('As many supervisors')
})

test('who takes over must be free themselves, and a break is no reason', () => {
  expect(whyNotTake(viewOf())).toBeNull()
  expect(whyNotTake(viewOf({ whyNot: { 'single.dial': 'on-break' } }))).toBeNull()
  expect(whyNotTake(viewOf({ whyNot: { 'single.dial': 'line-not-open' } }))).toContain('line is not open')
  expect(whyNotTake(viewOf({ wrapUp: { untilMs: 1, totalMs: 1 } }))).toContain('time after a call')
  expect(whyNotTake(viewOf({ session: sessionOf('waiting') }))).toContain('pause it first')
  expect(whyNotTake(viewOf({ session: sessionOf('paused') }))).toBeNull()
})
