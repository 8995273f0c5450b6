import { expect, test } from 'vitest'
import { refusalOf, whyNotOf } from './allowed.ts'
import { decide } from './decide.ts'
import { viewOf } from './desk.ts'
import { evolve } from './evolve.ts'
import { deskGrowing } from './growing.ts'
import { react } from './react.ts'
import { type DeskState, EMPTY_DESK, type Talk } from './state.ts'

const CONTACT = {
  contactId: 'p1',
  name: 'Amara',
  company: '',
  number: '+14155550101',
  numberShown: '(415) 555-0101',
  timeZone: null,
  attempt: 1,
  lastNote: 'Asked for a quote.',
}
const READY: DeskState = {
  ...EMPTY_DESK,
  agent: { userId: 'u', deskId: 'd', name: 'Ada', role: 'agent', identity: 'agent_u' },
}
const OUTCOMES = [{ key: 1, outcomeId: 'do-not-call', label: 'Do not call' }]
const SETTINGS = { wrapUpMs: 1_000, outcomes: OUTCOMES, script: '' }

function talk(change: Partial<Talk> = {}): Talk {
  const fixed = { callId: 'leg', contact: CONTACT, sinceMs: 0, provisional: false, held: false }
  return { ...fixed, kind: 'single', answerToRoomMs: null, note: '', batchId: null, campaignId: null, ...change }
}
const asked = { type: 'call.do-not-call-asked', callId: 'leg' } as const
const inTalk = (change: Partial<Talk> = {}): DeskState => ({ ...READY, conversation: talk(change) })

function after(state: DeskState, input: Parameters<typeof decide>[1]): DeskState {
  return decide(state, input).reduce(evolve, state)
}
const hungUp = (state: DeskState) => after(state, { type: 'inbound.ended', at: 5, callId: 'leg' })

test.each([
  ['in a call by hand', inTalk()],
  ['in an inbound call', inTalk({ kind: 'inbound' })],
  ['in a campaign, before it is certain that this is a person', inTalk({ campaignId: 'c', provisional: true })],
  ['while the call is parked', { ...READY, parked: talk() }],
  ['after the call', hungUp(inTalk())],
])('%s the agent lists the person with one command, once [C1]', (_, state) => {
  expect(refusalOf(state, asked)).toBeNull()
  const [fact, ...more] = decide(state, { ...asked, at: 9 })
  expect(more).toEqual([])
  expect(fact && react(fact, state)).toMatchObject([
    { type: 'list-number', callId: 'leg', contactId: 'p1', number: '+14155550101' },
  ])
  expect(refusalOf(after(state, { ...asked, at: 9 }), asked)).toBe('already-listed')
})

test('nobody else is listed: not the person of another call, and not a caller who shows no number [C1] [C4]', () => {
  expect(whyNotOf(READY)['call.do-not-call']).toBe('nobody-on-line')
  expect(refusalOf(READY, asked)).toBe('unknown-call')
  expect(refusalOf(inTalk({ callId: 'other' }), asked)).toBe('unknown-call')
  const withheld = inTalk({ contact: { ...CONTACT, number: '' } })
  expect(whyNotOf(withheld)['call.do-not-call']).toBe('number-withheld')
  expect(refusalOf(withheld, asked)).toBe('number-withheld')
})

test('the screen has the last call until the next conversation, and keeps what was asked in it [C1]', () => {
  const listed = after(inTalk(), { ...asked, at: 3 })
  expect(viewOf(listed, 4, true)).toMatchObject({ conversation: { doNotCall: true }, lastTalk: null })
  const over = hungUp(listed)
  expect(viewOf(over, 6, true)?.lastTalk).toEqual({
    callId: 'leg',
    contact: { ...CONTACT, lastNote: '' },
    endedMs: 5,
    doNotCall: true,
  })
  expect(deskGrowing.whole(deskGrowing.rest(over), deskGrowing.rowsOf(over))).toEqual(over)
  expect(viewOf({ ...over, conversation: talk({ callId: 'next' }) }, 7, true)?.lastTalk).toBeNull()
})

test('the outcome do-not-call of a campaign says the same of its call [C1]', () => {
  const owing = hungUp({ ...inTalk({ campaignId: 'c' }), settings: SETTINGS })
  expect(whyNotOf(owing)['call.do-not-call']).toBeUndefined()
  const saved = after(owing, { type: 'outcome.saved', at: 8, callId: 'leg', outcomeId: 'do-not-call' })
  expect(whyNotOf(saved)['call.do-not-call']).toBe('already-listed')
})

test('outcomes of a campaign are not shown for a call that belongs to none [C1]', () => {
  const shown = (change: Partial<DeskState>) => viewOf({ ...READY, settings: SETTINGS, ...change }, 0, true)?.outcomes
  expect(shown({ campaignId: 'c' })).toEqual(OUTCOMES)
  expect(shown({ campaignId: 'c', conversation: talk({ campaignId: 'c' }) })).toEqual(OUTCOMES)
  expect(shown({ campaignId: null, conversation: talk() })).toEqual([])
  expect(shown({ campaignId: 'c', conversation: talk({ kind: 'inbound' }) })).toEqual([])
  const pending = [{ callId: 'leg', contact: CONTACT, endedMs: 0, talkedMs: 0, note: '', campaignId: 'c' }]
  expect(shown({ campaignId: null, conversation: talk(), pending })).toEqual(OUTCOMES)
})
