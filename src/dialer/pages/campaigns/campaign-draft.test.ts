import { expect, test } from 'vitest'
import { bodyOf, draftOf, NEW_CAMPAIGN } from './campaign-draft.ts'
import { added, keysFor, moved, type OutcomeDraft } from './outcome-draft.ts'

const body = (outcomes: OutcomeDraft[]) => bodyOf({ ...NEW_CAMPAIGN, outcomes }).outcomes
const [first, ...rest] = NEW_CAMPAIGN.outcomes as [OutcomeDraft, ...OutcomeDraft[]]

test('a new campaign has the outcomes that it always had', () => {
  expect(bodyOf(NEW_CAMPAIGN).outcomes.map(one => [one.key, one.outcomeId, one.label, one.consequence])).toEqual([
    [1, 'interested', 'Interested', 'archive'],
    [2, 'callback', 'Call back', 'callback'],
    [3, 'not-interested', 'Not interested', 'archive'],
    [4, 'wrong-number', 'Wrong number', 'archive'],
    [5, 'do-not-call', 'Do not call', 'do-not-call'],
  ])
})

test('an outcome that is known keeps its id when its label changes, and two with one label have two ids', () => {
  const draft = draftOf(bodyOf(NEW_CAMPAIGN))
  const ids = body([
    { ...first, label: 'Keen' },
    ...draft.outcomes.slice(1),
    { ...first, outcomeId: '', label: 'Keen' },
  ]).map(one => one.outcomeId)
  expect([ids[0], ids.at(-1)]).toEqual(['interested', 'keen'])
  expect(new Set(ids).size).toBe(ids.length)
})

test('the id of do-not-call does not stay with an outcome that means something else', () => {
  const [one] = body([{ ...first, outcomeId: 'do-not-call', label: 'Not now' }])
  expect(one).toMatchObject({ outcomeId: 'not-now', consequence: 'archive' })
})

test('a new one gets a key that is free and that the desk does not need; what has no meaning is not sent', () => {
  const many = Array.from({ length: 10 }).reduce<OutcomeDraft[]>(list => added(list), [])
  expect(many.map(one => one.key).join('')).toBe('123456789b')
  expect(keysFor(many, '3')).toContain('3')
  expect(keysFor(many, '3')).not.toContain('x')
  expect(body([{ ...first, requires: ['time', 'note'] }])[0]).toEqual({
    ...{
      key: 1,
      outcomeId: 'interested',
      label: 'Interested',
      consequence: 'archive',
      tone: 'good',
      requires: ['note'],
    },
  })
})

test('an outcome moves up and down with its key', () => {
  expect(moved([first, ...rest], 1, -1).map(one => one.outcomeId)).toEqual([
    ...['callback', 'interested', 'not-interested', 'wrong-number', 'do-not-call'],
  ])
})
