import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { wordsOf } from './grammar.ts'
import { DialogueError, loadScripts, phrasesOf, readScript } from './script-file.ts'

const scripts = loadScripts()
const small = (changes: object): object => ({
  greeting: 'Hello.',
  states: { start: { rules: [{ say: ['yes'], answer: 'Good.' }] } },
  ...changes,
})
const withRule = (rule: object): object =>
  small({ states: { start: { rules: [{ say: ['yes'], answer: 'Good.', ...rule }] } } })

test('the shipped scripts are read', () => {
  expect([...scripts.keys()]).toEqual(['obey', 'qualify', 'reception'])
  expect(phrasesOf(scripts.get('reception')!, 'time').length).toBeLessThan(
    phrasesOf(scripts.get('reception')!, null).length,
  )
  expect(readScript('small', small({})).states.get('start')?.rules).toHaveLength(1)
})

test('the recogniser has every word of the shipped scripts in its dictionary, or its sounds', () => {
  const package_ = path.dirname(fileURLToPath(import.meta.resolve('soundswallower')))
  const dictionary = readFileSync(path.join(package_, 'model/en-us/dict.txt'), 'utf8')
  const known = new Set(dictionary.split('\n').map(line => line.split(/\s/)[0]))
  for (const script of scripts.values()) {
    const words = [...wordsOf(phrasesOf(script, null), script.slots)]
    expect(words.filter(word => !known.has(word) && !script.pronunciations[word])).toEqual([])
  }
})

test.each([
  [null, 'must be an object'],
  [[], 'must be an object'],
  [small({ greeting: 7 }), 'greeting must be a text'],
  [small({ greeting: 'x'.repeat(2_000) }), 'longer'],
  [small({ color: 'red' }), 'has no "color"'],
  [small({ responder: 'freely' }), 'responder'],
  [small({ start: 'elsewhere' }), 'no state "elsewhere"'],
  [small({ states: [] }), 'states must be an object'],
  [small({ slots: { planet: {} } }), 'is empty'],
  [small({ slots: { planet: { mars: '{day}' } } }), 'cannot name slots'],
  [small({ pronunciations: { trunkline: 'T R QQ' } }), '"QQ"'],
  [withRule({ say: [] }), 'say is empty'],
  [withRule({ say: ['(yes'] }), 'missing'],
  [withRule({ say: ['{planet}'] }), 'no slot {planet}'],
  [withRule({ say: 'yes' }), 'must be a list'],
  [withRule({ answer: '' }), 'neither answers nor calls'],
  [withRule({ next: 'nowhere' }), 'no state "nowhere"'],
  [withRule({ call: { arguments: {} } }), 'call.tool'],
  [withRule({ call: { tool: 'x', when: 'now' } }), 'has no "when"'],
  [small({ anywhere: [{ say: Array.from({ length: 600 }, () => 'yes'), answer: 'a' }] }), 'more than 500 phrases'],
])('a bad script is refused with its reason (%#)', (value, why) => {
  expect(() => readScript('bad', value)).toThrow(DialogueError)
  expect(() => readScript('bad', value)).toThrow(why)
})
