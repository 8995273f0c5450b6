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

/** Nobody took it in time, or the agent declined, or takes the caller to their open line. */
export function endDial(carrier: Carrier, call: CarrierCall, declined: boolean): void {
  if (call.endedAt !== null || (call.turn > 0 && !declined)) return
  const { world } = carrier
  const { sid } = call
  const actor = world.cast.call(call.callId)
  if (actor.place !== null) return askPlace(carrier, call)
  carrier.post(() =>
    actor.deliver({ type: 'call.reported', at: world.now, providerId: sid, status: 'no-answer' }, `dial:${sid}`),
  )
  world.later(1_000, () => carrier.end(call, 'completed'))
}

const ASK_TRIES = 2

/** The carrier asks where the caller goes: into a room, where they are in progress from then on. Anywhere else they give up soon. */
export function askPlace(carrier: Carrier, call: CarrierCall, tries = 1): void {
  const { world } = carrier
  const { random } = world
  call.turn += 1
  const { turn } = call
  const still = (run: () => void) => () => {
    if (turn === call.turn && call.endedAt === null) run()
  }
  const actor = world.cast.call(call.callId)
  world.later(
    random.between(10, 90),
    still(() => {
      if (actor.asks(call.sid) === 'crashed')
        return tries < ASK_TRIES ? askPlace(carrier, call, tries + 1) : carrier.end(call, 'completed')
      world.later(
        random.between(10, 90),
        still(() => follow(carrier, call)),
      )
    }),
  )
}

function follow(carrier: Carrier, call: CarrierCall): void {
  const { world } = carrier
  const { place } = world.cast.call(call.callId)
  if (place?.at !== 'room') return world.later(world.random.between(500, 5_000), () => carrier.end(call, 'completed'))
  carrier.conferences.customerJoins(call, place.room)
}
