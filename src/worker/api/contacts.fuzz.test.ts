/** Lists of contacts as programs and people get them wrong: one bad row costs itself and no other. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readContacts } from './contacts.ts'

const FIELDS = [
  'contactId',
  'firstName',
  'lastName',
  'company',
  'phone',
  'timeZone',
  'postcode',
  'aiConsent',
  '__proto__',
]
const values = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    '+14155550142',
    14155550142,
    '',
    null,
    '\ud800',
    '\u0000',
    'America/Denver',
    '94105',
    -1,
    Number.POSITIVE_INFINITY,
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
)
const rows = fc.oneof(
  values,
  fc.array(fc.tuple(fc.constantFrom(...FIELDS), values), { maxLength: 9 }).map(pairs => {
    // As JSON.parse makes it: `__proto__` is a field of its own.
    const row = {}
    for (const [key, value] of pairs) Object.defineProperty(row, key, { value, enumerable: true, configurable: true })
    return row
  }),
)
const GOOD = { contactId: 'p_good', firstName: 'Pat', phone: '+14155550142' }

test('no row makes the reader throw; each is kept or named by its position, and a good one is always kept', () => {
  const property = fc.property(
    fc.array(rows, { maxLength: 8 }),
    fc.nat(8),
    fc.constantFrom('US', 'DE', 'xx'),
    (bad, at, home) => {
      const list = bad.toSpliced(at, 0, GOOD)
      const read = readContacts(list, home)
      expect(read.good.filter(one => one.contactId === 'p_good').length).toBeGreaterThan(0)
      const named = new Set(read.bad.map(one => Number(/^contacts\.(\d+)/.exec(one.field)?.[1])))
      expect(read.good.length + named.size).toBe(list.length)
      for (const one of read.good) {
        expect(one.phone).toMatch(/^\+[1-9]\d{3,14}$/)
        expect([one.firstName, one.lastName, one.company].every(name => name.isWellFormed())).toBe(true)
      }
    },
  )
  fc.assert(property, { numRuns: 2_000, seed: 11 })
})
