import { expect, test } from 'vitest'
import { twimlEvidence, twimlPage, twimlRows } from '../../scripts/twiml-table.ts'
import { read } from './files.ts'

test('packages/phone-network/docs/twiml.md is what the tests say (scripts/twiml-table.ts writes it)', () => {
  expect(read('packages/phone-network/docs/twiml.md')).toBe(twimlPage())
})

test('every verb and attribute that is performed has a test, and no test names one that does not exist', () => {
  const [shown, rows] = [twimlEvidence(), twimlRows()]
  expect(rows.filter(row => !shown.has(row))).toEqual([])
  expect([...shown.keys()].filter(row => !rows.includes(row))).toEqual([])
})
