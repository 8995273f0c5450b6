import { expect, test } from 'vitest'
import { nameText, optionalName } from './name.ts'

test('a name has letters of any script, and no control character or line separator', () => {
  for (const name of ['Ada', 'Zoë O’Neil-Řezníček', '山田 太郎', 'Team 👩‍💻'])
    expect(nameText(40).parse(name)).toBe(name)
  for (const code of [0, 7, 10, 13, 27, 127, 0x85, 0x2028]) {
    const name = `A${String.fromCodePoint(code)}da`
    expect(nameText(40).safeParse(name).success, `U+${code.toString(16)}`).toBe(false)
  }
})

test('blanks are no name, and a name that may be left out may be empty', () => {
  expect(nameText(40).safeParse('  ').success).toBe(false)
  expect(nameText(3).safeParse('Adam').success).toBe(false)
  expect(optionalName(40).parse('')).toBe('')
})
