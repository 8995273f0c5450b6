import { describe, expect, test } from 'vitest'
import { decided, isTypedTime, missingFor, momentOf, type OutcomeChoice, whole, whyNotAt } from './dispositions.ts'
import { afterOutcome } from './retry.ts'

const AT = Date.parse('2026-12-01T12:00:00Z')
const HOUR_MS = 3_600_000
const choice = (change: Partial<OutcomeChoice>): OutcomeChoice => ({ key: 1, outcomeId: 'x', label: 'X', ...change })
const next = (change: Partial<OutcomeChoice>, dueAt?: number, shared = false) => {
  const one = choice(change)
  return afterOutcome({ outcomeId: one.outcomeId, ...decided(one, { dueAt }, AT, shared) }, AT)
}

describe('an outcome of older settings says by its id what follows', () => {
  test.each([
    ['do-not-call', 'do-not-call', 'bad'],
    ['callback', 'callback', 'neutral'],
    ['interested', 'archive', 'neutral'],
  ] as const)('%s: %s', (outcomeId, consequence, tone) => {
    expect(whole(choice({ outcomeId }))).toMatchObject({ consequence, tone, whose: 'anyone', requires: [] })
  })

  test('and so do facts without any of it', () => {
    expect(afterOutcome({ outcomeId: 'DNC' }, AT).status).toBe('dnc')
    expect(afterOutcome({ outcomeId: 'callback' }, AT)).toMatchObject({ status: 'active', dueAt: AT + 24 * HOUR_MS })
    expect(afterOutcome({ outcomeId: 'ai-conversation' }, AT).status).toBe('done')
  })
})

describe('what becomes of the person', () => {
  test('a retry comes after its minutes, or at the typed time', () => {
    const retry = { consequence: 'retry', afterMinutes: 90 } as const
    expect(next(retry)).toMatchObject({ status: 'active', dueAt: AT + 1.5 * HOUR_MS })
    expect(next(retry, AT + HOUR_MS)).toMatchObject({ status: 'active', dueAt: AT + HOUR_MS })
  })

  test('a consequence counts before the name: a callback may be archived, and anything may mean do-not-call', () => {
    expect(next({ outcomeId: 'callback', consequence: 'archive' }).status).toBe('done')
    expect(next({ outcomeId: 'angry', consequence: 'do-not-call' }).status).toBe('dnc')
    expect(next({ consequence: 'lead' }).status).toBe('done')
  })

  test("a callback of my own is the campaign's where each agent has rounds, and mine by hand where lines are shared", () => {
    const mine = { consequence: 'callback', whose: 'mine' } as const
    expect(decided(choice(mine), {}, AT, false)).toMatchObject({ mine: true, dueAt: AT + 24 * HOUR_MS })
    expect(next(mine).status).toBe('active')
    expect(decided(choice(mine), {}, AT, true)).toMatchObject({ mine: true, byHand: true })
    expect(next(mine, undefined, true).status).toBe('done')
    expect(decided(choice({ consequence: 'callback', whose: 'anyone' }), {}, AT, true)).not.toHaveProperty('mine')
  })
})

describe('what an outcome asks for', () => {
  const nobody = { note: ' ', contact: { company: '', timeZone: null } }
  const all = { note: 'yes', contact: { company: 'Acme', timeZone: 'Europe/Paris', postcode: '10001', extension: '7' } }

  test.each([
    ['note', 'note-missing'],
    ['time', 'time-missing'],
    ['company', 'company-missing'],
    ['timeZone', 'time-zone-missing'],
    ['postcode', 'postcode-missing'],
    ['extension', 'extension-missing'],
  ] as const)('%s is missed, and enough when it is there', (need, reason) => {
    const one = choice({ requires: [need] })
    expect(missingFor(one, { fields: { company: ' ' } }, nobody)).toBe(reason)
    expect(missingFor(one, { dueAt: AT }, all)).toBeNull()
  })

  test('what the agent gives is enough as well', () => {
    expect(missingFor(choice({ requires: ['postcode'] }), { fields: { postcode: '75001' } }, nobody)).toBeNull()
  })
})

describe('a typed time', () => {
  test('is one of the clock where the person is', () => {
    expect(momentOf('2026-12-01T09:30', 'America/New_York')).toBe(Date.parse('2026-12-01T14:30:00Z'))
    expect(momentOf('2026-07-01T09:30', 'Europe/Paris')).toBe(Date.parse('2026-07-01T07:30:00Z'))
  })

  test.each(['2026-02-30T09:00', '2026-12-01T24:00', '2026-12-01', '2026-13-01T09:00', '2026-12-01T09:60'])(
    'is none: %s',
    text => expect(isTypedTime(text)).toBe(false),
  )

  test('is in the next year, and of a zone that is known', () => {
    expect(isTypedTime('2026-12-01T09:30')).toBe(true)
    expect(whyNotAt(AT - 1, AT)).toBe('time-past')
    expect(whyNotAt(AT + 367 * 24 * HOUR_MS, AT)).toBe('time-too-far')
    expect(whyNotAt(Number.NaN, AT)).toBe('zone-unknown')
    expect(whyNotAt(AT + 1, AT)).toBeNull()
    expect(whyNotAt(undefined, AT)).toBeNull()
  })
})
