import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Language } from '../turn/words.ts'
import { createSentences, SENTENCE_CHARS_MAX } from './sentences.ts'

function split(language: Language, pieces: string[]): string[] {
  const sentences = createSentences(language)
  return [...pieces.flatMap(piece => sentences.push(piece)), ...sentences.flush()]
}

test.each<[Language, string[]]>([
  ['en', ['Dr. Smith is in.', 'He can see you at 3 p.m. on Friday.', 'Is that good?']],
  ['en', ['That is $3.50 a month.', 'Or 1,200.00 a year!', 'Which one?']],
  ['en', ['Write to jane.doe@example.co.uk.', 'Or see https://www.example.com/a.html?x=1.', 'Thanks.']],
  ['en', ['It opens at 9 a.m.', 'We close at five.']],
  ['en', ['She said "Wait!"', 'Then she left...', 'And came back.']],
  ['en', ['Well... maybe it is, e.g. on Monday, approx. two hours.', 'So do I.', 'J. R. Smith agrees.']],
  ['en', ['1. First we dial.', '2. Then we talk.']],
  ['en', ['Really?!', 'Yes.']],
  ['en', ['Version 2.0 is out.', 'It costs €5.', 'Call ext. 12 or no. 7.']],
  ['es', ['El Sr. García llega a las 3.30.', '¿Le viene bien?', '¡Perfecto!', 'Son 1.250,50 €.', 'Gracias.']],
  ['es', ['La Dra. López está en EE.UU. desde ayer.', 'Llame al núm. 5.']],
  ['fr', ['Bonjour, M. Dupont !', 'Comment allez-vous ?', 'Cela coûte 3,50 €.', 'Mme Martin arrive.']],
  ['fr', ['« C’est bien. »', 'Il part demain.']],
  [
    'de',
    ['Der Termin ist am 3. Mai um 14.30 Uhr.', 'Passt das, Hr. Dr. Weber?', 'Es gibt z.B. Kaffee, Tee usw.', 'Danke!'],
  ],
  ['de', ['Das kostet 1.250,50 Euro.', 'Rufen Sie Nr. 7 an.']],
  ['it', ['Il sig. Rossi è qui.', 'Costa 12,50 euro.', 'La dott.ssa Bianchi, ecc. arriva dopo.', 'Va bene?']],
  ['pt', ['O Sr. Silva chega às 15h.', 'A Dra. Costa também.', 'São R$ 1.250,50.', 'Pode ser?']],
])('%s: %j', (language, wanted) => {
  const text = wanted.join(' ')
  expect(split(language, [text])).toEqual(wanted)
  expect(split(language, [...text])).toEqual(wanted)
})

test('a sentence comes as soon as the next one begins, not later', () => {
  const sentences = createSentences('en')
  expect(sentences.push('Hello there.')).toEqual([])
  expect(sentences.push(' H')).toEqual(['Hello there.'])
  expect(sentences.push('ow are you?\n')).toEqual(['How are you?'])
  expect(sentences.flush()).toEqual([])
})

test('lines are sentences; text without any stop is cut at a space', () => {
  expect(split('en', ['- one\n- two\n\n\nthree'])).toEqual(['- one', '- two', 'three'])
  const long = split('en', ['word '.repeat(200)])
  expect(long.every(one => one.length <= SENTENCE_CHARS_MAX && /^word( word)*$/.test(one))).toBe(true)
  expect(split('en', ['.'.repeat(1_000)]).join('')).toBe('.'.repeat(1_000))
  expect(split('en', ['😀'.repeat(400)]).every(one => !/^[\uDC00-\uDFFF]/.test(one))).toBe(true)
})

const LANGUAGES: Language[] = ['en', 'es', 'fr', 'de', 'it', 'pt']
const token = fc.constantFrom(
  ...[
    'a',
    'Dr',
    'z.B',
    'usw',
    'I',
    'J',
    '3',
    '3.5',
    '€',
    '.',
    '...',
    '!',
    '?',
    '"',
    ')',
    '«',
    ' ',
    '  ',
    '\n',
    '\t',
    'Wort',
    'über',
    '¿',
    '@',
    '😀',
    '.com',
  ],
  'x'.repeat(290),
)

test('fuzz: nothing is lost or invented, no piece is too long, and cuts on the way change nothing', () => {
  fc.assert(
    fc.property(
      fc.array(token, { maxLength: 60 }),
      fc.constantFrom(...LANGUAGES),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (tokens, language, steps) => {
        const text = tokens.join('')
        const pieces: string[] = []
        for (let at = 0; at < text.length; ) {
          const step = steps.next().value as number
          pieces.push(text.slice(at, at + step))
          at += step
        }
        const found = split(language, pieces)
        expect(found.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
        for (const one of found) {
          expect(one.length).toBeLessThanOrEqual(SENTENCE_CHARS_MAX)
          expect(one).toBe(one.trim())
          expect(one).not.toBe('')
        }
        expect(found).toEqual(split(language, [text]))
      },
    ),
    { seed: 1, numRuns: 400 },
  )
})
