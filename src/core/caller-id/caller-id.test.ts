import { expect, test } from 'vitest'
import { type CallerNumber, chooseNumbers } from './caller-id.ts'

const number = (name: string, patch: Partial<CallerNumber> = {}): CallerNumber => ({
  number: name,
  status: 'active',
  cooldownUntil: 0,
  inFlight: 0,
  inFlightCap: 1,
  lastUsedAt: 0,
  usageCount: 0,
  ...patch,
})

test('the least recently used cooled number comes first [S3-30] [S3-64]', () => {
  const pool = [number('a', { lastUsedAt: 50 }), number('b', { lastUsedAt: 10 }), number('c', { cooldownUntil: 200 })]
  expect(chooseNumbers(pool, 2, 100).numbers).toEqual(['b', 'a'])
})

test('fewer numbers than legs shrink the round, and a cap above one is used again [S3-33]', () => {
  expect(chooseNumbers([number('a')], 4, 100).numbers).toEqual(['a'])
  expect(chooseNumbers([number('a', { inFlightCap: 3 })], 4, 100).numbers).toEqual(['a', 'a', 'a'])
})

test('nothing cooled: says when to come back, and never an undefined number [S3-33]', () => {
  const choice = chooseNumbers([number('a', { cooldownUntil: 500 }), number('b', { status: 'spammed' })], 2, 100)
  expect(choice).toEqual({ numbers: [], notBefore: 500 })
  expect(chooseNumbers([], 2, 100)).toEqual({ numbers: [], notBefore: null })
})
