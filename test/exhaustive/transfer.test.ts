import { expect, test } from 'vitest'
import { exploreTransfer } from './explore-transfer.ts'
import { PLANTED_TRANSFERS, SMALL_TRANSFERS } from './transfer-planted.ts'

test('nobody is dropped, left alone, held for nobody or told what is not so, in all orders of small transfers', () => {
  const found = SMALL_TRANSFERS.map(world => exploreTransfer(world))
  expect(found.flatMap(({ violations }) => violations)).toEqual([])
  expect(found.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(4_000)
}, 60_000)

test.each(Object.keys(PLANTED_TRANSFERS))('a transfer is found out when %s', name => {
  const machine = PLANTED_TRANSFERS[name]
  const found = SMALL_TRANSFERS.some(world => exploreTransfer(world, machine, 20_000).violations.length > 0)
  expect(found).toBe(true)
})
