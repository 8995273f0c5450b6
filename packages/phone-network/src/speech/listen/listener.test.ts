import { expect, test } from 'vitest'
import { commonStart } from './listener.ts'

test.each([
  ['', 'what', ''],
  ['what do', 'what can you', 'what'],
  ['what can you', 'what can you', 'what can you'],
  ['what can you do', 'what can', 'what can'],
  ['book', 'okay', ''],
])('of "%s" and then "%s" is told "%s"', (one, other, told) => {
  expect(commonStart(one, other)).toBe(told)
})
