import { expect, test } from 'vitest'
import { requirementsPage } from '../../scripts/requirements.ts'
import { wrongWith } from '../mutations/mutate.ts'
import { MUTATIONS } from '../mutations/table.ts'
import { read } from './files.ts'

test('docs/requirements.md is what the tests say (scripts/requirements.ts writes it)', () => {
  expect(read('docs/requirements.md')).toBe(requirementsPage())
})

test('the sample of mutated requirements has its places, its tests, and ten rows for each of the first three seeds', () => {
  expect(MUTATIONS.flatMap(one => wrongWith(one) ?? [])).toEqual([])
  for (const seed of ['S2-', 'S3-', 'S4-'])
    expect(new Set(MUTATIONS.map(one => one.id).filter(id => id.startsWith(seed))).size).toBeGreaterThanOrEqual(10)
})
