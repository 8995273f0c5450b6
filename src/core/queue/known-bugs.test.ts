/**
 * Fourteen defects that queues of other systems are known for (twilio-labs plugin-queued-callbacks #9, FreePBX #525, amazon-connect-streams
 * #253 and #344, asterisk #1006 and #1557, opensips #2679, freeswitch #2540, #1216 and #1973, OpenACD #5, jambonz #1363 and #357).
 * Each is a test by its name.
 */
import { expect, test } from 'vitest'
import { decide as decideDesk } from '../desk/decide.ts'
import { evolve as evolveDesk } from '../desk/evolve.ts'
import { react as reactDesk } from '../desk/react.ts'
import { type DeskInput, type DeskState, EMPTY_DESK } from '../desk/state.ts'
import { placeOf } from './choose.ts'
import { queue } from './queue.ts'
import {
  CALLBACK_REST_MS,
  CALLBACK_TRIES_MAX,
  type QueueEffect,
  type QueueFact,
  type QueueInput,
  type QueueSettings,
  type QueueState,
} from './state.ts'

const SETTINGS: QueueSettings = {
  name: 'Support',
  strategy: 'longest-idle',
  offerMs: 20_000,
  waitLimitMs: 0,
  capacity: 10,
  wrapUpMs: 15_000,
  pauseUnanswered: true,
  announceMs: 0,
  targetMs: 20_000,
  shortMs: 5_000,
  language: 'en-US',
  skills: [],
  music: [],
}
type Word = QueueInput extends infer One ? (One extends unknown ? Omit<One, 'at'> : never) : never

class Floor {
  state: QueueState = queue.initial
  at = 1_000
  readonly facts: QueueFact[] = []
  readonly effects: QueueEffect[] = []

  constructor(agents: string[], settings: Partial<QueueSettings> = {}) {
    this.say({ type: 'queue.configured', settings: { ...SETTINGS, ...settings } })
    this.say({ type: 'queue.staffed', members: agents.map(deskId => ({ deskId, skills: {} })) })
  }
  say(word: Word): void {
    for (const fact of queue.decide(this.state, { ...word, at: this.at } as QueueInput)) {
      this.facts.push(fact)
      this.state = queue.evolve(this.state, fact)
      this.effects.push(...queue.react(fact, this.state))
    }
  }
  free(deskId: string, free = true, reason: string | null = free ? null : 'busy'): void {
    this.say({ type: 'agent.reported', deskId, free, sinceMs: this.at, reason })
  }
  comes(entryId: string, more: { priority?: number; from?: string } = {}): void {
    const { priority = 0, from = '+14155550101' } = more
    const personal = { from, to: '+14155550100' }
    this.say({ type: 'caller.entered', entryId, callId: `call-${entryId}`, ask: 1, priority, skills: null, personal })
  }
  answers(answer: 'accepted' | 'declined' | 'refused' | 'left' | 'done', offerId = this.offer): void {
    this.say({ type: 'offer.answered', offerId, answer, room: 'room', reason: null, callId: `back-${this.at}` })
  }
  callsBack(entryId: string, from = '+14155550101'): void {
    this.say({ type: 'callback.wanted', entryId, personal: { from, to: '+14155550100' } })
  }
  passes(ms: number): void {
    this.at += ms
    this.say({ type: 'clock.struck' })
  }
  get offer(): string {
    return this.facts.findLast(one => one.type === 'call-offered')?.offerId ?? ''
  }
  get offers(): [string, string][] {
    return this.facts.flatMap(one =>
      one.type === 'call-offered' ? [[one.entryId, one.deskId] as [string, string]] : [],
    )
  }
  is(entryId: string): string | undefined {
    return this.state.entries[entryId]?.stage.is
  }
}

test('a callback keeps the place of its caller, in front of those who came later', () => {
  const floor = new Floor(['a'])
  floor.comes('first')
  floor.at += 10
  floor.comes('second', { from: '+14155550102' })
  floor.callsBack('first')
  expect(placeOf(floor.state, 'first')).toBe(1)
  floor.free('a')
  expect(floor.offers).toEqual([['first', 'a']])
})

