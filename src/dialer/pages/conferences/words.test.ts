import { expect, test } from 'vitest'
import type { ConferenceCall } from '../../../wire/conference.ts'
import { beginsWords, crowdWords, personWords, sinceOf, stateWords, whyNotIn } from './words.ts'

const PAT: ConferenceCall = {
  ...{ id: 'cf_1~call_1', conference_id: 'w_a.cf_1', reference_type: 'call', reference_id: 'w_a.call_1' },
  ...{ status: 'joined', role: 'participant', muted: false, held: false, recording: false },
  ...{ name: 'Pat', number: '(415) 555-0100', tm_join: '2026-11-02T09:00:00.000Z' },
}
const COMES: ConferenceCall = { ...PAT, name: '', status: 'joining', tm_join: null }

test('a person stands there by name, else by number, else by their place', () => {
  expect(personWords(PAT, 0)).toBe('Pat')
  expect(personWords({ name: '', number: '(415) 555-0100' }, 0)).toBe('(415) 555-0100')
  expect(personWords({ name: '', number: '' }, 1)).toBe('Caller 2')
})

test('what is so about each, and about all of them', () => {
  expect(stateWords(PAT)).toEqual([])
  const busy = { ...PAT, role: 'moderator', muted: true, held: true, recording: true } as const
  expect(stateWords(busy)).toEqual(['moderator', 'muted', 'on hold', 'recorded'])
  expect(stateWords({ ...COMES, status: 'leaving' })).toEqual(['leaves'])
  expect(crowdWords([])).toBe('0 in')
  expect(crowdWords([PAT, busy, COMES])).toBe('2 in, 1 coming, 1 muted, 1 on hold, 1 recorded')
  expect(sinceOf([COMES])).toBeNull()
  expect(sinceOf([{ ...PAT, tm_join: '2026-11-02T09:05:00.000Z' }, PAT])).toBe(Date.parse('2026-11-02T09:00:00.000Z'))
})

test('only whoever is in can be muted', () => {
  expect(whyNotIn(PAT)).toBeNull()
  expect(whyNotIn(COMES)).toContain('not in the conference yet')
  expect(whyNotIn({ status: 'leaving' })).toBe('They are leaving')
})

test('an empty conference says how it begins', () => {
  expect(beginsWords({ numbers: [], locked: false })).toContain('No number leads here yet')
  expect(beginsWords({ numbers: ['+1', '+2'], locked: false })).toContain('calls +1 or +2')
  expect(beginsWords({ numbers: ['+1'], locked: true })).toContain('locked')
})
