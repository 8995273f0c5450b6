import { describe, expect, test } from 'vitest'
import { NO_COUNTS } from '../campaign/state.ts'
import { maySkip, refusalOf, whyNotOf } from './allowed.ts'
import { viewOf } from './desk.ts'
import { queuedLane } from './lane.ts'
import { type AgentInput, type DeskState, EMPTY_DESK } from './state.ts'
import type { Action, InboundRing, LaneState, SessionView } from './view.ts'

const CONTACT = {
  contactId: 'p1',
  name: 'Amara',
  company: '',
  number: '+14155550101',
  numberShown: '',
  timeZone: null,
  attempt: 1,
  lastNote: '',
}
const READY: DeskState = {
  ...EMPTY_DESK,
  agent: { userId: 'u', deskId: 'd', name: 'Ada', role: 'agent', identity: 'agent_u' },
  phone: { ownerTabId: 'tab', state: 'registered' },
  line: { ...EMPTY_DESK.line, state: 'open' },
}
const lease = { leaseId: 'd:1', for: { kind: 'batch' as const, id: 'b1' } }
const ring: InboundRing = {
  callId: 'in',
  from: '+1',
  fromShown: '+1',
  to: '+2',
  contact: null,
  sinceMs: 0,
  accepted: false,
}
const talk = (change: Partial<NonNullable<DeskState['conversation']>> = {}) => ({
  callId: 'leg',
  kind: 'campaign' as const,
  contact: CONTACT,
  sinceMs: 0,
  provisional: false,
  held: false,
  answerToRoomMs: null,
  note: '',
  batchId: 'b1',
  campaignId: 'c',
  ...change,
})
const owed = { callId: 'leg', contact: CONTACT, endedMs: 0, talkedMs: 0, note: '', campaignId: 'c' }
const session = (state: SessionView['state']): SessionView => ({
  campaignId: 'c',
  name: 'Q4',
  lines: 2,
  state,
  restUntilMs: null,
  restReason: null,
  startedMs: 0,
  contactsLeft: 5,
  counts: NO_COUNTS,
})
const why = (action: Action, change: Partial<DeskState> = {}) => whyNotOf({ ...READY, ...change })[action] ?? null

/** Of each state, every action that is refused; one line reads as one screen. */
const SCREENS: [string, Partial<DeskState>, Partial<Record<Action, string>>][] = [
  [
    'a session starts with phone, line and nothing owed',
    {},
    { 'session.start': undefined, 'session.continue': 'no-session' },
  ],
  ['no phone', { phone: { ownerTabId: null, state: 'off' } }, { 'session.start': 'phone-not-ready' }],
  ['no line', { line: EMPTY_DESK.line }, { 'session.start': 'line-not-open', 'single.dial': 'line-not-open' }],
  [
    'a break',
    { paused: true },
    { 'session.start': 'on-break', 'single.dial': 'on-break', 'presence.paused': 'on-break' },
  ],
  // What is owed belongs to one campaign: after the start of another its outcome could not be chosen any more.
  ['an outcome is owed', { pending: [owed] }, { 'session.start': 'outcome-owed', 'single.dial': 'outcome-owed' }],
  [
    'a session waits',
    { session: session('waiting') },
    { 'session.continue': undefined, 'session.start': 'session-running' },
  ],
  [
    'a session waits and an outcome is owed',
    { session: session('waiting'), pending: [owed] },
    { 'session.continue': 'outcome-owed' },
  ],
  // The campaign goes on only from `waiting`, so a page that offered it earlier would promise what nobody does.
  ['a session wraps up', { session: session('wrap-up') }, { 'session.continue': 'wrapping-up' }],
  ['a round is under way', { session: session('dialing') }, { 'session.continue': 'round-under-way' }],
  ['a session starts', { session: session('starting') }, { 'session.continue': 'session-starting' }],
  [
    'a session rests',
    { session: session('resting') },
    { 'session.continue': 'session-resting', 'session.stop': undefined },
  ],
  [
    'a session is paused',
    { session: session('paused') },
    { 'session.pause': 'session-paused', 'session.continue': 'session-paused', 'session.resume': undefined },
  ],
  [
    'a session is paused and the line is gone',
    { session: session('paused'), line: EMPTY_DESK.line },
    { 'session.resume': 'line-not-open', 'session.stop': undefined },
  ],
  ['a session is over', { session: session('stopped') }, { 'session.stop': 'no-session', 'session.start': undefined }],
]

describe('session', () => {
  test.each(SCREENS)('%s', (_name, change, expected) => {
    const refused = Object.keys(expected).map(action => [action, why(action as Action, change) ?? undefined])
    expect(Object.fromEntries(refused)).toEqual(expected)
  })

  test('a dial by hand beside a session that does nothing by itself, and with a free seat', () => {
    for (const state of ['waiting', 'paused', 'stopped', 'finished'] as const)
      expect(why('single.dial', { session: session(state) }), state).toBeNull()
    for (const state of ['starting', 'dialing', 'wrap-up', 'resting'] as const)
      expect(why('single.dial', { session: session(state) }), state).toBe('session-not-paused')
    expect(why('single.dial', { lease })).toBe('seat-taken')
    expect(why('single.dial', { guests: ['leg'] })).toBe('seat-taken')
    expect(why('single.dial', { conversation: talk() })).toBe('in-conversation')
  })
})

