import { expect, test } from 'vitest'
import { fit, mayFit, netOf, sightings } from './matching.ts'
import { readPhrase } from './phrase.ts'
import { loadScripts } from './script-file.ts'
import { BUILT_IN } from './slots.ts'
import { spokenWords } from './spoken-text.ts'

const fitOf = (phrase: string, text: string) => fit(netOf(readPhrase(phrase), BUILT_IN), spokenWords(text))
const slotValue = (slot: string, text: string): string | undefined => {
  const words = fitOf(`{${slot}}`, text)?.slots[slot]
  return words && BUILT_IN[slot]?.value(words)
}

test('word for word costs nothing', () => {
  expect(fitOf('what are your [opening] hours', 'What are your hours?')?.cost).toBe(0)
  expect(fitOf('what are your [opening] hours', 'what are your opening hours')?.cost).toBe(0)
})

test.each([
  ['what are your opening hours', 'um what are your opening hours please'],
  ['what are your opening hours', 'what are you opening hours'],
  ['what are your opening hours', 'well hello so what are the opening hours'],
  ['i want to talk to a person', 'i want talk to person'],
  ['talk to a person', 'can i just talk to a person now'],
  ['take me off your list', 'please take me of your list'],
  ['yes', 'yeah'],
])('%s is heard in "%s"', (phrase, text) => {
  expect(fitOf(phrase, text)).not.toBeNull()
})

test.each([
  ['what are your opening hours', 'my uncle plays golf'],
  ['yes', 'yesterday i went to the beach'],
  ['how much does it cost', 'how much rain does it take'],
  ['goodbye', 'the weather is good'],
  ['talk to a person', 'talk to the hand because nobody listens here'],
  ['do you know me', ''],
  ['on {day} at {time}', 'on the roof at night'],
])('%s is not heard in "%s"', (phrase, text) => {
  expect(fitOf(phrase, text)).toBeNull()
})

test('slots are filled with what was heard, never made up', () => {
  expect(fitOf('book {day} at {time}', 'book tuesday at half past three')?.slots).toEqual({
    day: ['tuesday'],
    time: ['half', 'past', 'three'],
  })
  expect(fitOf('book {day} at {time}', 'book tuesday')).toBeNull()
})

test.each([
  ['time', 'ten', '10:00'],
  ['time', 'three thirty', '15:30'],
  ['time', '3:30 PM', '15:30'],
  ['time', '10am', '10:00'],
  ['time', 'half past two', '14:30'],
  ['time', 'half past nine in the evening', '21:30'],
  ['time', 'noon', '12:00'],
  ['time', 'twelve a m', '00:00'],
  ['time', 'six forty five in the morning', '06:45'],
  ['digits', '555 1234', '5551234'],
  ['digits', 'five oh two', '502'],
  ['number', '25', '25'],
  ['number', 'twenty', '20'],
  ['number', 'a hundred', '100'],
  ['number', '100', '100'],
  ['day', 'Tomorrow', 'tomorrow'],
])('%s: "%s" is %s', (slot, text, value) => {
  expect(slotValue(slot, text)).toBe(value)
})

test('text becomes plain words', () => {
  expect(spokenWords("I'm at 10 a.m., it’s O'Clock; I am 25!")).toEqual(
    "i'm at ten a m it's o'clock i am twenty five".split(' '),
  )
  expect(spokenWords('no '.repeat(5_000)).length).toBe(120)
  expect(spokenWords('¿Qué? 日本')).toEqual(['que'])
})

test('a repeated slot does not make the search endless', () => {
  const long = 'one two three four five six seven eight nine zero '.repeat(12)
  expect(fitOf('my number is {digits}', `my number is ${long}`)?.slots.digits).toHaveLength(117)
})

test('what is looked at twice is looked at the same way: nothing that fits is left out beforehand', () => {
  const script = loadScripts().get('reception')!
  const rules = [...script.anywhere, ...[...script.states.values()].flatMap(state => state.rules)]
  const nets = rules.flatMap(rule => rule.nets)
  const texts = [
    'um what are you opening hour please',
    'i want talk to person',
    'well i would like to bok an apointment for tuesday at haf past three thanks',
    'my uncle plays golf and talks to a person',
    'my number is five five one',
    'to',
  ]
  let fits = 0
  for (const words of texts.map(spokenWords)) {
    const heard = sightings(words, script.vocabulary)
    for (const net of nets) {
      if (fit(net, words) === null) continue
      fits += 1
      expect(mayFit(net, heard)).toBe(true)
    }
  }
  expect(fits).toBeGreaterThan(5)
})
