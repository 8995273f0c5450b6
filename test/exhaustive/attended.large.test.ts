import { expect, test } from 'vitest'
import { exploreAttended } from './explore-attended.ts'

const ONCE = { declines: 1, losses: 1, ownLosses: 1, strikes: 1, refusals: 1, lostWords: 1, hangUps: 1 }

test.each(['desk', 'number'] as const)(
  'who asks a %s first loses nobody, in all orders of a consultation with every mishap once',
  target => {
    const { violations, states } = exploreAttended({ ...ONCE, target, asks: 1, moves: 1 })
    expect(violations).toEqual([])
    expect(states).toBeGreaterThan(100_000)
  },
  600_000,
)
