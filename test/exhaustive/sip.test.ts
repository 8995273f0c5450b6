/** One INVITE and two phones in every order, and planted defects that it finds. */
import { expect, test } from 'vitest'
import { step } from '../../src/core/sip/proxy.ts'
import { exploreSip, SMALL_SIP } from './explore-sip.ts'
import { PLANTED_SIP } from './sip-planted.ts'

test('one last answer reaches the caller, every phone knows how it ended, and nothing stays, in every order', () => {
  const explored = exploreSip(step, SMALL_SIP)
  console.log(`sip: ${explored.states} states`)
  expect(explored.violations).toEqual([])
  expect(explored.states).toBeGreaterThan(5_000)
})

test.each(Object.entries(PLANTED_SIP))('it is found when %s', (_, works) => {
  expect(exploreSip(works, SMALL_SIP).violations).not.toEqual([])
})
