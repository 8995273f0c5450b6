import { expect, test } from 'vitest'
import { meansDoNotCall, outcomeNamed } from './do-not-call-words.ts'

test.each([
  'do-not-call',
  'DNC',
  'dnc',
  'D.N.C.',
  'Do-Not-Call',
  'do not call',
  'do_not_call',
  'doNotCall',
  'DoNotCall',
  'DO NOT CALL',
  'Don’t call',
  "don't call me again",
  'do not call again',
  'Do not call anymore please',
  'opt-out',
  'opted out',
  'OptOut',
  'unsubscribe',
  'DNC - asked for it',
  'take me off your list',
  'remove from the list',
  'stop calling me',
  ' do  not\tcall ',
])('%s says that nobody may call this person again [C1]', outcome => {
  expect(outcomeNamed(outcome)).toBe('do-not-call')
})

test.each([
  'interested',
  'callback',
  'done',
  'no answer',
  'do not call before 9',
  'not dnc',
  'call again',
  'stop',
  'list',
  'again',
  '',
  'ring back please',
  'opting',
])('%s is kept as it was written', outcome => {
  expect(meansDoNotCall(outcome)).toBe(false)
  expect(outcomeNamed(outcome)).toBe(outcome)
})