describe('calls', () => {
  test('nothing on a call without one', () => {
    for (const action of ['call.keep', 'call.hang-up', 'call.hold', 'call.unhold'] as const)
      expect(why(action)).toBe('nobody-on-line')
  })

  test('keep while it is open whether this is a person; hold only after it', () => {
    const provisional = { conversation: talk({ provisional: true }) }
    expect(why('call.keep', provisional)).toBeNull()
    expect(why('call.hold', provisional)).toBe('person-uncertain')
    expect(why('call.hang-up', provisional)).toBeNull()
    expect(why('call.keep', { conversation: talk() })).toBe('person-certain')
    expect(why('call.hold', { conversation: talk() })).toBeNull()
    expect(why('call.unhold', { conversation: talk() })).toBe('not-held')
    expect(why('call.hold', { conversation: talk({ held: true }) })).toBe('already-held')
    expect(why('call.unhold', { conversation: talk({ held: true }) })).toBeNull()
  })

  test('an outcome needs a call of a campaign: one that owes it, or the one on the line', () => {
    expect(why('outcome.saved', { pending: [owed] })).toBeNull()
    expect(why('outcome.saved', { conversation: talk() })).toBeNull()
    expect(why('outcome.saved', { conversation: talk({ provisional: true }) })).toBe('person-uncertain')
    expect(why('outcome.saved', { conversation: talk({ campaignId: null }) })).toBe('call-not-over')
    expect(why('outcome.saved')).toBe('nothing-owed')
  })

  test('an inbound call is accepted and declined once', () => {
    expect(why('inbound.accept')).toBe('nobody-calls')
    expect(why('inbound.accept', { inbound: ring, conversation: talk() })).toBeNull()
    expect(why('inbound.accept', { inbound: { ...ring, accepted: true } })).toBe('already-accepted')
    expect(why('inbound.decline', { inbound: { ...ring, accepted: true } })).toBe('already-accepted')
    const transfer = { transferId: 't', summary: '' }
    expect(why('inbound.accept', { inbound: { ...ring, transfer }, line: EMPTY_DESK.line })).toBe('line-not-open')
  })

  test('with a customer on hold a second call cannot be accepted, but declined', () => {
    const change = { inbound: ring, parked: talk({ held: true }) }
    expect(why('inbound.accept', change)).toBe('seat-taken')
    expect(why('inbound.decline', change)).toBeNull()
  })

  test('only a lane that has not answered is skipped, and the view says so', () => {
    const lanes = (
      ['queued', 'dialing', 'ringing', 'holding', 'live', 'machine', 'message', 'released', 'ended'] as const
    ).map((state: LaneState, at) => ({ ...queuedLane({ callId: `leg${at}`, contact: CONTACT, from: '' }, 0), state }))
    expect(lanes.filter(maySkip).map(lane => lane.state)).toEqual(['queued', 'dialing', 'ringing'])
    const view = viewOf({ ...READY, lanes }, 0, true)
    expect(view?.lanes.filter(lane => lane.maySkip).map(lane => lane.state)).toEqual(['queued', 'dialing', 'ringing'])
    expect(refusalOf({ ...READY, lanes }, { type: 'lane.skipped', callId: 'leg2' })).toBeNull()
    expect(refusalOf({ ...READY, lanes }, { type: 'lane.skipped', callId: 'leg3' })).toBe('already-answered')
    expect(refusalOf({ ...READY, lanes }, { type: 'lane.skipped', callId: 'other' })).toBe('unknown-call')
  })
})

test('a break: not in a conversation or a session, and its end always', () => {
  expect(why('presence.paused')).toBeNull()
  expect(why('presence.paused', { conversation: talk() })).toBe('in-conversation')
  expect(why('presence.paused', { session: session('dialing') })).toBe('session-running')
  expect(why('presence.ready')).toBe('not-on-break')
  expect(why('presence.ready', { paused: true, pending: [owed] })).toBeNull()
})

describe('the desk refuses what the view says', () => {
  const start: AgentInput = { type: 'session.asked', word: 'start', campaignId: 'c', lines: 1 }
  const hold: AgentInput = { type: 'call.hold-asked', callId: 'leg', held: true }

  test('a start with an owed outcome, a hold of somebody who may be a machine', () => {
    expect(refusalOf({ ...READY, pending: [owed] }, start)).toBe('outcome-owed')
    expect(refusalOf(READY, start)).toBeNull()
    expect(refusalOf({ ...READY, conversation: talk({ provisional: true }) }, hold)).toBe('person-uncertain')
    expect(refusalOf({ ...READY, conversation: talk() }, hold)).toBeNull()
  })

  test('an action on a call that is not here is refused as that', () => {
    expect(refusalOf(READY, hold)).toBe('unknown-call')
    expect(refusalOf({ ...READY, inbound: ring }, { type: 'inbound.accepted', callId: 'other' })).toBe('unknown-call')
    const outcome: AgentInput = { type: 'outcome.saved', callId: 'leg', outcomeId: 'none' }
    expect(refusalOf(READY, outcome)).toBe('unknown-call')
    expect(refusalOf({ ...READY, pending: [owed] }, outcome)).toBe('unknown-outcome')
  })

  test('a phone belongs to one tab', () => {
    expect(refusalOf(READY, { type: 'phone.registered', tabId: 'tab' })).toBeNull()
    expect(refusalOf(READY, { type: 'phone.registered', tabId: 'other' })).toBe('phone-in-another-tab')
  })
})
