import { beforeEach, expect, test } from 'vitest'
import type { DeskView } from '../../wire/desk.ts'
import { conversationOf, viewOf } from '../testing/views.ts'
import { IncomingCalls, routeOffer } from './incoming.ts'

class FakeCall {
  readonly customParameters: Map<string, string>
  readonly did: string[] = []
  readonly #listeners = new Map<string, () => void>()
  constructor(parameters: Record<string, string>) {
    this.customParameters = new Map(Object.entries(parameters))
  }
  on(event: string, listener: () => void) {
    this.#listeners.set(event, listener)
  }
  emit(event: string) {
    this.#listeners.get(event)?.()
  }
  accept() {
    this.did.push('accept')
  }
  reject() {
    this.did.push('reject')
  }
}

const ringing = (callId: string, accepted = false) =>
  viewOf({ inbound: { callId, from: '+1', fromShown: '+1', to: '+2', contact: null, sinceMs: 0, accepted } })

let view: DeskView | null
let opened: string[]
let calls: IncomingCalls<FakeCall>
let timers: { run: () => void; ms: number }[]

beforeEach(() => {
  view = viewOf()
  opened = []
  timers = []
  calls = new IncomingCalls<FakeCall>({
    view: () => view,
    onAccepted: callId => opened.push(callId),
    log: () => undefined,
    setTimer: (run, ms) => timers.push({ run, ms }),
  })
})

test('routes by our call id against the view [S3-42]', () => {
  const of = (parameters: Record<string, string>) => new Map(Object.entries(parameters))
  expect(routeOffer(of({ callId: 'a' }), ringing('a'))).toBe('ring')
  expect(routeOffer(of({ callId: 'b' }), ringing('a'))).toBe('busy')
  expect(routeOffer(of({ callId: 'b' }), viewOf())).toBe('unknown')
  expect(routeOffer(of({}), ringing('a'))).toBe('unknown')
  expect(routeOffer(of({ callId: 'a' }), null)).toBe('unknown')
  const live = viewOf({ conversation: conversationOf({ callId: 'a' }) })
  expect(routeOffer(of({ callId: 'a', outbound: 'true' }), live)).toBe('unknown')
  expect(routeOffer(of({ callId: 'a' }), live)).toBe('unknown')
})

test('accepted by the desk: the sound is taken, once, when the view says so', () => {
  const call = new FakeCall({ callId: 'a' })
  view = ringing('a')
  calls.offered(call)
  expect(call.did).toEqual([])
  calls.accept('a')
  // Whether they come to the open line says only the view.
  expect(call.did).toEqual([])
  view = ringing('a', true)
  calls.settle()
  calls.settle()
  expect(call.did).toEqual(['accept'])
  expect(opened).toEqual(['a'])
})

test('a caller who comes to the open line is never taken by the phone, which stops ringing when the call says so', () => {
  const call = new FakeCall({ callId: 'a' })
  view = ringing('a')
  calls.offered(call)
  calls.accept('a')
  const of = { kind: 'transfer', id: 'a', offerId: 'ring-1' } as const
  const comes = (pickedUp: object) => {
    const { inbound } = ringing('a', true)
    const transfer = { transferId: 'ring-1', summary: '', of }
    view = viewOf({ inbound: inbound && { ...inbound, transfer, ...pickedUp } })
    calls.settle()
  }
  comes({})
  expect(call.did).toEqual([])
  comes({ pickedUp: true })
  comes({ pickedUp: true })
  expect(call.did).toEqual(['reject'])
  expect(opened).toEqual([])
  const late = new FakeCall({ callId: 'a' })
  calls.offered(late)
  expect(late.did).toEqual(['reject'])
})

test('a second caller is told that the agent is busy, unless the first is gone by then', () => {
  const [second, third] = [new FakeCall({ callId: 'b' }), new FakeCall({ callId: 'c' })]
  view = ringing('a', true)
  calls.offered(second)
  calls.settle()
  calls.offered(third)
  expect(timers.map(timer => timer.ms)).toEqual([1_500, 1_500])
  expect(second.did).toEqual([])
  timers[0]?.run()
  expect(second.did).toEqual(['reject'])
  view = ringing('c')
  timers[1]?.run()
  expect(third.did).toEqual([])
})

test('accepted before the carrier offers it: taken on arrival, also when the view has moved on [S4-2]', () => {
  calls.accept('a')
  view = viewOf({ conversation: conversationOf({ callId: 'a', kind: 'inbound' }) })
  const call = new FakeCall({ callId: 'a' })
  calls.offered(call)
  expect(call.did).toEqual(['accept'])
})

test('unknown calls are neither taken nor rejected, and known when the view says so', () => {
  const call = new FakeCall({ callId: 'a' })
  calls.offered(call)
  calls.offered(new FakeCall({}))
  calls.settle()
  expect(call.did).toEqual([])
  view = ringing('a', true)
  calls.accept('a')
  expect(call.did).toEqual(['accept'])
})

test('declined', () => {
  const call = new FakeCall({ callId: 'a' })
  view = ringing('a')
  calls.offered(call)
  calls.decline('a')
  calls.accept('a')
  expect(call.did).toEqual(['reject'])
})

test('declined before the carrier offers it', () => {
  calls.decline('a')
  const call = new FakeCall({ callId: 'a' })
  calls.offered(call)
  expect(call.did).toEqual(['reject'])
})

test('an offer that the caller gave up is forgotten', () => {
  const call = new FakeCall({ callId: 'a' })
  view = ringing('a')
  calls.offered(call)
  call.emit('cancel')
  calls.accept('a')
  expect(call.did).toEqual([])
})

test('at most four offers are kept', () => {
  const many = Array.from({ length: 6 }, (_, i) => new FakeCall({ callId: `c${i}` }))
  for (const call of many) calls.offered(call)
  view = ringing('c0', true)
  calls.accept('c0')
  expect(many[0]?.did).toEqual([])
  view = ringing('c5', true)
  calls.accept('c5')
  expect(many[5]?.did).toEqual(['accept'])
})
