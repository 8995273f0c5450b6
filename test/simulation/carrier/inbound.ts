/** Somebody calls one of our numbers: the owner's browser rings beside whatever the owner does (`worker/routes/twilio-voice.ts`). */
import type { SimDesk } from '../cast.ts'
import type { Carrier, CarrierCall } from './carrier.ts'
import { drawPerson } from './person.ts'

const RING_MS = 25_000

export function inboundCall(carrier: Carrier, desk: SimDesk): void {
  const { world } = carrier
  if (desk.state.phone.state !== 'registered') return
  const sid = carrier.freshSid('CI')
  const callId = `${desk.tenant}.i_${sid}`
  const actor = world.cast.call(callId)
  const call = arrive(carrier, sid, callId)
  // A 5xx of ours: the caller hears the carrier's apology and is gone.
  const fate = actor.ring(desk.id, { to: call.to, from: call.from, name: '' }, sid)
  if (fate === 'crashed') return carrier.end(call, 'completed')
  world.later(RING_MS, () => endDial(carrier, call, false))
  world.later(world.random.between(2_000, 40_000), () => carrier.end(call, 'completed'))
}

function arrive(carrier: Carrier, sid: string, callId: string): CarrierCall {
  const { world } = carrier
  const person = { ...drawPerson(world.random), kind: 'human' as const }
  const call: CarrierCall = {
    sid,
    callId,
    batchId: null,
    to: '+15550000',
    from: '+17770000',
    options: { ringLimitMs: RING_MS, amd: 'off', record: false },
    person,
    createdAt: world.now,
    status: 'in-progress',
    sequence: 0,
    turn: 0,
    askedAt: null,
    heardAt: null,
    excused: true,
    room: null,
    darkUntil: 0,
    aloneSince: null,
    endedAt: null,
  }
  carrier.calls.set(sid, call)
  carrier.byCallId.set(callId, call)
  return call
}

/** The agent's browser has picked up. */
export function connect(carrier: Carrier, callId: string): void {
  const call = carrier.byCallId.get(callId)
  if (!call || call.endedAt !== null || call.turn > 0) return
  const { world } = carrier
  call.turn = 1
  const actor = world.cast.call(callId)
  carrier.post(() => actor.deliver({ type: 'call.answer-seen', at: world.now, providerId: null }, null))
}

/** Nobody took it in time, or the agent declined. */
export function endDial(carrier: Carrier, call: CarrierCall, declined: boolean): void {
  if (call.endedAt !== null || (call.turn > 0 && !declined)) return
  const { world } = carrier
  const { sid } = call
  const actor = world.cast.call(call.callId)
  carrier.post(() =>
    actor.deliver({ type: 'call.reported', at: world.now, providerId: sid, status: 'no-answer' }, `dial:${sid}`),
  )
  world.later(1_000, () => carrier.end(call, 'completed'))
}
