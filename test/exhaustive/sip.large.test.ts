/** The same world with every word of both phones and more deadlines. */
import { expect, test } from 'vitest'
import { step } from '../../src/core/sip/proxy.ts'
import { exploreSip, LARGE_SIP } from './explore-sip.ts'

test('one last answer reaches the caller and nothing stays, whatever both phones say and how long it takes', () => {
  const explored = exploreSip(step, LARGE_SIP)
  expect(explored.violations).toEqual([])
  expect(explored.states).toBeGreaterThan(100_000)
})
