/** A desk and a round of four on it, made as the campaign would: for benches and for the kill proof, inside the Worker. */
import type { Env } from '../src/actors/env.ts'
import { stubFor } from '../src/actors/stubs.ts'
import { SOLO_POLICY } from '../src/core/batch/batch.ts'
import { queuedLane } from '../src/core/desk/lane.ts'
import type { Lane } from '../src/core/desk/view.ts'

export const LEGS = 4
const ORDER = { purpose: 'single' as const, agent: null, hours: null }

/** The desk of the batch `W.c_1.b7` is `W.d_b7`. */
export function deskOf(batchId: string): string {
  return `${batchId.split('.', 1)[0]}.d_${batchId.split('.').at(-1)}`
}

/** The inputs that a campaign would send to a desk and to a batch: one seat, four people. */
export function roundOf(batchId: string) {
  const deskId = deskOf(batchId)
  const legs = Array.from({ length: LEGS }, (_, index) => ({
    callId: `${batchId}.${index + 1}`,
    contactId: `p${index + 1}`,
    name: `Person ${index + 1}`,
    to: numberOf(batchId, index),
    from: '+14155550001',
  }))
  const agent = { userId: 'u', deskId, name: 'Ada', role: 'agent' as const, identity: 'agent_u' }
  const opened = {
    type: 'round.opened' as const,
    at: Date.now(),
    campaignId: batchId.slice(0, batchId.lastIndexOf('.')),
    batchId,
    lanes: legs.map(laneOf),
    settings: { wrapUpMs: 30_000, outcomes: [], script: '' },
  }
  const seats = [{ seatId: `${deskId}:1`, deskId, place: { kind: 'room' as const, room: `${deskId}.1` } }]
  const open = { policy: SOLO_POLICY, legs, seats, campaignId: null, agentName: 'Ada', record: false, clearance: ORDER }
  return { deskId, agent, opened, open }
}

export async function openRound(env: Env, batchId: string): Promise<void> {
  const { deskId, agent, opened, open } = roundOf(batchId)
  const desk = stubFor(env, 'desk', deskId)
  await desk.open(agent)
  await desk.deliver(opened, `open:${batchId}`)
  await stubFor(env, 'batch', batchId).open(open)
}

/** Another number for every leg, so that a search of the carrier's list finds the right call. */
function numberOf(batchId: string, index: number): string {
  let hash = index
  for (const letter of batchId) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0
  return `+1500${2_000_000 + (hash % 8_000_000)}`
}

function laneOf(leg: { callId: string; name: string; to: string; from: string }): Lane {
  const contact = {
    contactId: null,
    name: leg.name,
    company: '',
    number: leg.to,
    numberShown: leg.to,
    timeZone: null,
    attempt: 1,
    lastNote: '',
  }
  return queuedLane({ callId: leg.callId, contact, from: leg.from }, 0)
}
