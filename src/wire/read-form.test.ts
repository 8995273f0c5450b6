import { expect, test } from 'vitest'
import { z } from 'zod'
import { readForm } from './read-form.ts'

const form = z.object({ name: z.string().trim().min(1).max(8), list: z.array(z.string()).max(2).optional() })

test('a value whose length is no number has the wrong form, and nothing throws [D9]', () => {
  for (const length of [{ toString: 1, valueOf: 2 }, { valueOf: 'x' }, [], null, 'abc'])
    for (const wrong of [{ name: { length } }, { name: 'ok', list: { length } }])
      expect(readForm(form, wrong).ok, JSON.stringify(wrong)).toBe(false)
  expect(readForm(form, { name: ' Pat ' })).toEqual({ ok: true, value: { name: 'Pat' } })
})