test('a caller who asks twice to be called back is called once', () => {
  const floor = new Floor(['a'])
  floor.comes('one')
  floor.callsBack('one')
  floor.comes('again')
  floor.callsBack('again')
  expect(floor.facts.filter(one => one.type === 'callback-kept')).toHaveLength(1)
})

test('a callback that nobody answers is told as missed, tried again after a rest, and given up after three', () => {
  const floor = new Floor(['a'])
  floor.comes('one')
  floor.callsBack('one')
  for (let tries = 1; tries <= CALLBACK_TRIES_MAX; tries += 1) {
    floor.free('a')
    floor.answers('accepted')
    const dialed = floor.facts.findLast(one => one.type === 'callback-dialed')
    floor.say({ type: 'callback.ended', callId: dialed?.callId ?? '' })
    expect(floor.facts.findLast(one => one.type === 'callback-missed')).toMatchObject({ tries })
    floor.passes(CALLBACK_REST_MS)
  }
  expect(floor.state.entries).toEqual({})
})

test('whoever is called back is told apart from whoever waits on the line, so that nobody counts their hours as a wait', () => {
  const floor = new Floor(['a'])
  const connected = () => floor.facts.findLast(one => one.type === 'caller-connected')
  floor.comes('one')
  floor.callsBack('one')
  floor.at += 3_600_000
  floor.free('a')
  floor.answers('accepted')
  const [callId, personal] = [`back-${floor.at}`, { from: '+14155550101', to: '+14155550100' }]
  floor.say({ type: 'caller.entered', entryId: 'back', callId, ask: 1, priority: 0, skills: null, personal })
  expect(connected()).toMatchObject({ entryId: 'one', callId, callback: true })
  floor.answers('left')
  floor.say({ type: 'caller.left', entryId: 'one' })
  expect(floor.facts.at(-1)).toMatchObject({ type: 'caller-left', callId, callback: true })
  floor.comes('two')
  floor.free('a')
  floor.answers('accepted')
  expect(connected()).toMatchObject({ entryId: 'two' })
  expect(connected()).not.toHaveProperty('callback')
})

test('a callback whose call is over before it was answered does not hold the agent', () => {
  const floor = new Floor(['a'])
  floor.comes('one')
  floor.callsBack('one')
  floor.free('a')
  floor.answers('accepted')
  floor.say({
    type: 'callback.ended',
    callId: floor.facts.findLast(one => one.type === 'callback-dialed')?.callId ?? '',
  })
  expect(floor.effects.findLast(one => one.type === 'end-offer')).toMatchObject({ deskId: 'a', pause: false })
})

const DESK: DeskState = {
  ...EMPTY_DESK,
  agent: { userId: 'u', deskId: 'a', name: 'Ada', role: 'agent', identity: 'agent_u' },
  phone: { ownerTabId: 'tab', state: 'registered' },
  line: { ...EMPTY_DESK.line, state: 'open', callId: 'line', generation: 1 },
  queues: ['sales', 'support'],
  available: { reason: null, sinceMs: 0 },
}
function atDesk(state: DeskState, input: DeskInput) {
  const facts = decideDesk(state, input)
  return { state: facts.reduce(evolveDesk, state), effects: facts.flatMap(fact => reactDesk(fact, state)) }
}

test('the time after a call is the agent’s: no other queue ends it, or offers a call in it', () => {
  const wrapUp = { remainingMs: 15_000, runningSinceMs: 1, typingUntilMs: null, totalMs: 15_000 }
  const of = { kind: 'queue' as const, id: 'sales', offerId: 'o9' }
  const busy: DeskState = { ...DESK, wrapUp, available: { reason: 'wrap-up', sinceMs: 1 } }
  const { state, effects } = atDesk(busy, { type: 'offer.made', at: 5, of, ring: {} as never })
  expect(state.wrapUp).toEqual(wrapUp)
  expect(effects).toMatchObject([{ type: 'answer-offer', answer: 'refused', reason: 'wrap-up' }])
  const over = atDesk(busy, { type: 'offer.over', at: 6, of, callId: null, pause: false })
  expect(over.state.wrapUp).toEqual(wrapUp)
})

test('the time after one agent’s call does not keep callers from the others', () => {
  const floor = new Floor(['a', 'b'])
  floor.free('a', false, 'wrap-up')
  floor.free('b')
  floor.comes('one')
  expect(floor.offers).toEqual([['one', 'b']])
})

