import { expect, test } from 'vitest'
import type { Because } from '../../core/pacing/governor.ts'
import type { LaneReason, LaneState } from '../../wire/desk.ts'
import { laneOf, sessionOf } from '../testing/views.ts'
import {
  callResultWords,
  factWords,
  laneLook,
  laneWord,
  outcomeWords,
  paceWords,
  queuedWords,
  reasonWords,
  refusalWords,
  restWords,
  shortActor,
} from './words.ts'

const STATES: LaneState[] = [
  'queued',
  'dialing',
  'ringing',
  'holding',
  'live',
  'machine',
  'message',
  'released',
  'ended',
]
const REASONS: LaneReason[] = [
  'answered-first-elsewhere',
  'conversation-over',
  'customer-hung-up',
  'agent-hung-up',
  'busy',
  'no-answer',
  'failed',
  'machine',
  'fax',
  'no-seat',
  'skipped',
  'stopped',
  'agent-left',
  'refused',
  'number-refused',
  'unknown-outcome',
]

test.each(STATES)('lane state %s has a word and a look', state => {
  expect(laneWord(laneOf('x', { state }), false)).toMatch(/[A-Z]\w/)
  expect(laneLook(state)).toMatch(/\w/)
})

test.each(REASONS)('end reason %s has words', reason => {
  const lane = laneOf('x', { state: 'ended', reason, firstName: 'Amara' })
  expect(laneWord(lane, false)).toMatch(/[A-Z]\w/)
  expect(reasonWords(lane)).toMatch(/\w{2}/)
})

test('the holder and the winner are unmistakable', () => {
  expect(laneWord(laneOf('x', { state: 'holding' }), false)).toBe('Answered: is it a person?')
  expect(laneWord(laneOf('x', { state: 'live' }), false)).toBe('Live: you')
  expect(laneWord(laneOf('x', { state: 'live' }), true)).toBe('On hold')
  expect(laneWord(laneOf('x', { state: 'machine', verdict: 'fax' }), false)).toBe('Fax')
})

test('a released leg says who was first', () => {
  const released = { state: 'released', reason: 'answered-first-elsewhere' } as const
  expect(reasonWords(laneOf('x', { ...released, firstName: 'Amara' }))).toBe('released: Amara answered first')
  expect(reasonWords(laneOf('x', released))).toBe('released: someone else answered first')
})

test('queued counts down in whole seconds', () => {
  expect(queuedWords(3000, 1000)).toBe('Queued, 2 s')
  expect(queuedWords(3000, 2500)).toBe('Queued, 1 s')
  expect(queuedWords(3000, 9000)).toBe('Queued')
  expect(queuedWords(null, 0)).toBe('Queued')
})

test('how many lines ring is told when it is fewer than were chosen', () => {
  const of = (lines: number, because: Because) =>
    paceWords(sessionOf('dialing', { pace: { lines, because, max: 0.03 } }))
  expect(of(1, 'over-limit')).toBe(
    '1 of 2 lines ring, because too many calls were abandoned (limit 3 in 100 within 30 days).',
  )
  expect(of(2, 'few-answers')).toBeNull()
  expect(paceWords(sessionOf('dialing'))).toBeNull()
})

test('rest, refusals and facts in words', () => {
  expect(restWords(sessionOf('resting', { restReason: 'calling-hours' }))).toMatch(/hour/)
  expect(restWords(sessionOf('resting'))).toMatch(/right now/)
  expect(refusalWords('session-running', 'session.start')).toBe('A session is already running')
  expect(refusalWords('session-running', 'presence.paused')).toBe('Pause the session instead')
  expect(refusalWords('bad-number', 'single.dial')).toMatch(/country code/)
  expect(outcomeWords('meeting-booked')).toBe('Meeting booked')
  expect(callResultWords(null, 'agent-hung-up', 'hangup')).toBe('Agent hung up')
  expect(callResultWords(null, 'noanswer', 'hangup')).toBe('No answer')
  expect(callResultWords('no-seat', 'normal', 'hangup')).toBe('Heard the message')
  expect(shortActor('w_demo.c_1.b5.2')).toBe('b5.2')
  expect(shortActor('call')).toBe('call')
  expect(factWords({ seq: 1, at: 0, type: 'lane-changed', callId: null })).toBe('Lane changed')
})
