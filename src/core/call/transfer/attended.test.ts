import { expect, test } from 'vitest'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import { instructionsFor } from '../instruction.ts'
import type { CallEffect, CallInput, CallState } from '../state.ts'
import { PHASES, type Phase } from './moves.ts'
import { phaseOf } from './state.ts'

const NONE = { batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
const ROOM = 'w_a.d_ada.1'
const HOME = 'w_a.d_bo.2'
const X = 'w_a.x_1'
const LEG = 'w_a.call_2'
const BO = 'w_a.d_bo.l1'
const SPOKEN = { safeHarbour: [], voicemail: [], apology: '', music: 'm' }

/** A call with the clock of its own world; the carrier says of it what is so. */
class World {
  state: CallState = call.initial
  at = 1_000
  readonly effects: CallEffect[] = []

  say(input: { type: string; [field: string]: unknown }): CallEffect[] {
    const { state, effects } = step(call, this.state, { ...input, at: this.at } as unknown as CallInput)
    this.state = state
    this.effects.push(...effects)
    return effects
  }

  /** Everything that is due until then comes to pass. */
  wait(ms: number): void {
    const until = this.at + ms
    for (let due = call.deadline(this.state); due !== null && due <= until; due = call.deadline(this.state)) {
      this.at = Math.max(this.at, due)
      const asked = this.say({ type: 'clock.struck' }).some(one => one.type === 'fetch-call')
      if (asked) this.say({ type: 'call.reported', providerId: 'CA1', status: 'in-progress' })
    }
    this.at = until
  }
}

function talking(to: 'desk' | 'number'): World {
  const world = new World()
  const party = { from: '+14155550101', to: '+14155550100', name: 'Pat' }
  world.say({ type: 'call.received', links: { kind: 'inbound', ...NONE }, party, providerId: 'CA1', talk: null })
  world.say({ type: 'call.answer-seen', providerId: 'CA1' })
  const target = to === 'desk' ? { to, deskId: 'w_a.d_bo' } : { to, number: '+14155550109' }
  const origin = { deskId: 'w_a.d_ada', agentName: 'Ada', room: ROOM }
  world.say({ type: 'transfer.wanted', transferId: 'x1', origin, target, ask: { legId: LEG, home: X } })
  if (to === 'desk')
    world.say({ type: 'transfer.answered', offerId: 'x1-1', answer: 'accepted', room: HOME, reason: null })
  visited(world, to, 'in')
  return world
}
function visited(world: World, to: 'desk' | 'number', is: 'in' | 'home' | 'gone', because?: string): CallEffect[] {
  const who = to === 'desk' ? { visitId: 'x1-1', callId: BO } : { visitId: LEG, callId: LEG }
  return world.say({ type: 'transfer.visited', ...who, is, ...(because ? { because } : {}) })
}
const moves = (world: World, move: string) => world.say({ type: 'transfer.move-wanted', transferId: 'x1', move })
const phase = ({ state }: World) => phaseOf(state.transfer)
const hears = ({ state }: World) => instructionsFor(state, 'w_a.call_1', SPOKEN)[0]

test('swap goes to and fro, merge ends it, and each says who is held', () => {
  const world = talking('desk')
  const held = (effects: CallEffect[]) =>
    effects.flatMap(one => (one.type === 'hold-in-room' ? [[one.callId ?? 'person', one.held]] : []))
  expect(phase(world)).toBe('asking')
  expect(held(moves(world, 'swap'))).toEqual([
    ['person', false],
    [BO, true],
  ])
  expect(phase(world)).toBe('swapped')
  expect(held(moves(world, 'swap'))).toEqual([
    ['person', true],
    [BO, false],
  ])
  expect(held(moves(world, 'merge'))).toEqual([
    ['person', false],
    [BO, false],
  ])
  expect(phase(world)).toBe('merged')
  expect(moves(world, 'swap')).toEqual([])
})

test.each(Object.keys(PHASES) as Phase[])('in %s, what the table does not name changes nothing', name => {
  const before = reach(name)
  expect(phase(before)).toBe(name)
  for (const move of ['swap', 'merge', 'complete', 'cancel'] as const) {
    const world = reach(name)
    const did = moves(world, move)
    expect(did.length > 0).toBe(PHASES[name].moves.includes(move))
  }
})

function reach(name: Phase): World {
  if (name === 'ringing' || name === 'joining') {
    const world = new World()
    Object.assign(world, { state: talkingUntil(name) })
    return world
  }
  const world = talking('desk')
  if (name === 'swapped') moves(world, 'swap')
  if (name === 'merged') moves(world, 'merge')
  if (name === 'parting') moves(world, 'complete')
  return world
}

function talkingUntil(name: 'ringing' | 'joining'): CallState {
  const world = new World()
  const party = { from: '+14155550101', to: '+14155550100', name: 'Pat' }
  world.say({ type: 'call.received', links: { kind: 'inbound', ...NONE }, party, providerId: 'CA1', talk: null })
  world.say({ type: 'call.answer-seen', providerId: 'CA1' })
  const origin = { deskId: 'w_a.d_ada', agentName: 'Ada', room: ROOM }
  const target = { to: 'desk', deskId: 'w_a.d_bo' }
  world.say({ type: 'transfer.wanted', transferId: 'x1', origin, target, ask: { legId: LEG, home: X } })
  const yes = { type: 'transfer.answered', offerId: 'x1-1', answer: 'accepted', room: HOME, reason: null }
  if (name === 'joining') world.say(yes)
  return world.state
}

test('a number that cannot be called, is busy, declines or is left too long gives the person back with the reason', () => {
  for (const because of ['not-cleared', 'declined', 'no-answer', 'left']) {
    const world = talking('number')
    const told = visited(world, 'number', 'gone', because).find(one => one.type === 'tell-origin')
    expect(told).toMatchObject({ end: because })
    expect(world.state.transfer?.stage).toEqual({ is: 'there' })
  }
  const slow = new World()
  Object.assign(slow, { state: talkingUntil('ringing') })
  slow.wait(25_000)
  expect(slow.effects).toContainEqual(expect.objectContaining({ type: 'tell-origin', end: 'no-answer' }))
})

test.each(['desk', 'number'] as const)(
  'after a completed consultation with a %s both legs outlive it by ten minutes [S1-44]',
  to => {
    const world = talking(to)
    moves(world, 'complete')
    visited(world, to, 'home')
    expect(hears(world)).toMatchObject({ kind: 'join-room', room: to === 'desk' ? HOME : X })
    world.say({ type: 'transfer.fetched' })
    world.effects.length = 0
    world.wait(10 * 60_000)
    const ends = ['complete-call', 'cancel-call', 'redirect-call', 'end-target', 'end-offer-of-person', 'send-home']
    expect(world.effects.filter(one => ends.includes(one.type))).toEqual([])
    expect(world.effects.some(one => one.type === 'fetch-call')).toBe(true)
    expect(world.state.call).toMatchObject({ phase: 'live' })
    expect(hears(world)).toMatchObject({ kind: 'join-room', room: to === 'desk' ? HOME : X })
    // The leg of the number, in its own world.
    const leg = new World()
    const options = { ringLimitMs: 30_000, amd: 'off', record: false }
    const party = { to: '+14155550109', from: '+14155550100', name: '' }
    leg.say({ type: 'call.requested', links: { kind: 'api', ...NONE }, party, options })
    leg.say({ type: 'consult.ordered', of: 'w_a.call_1', room: ROOM })
    leg.say({ type: 'call.slot-granted', notBefore: leg.at, profile: 'us-business' })
    leg.say({ type: 'call.create-answered', providerId: 'CA1', status: 'queued' })
    leg.say({ type: 'call.answer-seen', providerId: 'CA1' })
    expect(leg.say({ type: 'consult.fetched' })).toMatchObject([{ type: 'tell-person', is: 'in' }])
    expect(leg.say({ type: 'consult.moved', room: X })).toMatchObject([{ type: 'redirect-call' }])
    expect(leg.say({ type: 'consult.fetched' })).toMatchObject([{ type: 'tell-person', is: 'home' }])
    leg.effects.length = 0
    leg.wait(10 * 60_000)
    expect(leg.effects.filter(one => ends.includes(one.type))).toEqual([])
    expect(hears(leg)).toMatchObject({ kind: 'join-room', room: X, role: 'guest' })
  },
)

test('the number hangs up after they were brought together: the person’s call ends, and the other way round', () => {
  const first = talking('number')
  moves(first, 'complete')
  visited(first, 'number', 'home')
  first.say({ type: 'transfer.fetched' })
  visited(first, 'number', 'gone', 'left')
  expect(hears(first)).toEqual({ kind: 'hang-up' })
  const second = talking('number')
  moves(second, 'complete')
  visited(second, 'number', 'home')
  second.say({ type: 'transfer.fetched' })
  const over = second.say({ type: 'call.reported', providerId: 'CA1', status: 'completed' })
  expect(over).toContainEqual(expect.objectContaining({ type: 'end-target', legId: LEG }))
})
