import { expect, test } from 'vitest'
import { readNumber } from '../../wire/phone-number.ts'
import type { Mapping } from './fields.ts'
import { judgeRow, personOf, placesOf } from './row.ts'

const judged = (cells: string[], mapping: Mapping, country = 'US') =>
  judgeRow(cells, placesOf(mapping), written => readNumber(written, country))
const phone = (written: string, country = 'US') => judged([written], ['phone'], country)

/** As in the cases from practice: written, country, number, extension. */
const TAKEN: [string, string, string, string | null][] = [
  ['0600000001', 'FR', '+33600000001', null],
  ['7700900123', 'GB', '+447700900123', null],
  ['+44 (0)20 7946 0018', 'US', '+442079460018', null],
  ['0044 20 7946 0018', 'DE', '+442079460018', null],
  ['+48 (0)22 555 01 23', 'US', '+48225550123', null],
  ['+34 (0)91 055 50 12', 'US', '+34910555012', null],
  ['+52 1 55 5555 0123', 'US', '+525555550123', null],
  ['+1 415-555-0132 x123', 'FR', '+14155550132', '123'],
  ['415-555-0132 ext. 12', 'US', '+14155550132', '12'],
  ['+14155550132,,123#', 'US', '+14155550132', '123'],
  ["'+1 415 555 0132", 'US', '+14155550132', null],
]
test.each(TAKEN)('%s, in %s, is %s [C4]', (written, country, number, extension) => {
  expect(phone(written, country)).toMatchObject({ verdict: 'ok', number, extension })
})

test('a number that a spreadsheet has made a decimal of is taken with a word, or refused when digits are lost [C4]', () => {
  expect(phone('1.4155550132E+10')).toMatchObject({ verdict: 'fixed', number: '+14155550132', field: 'phone' })
  expect(phone('4.15559E+10')).toMatchObject({
    verdict: 'refused',
    message: expect.stringContaining('digits are lost'),
  })
})

const REFUSED: [string, string][] = [
  ['', 'there is no number'],
  ['0000000000', 'can be dialled'],
  ['(123) 456-7890', 'can be dialled'],
  ['415 055 0132', 'can be dialled'],
  ['someone4155550132@example.com', 'e-mail'],
  ['sip:14155550132@example.com', 'SIP'],
  ['n/a', 'letters'],
]
test.each(REFUSED)('%j is refused, with what is wrong [C4]', (written, words) => {
  expect(phone(written)).toMatchObject({
    verdict: 'refused',
    field: 'phone',
    message: expect.stringContaining(words),
    number: null,
  })
})

test.each([
  ['2024-03-05', 'DK'],
  ['05.03.2024', 'DK'],
  ['3/5/24', 'US'],
  ['12-Mar', 'US'],
  ['Mar-24', 'US'],
  ['5. Mai 2024', 'DE'],
])('%s is a date and no number, although a number of some country could have its digits', (written, country) => {
  expect(phone(written, country)).toMatchObject({
    verdict: 'refused',
    message: expect.stringContaining('a date of it'),
  })
})

test('of several columns with numbers the first that can be dialled counts, and the row says which was left out', () => {
  const mapping: Mapping = ['phone', 'phone']
  expect(judged(['', '415 555 0100'], mapping)).toMatchObject({ verdict: 'ok', number: '+14155550100' })
  const second = judged(['555', '415 555 0100'], mapping)
  expect(second).toMatchObject({ verdict: 'fixed', number: '+14155550100' })
  expect(second.message).toContain('the number before it was left out')
})

test.each([
  [['x'.repeat(81), '415 555 0100'], ['firstName', 'phone'], 'firstName'],
  [['a.b', '415 555 0100'], ['contactId', 'phone'], 'contactId'],
  [['Mars/Olympus', '415 555 0100'], ['timeZone', 'phone'], 'timeZone'],
  [['perhaps', '415 555 0100'], ['aiConsent', 'phone'], 'aiConsent'],
  [['Zo\uFFFD', '415 555 0100'], ['lastName', 'phone'], 'lastName'],
  [['a\u0007b', '415 555 0100'], ['company', 'phone'], 'company'],
] as [string[], Mapping, string][])('%j as %j is refused for its %s', (cells, mapping, field) => {
  expect(judged(cells, mapping)).toMatchObject({ verdict: 'refused', field })
})

test('names are told apart, spaces and ends of lines are one space, and a zone has its name of the world', () => {
  const mapping: Mapping = ['fullName', 'timeZone', 'aiConsent', 'phone']
  const person = personOf(['Okafor,\n Ada', 'Pacific Standard Time', 'ja', ''], placesOf(mapping))
  expect(person).toMatchObject({
    firstName: 'Ada',
    lastName: 'Okafor',
    timeZone: 'America/Los_Angeles',
    aiConsent: true,
  })
  expect(personOf(['Mary Ann Lee'], placesOf(['fullName']))).toMatchObject({ firstName: 'Mary Ann', lastName: 'Lee' })
  expect(personOf(['Cher'], placesOf(['fullName']))).toMatchObject({ firstName: 'Cher', lastName: '' })
})
