/** Ids are put together and taken apart in `src/core/ids.ts` and nowhere else. */
import { expect, test } from 'vitest'
import { code, read } from './files.ts'

/** `….d_` and the like behind a placeholder, or anything behind the id of a batch, a desk or a campaign. */
const MADE_BY_HAND = /\$\{[^}]*\}\.(?:d|c|i|o|a|ai|rh|call)_|\$\{[^}]*(?:batch|desk|campaign)(?:Id)?\}\./i
/** The part before or behind a dot of something that is called an id. */
const TAKEN_APART = /\b\w*[iI]d\.(?:split\('\.'|slice\([^)]*(?:indexOf|lastIndexOf)\('\.'\))/

test('no file but core/ids.ts makes an id of a template or cuts one at its dots', () => {
  const wrong = code('src/')
    .filter(file => !file.endsWith('.test.ts') && file !== 'src/core/ids.ts')
    .filter(file => MADE_BY_HAND.test(read(file)) || TAKEN_APART.test(read(file)))
  expect(wrong).toEqual([])
})

test('no word of a carrier stands in the core', () => {
  const wrong = code('src/core/')
    // An upcaster reads the words of the release that wrote the fact.
    .filter(file => !file.endsWith('.test.ts') && !file.endsWith('/upcast.ts'))
    .filter(file => /\b(twilio|twiml|callSid|conferenceSid|sid)\b/i.test(read(file)))
  expect(wrong).toEqual([])
})
