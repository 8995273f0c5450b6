/** A hand-over that comes to nothing after the carrier was told to ask again: the person is where they were, for everybody. */
import { expect, test } from 'vitest'
import { queueFlow } from '../../flow/unnamed.ts'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import { instructionsFor } from '../instruction.ts'
import type { CallEffect, CallInput, CallState } from '../state.ts'
import { hasDialled } from './state.ts'

const NONE = { batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
const ROOM = 'w_a.d_ada.1'
const HOME = 'w_a.d_bo.2'
const X = 'w_a.x_1'
const LEG = 'w_a.call_2'
const CALL = 'w_a.call_1'
const SPOKEN = { safeHarbour: [], voicemail: [], apology: '', music: 'm' }
const ORIGIN = { deskId: 'w_a.d_ada', agentName: 'Ada', room: ROOM }

class World {
  state: CallState = call.initial
  effects: CallEffect[] = []
  at = 1_000

  say(input: { type: string; [field: string]: unknown }): this {
    const { state, effects } = step(call, this.state, { ...input, at: this.at } as unknown as CallInput)
    this.state = state
    this.effects = effects
    return this
  }
  get does(): string[] {
    return this.effects.map(({ type }) => type)
  }
  get hears() {
    return instructionsFor(this.state, CALL, SPOKEN)[0]
  }
}

/** Pat came through a queue, and Ada has taken them. */
function fromQueue(): World {
  const party = { from: '+14155550101', to: '+14155550100', name: 'Pat' }
  const order = {
    ...{
      activeflowId: CALL,
      flowId: null,
      version: 0,
      apology: 'Sorry.',
      language: 'en-US',
      soundsUrl: 'https://s.test',
    },
    ...{ actions: queueFlow('w_a.q_1'), variables: {}, system: {} },
  }
  const join = { type: 'join_room', option: { room: ROOM, call_id: CALL, role: 'customer' } }
  return new World()
    .say({ type: 'call.received', links: { kind: 'inbound', ...NONE }, party, providerId: 'CA1', talk: null })
    .say({ type: 'flow.begin', order })
    .say({ type: 'flow.answered', ask: 1, answer: { is: 'steps', actions: [join] } })
    .say({ type: 'call.answer-seen', providerId: 'CA1' })
}
const inAdasRoom = { kind: 'join-room', room: ROOM }

test('the number that was asked first hangs up on the way: the queue goes on, and the carrier leads the person back', () => {
  const world = fromQueue()
  expect(world.hears).toMatchObject(inAdasRoom)
  const target = { to: 'number', number: '+14155550109' }
  world.say({ type: 'transfer.wanted', transferId: 'x1', origin: ORIGIN, target, ask: { legId: LEG, home: X } })
  const visited = (is: string) => world.say({ type: 'transfer.visited', visitId: LEG, callId: LEG, is })
  visited('in').say({ type: 'transfer.move-wanted', transferId: 'x1', move: 'complete' })
  expect(visited('home').does).toContain('redirect-call')
  expect(visited('gone').does).toContain('tell-origin')
  expect(world.does).not.toContain('flow-leave')
  expect(world.state.flow?.phase).toBe('running')
  expect(world.say({ type: 'call.answer-seen', providerId: 'CA1' }).hears).toMatchObject(inAdasRoom)
})

test('a carrier that never asks leaves the person where the queue had brought them, also after an earlier hand-over to a queue', () => {
  const world = fromQueue()
  const bo = { to: 'desk', deskId: 'w_a.d_bo' }
  world.say({ type: 'transfer.wanted', transferId: 'x1', origin: ORIGIN, target: bo })
  world.say({ type: 'transfer.answered', offerId: 'x1-1', answer: 'accepted', room: HOME, reason: null })
  world.at += 60_000
  world.say({ type: 'clock.struck' })
  expect(world.does).not.toContain('flow-leave')
  expect(world.hears).toMatchObject(inAdasRoom)

  world.say({ type: 'transfer.wanted', transferId: 'x2', origin: ORIGIN, target: { to: 'queue', queueId: 'w_a.q_2' } })
  const place = { at: 'queue', queueId: 'w_a.q_2' }
  world.say({ type: 'transfer.fetched' })
  expect(world.state.transfer?.place).toEqual(place)
  world.say({ type: 'transfer.wanted', transferId: 'x3', origin: ORIGIN, target: bo })
  world.say({ type: 'transfer.answered', offerId: 'x3-2', answer: 'accepted', room: HOME, reason: null })
  world.at += 60_000
  world.say({ type: 'clock.struck' })
  expect(world.state.transfer).toMatchObject({ stage: { is: 'there' }, place })
})

test('a person of a round, whom nothing else would lead anywhere, is led back into the room', () => {
  const links = { ...NONE, kind: 'campaign', batchId: 'w_a.c_1.1', deskId: 'w_a.d_ada' }
  const party = { from: '+14155550100', to: '+14155550101', name: 'Pat' }
  const options = { ringLimitMs: 25_000, amd: 'off', record: false }
  const world = new World()
    .say({ type: 'call.requested', links, party, options, talk: null })
    .say({ type: 'call.slot-granted', notBefore: 0, profile: 'custom' })
    .say({ type: 'call.create-answered', providerId: 'CA1', status: 'queued' })
    .say({ type: 'call.answer-seen', providerId: 'CA1' })
    .say({ type: 'transfer.wanted', transferId: 'x1', origin: ORIGIN, target: { to: 'desk', deskId: 'w_a.d_bo' } })
    .say({ type: 'transfer.answered', offerId: 'x1-1', answer: 'accepted', room: HOME, reason: null })
    .say({ type: 'transfer.answered', offerId: 'x1-1', answer: 'left', room: '', reason: null })
  expect(world.state.transfer?.stage.is).toBe('there')
  expect(world.hears).toMatchObject(inAdasRoom)
})

test('a number that rings already is not dialled again by a redirect whose answer was lost', () => {
  const world = fromQueue()
  const target = { to: 'number', number: '+14155550109' }
  world.say({ type: 'transfer.wanted', transferId: 'x1', origin: ORIGIN, target })
  world.say({ type: 'transfer.judged', transferId: 'x1', cleared: true })
  expect(hasDialled(world.state.transfer)).toBe(false)
  world.say({ type: 'transfer.fetched' })
  expect(hasDialled(world.state.transfer)).toBe(true)
})
