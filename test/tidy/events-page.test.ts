import { expect, test } from 'vitest'
import { eventsPage } from '../../scripts/events-page.ts'
import { read } from './files.ts'

test('docs/events.md is what the table of events says (scripts/events-page.ts writes it)', () => {
  expect(read('docs/events.md')).toBe(eventsPage())
})
