import { expect, test } from 'vitest'
import { hiddenNumber, hideNumbers, withoutNumbers } from './hidden.ts'

const MASK = '+6531234567'

test.each(['+6591234567', '6591234567', '006591234567', '+65 9123 4567', '(65) 9123-4567', '65.9123.4567', '91234567'])(
  'the number of a person does not stand in a text: %s',
  written => {
    const text = withoutNumbers(`from ${written} to ${MASK}`, MASK)
    expect(text.replace(/[^\d]/g, '')).not.toContain('91234567')
    expect(text).toContain(MASK)
  },
)

test('at any depth of a value', () => {
  const option = { parties: { list: [{ kind: 'number', number: '+6591234567' }] }, from: MASK, ring_ms: 30_000 }
  expect(hideNumbers(option, MASK)).toEqual({
    parties: { list: [{ kind: 'number', number: '+65…67' }] },
    from: MASK,
    ring_ms: 30_000,
  })
})

test('a withheld number stays empty', () => {
  expect(hiddenNumber('')).toBe('')
})
