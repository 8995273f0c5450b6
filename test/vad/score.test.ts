import { expect, test } from 'vitest'
import { aucOf, type HeardClip, scoreOf } from '../../bench/vad/score.ts'

/** A clip of ten seconds with speech from 2.0 to 3.0 s, 3.4 to 3.5 s and 6.0 to 7.0 s. */
function clip(
  changes: HeardClip['changes'],
  probability = (speech: boolean): number => (speech ? 0.9 : 0.1),
): HeardClip {
  const segments: [number, number][] = [
    [2_000, 3_000],
    [3_400, 3_500],
    [6_000, 7_000],
  ]
  const speaks = (ms: number) => segments.some(([start, end]) => ms >= start && ms < end)
  return {
    labels: Array.from({ length: 1_000 }, (_, at) => (speaks(at * 10) ? '1' : '0')).join(''),
    labelMs: 10,
    probabilities: Array.from({ length: 500 }, (_, at) => probability(speaks(at * 20))),
    changes,
    durationMs: 10_000,
    segments,
  }
}
const opened = (atMs: number) => ({ type: 'opened' as const, atMs, sinceMs: atMs - 60 })
const closed = (atMs: number) => ({ type: 'closed' as const, atMs, sinceMs: atMs - 300 })

test('onset, offset, nothing missed, nothing false', () => {
  const score = scoreOf([clip([opened(2_100), closed(3_800), opened(6_120), closed(7_340)])])
  expect(score).toMatchObject({ auc: 1, missedPct: 0, falseStartsPerMin: 0, utterances: 2 })
  expect([score.onsetP50Ms, score.onsetP90Ms, score.offsetP50Ms]).toEqual([120, 120, 340])
})

test('an utterance without an open gate is missed, an opening without speech is false', () => {
  const score = scoreOf([clip([opened(4_000), closed(5_000), opened(6_100), closed(7_400)])])
  // In 7.9 s of the clip nobody speaks.
  expect(score).toMatchObject({ missedPct: 50, falseStartsPerMin: Number((60 / 7.9).toFixed(2)) })
})

test('a gate that never closes has offsets up to the end of the clip, and no second onset', () => {
  const score = scoreOf([clip([opened(2_100)])])
  expect([score.onsetP90Ms, score.offsetP90Ms, score.missedPct]).toEqual([100, 3_000, 0])
})

test('AUC: chance is a half, backwards is nothing', () => {
  expect(aucOf([clip([], () => 0.5)])).toBe(0.5)
  expect(aucOf([clip([], speech => (speech ? 0 : 1))])).toBe(0)
})
