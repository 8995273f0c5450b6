import { expect, test } from 'vitest'
import { parsePreferences } from './preferences.ts'

const defaults = { shortcuts: true, sounds: true, linesAcknowledged: false }

test.each([null, '', '{', 'null', '[]', '{"shortcuts":"yes","other":1}'])('%s gives the defaults', text => {
  expect(parsePreferences(text)).toEqual(defaults)
})

test('known switches are kept', () => {
  expect(parsePreferences('{"shortcuts":false,"linesAcknowledged":true}')).toEqual({
    shortcuts: false,
    sounds: true,
    linesAcknowledged: true,
  })
})