test('an agent whose offer came to nothing is not reserved for ever', () => {
  const floor = new Floor(['a'], { pauseUnanswered: false })
  floor.free('a')
  floor.comes('one')
  floor.say({ type: 'caller.left', entryId: 'one' })
  expect(floor.state.agents.a?.entryId).toBeNull()
  floor.free('a', false)
  floor.free('a')
  floor.comes('two')
  expect(floor.offers.at(-1)).toEqual(['two', 'a'])
})

test('in the order of the members the search goes on behind the last one, and begins again', () => {
  const floor = new Floor(['a', 'b'], { strategy: 'round-robin' })
  floor.free('a')
  floor.free('b')
  for (const entryId of ['one', 'two', 'three']) {
    floor.comes(entryId)
    const at = floor.offers.at(-1)?.[1] ?? ''
    floor.say({ type: 'caller.left', entryId })
    floor.free(at, false)
    floor.free(at)
  }
  expect(floor.offers.map(([, deskId]) => deskId)).toEqual(['a', 'b', 'a'])
})

test('a conversation whose end was lost is asked about, and does not stay answered for ever', () => {
  const floor = new Floor(['a'])
  floor.free('a')
  floor.comes('one')
  floor.answers('accepted')
  expect(floor.is('one')).toBe('talking')
  floor.passes(60_000)
  expect(floor.effects.at(-1)).toMatchObject({ type: 'check-caller', entryId: 'one' })
  floor.say({ type: 'caller.checked', entryId: 'one', live: false })
  expect(floor.state.entries).toEqual({})
  expect(floor.state.agents.a?.entryId).toBeNull()
})

test('an agent who leaves between yes and the bridge loses nobody: the caller is offered to the next', () => {
  const floor = new Floor(['a', 'b'], { strategy: 'linear' })
  floor.free('a')
  floor.free('b')
  floor.comes('one')
  floor.answers('accepted')
  floor.answers('left')
  expect(floor.offers).toEqual([
    ['one', 'a'],
    ['one', 'b'],
  ])
})

test('two queues do not hit the same agent: the desk gives its seat to the first, and tells the other', () => {
  const ring = { callId: 'call-1' } as never
  const first = atDesk(DESK, {
    type: 'offer.made',
    at: 5,
    of: { kind: 'queue', id: 'sales', offerId: 'o1' },
    ring,
  })
  expect(first.state.lease?.for).toMatchObject({ id: 'sales' })
  expect(first.effects).toContainEqual(expect.objectContaining({ type: 'tell-queue', queueId: 'support', free: false }))
  const second = atDesk(first.state, {
    type: 'offer.made',
    at: 6,
    of: { kind: 'queue', id: 'support', offerId: 'o1' },
    ring,
  })
  expect(second.effects).toMatchObject([{ type: 'answer-offer', of: { id: 'support' }, answer: 'refused' }])
})

test('whoever leaves the queue is a fact with who and why', () => {
  const floor = new Floor([])
  floor.comes('one')
  floor.at += 9_000
  floor.say({ type: 'caller.left', entryId: 'one' })
  const left = { type: 'caller-left', entryId: 'one', callId: 'call-one', because: 'abandoned', waitedMs: 9_000 }
  expect(floor.facts.at(-1)).toMatchObject(left)
})

test('a caller of a higher priority is served first, and the state says who waits at which place', () => {
  const floor = new Floor(['a'])
  floor.comes('one')
  floor.at += 10
  floor.comes('urgent', { priority: 5, from: '+14155550102' })
  expect([placeOf(floor.state, 'urgent'), placeOf(floor.state, 'one')]).toEqual([1, 2])
  floor.free('a')
  expect(floor.offers).toEqual([['urgent', 'a']])
})

test('an agent who lets it ring is paused by the queue, and the next caller does not ring at an empty chair', () => {
  const floor = new Floor(['a'])
  floor.free('a')
  floor.comes('one')
  floor.passes(20_000)
  expect(floor.effects.findLast(one => one.type === 'end-offer')).toMatchObject({ deskId: 'a', pause: true })
  expect(floor.offers).toHaveLength(1)
})
