import { describe, expect, test } from 'vitest'
import { contactOf, contextOf, conversationOf, laneOf, READY_PHONE, sessionOf, viewOf } from '../testing/views.ts'
import { type ActionName, callUnderWay, sessionRuns, WAITING, whyNot } from './can.ts'

const owed = { callId: 'leg-1', contact: contactOf('Amara'), endedMs: 0, talkedMs: 0, note: '' }
const ring = { callId: 'in', from: '+1', fromShown: '+1', to: '+2', contact: null, sinceMs: 0, accepted: false }

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
  'mute.changed',
  'keypad',
  'single.dial',
  'inbound.accept',
  'inbound.decline',
  'note.saved',
  'outcome.saved',
  'presence.paused',
  'presence.ready',
]

test.each(ALL)('%s: not without a link, and not twice', action => {
  expect(whyNot(action, contextOf({}, { link: 'waiting' }))).toBe('No connection to the server')
  expect(whyNot(action, contextOf({}, { pending: new Set([action]) }))).toBe(WAITING)
})

test('an action on one call does not wait for the same action on another', () => {
  const lanes = [laneOf('one'), laneOf('two')]
  const pending = new Set(['lane.skip:one'])
  expect(whyNot('lane.skip', contextOf({ lanes }, { pending, callId: 'one' }))).toBe(WAITING)
  expect(whyNot('lane.skip', contextOf({ lanes }, { pending, callId: 'two' }))).toBeNull()
})

describe('session', () => {
  test('starts only with phone, line and nothing owed', () => {
    expect(whyNot('session.start', contextOf())).toBeNull()
    expect(whyNot('session.start', contextOf({}, { phone: { ...READY_PHONE, phase: { name: 'off' } } }))).toMatch(
      /phone/,
    )
    expect(whyNot('session.start', contextOf({}, { phone: { ...READY_PHONE, line: 'opening' } }))).toMatch(/line/)
    const closed = { state: 'opening', generation: 1, sinceMs: 0, graceUntilMs: null } as const
    expect(whyNot('session.start', contextOf({ line: closed }))).toMatch(/line/)
    expect(whyNot('session.start', contextOf({ pendingOutcomes: [owed] }))).toMatch(/outcome/)
    expect(whyNot('session.start', contextOf({ session: sessionOf('dialing') }))).toMatch(/already/)
    expect(whyNot('session.start', contextOf({ session: sessionOf('finished') }))).toBeNull()
  })

  test('continues from wrap-up and waiting, with the outcome given', () => {
    expect(whyNot('session.continue', contextOf({ session: sessionOf('waiting') }))).toBeNull()
    expect(whyNot('session.continue', contextOf({ session: sessionOf('wrap-up') }))).toBeNull()
    expect(whyNot('session.continue', contextOf({ session: sessionOf('wrap-up'), pendingOutcomes: [owed] }))).toMatch(
      /outcome/,
    )
    for (const state of ['starting', 'dialing', 'paused', 'resting'] as const) {
      expect(whyNot('session.continue', contextOf({ session: sessionOf(state) }))).toMatch(/\w/)
    }
    expect(whyNot('session.continue', contextOf())).toBe('No session is running')
  })

  test('pause, resume, stop', () => {
    expect(whyNot('session.pause', contextOf({ session: sessionOf('dialing') }))).toBeNull()
    expect(whyNot('session.pause', contextOf({ session: sessionOf('paused') }))).toBe('Already paused')
    expect(whyNot('session.resume', contextOf({ session: sessionOf('paused') }))).toBeNull()
    expect(whyNot('session.resume', contextOf({ session: sessionOf('dialing') }))).toMatch(/not paused/)
    expect(whyNot('session.stop', contextOf({ session: sessionOf('resting') }))).toBeNull()
    expect(whyNot('session.stop', contextOf({ session: sessionOf('stopped') }))).toBe('No session is running')
  })
})

