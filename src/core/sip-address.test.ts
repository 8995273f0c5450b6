import { expect, test } from 'vitest'
import { clearedAs, isExtension, numberOfSip, shownSip, sipAddress } from './sip-address.ts'

test('an address is read with what it is called by; its host has small letters', () => {
  const bo = { uri: 'sip:bo@pbx.example', user: 'bo', host: 'pbx.example' }
  for (const text of ['bo@pbx.example', 'sip:bo@PBX.example', ' SIP:bo@pbx.example '])
    expect(sipAddress(text)).toEqual(bo)
  expect(sipAddress('bo@pbx.example:5080;transport=tcp')?.uri).toBe('sip:bo@pbx.example:5080;transport=tcp')
  expect(sipAddress('bo@pbx.example?X-Name=a')?.host).toBe('pbx.example')
})

test.each([
  '',
  'bo',
  'bo@',
  '@pbx.example',
  'bo@pbx example',
  'bo@-pbx.example',
  'bo@pbx.example/x',
  'bo@evil.example@pbx.example',
  '"><Number>',
  'sip:bo@pbx.example;x=<y>',
  `${'x'.repeat(65)}@pbx.example`,
  `bo@${'x'.repeat(252)}`,
])('%s is no address', text => {
  expect(sipAddress(text)).toBeNull()
})

test('a number in an address is asked about as a number, and a phone for what is used up', () => {
  expect(numberOfSip('sip:+14155550100@trunk.example')).toBe('+14155550100')
  expect(numberOfSip('sip:101@desk.example')).toBeNull()
  expect(clearedAs('+14155550100')).toEqual({ to: '+14155550100' })
  expect(clearedAs('sip:+14155550100@trunk.example')).toEqual({ to: '+14155550100' })
  expect(clearedAs('sip:101@desk.example')).toEqual({ to: '', phone: true })
  expect(clearedAs('')).toEqual({ to: '' })
})

test('what is dialled is an extension when it is too short for a number, or a word', () => {
  for (const dialled of ['10', '101', '200300', '20-03', 'front-desk', 'desk-4155550100', 'a1'])
    expect(isExtension(dialled), dialled).toBe(true)
  for (const dialled of ['415-555-0100', '1-415-555-0100', '020-7946-0018', '555-0100', '4155550100x12'])
    expect(isExtension(dialled), dialled).toBe(false)
  for (const dialled of ['1', '4155550100', '+14155550100', '415 555', 'Front', ''])
    expect(isExtension(dialled), dialled).toBe(false)
  expect(shownSip('sip:101@desk.example')).toBe('101')
})
