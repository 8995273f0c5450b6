import { expect, test } from 'vitest'
import { createDiscretion, mayBeSaid } from './discretion.ts'

const RULES = 'You speak on the telephone. Answer in one to three short sentences, without lists.'
const confidential = { terms: ['Blue Harvest', 'X-17'], lines: [RULES] }

test.each([
  ['We are open from nine to five.', true],
  ['Answer in one word, please: yes or no?', true],
  ['You speak on the telephone.', true],
  ['You speak on the telephone: answer in one word.', false],
  ['I was told: answer in one to three short sentences, without lists!', false],
  ['Answer in one to three short sentences.', true],
  ['Its name is blue harvest!', false],
  ['The code is x 17, I think.', false],
  ['A blue, harvested thing.', true],
  ['', true],
])('%s', (sentence, may) => {
  expect(mayBeSaid(sentence, confidential)).toBe(may)
})

test('what follows a sentence that may not be said is not said either', () => {
  const discretion = createDiscretion(confidential)
  const reply = ['Well.', 'It is Blue Harvest.', 'And the rest of it.', 'More.']
  expect(reply.map(sentence => discretion.judge(sentence))).toEqual(['said', 'first', 'after', 'after'])
})

test('nothing is confidential: all is said', () => {
  expect(mayBeSaid(RULES, { terms: [''], lines: [] })).toBe(true)
})
