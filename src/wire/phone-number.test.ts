import { expect, test } from 'vitest'
import { directoryEntry } from './ai-agent.ts'
import { callerOf, numberFacts, readNumber, toE164 } from './phone-number.ts'

test.each([
  ['0600000001', 'FR', '+33600000001'],
  ['7700900123', 'GB', '+447700900123'],
  ['+44 (0)20 7946 0018', 'US', '+442079460018'],
  ['0044 20 7946 0018', 'US', '+442079460018'],
  ['0044 20 7946 0018', 'FR', '+442079460018'],
  ['+48 (0)22 555 01 23', 'US', '+48225550123'],
  ['+34 (0)91 055 50 12', 'US', '+34910555012'],
  ['+52 1 55 5555 0123', 'US', '+525555550123'],
  ['(415) 555-0142', 'US', '+14155550142'],
  ['14155550142', 'US', '+14155550142'],
  ['415.555.0142', 'US', '+14155550142'],
  ['tel:+1-415-555-0142', 'DE', '+14155550142'],
  ['４１５-555-0142', 'US', '+14155550142'],
  ['442079460018', 'US', '+442079460018'],
])('a number as people write it is read by its country: %s in %s [C4]', (written, country, number) => {
  expect(toE164(written, country)).toBe(number)
})

test.each([
  ['0000000000', 'not a phone number'],
  ['(123) 456-7890', 'not a phone number'],
  ['415 055 0132', 'not a phone number'],
  ['someone4155550132@example.com', 'e-mail'],
  ['sip:14155550132@example.com', 'SIP'],
  ['1.41556E+10', 'digits are lost'],
  ['', 'no number'],
  ['call me', 'letters'],
  ['4'.repeat(65), 'longer'],
])('what is no number is refused with what is wrong: %s [C4]', (written, words) => {
  const answer = readNumber(written)
  expect(answer).toMatchObject({ ok: false })
  expect(answer.ok ? '' : answer.problem).toContain(words)
})

test.each([
  ['+1 415-555-0132 x123', '123'],
  ['+1 415-555-0132 ext. 12', '12'],
  ['+1 415-555-0132,,123#', '123'],
  ['+1 415-555-0132 extension 7', '7'],
  ['+1 415-555-0132;ext=44', '44'],
  ['(415) 555-0132 #9', '9'],
])('number and extension are kept apart: %s [C4]', (written, extension) => {
  expect(readNumber(written)).toEqual({ ok: true, number: '+14155550132', extension, warning: null })
})

test('a number that a spreadsheet made decimal is read with a warning when no digit is lost [C4]', () => {
  const answer = readNumber('1.4155550132E+10')
  expect(answer).toMatchObject({ ok: true, number: '+14155550132' })
  expect(answer.ok && answer.warning).toContain('spreadsheet')
})

test.each(['+266696687', 'anonymous', 'Restricted', ''])('a withheld caller has no number: %s [C4]', from => {
  expect(callerOf(from)).toEqual({ number: '', withheld: true })
})

test('a caller who shows a number has it', () => {
  expect(callerOf('+14155550142')).toEqual({ number: '+14155550142', withheld: false })
})

test.each([
  ['+14155550142', { country: 'US', kind: 'ordinary' }],
  ['+18765550142', { country: 'JM', kind: 'ordinary' }],
  ['+19005550123', { country: 'US', kind: 'premium' }],
  ['+881612345678', { country: null, kind: 'premium' }],
  ['+4490987654321', { country: null, kind: 'invalid' }],
  ['+14150000000', { country: null, kind: 'invalid' }],
])('the facts of a number: %s', (number, facts) => {
  expect(numberFacts(number)).toEqual(facts)
})

test('an AI agent’s directory takes no number that cannot be dialled [D3]', () => {
  const entry = (kind: string, target: string) => directoryEntry.safeParse({ name: 'Office', kind, target })
  expect(entry('number', 'not a number; <Sip>').error?.issues[0]).toMatchObject({ path: ['target'] })
  expect(entry('number', '+1 415 555 0142').success).toBe(true)
  expect(entry('desk', 'u_1').success).toBe(true)
})
