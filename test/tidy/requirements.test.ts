import { expect, test } from 'vitest'
import { requirementsPage } from '../../scripts/requirements.ts'
import { read } from './files.ts'

test('docs/requirements.md is what the tests say (scripts/requirements.ts writes it)', () => {
  expect(read('docs/requirements.md')).toBe(requirementsPage())
})
