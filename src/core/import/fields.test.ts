import { expect, test } from 'vitest'
import { guess, hasHeader, signatureOf } from './fields.ts'

const isNumber = (text: string) => /^\+?[\d ().-]{7,}$/.test(text)

test.each([
  [
    ['First Name', 'LAST_NAME', 'Company', 'Phone'],
    ['firstName', 'lastName', 'company', 'phone'],
  ],
  [
    ['Vorname', 'Nachname', 'Telefon-Nr.', 'PLZ'],
    ['firstName', 'lastName', null, 'postcode'],
  ],
  [
    ['Prénom', 'Nom', 'Téléphone', 'Société'],
    ['firstName', 'lastName', 'phone', 'company'],
  ],
  [
    ['Nombre', 'Apellidos', 'Móvil', 'Zona horaria'],
    ['firstName', 'lastName', 'phone', 'timeZone'],
  ],
  [
    ['Name', 'Mobile', 'Work phone', 'Id'],
    ['fullName', 'phone', 'phone', 'contactId'],
  ],
  [
    ['Phone', 'Company', 'Company name'],
    ['phone', 'company', null],
  ],
])('the header %j is understood', (header, mapping) => {
  expect(guess(header, [], isNumber)).toEqual(mapping)
})

test('without a header that says it, the column with numbers is the phone', () => {
  const samples = [
    ['Ada', '2024', '(415) 555-0100'],
    ['Bo', '2023', ''],
    ['Cy', '2022', '415 555 0101'],
  ]
  expect(guess([], samples, isNumber)).toEqual([null, null, 'phone'])
  expect(guess(['who', 'since', 'Telefon-Nr.'], samples, isNumber)).toEqual([null, null, 'phone'])
})

test('a first row with a number and no known word is no header', () => {
  expect(hasHeader(['Ada', '415 555 0100'], isNumber)).toBe(false)
  expect(hasHeader(['Who', 'How'], isNumber)).toBe(true)
  expect(hasHeader(['Phone', '415 555 0100'], isNumber)).toBe(true)
})

test('lists with the same header have the same signature, however it is written', () => {
  expect(signatureOf(['Phone ', 'E-Mail'])).toBe(signatureOf(['phone', 'email']))
  expect(signatureOf(['Phone', 'Name'])).not.toBe(signatureOf(['Name', 'Phone']))
})