describe('calls', () => {
  const live = { conversation: conversationOf() }
  const provisional = { conversation: conversationOf({ provisional: true }) }
  const held = { conversation: conversationOf({ held: true }) }

  test('nothing on a call without one', () => {
    for (const action of ['call.keep', 'call.hang-up', 'call.hold', 'call.unhold', 'keypad'] as const) {
      expect(whyNot(action, contextOf())).toBe('Nobody is on the line')
    }
  })

  test('keep while it is open whether this is a person; hold only after it', () => {
    expect(whyNot('call.keep', contextOf(provisional))).toBeNull()
    expect(whyNot('call.keep', contextOf(live))).toMatch(/already/)
    expect(whyNot('call.hold', contextOf(provisional))).toMatch(/person/)
    expect(whyNot('call.hold', contextOf(live))).toBeNull()
    expect(whyNot('call.hold', contextOf(held))).toMatch(/Already/)
    expect(whyNot('call.unhold', contextOf(held))).toBeNull()
    expect(whyNot('call.unhold', contextOf(live))).toMatch(/Not on hold/)
    expect(whyNot('call.hang-up', contextOf(provisional))).toBeNull()
  })

  test('skip only what has not answered', () => {
    for (const state of ['queued', 'dialing', 'ringing'] as const) {
      expect(whyNot('lane.skip', contextOf({ lanes: [laneOf('x', { state })] }, { callId: 'x' }))).toBeNull()
    }
    for (const state of ['holding', 'live', 'machine', 'message', 'released', 'ended'] as const) {
      expect(whyNot('lane.skip', contextOf({ lanes: [laneOf('x', { state })] }, { callId: 'x' }))).toMatch(/rings/)
    }
    expect(whyNot('lane.skip', contextOf({}, { callId: 'x' }))).toBe('No lane to skip')
  })

  test('an outcome needs a call that owes one', () => {
    expect(whyNot('outcome.saved', contextOf({ pendingOutcomes: [owed] }))).toBeNull()
    expect(whyNot('outcome.saved', contextOf(live))).toMatch(/Hang up first/)
    expect(whyNot('outcome.saved', contextOf())).toMatch(/No call/)
  })

  test('mute needs sound to mute', () => {
    expect(whyNot('mute.changed', contextOf())).toBeNull()
    expect(whyNot('mute.changed', contextOf({}, { phone: { ...READY_PHONE, line: 'closed' } }))).toMatch(/line/)
    const inbound = { ...READY_PHONE, line: 'closed', inboundCallId: 'in' } as const
    expect(whyNot('mute.changed', contextOf({}, { phone: inbound }))).toBeNull()
  })

  test('a dial by hand only beside a paused session', () => {
    expect(whyNot('single.dial', contextOf())).toBeNull()
    expect(whyNot('single.dial', contextOf({ session: sessionOf('dialing') }))).toMatch(/Pause/)
    expect(whyNot('single.dial', contextOf({ session: sessionOf('paused') }))).toBeNull()
    expect(whyNot('single.dial', contextOf(live))).toMatch(/conversation/)
  })
})

test('inbound: accept and decline once, and only with a phone', () => {
  expect(whyNot('inbound.accept', contextOf())).toBe('Nobody is calling')
  expect(whyNot('inbound.accept', contextOf({ inbound: ring, conversation: conversationOf() }))).toBeNull()
  expect(whyNot('inbound.accept', contextOf({ inbound: { ...ring, accepted: true } }))).toBe('Connecting')
  const off = { ...READY_PHONE, phase: { name: 'off' } } as const
  expect(whyNot('inbound.accept', contextOf({ inbound: ring }, { phone: off }))).toMatch(/phone/)
  expect(whyNot('inbound.decline', contextOf({ inbound: ring }, { phone: off }))).toBeNull()
  expect(whyNot('inbound.decline', contextOf({ inbound: { ...ring, accepted: true } }))).toMatch(/accepted/)
})

test('presence', () => {
  expect(whyNot('presence.paused', contextOf())).toBeNull()
  expect(whyNot('presence.paused', contextOf({ presence: 'paused' }))).toMatch(/Already/)
  expect(whyNot('presence.ready', contextOf({ presence: 'paused' }))).toBeNull()
  expect(whyNot('presence.paused', contextOf({ session: sessionOf('dialing') }))).toMatch(/session/)
})

test('what counts as running and as under way', () => {
  expect(sessionRuns(viewOf({ session: sessionOf('resting') }))).toBe(true)
  expect(sessionRuns(viewOf({ session: sessionOf('finished') }))).toBe(false)
  expect(callUnderWay(viewOf({ lanes: [laneOf('x', { state: 'ended' })] }))).toBe(false)
  expect(callUnderWay(viewOf({ lanes: [laneOf('x')] }))).toBe(true)
  expect(callUnderWay(viewOf({ pendingOutcomes: [owed] }))).toBe(true)
})
