import { expect, test } from 'vitest'
import type { Action } from './flow.ts'
import {
  contentOf,
  diffOf,
  type FlowBook,
  NO_VERSIONS,
  percentOf,
  publish,
  rollBack,
  startCanary,
  VERSIONS_MAX,
  versionFor,
} from './versions.ts'

const talk = (text: string, id = 'a'): Action => ({ id, type: 'talk', option: { text, language: 'en-US' } })
const draft = (book: FlowBook, ...actions: Action[]): FlowBook => ({ ...book, draft: actions })
const published = (...texts: string[]) =>
  texts.reduce((book, text, n) => publish(draft(book, talk(text)), n), NO_VERSIONS)
const textFor = (book: FlowBook, callId: string) => versionFor(book, callId)?.actions[0]?.option.text

test('publishing makes a version; the same content, however it is ordered, makes none', () => {
  const book = published('one', 'two')
  expect([book.published, book.versions.length]).toEqual([2, 2])
  const again = publish(draft(book, { type: 'talk', id: 'a', option: { language: 'en-US', text: 'two' } }), 9)
  expect(again.versions).toEqual(book.versions)
  expect(contentOf([talk('x')])).not.toBe(contentOf([talk('y')]))
})

test('a roll back is a version of its own with the old content, and drafts begin there', () => {
  const back = rollBack(published('one', 'two'), 1, 5)
  expect(back).toMatchObject({ published: 3, draft: [talk('one')] })
  expect(back?.versions.at(-1)).toMatchObject({ version: 3, rolledBackTo: 1, at: 5 })
  expect(rollBack(published('one'), 7, 5)).toBeNull()
})

test('a canary gets its share, and every call always the same version', () => {
  const canary = startCanary(draft(published('old'), talk('new')), 20, 1) as FlowBook
  const calls = Array.from({ length: 10_000 }, (_, n) => `w_demo.call_${n}`)
  const fresh = calls.filter(id => textFor(canary, id) === 'new')
  expect(fresh.length / calls.length).toBeGreaterThan(0.18)
  expect(fresh.length / calls.length).toBeLessThan(0.22)
  expect(fresh.every(id => textFor(canary, id) === 'new')).toBe(true)
  // A larger share keeps those that had it.
  const wider = { ...canary, canary: { version: 2, percent: 60 } }
  expect(fresh.every(id => textFor(wider, id) === 'new')).toBe(true)
  expect(publish(canary, 2)).toMatchObject({ canary: null, published: 3 })
  expect(textFor(canary, calls.find(id => percentOf(id) >= 20) ?? '')).toBe('old')
})

test('a canary needs something that is out, and a share', () => {
  expect(startCanary(NO_VERSIONS, 10, 0)).toBeNull()
  expect([0, 100, 2.5].map(percent => startCanary(published('old'), percent, 0))).toEqual([null, null, null])
  expect(versionFor(NO_VERSIONS, 'w_demo.call_1')).toBeNull()
})

test('old versions go, and the one that is out stays', () => {
  let book = published('first')
  for (let n = 0; n < VERSIONS_MAX + 5; n += 1) book = startCanary(draft(book, talk(`try ${n}`)), 10, n) as FlowBook
  expect(book.versions.length).toBe(VERSIONS_MAX)
  expect(textFor({ ...book, canary: null }, 'any')).toBe('first')
})

test('what differs is named step by step', () => {
  const before = [talk('one'), talk('two', 'b'), talk('three', 'c'), talk('four', 'd')]
  const after = [talk('ONE'), talk('three', 'c'), talk('two', 'b'), { ...talk('five', 'e'), next_id: 'a' }]
  expect(diffOf(before, after)).toEqual([
    { stepId: 'd', change: 'removed', fields: [] },
    { stepId: 'a', change: 'changed', fields: ['text'] },
    { stepId: 'c', change: 'moved', fields: [] },
    { stepId: 'b', change: 'moved', fields: [] },
    { stepId: 'e', change: 'added', fields: [] },
  ])
  expect(diffOf(before, before)).toEqual([])
})
