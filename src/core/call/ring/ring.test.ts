import { describe, expect, test } from 'vitest'
import { checkFlow } from '../../flow/check.ts'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import { instructionsFor } from '../instruction.ts'
import type { CallEffect, CallInput, CallState } from '../state.ts'

const NONE = { batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
const SPOKEN = { safeHarbour: [], voicemail: [], apology: '', music: 'm' }
const ADA = 'w_a.d_ada'
const ROOM = 'w_a.d_ada.1'

class World {
  state: CallState = call.initial
  at = 1_000
  effects: CallEffect[] = []

  say(input: { type: CallInput['type']; [field: string]: unknown }): this {
    this.at += 100
    const done = step(call, this.state, { ...input, at: this.at } as CallInput)
    this.state = done.state
    this.effects = done.effects
    return this
  }
  strike(): this {
    this.at = Math.max(this.at, call.deadline(this.state) ?? this.at)
    const done = step(call, this.state, { type: 'clock.struck', at: this.at } as CallInput)
    this.state = done.state
    this.effects = done.effects
    return this
  }
  answer(answer: string): this {
    return this.say({ type: 'ring.answered', ringId: 'f1', answer, room: answer === 'accepted' ? ROOM : '' })
  }
  get hears(): string {
    return JSON.stringify(instructionsFor(this.state, 'w_a.call_1', SPOKEN))
  }
  get does() {
    return this.effects.map(({ type }) => type)
  }
}

const STEPS = [
  { id: 'c', type: 'connect', option: { destinations: [{ type: 'agent', target: 'ada' }], no_answer_target_id: 'n' } },
  { id: 'a', type: 'talk', option: { text: 'After.' } },
  { id: 'w', type: 'digits_receive', option: { duration: 60_000 } },
  { id: 'h', type: 'hangup' },
  { id: 'n', type: 'talk', option: { text: 'Nobody.' } },
  { id: 'v', type: 'digits_receive', option: { duration: 60_000 } },
]

function asked(): World {
  const { errors, actions } = checkFlow(STEPS, { call: true })
  expect(errors).toEqual([])
  const known = { activeflowId: 'w_a.call_1', flowId: 'f', version: 1, apology: 'Sorry.', language: 'en-US' }
  const order = { ...known, actions, variables: {}, system: {}, soundsUrl: 'https://a.example/sounds' }
  const party = { from: '+14155550101', to: '+14155550100', name: 'Pat' }
  const links = { kind: 'inbound', ...NONE }
  return new World()
    .say({ type: 'call.received', links, party, providerId: 'CA1', talk: null, flow: true })
    .say({ type: 'flow.begin', order })
    .say({ type: 'ring.wanted', ringId: 'f1', deskId: ADA, ask: 1, ringMs: 20_000 })
}

describe('a flow wants an agent', () => {
  test('the caller hears music while the desk is asked, and comes to the agent who says yes', () => {
    const world = asked()
    expect(world.hears).toContain('hold.wav')
    expect(world.does).toEqual(['ring-agent'])
    world.answer('accepted')
    expect(world.hears).toContain(ROOM)
    expect(world.does).toContain('name-agent')
    expect(world.does).toContain('redirect-call')
    // A repeat of the answer changes nothing.
    expect(world.answer('accepted').does).toEqual([])
  })

  test('after the conversation the flow goes on, whether the agent hangs up or loses their line', () => {
    for (const answer of ['done', 'left']) {
      const world = asked().answer('accepted').answer(answer)
      expect(world.hears, answer).toContain('After.')
      expect(world.effects).toContainEqual(expect.objectContaining({ type: 'end-ring', over: true }))
    }
  })

  test('whoever declines, is not free, or does not answer leaves the caller in the flow', () => {
    for (const answer of ['declined', 'refused', 'left'])
      expect(asked().answer(answer).hears, answer).toContain('Nobody.')
    const late = asked().strike()
    expect(late.hears).toContain('Nobody.')
    expect(late.effects).toContainEqual(expect.objectContaining({ type: 'end-ring', over: false }))
    // A yes that comes too late takes nobody anywhere.
    expect(late.answer('accepted').hears).toContain('Nobody.')
  })

  test('a flow that is ended while the desk rings takes the offer back, and so does the end of the call', () => {
    const ended = asked().say({ type: 'flow.end-wanted', hangsUp: true })
    expect(ended.effects).toContainEqual(expect.objectContaining({ type: 'end-ring', ringId: 'f1' }))
    const gone = asked().say({ type: 'call.reported', providerId: 'CA1', status: 'completed' })
    expect(gone.effects).toContainEqual(expect.objectContaining({ type: 'end-ring', over: true }))
    expect(call.deadline(gone.state)).not.toBe(21_300)
  })

  test('an ask that the flow has left rings nobody', () => {
    const world = asked().answer('declined')
    expect(world.say({ type: 'ring.wanted', ringId: 'f1', deskId: ADA, ask: 1, ringMs: 20_000 }).does).toEqual([])
  })
})

describe('a program calls an agent', () => {
  const options = { ringLimitMs: 30_000, amd: 'off', record: false, phone: ADA }
  const party = { to: '', from: '+14155550100', name: 'Ada' }
  const requested = () =>
    new World()
      .say({ type: 'call.requested', links: { kind: 'api', ...NONE, deskId: ADA }, party, options })
      .say({ type: 'ring.wanted', ringId: 'f1', deskId: ADA, ask: null, ringMs: 30_000 })

  test('the phone is called only when the desk rings', () => {
    const world = requested()
    expect(world.does).toEqual(['ring-agent'])
    expect(world.say({ type: 'ring.rang', ringId: 'f1' }).does).toEqual(['reserve-slot'])
  })

  test('an agent who declines ends the call as not answered, and their phone stops ringing', () => {
    expect(requested().answer('refused').state.call).toMatchObject({ phase: 'over', reason: 'noanswer' })
    const rung = requested()
      .say({ type: 'ring.rang', ringId: 'f1' })
      .say({ type: 'call.slot-granted', notBefore: 0, profile: 'custom' })
      .say({ type: 'call.create-answered', providerId: 'CA2', status: 'queued' })
      .answer('declined')
    expect(rung.state.call).toMatchObject({ phase: 'over', reason: 'noanswer' })
    expect(rung.does).toContain('complete-call')
  })

  test('a line that is lost does not end a call at the agent’s phone, and their hang-up does', () => {
    const talking = requested()
      .say({ type: 'ring.rang', ringId: 'f1' })
      .say({ type: 'call.slot-granted', notBefore: 0, profile: 'custom' })
      .say({ type: 'call.create-answered', providerId: 'CA2', status: 'queued' })
      .answer('accepted')
      .say({ type: 'call.answer-seen', providerId: 'CA2' })
      .answer('left')
    expect(talking.state.call).toMatchObject({ phase: 'live', status: 'progressing' })
    expect(talking.answer('done').does).toContain('complete-call')
    expect(talking.state.call).toMatchObject({ status: 'terminating' })
  })
})

describe('in every order of three things that may happen', () => {
  const HAPPENS: Record<string, (world: World) => World> = {
    accepted: world => world.answer('accepted'),
    declined: world => world.answer('declined'),
    refused: world => world.answer('refused'),
    left: world => world.answer('left'),
    done: world => world.answer('done'),
    late: world => world.strike(),
    again: world => world.say({ type: 'ring.wanted', ringId: 'f1', deskId: ADA, ask: 1, ringMs: 20_000 }),
    stopped: world => world.say({ type: 'flow.end-wanted', hangsUp: true }),
    gone: world => world.say({ type: 'call.reported', providerId: 'CA1', status: 'completed' }),
  }
  const words = Object.keys(HAPPENS)
  const orders = words.flatMap(a => words.flatMap(b => words.map(c => [a, b, c])))

  test('the seat is given back once, the caller is in the room only while the agent has them, and always hears something', () => {
    const wrong: string[] = []
    for (const order of orders) {
      const world = asked()
      let [asks, ends] = [1, 0]
      let has = false
      for (const word of [...order, 'gone']) {
        const { ring: before, call: life } = world.state
        const open = life.phase === 'live' && (before?.stage === 'asked' || before?.stage === 'rings')
        HAPPENS[word]?.(world)
        asks += world.does.filter(type => type === 'ring-agent').length
        ends += world.does.filter(type => type === 'end-ring').length
        // The desk knows of its own answers.
        if (open && (word === 'declined' || word === 'refused')) ends += 1
        has = word === 'accepted' ? has || open : has && !['left', 'done', 'stopped', 'gone'].includes(word)
        const inRoom = world.hears.includes(ROOM)
        if (inRoom !== has || world.hears === '[]') wrong.push(`${order.join(' ')}, after ${word}: ${world.hears}`)
      }
      if (asks !== 1 || ends !== 1) wrong.push(`${order.join(' ')}: asked ${asks} times, ended ${ends} times`)
    }
    expect(wrong.slice(0, 5)).toEqual([])
    expect(orders).toHaveLength(729)
  })
})
