import { expect, test } from 'vitest'
import { labelOf, partiesOf, partyWords } from './ladder-words.ts'

const message = (from: string, to: string) => ({ at_ms: 0, from, to, line: '' })

test('the caller stands left of us, and every phone that was called right of us', () => {
  const messages = [
    message('101', 'registrar'),
    message('registrar', '102 phone 1'),
    message('registrar', '102 phone 2'),
  ]
  expect(partiesOf(messages)).toEqual(['101', 'registrar', '102 phone 1', '102 phone 2'])
  expect(partiesOf([message('101', 'registrar'), message('registrar', '101')])).toEqual(['101', 'registrar'])
  expect(partyWords('registrar')).toBe('Trunkline')
})

test('a message is named by its method, an answer by its number and words', () => {
  expect(labelOf('INVITE sip:102@w-demo.trunkline.internal SIP/2.0')).toBe('INVITE')
  expect(labelOf('SIP/2.0 480 This extension is not registered.')).toBe('480 This extension is not registered.')
})
