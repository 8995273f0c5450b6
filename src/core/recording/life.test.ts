import { expect, test } from 'vitest'
import { ASKS_MAX, afterWord, expiresAt, fileKey, isRecordingId, LOOKS_MAX, lookMs, waitMs } from './life.ts'

const DAY_MS = 24 * 3_600_000

test('words of the carrier may come twice and in any order', () => {
  expect(['in-progress', 'completed', 'absent', 'failed'].map(word => afterWord(null, word))).toEqual([
    'processing',
    'uploading',
    'absent',
    'failed',
  ])
  for (const known of ['uploading', 'available', 'expired'] as const)
    for (const word of ['in-progress', 'completed', 'absent', 'failed']) expect(afterWord(known, word)).toBeNull()
  expect([afterWord('processing', 'processing'), afterWord('processing', 'completed')]).toEqual([null, 'uploading'])
  expect(['in-progress', 'completed', 'absent', 'failed'].map(word => afterWord('initiating', word))).toEqual([
    'processing',
    'uploading',
    'absent',
    'failed',
  ])
  expect([afterWord('absent', 'completed'), afterWord('failed', 'in-progress')]).toEqual(['uploading', null])
})

test('a step is tried for more than a day, and a lost call is asked about for as long', () => {
  const sum = (count: number, ms: (n: number) => number) =>
    Array.from({ length: count }, (_, n) => ms(n)).reduce((a, b) => a + b, 0)
  expect(sum(ASKS_MAX, waitMs)).toBeGreaterThan(DAY_MS)
  expect(sum(LOOKS_MAX, lookMs)).toBeGreaterThan(DAY_MS)
})

test('a file is named by the day and the recording, and every carrier’s id that may be one makes a name', () => {
  const at = Date.UTC(2026, 10, 29, 23, 59)
  expect(fileKey('w_demo', at, 'RE1', 'audio/mpeg')).toBe('recordings-w_demo/2026-11-29/RE1.mp3')
  expect(fileKey('w_demo', at, 'rec_1-a', 'audio/wav')).toBe('recordings-w_demo/2026-11-29/rec_1-a.wav')
  expect(['RE1', 'w_a.call_1.rf2', '../x', 'a/b', '', 'a'.repeat(65), 'ä'].map(isRecordingId)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ])
  expect(expiresAt(at, 90) - at).toBe(90 * DAY_MS)
})
