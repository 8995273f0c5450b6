import { describe, expect, test } from 'vitest'
import type { OutcomeChoice } from '../campaign/dispositions.ts'
import { refusalOf, whyNotOf } from './allowed.ts'
import { decide } from './decide.ts'
import { evolve } from './evolve.ts'
import { react } from './react.ts'
import type { DeskInput, DeskState, Talk } from './state.ts'
import { readyDesk } from './testing.ts'

const AT = 1_000_000
const LATER = AT + 3_600_000
const CONTACT = {
  contactId: 'p1',
  name: 'Amara',
  company: 'Acme',
  number: '+14155550101',
  numberShown: '',
  timeZone: null,
  attempt: 1,
  lastNote: '',
}
const OUTCOMES: OutcomeChoice[] = [
  { key: 1, outcomeId: 'sold', label: 'Sold', consequence: 'lead', requires: ['note'] },
  { key: 'r', outcomeId: 'later', label: 'Later', consequence: 'callback', whose: 'mine', requires: ['time'] },
  { key: 3, outcomeId: 'no', label: 'No' },
]
const TALK: Talk = {
  ...{ callId: 'b.1', kind: 'campaign', contact: CONTACT, sinceMs: 0, provisional: false, held: false },
  ...{ answerToRoomMs: null, note: '', batchId: 'b', campaignId: 'c' },
}
const talking = (change: Partial<Talk> = {}): DeskState => ({
  ...readyDesk('Ada'),
  campaignId: 'c',
  batchId: 'b',
  settings: { wrapUpMs: 30_000, outcomes: OUTCOMES, script: '' },
  conversation: { ...TALK, ...change },
})
const choose = (outcomeId: string, more: object = {}) => ({
  type: 'outcome.saved' as const,
  callId: 'b.1',
  outcomeId,
  ...more,
})

function after(state: DeskState, ...inputs: DeskInput[]): DeskState {
  return inputs.reduce((now, input) => decide(now, input).reduce(evolve, now), state)
}
const ended = (at = AT): DeskInput => ({
  type: 'batch.reported',
  at,
  batchId: 'b',
  facts: [{ type: 'leg-ended', at, legId: 'b.1', outcome: 'connected' } as never],
})
const types = (state: DeskState, input: DeskInput) => decide(state, input).map(fact => fact.type)

describe('during the call', () => {
  test('a time that passes while they talk is asked for again, and nobody is called at once', () => {
    const chosen = after(talking(), { ...choose('later', { dueAt: AT - 1 }), at: 1 })
    expect(types(chosen, ended())).not.toContain('outcome-saved')
    expect(after(chosen, ended()).pending).toHaveLength(1)
    const kept = after(talking(), { ...choose('later', { dueAt: LATER }), at: 1 })
    expect(types(kept, ended())).toContain('outcome-saved')
  })

  test('an outcome is chosen, may be chosen anew, and is saved by the end of the call, which needs no wrap-up', () => {
    const once = after(talking(), { ...choose('no'), at: 1 })
    expect(once.conversation?.chosen).toEqual({ outcomeId: 'no' })
    const twice = after(once, { ...choose('later', { dueAt: LATER }), at: 2 })
    const facts = decide(twice, ended())
    const saved = facts.find(fact => fact.type === 'outcome-saved')
    expect(saved).toMatchObject({
      outcomeId: 'later',
      label: 'Later',
      consequence: 'callback',
      dueAt: LATER,
      mine: true,
    })
    const over = facts.reduce(evolve, twice)
    expect([over.pending, over.wrapUp]).toEqual([[], null])
    expect(saved && react(saved, over)).toMatchObject([{ type: 'save-outcome', outcomeId: 'later', dueAt: LATER }])
  })

  test('nothing is chosen before it is certain that this is a person, and nothing of another call', () => {
    const unsure = talking({ provisional: true })
    expect(whyNotOf(unsure)['outcome.saved']).toBe('person-uncertain')
    expect(refusalOf(unsure, choose('no'))).toBe('person-uncertain')
    expect(whyNotOf(talking())['outcome.saved']).toBeUndefined()
    expect(refusalOf(talking(), { ...choose('no'), callId: 'b.2' })).toBe('unknown-call')
    expect(refusalOf(talking({ campaignId: null }), choose('no'))).toBe('unknown-call')
  })

  test('a choice whose note is gone at the end is asked for as ever, with what was chosen', () => {
    const chosen = after(talking({ note: 'buys' }), { ...choose('sold'), at: 1 })
    const bare = after(chosen, { type: 'note.saved', at: 2, callId: 'b.1', text: '' }, ended())
    expect(bare.wrapUp).not.toBeNull()
    expect(bare.pending[0]?.chosen).toEqual({ outcomeId: 'sold' })
    expect(refusalOf(bare, choose('sold'))).toBe('note-missing')
  })

  test('without a choice the call is wrapped up', () => {
    const over = after(talking(), ended())
    expect([over.pending.length, over.wrapUp !== null]).toEqual([1, true])
  })

  test('an outcome that has gone from the list meanwhile is asked for', () => {
    const chosen = after(talking(), { ...choose('no'), at: 1 })
    const others = { ...chosen, settings: { ...chosen.settings, outcomes: OUTCOMES.slice(0, 1) } }
    expect(after(others, ended()).pending).toHaveLength(1)
  })
})

describe('what is missing is refused in words', () => {
  test.each([
    ['a note', choose('sold'), 'note-missing'],
    ['a time', choose('later'), 'time-missing'],
    ['a time to come', choose('later', { dueAt: AT - 1 }), 'time-past'],
    ['a zone', choose('later', { dueAt: Number.NaN }), 'zone-unknown'],
    ['an outcome of this list', choose('none'), 'unknown-outcome'],
  ])('%s', (_, input, reason) => {
    expect(refusalOf(talking(), input, AT)).toBe(reason)
    expect(refusalOf(after(talking(), ended()), input, AT)).toBe(reason)
  })

  test('with it the outcome is taken', () => {
    expect(refusalOf(talking({ note: 'buys' }), choose('sold'), AT)).toBeNull()
    expect(refusalOf(talking(), choose('later', { dueAt: LATER }), AT)).toBeNull()
  })
})

test('where lines are shared, a callback of my own is made by hand', () => {
  const session = { pooled: true } as never
  const chosen = after({ ...talking(), session }, { ...choose('later', { dueAt: LATER }), at: 1 })
  expect(decide(chosen, ended())).toContainEqual(expect.objectContaining({ mine: true, byHand: true }))
  expect(types(chosen, ended())).toContain('outcome-saved')
})

test('fields that the agent has learnt go to the book and stay out of the words of the log', () => {
  const given = { dueAt: LATER, fields: { postcode: '10001' } }
  const chosen = after(talking(), { ...choose('later', given), at: 1 })
  const saved = decide(chosen, ended()).find(fact => fact.type === 'outcome-saved')
  expect(saved).toMatchObject({ personal: { fields: { postcode: '10001' } } })
  expect(saved && react(saved, chosen)).toMatchObject([{ fields: { postcode: '10001' } }])
})
