import { expect, test } from 'vitest'
import { clearedAs, isExtension, isUnclearNumber, numberOfSip, shownSip, sipAddress } from './sip-address.ts'

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

test.each([
  'sip:+14155550101:x@gw.example',
  'sip:%2B14155550101@gw.example',
  'sip:%252B14155550101@gw.example',
  'sip:+1%34155550101@gw.example',
  'sip:+1-415-555-0101@gw.example',
  'sip:+1(415)555.0101@gw.example',
  'sip:+14155550101%3Bphone-context=x@gw.example',
  'sip:0014155550101@gw.example',
  'sip:＋14155550101@gw.example',
])('the number in %s is asked about, however it is written', uri => {
  expect(clearedAs(uri)).toEqual({ to: '+14155550101' })
  expect(isUnclearNumber(uri)).toBe(false)
})

test.each([
  'sip:14155550101@gw.example',
  'sip:4155550101@gw.example',
  'sip:415-555-0101:x@gw.example',
  'sip:01114155550101@gw.example',
  'sip:*67+14155550101@gw.example',
  'sip:+14155550101,,1@gw.example',
  'sip:+14155550101x12@gw.example',
  'sip:%31%34155550101@gw.example',
  'sip:4155550101x12@gw.example',
])('%s does not say which number is called', uri => {
  expect(isUnclearNumber(uri)).toBe(true)
  expect(clearedAs(uri)).not.toHaveProperty('phone')
})

test('a name, and digits that are too few for a number, are a phone', () => {
  for (const user of ['bo', '101', '200300', 'desk-4155550101', 'a1415555', '%zz', '%ff', 'bo:14155550101']) {
    expect(clearedAs(`sip:${user}@gw.example`), user).toEqual({ to: '', phone: true })
    expect(isUnclearNumber(`sip:${user}@gw.example`), user).toBe(false)
  }
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
