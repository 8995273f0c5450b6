/** Laws that hold once the faults have stopped and people have had time to hang up. */
import { sessionView } from '../../../src/core/campaign/campaign.ts'
import type { World } from '../world.ts'
import { LEG_OVER_MS } from './batch.ts'

/** A call that is over in our state ends at the carrier within this time. */
const STRAY_MAX_MS = 60_000

export function judgeLiveness(world: World): void {
  calls(world)
  batches(world)
  campaigns(world)
  desks(world)
  for (const trunk of world.trunks.values())
    for (const one of trunk.numbers)
      if (one.inFlight !== 0) world.broken(`liveness: ${one.number} still has ${one.inFlight} in flight`)
  for (const actors of [world.batches, world.calls, world.campaigns, world.desks, world.rooms])
    for (const actor of actors.values()) if (!actor.isQuiet) world.broken(`liveness: ${actor.id} still owes something`)
}

function calls(world: World): void {
  const calm = world.calmSince ?? world.now
  for (const real of world.carrier.calls.values()) {
    const ours = world.calls.get(real.callId)
    if (real.endedAt === null) {
      if (real.status !== 'in-progress' || ours?.state.call.phase === 'over')
        world.broken(`liveness: ${real.callId} is ${real.status} at the carrier, ${ours?.state.call.phase} here`)
      continue
    }
    const strayMs = real.endedAt - Math.max(calm, ours?.overAt ?? real.endedAt)
    if (strayMs > STRAY_MAX_MS) world.broken(`liveness: ${real.callId} lived ${strayMs} ms after we believed it dead`)
  }
  for (const call of world.calls.values())
    if (call.state.call.phase === 'live') world.broken(`liveness: ${call.id} is still ${call.state.call.status}`)
}

function batches(world: World): void {
  const calm = world.calmSince ?? world.now
  for (const batch of world.batches.values()) {
    if (batch.state.phase === 'empty') continue
    if (batch.state.phase !== 'closed') world.broken(`liveness: ${batch.id} is ${batch.state.phase}`)
    for (const fact of batch.facts) {
      if (fact.type !== 'leg-ended' || batch.endedAt === null) continue
      const lateMs = fact.at - Math.max(calm, batch.endedAt)
      if (lateMs > LEG_OVER_MS) world.broken(`liveness: ${fact.legId} ended ${lateMs} ms after its batch`)
    }
  }
}

function campaigns(world: World): void {
  for (const { id, state, contacts } of world.campaigns.values()) {
    const busy = contacts.rows.find(row => row.status === 'in-progress')
    if (busy) world.broken(`liveness: ${busy.contactId} of ${id} is still in progress`)
    for (const [batchId, round] of contacts.rounds)
      for (const leg of round.legs)
        if (!contacts.attempted.has(leg.callId))
          world.broken(`liveness: the attempt ${leg.callId} of ${batchId} has no outcome`)
    for (const session of state.sessions) {
      if (session.roundOpen) world.broken(`liveness: ${id} believes in a round of ${session.deskId}`)
      if (session.owed.length > 0)
        world.broken(`liveness: ${id} waits for an outcome that ${session.deskId} cannot save`)
    }
  }
}

function desks(world: World): void {
  for (const { id, state } of world.desks.values()) {
    const lease = state.lease ?? state.leaving
    if (lease) world.broken(`liveness: ${id} still holds the lease ${lease.leaseId}`)
    const { line } = state
    // A leave may be lost, also by a crash, because callbacks are sent once. The room asks who is in, so it is known all the same.
    if (line.state === 'open' && !world.carrier.conferences.hasLine(`${id}.${line.generation}`))
      world.broken(`liveness: ${id} believes in a line that is gone`)
    if (state.asked) world.broken(`liveness: ${id} has not answered ${state.asked.askId}`)
    if (state.guests.length > 0) world.broken(`liveness: ${id} believes in the guests ${state.guests}`)
    if (state.conversation ?? state.parked) world.broken(`liveness: ${id} still shows a conversation`)
    if (state.inbound) world.broken(`liveness: ${id} still shows an inbound call`)
    if (state.pending.length > 0) world.broken(`liveness: ${id} still owes an outcome`)
    const alive = state.lanes.find(lane => lane.state !== 'ended')
    if (alive) world.broken(`liveness: ${id} shows ${alive.callId} as ${alive.state}`)
    const { session } = state
    if (!session) continue
    const campaign = world.campaigns.get(session.campaignId)
    const truth = campaign && sessionView(campaign.state, id)
    if (JSON.stringify(truth) !== JSON.stringify(session)) world.broken(`liveness: ${id} shows an old session`)
  }
}
