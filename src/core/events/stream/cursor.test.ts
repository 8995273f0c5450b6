import { expect, test } from 'vitest'
import { comesBefore, isPlain, later, sealed, unsealed } from './cursor.ts'

test('cursors stand in the order of the log: what was before the months, then month by month, then by number', () => {
  const order = ['before~3', 'before~20', '2026-11~1', '2026-11~9', '2026-11~10', '2026-12~0', '2027-01~2']
  for (const [place, a] of order.entries())
    for (const [other, b] of order.entries()) expect(comesBefore(a, b), `${a} ${b}`).toBe(place < other)
  expect(later('2026-12~1', 'before~9')).toBe('2026-12~1')
})

test('a cursor is read by the workspace that gave it, and by no other', () => {
  const text = sealed('w_a', '2026-11~17')
  expect(unsealed('w_a', text)).toBe('2026-11~17')
  expect(unsealed('w_b', text)).toBeNull()
  for (const other of ['', '~', '2026-11~17', text.replace('17', '18'), `${text}0`, 'garbage~1~2', sealed('w_a', 'x')])
    expect(unsealed('w_a', other), other).toBeNull()
  expect([isPlain('2026-11~17'), isPlain('before~0'), isPlain(text), isPlain('2026-11~-1')]).toEqual([
    ...[true, true, false, false],
  ])
})
