import { beforeEach, expect } from 'vitest'
import type { Claim, OpenBatch } from '../../src/actors/contracts.ts'
import { SOLO_POLICY } from '../../src/core/batch/batch.ts'
import { carrier, type Stage, twice, until } from './stage.ts'

beforeEach(async () => {
  await carrier.reset()
})

function round(batchId: string, count: number): OpenBatch {
  const legs = Array.from({ length: count }, (_, index) => ({
    callId: `${batchId}.${index + 1}`,
    contactId: null,
    name: `Person ${index + 1}`,
    to: numberOf(batchId, index),
    from: '+14155550001',
  }))
  const place = { kind: 'room' as const, room: 'w_test.d_nobody.1' }
  const seats = [{ seatId: 'seat-1', deskId: 'w_test.d_nobody', place }]
  const clearance = { purpose: 'single' as const, agent: null, hours: null }
  return { policy: SOLO_POLICY, legs, seats, campaignId: null, agentName: null, record: false, clearance }
}

/** Another number for every leg of every test: one person is never called twice at once. */
function numberOf(batchId: string, index: number): string {
  let hash = index
  for (const letter of batchId) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0
  return `+1415${5_000_000 + (hash % 4_000_000)}`
}

function firstOf(claim: Claim): string {
  return 'instructions' in claim ? (claim.instructions[0]?.kind ?? 'nothing') : 'agent'
}

/** The carrier's id of a call, once it is known. */
function sidOf(stage: Stage, callId: string): Promise<string> {
  return until(async () => {
    const state = (await stage.peek('call', callId).read()).call
    if (state.phase !== 'live' || state.providerId === null) throw new Error('not placed yet')
    return state.providerId
  })
}

async function opened(stage: Stage, batchId: string, count = 4): Promise<OpenBatch> {
  const open = round(batchId, count)
  await stage.stub('batch', batchId).open(open)
  await until(async () => {
    for (const leg of open.legs) expect(await carrier.creates(leg.to)).toHaveLength(1)
  })
  return open
}

twice(
  'four answers at once: one hears the agent, three the message, and a retry the same [S3-6 S3-20]',
  async (stage, tag) => {
    const batchId = `w_test.c_race.b_${tag}`
    const { legs } = await opened(stage, batchId)
    const batch = stage.stub('batch', batchId)
    const verdicts = await Promise.all(legs.map((leg, index) => batch.claim(leg.callId, `CA-${index}`, null)))
    expect(verdicts.filter(one => firstOf(one) === 'join-room')).toHaveLength(1)
    expect(verdicts.filter(one => firstOf(one) === 'gather')).toHaveLength(3)
    for (const [index, leg] of legs.entries())
      expect(await batch.claim(leg.callId, `CA-${index}`, null)).toEqual(verdicts[index])
  },
)

twice(
  'losers are canceled at the carrier, never completed, and the winner is left alone [S3-18]',
  async (stage, tag) => {
    const batchId = `w_test.c_cancel.b_${tag}`
    const { legs } = await opened(stage, batchId)
    const winner = legs[1]
    if (!winner) throw new Error('a round of four')
    await stage.stub('batch', batchId).claim(winner.callId, await sidOf(stage, winner.callId), null)
    await until(async () => {
      const updates = (await carrier.requests()).filter(one => one.form.Status !== undefined)
      expect(updates.map(one => one.form.Status)).toEqual(['canceled', 'canceled', 'canceled'])
    })
  },
)

twice('a carrier that is down delays the cancel, it does not lose it', async (stage, tag) => {
  const batchId = `w_test.c_down.b_${tag}`
  const { legs } = await opened(stage, batchId, 2)
  await carrier.fail({ updates: '500' })
  await stage.stub('batch', batchId).claim(legs[0]?.callId ?? '', await sidOf(stage, legs[0]?.callId ?? ''), null)
  await until(async () => expect((await carrier.requests()).some(one => one.form.Status === 'canceled')).toBe(true))
  await carrier.fail({ updates: 'none' })
  await until(async () => {
    const state = await stage.peek('batch', batchId).read()
    expect(state.phase !== 'empty' && state.legs.find(leg => leg.legId === legs[1]?.callId)?.phase).toBe('ended')
  })
})

twice('a create whose answer was lost is not repeated: the first callback adopts it [S3-9]', async (stage, tag) => {
  const batchId = `w_test.c_lost.b_${tag}`
  await carrier.fail({ creates: '500' })
  const { legs } = await opened(stage, batchId, 1)
  const leg = legs[0]
  if (!leg) throw new Error('a round of one')
  const call = stage.stub('call', leg.callId)
  await until(async () => {
    const state = (await stage.peek('call', leg.callId).read()).call
    expect(state.phase === 'live' && state.attempt.state).toBe('unknown')
  })
  await call.deliver({ type: 'call.reported', at: Date.now(), providerId: 'CA-late', status: 'ringing' }, 'status:1')
  const state = (await call.read()).call
  expect(state.phase === 'live' && [state.providerId, state.status]).toEqual(['CA-late', 'ringing'])
  expect(await carrier.creates(leg.to)).toHaveLength(1)
})

twice('a refused number ends its leg alone, the others are dialled', async (stage, tag) => {
  const batchId = `w_test.c_bad.b_${tag}`
  await carrier.fail({ creates: '400' })
  const { legs } = await opened(stage, batchId, 1)
  await until(async () => {
    const state = await stage.peek('batch', batchId).read()
    expect(state.phase).toBe('closed')
    expect(state.phase === 'closed' && state.legs[0]).toMatchObject({
      legId: legs[0]?.callId,
      phase: 'ended',
      outcome: 'refused',
    })
  })
})

twice('the same callback delivered twice changes nothing the second time [S3-8]', async (stage, tag) => {
  const batchId = `w_test.c_dup.b_${tag}`
  const { legs } = await opened(stage, batchId, 1)
  const call = stage.stub('call', legs[0]?.callId ?? '')
  const created = await until(async () => {
    const state = (await stage.peek('call', legs[0]?.callId ?? '').read()).call
    if (state.phase !== 'live' || state.providerId === null) throw new Error('not placed yet')
    return state.providerId
  })
  const ended = { type: 'call.reported' as const, at: Date.now(), providerId: created, status: 'busy' as const }
  await call.deliver(ended, 'status:end')
  const after = await call.read()
  await call.deliver(ended, 'status:end')
  await call.deliver({ ...ended, status: 'ringing' }, 'status:late')
  expect(await call.read()).toEqual(after)
})
