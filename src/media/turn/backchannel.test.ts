import { expect, test } from 'vitest'
import { isBackchannel } from './backchannel.ts'
import { expectedAfter } from './expected.ts'

test('signs of listening are no turn', () => {
  for (const text of ['mhm', 'Okay.', 'yeah, right', 'Uh huh', 'I see'])
    expect(isBackchannel(text, 'en'), text).toBe(true)
  for (const text of ['', 'yes I want that', 'okay?', 'stop', 'right now please'])
    expect(isBackchannel(text, 'en'), text).toBe(false)
  expect(isBackchannel("d'accord", 'fr')).toBe(true)
  expect(isBackchannel('genau', 'de')).toBe(true)
})

test('a question for a number or for spelling is heard as one', () => {
  expect(expectedAfter('Thanks. What is your 6 digit code?', 'en')).toEqual({ type: 'number', characters: 6 })
  expect(expectedAfter('Could you spell your name?', 'en')).toEqual({ type: 'spelling', characters: null })
  expect(expectedAfter('Please tell me your phone number, please.', 'en')).toEqual({ type: 'number', characters: null })
  expect(expectedAfter('Our number is on the website. Can I help with anything else?', 'en')).toEqual({
    type: 'anything',
  })
  expect(expectedAfter('Wie lautet Ihre Kundennummer?', 'de')).toEqual({ type: 'number', characters: null })
})
