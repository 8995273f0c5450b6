import { expect, test } from 'vitest'
import { shown } from './figures.ts'

test('a figure with parts is shown part by part', () => {
  expect(shown({ talked: 12, 'gave-up': 3 })).toBe('talked 12, gave-up 3')
  expect([shown({}), shown(3), shown(null), shown(false)]).toEqual(['none', '3', 'null', 'false'])
})
