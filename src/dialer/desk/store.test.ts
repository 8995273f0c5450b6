import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DeskFact } from '../../wire/desk.ts'
import { viewOf } from '../testing/views.ts'
import { FACTS_MAX, NOTICES_MAX } from './limits.ts'
import { appendFacts, DeskStore, pendingKey } from './store.ts'

const fact = (seq: number): DeskFact => ({ seq, at: seq, type: 'lane-changed', callId: null })
const message = (seq: number, at = 0, facts: DeskFact[] = []) => ({
  type: 'view' as const,
  seq,
  view: viewOf({ at }),
  facts,
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('facts', () => {
  test('repeated facts of a resumed socket are kept once', () => {
    expect(appendFacts([fact(1), fact(2)], [fact(2), fact(3)]).map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  test('only the newest hundred stay [S4-31]', () => {
    const many = Array.from({ length: FACTS_MAX + 20 }, (_, i) => fact(i + 1))
    const kept = appendFacts([], many)
    expect(kept).toHaveLength(FACTS_MAX)
    expect(kept.at(-1)?.seq).toBe(FACTS_MAX + 20)
  })

  test('a desk that counts from the start again replaces the list', () => {
    const store = new DeskStore()
    store.viewArrived(message(9, 0, [fact(8), fact(9)]), 0)
    store.viewArrived(message(1, 0, [fact(1)]), 0)
    expect(store.get().facts.map(({ seq }) => seq)).toEqual([1])
  })
})

test('the server clock is that of the fastest message, so a late one does not turn it back', () => {
  const store = new DeskStore()
  store.viewArrived(message(1, 10_050), 10_000)
  store.viewArrived(message(2, 10_900), 11_900)
  expect(store.get().clockOffsetMs).toBe(50)
})

describe('pending', () => {
  const action = { type: 'call.hold', callId: 'c1' } as const

  test('the key is the action and its call', () => {
    expect(pendingKey(action)).toBe('call.hold:c1')
    expect(pendingKey({ type: 'session.stop' })).toBe('session.stop')
  })

  test('stays until the answer and the view that follows', () => {
    const store = new DeskStore()
    store.viewArrived(message(1), 0)
    const answered = store.commandSent(action)
    expect([...store.get().pending]).toEqual(['call.hold:c1'])
    answered({ ok: true })
    expect(store.get().pending.size).toBe(1)
    store.viewArrived(message(2), 0)
    expect(store.get().pending.size).toBe(0)
  })

  test('ends with the answer when the view came first, and at once on a refusal', () => {
    const store = new DeskStore()
    store.viewArrived(message(1), 0)
    const answered = store.commandSent(action)
    store.viewArrived(message(2), 0)
    expect(store.get().pending.size).toBe(1)
    answered({ ok: true })
    expect(store.get().pending.size).toBe(0)
    store.commandSent(action)({ ok: false, reason: 'seat-taken', message: '' })
    expect(store.get().pending.size).toBe(0)
  })

  test('does not hang when the desk had nothing to change', () => {
    const store = new DeskStore()
    store.commandSent(action)({ ok: true })
    expect(store.get().pending.size).toBe(1)
    vi.runAllTimers()
    expect(store.get().pending.size).toBe(0)
  })
})

test('notices: the same text once, the newest few, closed by id', () => {
  const store = new DeskStore()
  for (let i = 0; i < NOTICES_MAX + 3; i += 1) store.notify('info', `news ${i}`)
  store.notify('problem', `news ${NOTICES_MAX + 2}`)
  expect(store.get().notices).toHaveLength(NOTICES_MAX)
  expect(store.get().notices.at(-1)?.tone).toBe('problem')
  store.dismiss(store.get().notices[0]?.id ?? 0)
  expect(store.get().notices).toHaveLength(NOTICES_MAX - 1)
})

test('sign-out leaves nothing, and tells the listeners', () => {
  const store = new DeskStore()
  store.viewArrived(message(1, 0, [fact(1)]), 0)
  let told = 0
  store.subscribe(() => {
    told += 1
  })
  store.clear()
  expect(store.get()).toMatchObject({ view: null, facts: [], seq: 0 })
  expect(told).toBe(1)
})
