/** The carrier's REST as `src/actors/call/performer.ts` sees it: answers, refusals, and answers that are lost. */
import type { CallEffect, CallInput } from '../../../src/core/call/state.ts'
import { REST_TIMEOUT_MS } from '../../../src/providers/telephony/twilio/client.ts'
import type { Call } from '../actors/call.ts'
import type { Paid } from '../part.ts'
import type { Carrier, CarrierCall } from './carrier.ts'

type Done = (paid: Paid<CallInput>) => void

/** The list of calls is eventually consistent. */
const LIST_LAG_MS = 9_000

export function performRest(carrier: Carrier, actor: Call, effect: CallEffect, done: Done): void {
  if (effect.type === 'create-call') return create(carrier, actor, effect, done)
  const { world } = carrier
  const { faults, random } = world
  const life = actor.state.call
  // A call that was answered meanwhile cannot be canceled; its webhook has given it the message.
  const isLate = life.phase === 'over' || (life.phase === 'live' && life.answeredAt !== null)
  if (effect.type === 'cancel-call' && isLate) return done([])
  world.later(random.between(20, 150), () => {
    const failing = faults.strikes('carrier-failing')
    // In half of the failures the request was performed and its answer is lost.
    if (failing && random.chance(0.5)) return done({ again: random.chance(0.3) ? 1_000 : null })
    const inputs = act(carrier, effect)
    const slowMs = faults.strikes('carrier-slow') ? random.between(1_000, REST_TIMEOUT_MS - 1) : random.between(10, 100)
    world.later(slowMs, () => done(failing ? { again: null } : inputs.map(input => ({ ...input, at: world.now }))))
  })
}

function create(carrier: Carrier, actor: Call, effect: Extract<CallEffect, { type: 'create-call' }>, done: Done): void {
  const { world } = carrier
  const { faults, random } = world
  const life = actor.state.call
  if (life.phase === 'live' && life.attempt.state === 'waiting-slot')
    world.broken(`${actor.id} is created before the attempt is written`)
  const { to, from } = effect.party
  const { options } = effect
  const answer = (input: CallInput, ms: number) => world.later(ms, () => done([{ ...input, at: world.now }]))
  const at = world.now
  const unknown: CallInput = { type: 'call.create-unknown', at }
  if (faults.strikes('create-throttled'))
    return answer({ type: 'call.create-throttled', at, retryAfterMs: 1_000 }, random.between(20, 200))
  if (faults.strikes('create-refused')) return answer({ type: 'call.create-refused', at, code: 21_211 }, 100)
  if (faults.strikes('create-never-arrived')) return answer(unknown, random.pick([50, REST_TIMEOUT_MS]))
  const refused5xx = faults.strikes('create-server-error')
  if (refused5xx && random.chance(0.5)) return answer(unknown, random.between(30, 300))
  world.later(random.between(10, 100), () => {
    const call = carrier.create(actor.id, actor.links?.batchId ?? null, to, from, options)
    const { sid: providerId, status } = call
    if (refused5xx || faults.strikes('create-answer-lost'))
      return answer(unknown, random.pick([random.between(30, 300), REST_TIMEOUT_MS]))
    const slowMs = faults.strikes('carrier-slow') ? random.between(1_000, REST_TIMEOUT_MS - 1) : random.between(10, 150)
    answer({ type: 'call.create-answered', at, providerId, status }, slowMs)
  })
}

function act(carrier: Carrier, effect: Exclude<CallEffect, { type: 'create-call' }>): CallInput[] {
  const { world } = carrier
  const at = world.now
  if (effect.type === 'search-call') return [search(carrier, effect)]
  if (!('providerId' in effect)) return []
  const { providerId } = effect
  const call = carrier.calls.get(providerId)
  if (!call) return [{ type: effect.type === 'fetch-call' ? 'call.missing' : 'call.check-wanted', at }]
  if (effect.type !== 'fetch-call') {
    if (call.endedAt !== null) return [{ type: 'call.check-wanted', at }]
    if (effect.type === 'cancel-call') cancel(carrier, call)
    if (effect.type === 'complete-call') carrier.end(call, 'completed')
    if (effect.type === 'redirect-call') {
      if (call.status !== 'in-progress') return [{ type: 'call.check-wanted', at }]
      carrier.redirect(call)
    }
  }
  return [{ type: 'call.reported', at, providerId, status: call.status }]
}

/** `canceled` ends a call that nobody has answered and does nothing to one in progress. */
function cancel(carrier: Carrier, call: CarrierCall): void {
  const { faults } = carrier.world
  if (call.status === 'ringing' && call.person.kind === 'human' && faults.strikes('cancel-races-answer'))
    return carrier.pickUp(call)
  if (call.status !== 'in-progress') carrier.end(call, 'canceled')
}

function search(carrier: Carrier, effect: Extract<CallEffect, { type: 'search-call' }>): CallInput {
  const { world } = carrier
  const { to, from } = effect.party
  let found: CarrierCall | null = null
  for (const call of carrier.calls.values()) {
    if (call.to !== to || call.from !== from || call.createdAt < effect.sinceMs - 5_000) continue
    found = call
  }
  // A carrier that sends no callbacks of a call does not list it either.
  if (found && world.now < found.darkUntil) found = null
  if (found && world.now - found.createdAt < LIST_LAG_MS && world.faults.strikes('list-lagging')) found = null
  const seen = found && { providerId: found.sid, status: found.status }
  return { type: 'call.searched', at: world.now, found: seen }
}
