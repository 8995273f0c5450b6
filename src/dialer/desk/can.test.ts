import { describe, expect, test } from 'vitest'
import type { Action } from '../../wire/desk.ts'
import { contextOf, conversationOf, laneOf, READY_PHONE, sessionOf, viewOf } from '../testing/views.ts'
import { type ActionName, callUnderWay, sessionRuns, WAITING, whyNot } from './can.ts'

const owed = { callId: 'leg-1', contact: laneOf('x').contact, endedMs: 0, talkedMs: 0, note: '' }
const ring = { callId: 'in', from: '+1', fromShown: '+1', to: '+2', contact: null, sinceMs: 0, accepted: false }
const transfer = { transferId: 't', summary: '' }
const OFF = { ...READY_PHONE, phase: { name: 'off' } } as const

const ALL: ActionName[] = [
  'session.start',
  'session.continue',
  'session.pause',
  'session.resume',
  'session.stop',
  'lane.skip',
  'call.keep',
  'call.hang-up',
  'call.hold',
  'call.unhold',
  'call.do-not-call',
  'mute.changed',
  'keypad',
  'single.dial',
  'inbound.accept',
  'inbound.decline',
  'outcome.saved',
  'presence.paused',
  'presence.ready',
]
const AT_DESK = ALL.filter((one): one is Action => !['lane.skip', 'mute.changed', 'keypad'].includes(one))

test.each(ALL)('%s: not without a link, and not twice', action => {
  expect(whyNot(action, contextOf({}, { link: 'waiting' }))).toBe('No connection to the server')
  expect(whyNot(action, contextOf({}, { pending: new Set([action]) }))).toBe(WAITING)
})

test.each(AT_DESK)('%s: as the desk says', action => {
  expect(whyNot(action, contextOf())).toBeNull()
  expect(whyNot(action, contextOf({ whyNot: { [action]: 'in-conversation' } }))).toBe('You are in a conversation')
})

test('an action on one call does not wait for the same action on another', () => {
  const lanes = [laneOf('one'), laneOf('two')]
  const pending = new Set(['lane.skip:one'])
  expect(whyNot('lane.skip', contextOf({ lanes }, { pending, callId: 'one' }))).toBe(WAITING)
  expect(whyNot('lane.skip', contextOf({ lanes }, { pending, callId: 'two' }))).toBeNull()
})

test('the same reason asks for another step where the action differs', () => {
  const running = { 'session.start': 'session-running', 'presence.paused': 'session-running' } as const
  expect(whyNot('session.start', contextOf({ whyNot: running }))).toBe('A session is already running')
  expect(whyNot('presence.paused', contextOf({ whyNot: running }))).toBe('Pause the session instead')
})

describe('what only the phone knows', () => {
  test.each(['session.start', 'session.continue', 'session.resume', 'single.dial'] as const)(
    '%s needs a phone and a line in this tab [S3-44]',
    action => {
      const why = (phone: Partial<typeof READY_PHONE>) =>
        whyNot(action, contextOf({}, { phone: { ...READY_PHONE, ...phone } }))
      expect(why({ phase: { name: 'off' } })).toBe('The phone is not ready yet')
      expect(why({ phase: { name: 'elsewhere', where: 'tab' } })).toBe('The phone is in another tab')
      expect(why({ line: 'needs-gesture' })).toMatch(/click/)
      expect(why({ line: 'opening' })).toBe('Your line is still opening')
      expect(why({})).toBeNull()
    },
  )

  test('it is told instead of what the desk says of the phone, but not instead of anything else', () => {
    const said = (reason: 'phone-not-ready' | 'outcome-owed', phone = READY_PHONE) =>
      whyNot('session.start', contextOf({ whyNot: { 'session.start': reason } }, { phone }))
    const elsewhere = { ...READY_PHONE, phase: { name: 'elsewhere', where: 'tab' } } as const
    expect(said('phone-not-ready', elsewhere)).toBe('The phone is in another tab')
    expect(said('phone-not-ready')).toMatch(/^The phone is not ready/)
    expect(said('outcome-owed', elsewhere)).toMatch(/^Choose an outcome/)
  })

  test('an inbound call is accepted with a phone, and one that is handed over with a line', () => {
    expect(whyNot('inbound.accept', contextOf({ inbound: ring }, { phone: OFF }))).toMatch(/phone/)
    expect(whyNot('inbound.decline', contextOf({ inbound: ring }, { phone: OFF }))).toBeNull()
    const phone = { ...READY_PHONE, line: 'opening' } as const
    expect(whyNot('inbound.accept', contextOf({ inbound: ring }, { phone }))).toBeNull()
    expect(whyNot('inbound.accept', contextOf({ inbound: { ...ring, transfer } }, { phone }))).toMatch(/line/)
  })

  test('mute needs sound to mute', () => {
    expect(whyNot('mute.changed', contextOf())).toBeNull()
    expect(whyNot('mute.changed', contextOf({}, { phone: { ...READY_PHONE, line: 'closed' } }))).toMatch(/line/)
    const inbound = { ...READY_PHONE, line: 'closed', inboundCallId: 'in' } as const
    expect(whyNot('mute.changed', contextOf({}, { phone: inbound }))).toBeNull()
  })

  test('tones need somebody who hears them', () => {
    expect(whyNot('keypad', contextOf())).toBe('Nobody is on the line')
    expect(whyNot('keypad', contextOf({ conversation: conversationOf() }))).toBeNull()
  })
})

test('a lane is skipped if the desk offers it', () => {
  const lanes = [laneOf('rings'), laneOf('talks', { state: 'live', maySkip: undefined })]
  expect(whyNot('lane.skip', contextOf({ lanes }, { callId: 'rings' }))).toBeNull()
  expect(whyNot('lane.skip', contextOf({ lanes }, { callId: 'talks' }))).toMatch(/rings/)
  expect(whyNot('lane.skip', contextOf({ lanes }, { callId: 'gone' }))).toBe('No lane to skip')
})

test('what counts as running and as under way', () => {
  expect(sessionRuns(viewOf({ session: sessionOf('resting') }))).toBe(true)
  expect(sessionRuns(viewOf({ session: sessionOf('finished') }))).toBe(false)
  expect(callUnderWay(viewOf({ lanes: [laneOf('x', { state: 'ended' })] }))).toBe(false)
  expect(callUnderWay(viewOf({ lanes: [laneOf('x')] }))).toBe(true)
  expect(callUnderWay(viewOf({ pendingOutcomes: [owed] }))).toBe(true)
})
