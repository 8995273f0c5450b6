/** Numbers as nobody writes them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readNumber, shownNumber } from './phone-number.ts'

const pieces = fc.constantFrom(
  ...['+', '00', '0', '(0)', '(', ')', '-', ' ', '.', ';ext=', ' x', '#', ',', 'tel:', 'E+', '1', '52', '44', '49'],
  ...['\u0000', '\ud800', '٣', '７', '🙂', '\u202e', 'a', '@', 'sip:', '4155550140', '2079460000', '9'.repeat(30)],
)
const written = fc.oneof(
  fc.array(pieces, { maxLength: 12 }).map(parts => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.stringMatching(/^\+?[0-9 ()-]{3,20}$/),
)
const country = fc.oneof(fc.constantFrom('US', 'GB', 'DE', 'MX', 'IT', 'AQ'), fc.string({ maxLength: 4 }))

test('no text and no country make the reader throw; it gives E.164 or says what is wrong', () => {
  const property = fc.property(written, country, (text, home) => {
    const answer = readNumber(text, home)
    const told = answer.ok ? /^\+[1-9]\d{3,14}$/.test(answer.number) : answer.problem.length > 0
    expect(told, JSON.stringify([text, home, answer])).toBe(true)
  })
  fc.assert(property, { numRuns: 5_000, seed: 11 })
})

test('a number that was read is read again as itself, in whatever country and as it is shown', () => {
  let read = 0
  const property = fc.property(written, country, country, (text, home, other) => {
    const answer = readNumber(text, home)
    fc.pre(answer.ok)
    read += 1
    const { number } = answer as Extract<typeof answer, { ok: true }>
    expect(readNumber(number, other)).toEqual({ ok: true, number, extension: null, warning: null })
    expect(readNumber(shownNumber(number), other)).toMatchObject({ ok: true, number })
  })
  fc.assert(property, { numRuns: 500, maxSkipsPerRun: 1_000, seed: 11 })
  expect(read).toBeGreaterThan(100)
})
