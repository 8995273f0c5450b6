import { expect, test } from 'vitest'
import { contactOf } from '../testing/views.ts'
import { fillScript } from './script.ts'

const amara = contactOf('Amara Ba Diallo')

test('fills both ways of writing', () => {
  expect(fillScript('Hi {{firstName}} of {company}, {{ agent }} here, {last_name}', amara, 'Ada')).toBe(
    'Hi Amara of Northwind, Ada here, Ba Diallo',
  )
})

test('unknown names and nobody on the line leave the text as it is', () => {
  expect(fillScript('{{frstName}} {x', amara, 'Ada')).toBe('{{frstName}} {x')
  expect(fillScript('{{name}}', null, 'Ada')).toBe('{{name}}')
})

test('values are text, never patterns', () => {
  expect(fillScript('{{name}}', contactOf('$& $1 {{agent}}'), 'Ada')).toBe('$& $1 {{agent}}')
})
