import fc from 'fast-check'
import { expect, test } from 'vitest'
import { takeSlot } from './pacing.ts'

test('a round of four: at once on an account of four, a second apart on an account of one', () => {
  expect(takeSlot([100, 100, 100], 100, 4)).toBe(100)
  expect(takeSlot([100, 100, 100, 100], 100, 4)).toBe(1_100)
  expect(takeSlot([100], 100, 1)).toBe(1_100)
})

test('no window of a second ever holds more than the limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 }),
      (cps, gaps) => {
        const slots: number[] = []
        let now = 0
        for (const gap of gaps) {
          now += gap
          slots.push(takeSlot(slots, now, cps))
        }
        for (const start of slots)
          expect(slots.filter(at => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(cps)
      },
    ),
  )
})
