import { expect, test } from 'vitest'
import type { ShownImport } from '../../../wire/import.ts'
import { phaseWords, toSave } from './import-words.ts'

const counts = { ok: 5, fixed: 2, update: 1, known: 1, duplicate: 4, refused: 3 }

test('the button counts whom the import takes and has not saved', () => {
  expect(toSave({ counts, saved: 0 })).toBe(9)
  expect(toSave({ counts, saved: 8 })).toBe(1)
})

test('whoever stays after undoing is counted in words', () => {
  const undone = { phase: 'undone', kept: 1 } as ShownImport
  expect(phaseWords(undone)).toBe('Undone, except for 1 person: called already, or needed elsewhere')
  expect(phaseWords({ ...undone, kept: 0 })).toBe('Undone')
})
