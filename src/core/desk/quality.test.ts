import { expect, test } from 'vitest'
import { desk } from './desk.ts'
import type { DeskInput, DeskState } from './state.ts'

const contact = {
  contactId: null,
  name: 'Ann',
  company: '',
  number: '+14155550101',
  numberShown: '',
  timeZone: null,
  attempt: 1,
  lastNote: '',
}
const talk = { callId: 'c1', kind: 'single' as const, contact, sinceMs: 0, provisional: false, held: false }
const TALKING: DeskState = {
  ...desk.initial,
  conversation: { ...talk, answerToRoomMs: null, note: '', batchId: null, campaignId: null },
}

function told(...levels: ('good' | 'fair' | 'poor' | 'bad')[]): string[] {
  let state = TALKING
  const said: string[] = []
  for (const [at, level] of levels.entries()) {
    const input: DeskInput = { type: 'quality.reported', at, callId: 'c1', level, cause: 'x' }
    for (const fact of desk.decide(state, input)) {
      said.push(fact.type === 'quality-changed' ? `${fact.level} (worst ${fact.worst})` : fact.type)
      state = desk.evolve(state, fact)
    }
  }
  return said
}

test('each change of the sound is a fact, with the worst of the call [S4-14]', () => {
  expect(told('fair', 'fair', 'good')).toEqual(['fair (worst fair)', 'good (worst fair)'])
})

test('one alert for a call, from the threshold on [S4-36]', () => {
  expect(told('fair', 'poor', 'good', 'bad')).toEqual([
    'fair (worst fair)',
    'poor (worst poor)',
    'quality-alerted',
    'good (worst poor)',
    'bad (worst bad)',
  ])
})

test('a report about a call that is not on the line changes nothing [S4-14]', () => {
  expect(desk.decide(TALKING, { type: 'quality.reported', at: 1, callId: 'c2', level: 'bad', cause: null })).toEqual([])
})
