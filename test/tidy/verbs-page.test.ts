import { expect, test } from 'vitest'
import { verbsPage } from '../../scripts/verbs-page.ts'
import { read } from './files.ts'

test('docs/verbs.md is what the table of verbs says (scripts/verbs-page.ts writes it)', () => {
  expect(read('docs/verbs.md')).toBe(verbsPage())
})
