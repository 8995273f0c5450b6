import { expect, test } from 'vitest'
import { reportsPage } from '../../scripts/reports-page.ts'
import { read } from './files.ts'

test('docs/reports.md is what the table of reports says (scripts/reports-page.ts writes it)', () => {
  expect(read('docs/reports.md')).toBe(reportsPage())
})
