/** The carrier's REST behind the port of a carrier: answers, refusals, and answers that are lost. */
import type { PlaceOptions } from '../../../src/core/call/state.ts'
import type { Carried, CarrierCall as CarrierWord } from '../../../src/providers/telephony/port.ts'
import { REST_TIMEOUT_MS } from '../../../src/providers/telephony/twilio/client.ts'
import { TO_CARRIER } from '../world.ts'
import type { Carrier, CarrierCall } from './carrier.ts'

type Done<T> = (answer: Carried<T>) => void
export interface Place {
  callId: string
  batchId: string | null
  to: string
  from: string
  options: PlaceOptions
}

/** The list of calls is eventually consistent. */
const LIST_LAG_MS = 9_000
const UNKNOWN = { ok: false, failure: { kind: 'unknown', message: 'no answer' } } as const
const GONE = { ok: false, failure: { kind: 'gone' } } as const

/** Asks the carrier to do something with a call, or to tell of it. */
export function change(
  carrier: Carrier,
  verb: 'cancel' | 'complete' | 'fetch' | 'redirect',
  providerId: string,
  done: Done<CarrierWord>,
): void {
  request(carrier, () => act(carrier, verb, providerId), done)
}

/** Finds the newest call from one number to another since a time. */
export function find(
  carrier: Carrier,
  to: string,
  from: string,
  sinceMs: number,
  done: Done<CarrierWord | null>,
): void {
  request(carrier, () => search(carrier, to, from, sinceMs), done)
}

function request<T>(carrier: Carrier, perform: () => Carried<T>, done: Done<T>): void {
  const { world } = carrier
  const { faults, random } = world
  world.send(TO_CARRIER, () =>
    world.later(random.between(20, 150), () => {
      const failing = faults.strikes('carrier-failing')
      // In half of the failures the request was performed and its answer is lost.
      if (failing && random.chance(0.5))
        return done(random.chance(0.3) ? { ok: false, failure: { kind: 'throttled', retryAfterMs: 1_000 } } : UNKNOWN)
      const answer = perform()
      const slowMs = faults.strikes('carrier-slow')
        ? random.between(1_000, REST_TIMEOUT_MS - 1)
        : random.between(10, 100)
      world.later(slowMs, () => done(failing ? UNKNOWN : answer))
    }),
  )
}

export function create(carrier: Carrier, place: Place, done: Done<CarrierWord>): void {
  carrier.world.send(TO_CARRIER, () => createNow(carrier, place, done))
}

function createNow(carrier: Carrier, { callId, batchId, to, from, options }: Place, done: Done<CarrierWord>): void {
  const { world } = carrier
  const { faults, random } = world
  const answer = (what: Carried<CarrierWord>, ms: number) => world.later(ms, () => done(what))
  if (faults.strikes('create-throttled'))
    return answer({ ok: false, failure: { kind: 'throttled', retryAfterMs: 1_000 } }, random.between(20, 200))
  if (faults.strikes('create-refused'))
    return answer({ ok: false, failure: { kind: 'refused', code: 21_211, message: '' } }, 100)
  if (faults.strikes('create-never-arrived')) return answer(UNKNOWN, random.pick([50, REST_TIMEOUT_MS]))
  const refused5xx = faults.strikes('create-server-error')
  if (refused5xx && random.chance(0.5)) return answer(UNKNOWN, random.between(30, 300))
  world.later(random.between(10, 100), () => {
    const { sid: providerId, status } = carrier.create(callId, batchId, to, from, options)
    if (refused5xx || faults.strikes('create-answer-lost'))
      return answer(UNKNOWN, random.pick([random.between(30, 300), REST_TIMEOUT_MS]))
    const slowMs = faults.strikes('carrier-slow') ? random.between(1_000, REST_TIMEOUT_MS - 1) : random.between(10, 150)
    answer({ ok: true, value: { providerId, status } }, slowMs)
  })
}

function act(
  carrier: Carrier,
  verb: 'cancel' | 'complete' | 'fetch' | 'redirect',
  providerId: string,
): Carried<CarrierWord> {
  const call = carrier.calls.get(providerId)
  if (!call) return GONE
  if (verb !== 'fetch') {
    if (call.endedAt !== null) return GONE
    if (verb === 'cancel') cancel(carrier, call)
    if (verb === 'complete') carrier.end(call, 'completed')
    if (verb === 'redirect') {
      // A caller who hears it ring is not in progress for the carrier.
      if (call.status !== 'in-progress' || (call.batchId === null && call.turn === 0)) return GONE
      carrier.redirect(call)
    }
  }
  return { ok: true, value: { providerId, status: call.status } }
}

/** `canceled` ends a call that nobody has answered and does nothing to one in progress. */
function cancel(carrier: Carrier, call: CarrierCall): void {
  const { faults } = carrier.world
  if (call.status === 'ringing' && call.person.kind === 'human' && faults.strikes('cancel-races-answer'))
    return carrier.pickUp(call)
  if (call.status !== 'in-progress') carrier.end(call, 'canceled')
}

function search(carrier: Carrier, to: string, from: string, sinceMs: number): Carried<CarrierWord | null> {
  const { world } = carrier
  let found: CarrierCall | null = null
  for (const call of carrier.calls.values()) {
    if (call.to !== to || call.from !== from || call.createdAt < sinceMs - 5_000) continue
    found = call
  }
  // A carrier that sends no callbacks of a call does not list it either.
  if (found && world.now < found.darkUntil) found = null
  if (found && world.now - found.createdAt < LIST_LAG_MS && world.faults.strikes('list-lagging')) found = null
  return { ok: true, value: found && { providerId: found.sid, status: found.status } }
}
