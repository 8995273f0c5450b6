import { expect, test } from 'vitest'
import { bodyOf, draftOf, NEW_CAMPAIGN } from './campaign-draft.ts'

test('outcomes have the keys of their places, and ids that say what becomes of the person', () => {
  expect(bodyOf(NEW_CAMPAIGN).outcomes).toEqual([
    { key: 1, outcomeId: 'interested', label: 'Interested' },
    { key: 2, outcomeId: 'callback', label: 'Call back' },
    { key: 3, outcomeId: 'not-interested', label: 'Not interested' },
    { key: 4, outcomeId: 'wrong-number', label: 'Wrong number' },
    { key: 5, outcomeId: 'do-not-call', label: 'Do not call' },
  ])
})

test('an outcome that is known keeps its id when its label changes, and two with one label have two ids', () => {
  const draft = draftOf(bodyOf(NEW_CAMPAIGN))
  const [first, ...rest] = draft.outcomes
  const changed = {
    ...draft,
    outcomes: [{ ...first, label: 'Keen' }, ...rest, { ...first, outcomeId: '', label: 'Keen' }],
  }
  const ids = bodyOf(changed as typeof draft).outcomes.map(one => one.outcomeId)
  expect(ids[0]).toBe('interested')
  expect(ids.at(-1)).toBe('keen')
  expect(new Set(ids).size).toBe(ids.length)
})

test('an outcome that only sounds like a callback is none, when somebody chose that the person is not called again', () => {
  const outcomes = [{ outcomeId: 'callback', label: 'Callback', consequence: 'done' as const }]
  expect(bodyOf({ ...NEW_CAMPAIGN, outcomes }).outcomes[0]?.outcomeId).toBe('outcome-callback')
})
