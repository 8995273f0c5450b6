/** A campaign whose agents share the lines that ring: who gets whom, what each screen shows, and how an agent comes and goes. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { SOLO_POLICY } from '../../src/core/batch/batch.ts'
import { isOpen } from '../../src/core/batch/state.ts'
import { logId } from '../../src/core/ids.ts'
import { monthOf } from '../../src/core/month.ts'
import { campaignNow } from '../../src/worker/api/live-campaign.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, carrier, cookieOf, migrated, plainStage, request, type Stage, twice, until } from './stage.ts'

const HOUR_MS = 3_600_000

beforeEach(async () => {
  await carrier.reset()
})

/** Agents at their desks, and a list of forty people who may be called. Of a month before it is known how people answer. */
async function floor(stage: Stage, tag: string, agents: number, policy: Partial<typeof SOLO_POLICY> = {}) {
  const campaignId = `w_test.c_${tag}`
  const deskIds = Array.from({ length: agents }, (_, n) => `w_test.d_${tag}${n}`)
  const desks: ReturnType<typeof stubFor<'desk'>>[] = []
  for (const deskId of deskIds) {
    await deskWithLine(plainStage, deskId)
    desks.push(stage.stub('desk', deskId))
  }
  const number = { number: '+14155550041', name: '', deskId: null, inFlightCap: 1_000, cooldownMs: 0 }
  await stage.stub('trunk', 'w_test').saveNumber(number)
  const campaign = stage.stub('campaign', campaignId)
  const ringOut = { ...SOLO_POLICY, release: 'ring-out' as const, amd: 'off' as const, ...policy }
  await campaign.configure({ ...SETTINGS, advance: 'auto', abandonMax: 0.03, pooled: true, policy: ringOut })
  await stage.stub('workspace', 'w_test').saveCampaign(campaignId, 'Floor', 1)
  const people = Array.from({ length: 40 }, (_, n) => ({
    ...{ contactId: `${tag}${n}`, name: `Person ${n}`, company: 'Acme', numberShown: '', timeZone: null },
    number: `+1415${tag.length + 500}${String(6_000 + n)}`,
  }))
  await campaign.addContacts(people)
  await runInDurableObject(
    stubFor(bindings, 'campaign', campaignId) as never,
    (_: unknown, { storage }: DurableObjectState) => {
      const hour = Math.floor(Date.now() / HOUR_MS) - 48
      storage.sql.exec('INSERT OR REPLACE INTO tallies VALUES (?, ?, ?, ?, ?)', hour, 4_000, 1_000, 1, 60)
    },
  )
  const batchId = `${campaignId}.b1`
  const view = async (agent: number) => {
    const found = await stage.peek('desk', deskIds[agent] ?? '').view()
    if (found === null) throw new Error('no such desk')
    return found
  }
  const start = async (agent: number) => {
    const asked = say({ type: 'session.start', campaignId, lines: 1 })
    expect(await desks[agent]?.command(asked)).toMatchObject({ type: 'accepted' })
    await until(async () => expect((await view(agent)).session).toMatchObject({ state: 'dialing', pooled: true }))
  }
  /** Legs that ring, or are about to. */
  const dialing = async () => {
    const state = await stage.peek('batch', batchId).read()
    return isOpen(state) ? state.legs.filter(leg => leg.phase === 'dialing').map(leg => leg.legId) : []
  }
  const answers = async (legId: string) => stage.stub('batch', batchId).claim(legId, `CA-${legId}`, null)
  const over = async (legId: string) =>
    stage
      .stub('batch', batchId)
      .deliver({ type: 'leg.ended', at: Date.now(), legId, cause: 'completed' }, `over:${legId}`)
  return { campaignId, batchId, deskIds, desks, view, start, dialing, answers, over }
}

type Floor = Awaited<ReturnType<typeof floor>>

async function anyDialing({ dialing }: Floor, most = Number.POSITIVE_INFINITY): Promise<string> {
  return until(async () => {
    const legs = await dialing()
    expect(legs.length).toBeLessThanOrEqual(most)
    const [first] = legs
    if (first === undefined) throw new Error('nothing rings')
    return first
  })
}

async function talksWith({ view }: Floor, agent: number, callId: string): Promise<void> {
  await until(async () => {
    const { conversation, lanes } = await view(agent)
    expect(conversation).toMatchObject({ callId, contact: { company: 'Acme' } })
    expect(lanes.map(lane => lane.callId)).toEqual([callId])
  })
}

twice('whoever answers comes to the agent who is free longest, and only that screen shows them', async (stage, tag) => {
  const it = await floor(stage, `longest${tag}`, 3)
  for (const agent of [1, 0, 2]) await it.start(agent)
  const order = [1, 0, 2]
  for (const [turn, agent] of order.entries()) {
    const legId = await anyDialing(it)
    const verdict = await it.answers(legId)
    expect(verdict).toMatchObject({ instructions: [{ kind: 'join-room', room: `${it.deskIds[agent]}.1` }] })
    await talksWith(it, agent, legId)
    // Whoever asks the call, as a supervisor who listens, learns whose it is.
    await until(async () => {
      const { call } = await stage.peek('call', legId).read()
      expect('links' in call && call.links).toMatchObject({ deskId: it.deskIds[agent], agentName: 'Ada' })
    })
    for (const other of order.slice(turn + 1)) expect((await it.view(other)).conversation).toBeNull()
  }
})

twice('other settings: who talks talks on, and the next one comes by the settings of now', async (stage, tag) => {
  const it = await floor(stage, `other${tag}`, 2)
  await it.start(0)
  await it.start(1)
  const legId = await anyDialing(it)
  await it.answers(legId)
  await talksWith(it, 0, legId)
  const campaign = stage.stub('campaign', it.campaignId)
  const { settings } = (await campaign.read()).state
  if (!settings) throw new Error('no settings')
  const { pooled: _pooled, ...rounds } = settings
  await campaign.configure(rounds)
  // Bo has lines of his own from now on, in another batch.
  await until(async () => {
    const { session, lanes } = await it.view(1)
    expect([session?.pooled, lanes.length > 0]).toEqual([undefined, true])
    expect(lanes.every(lane => !lane.callId.startsWith(`${it.batchId}.`))).toBe(true)
  })
  expect((await it.view(0)).conversation?.callId).toBe(legId)
  await it.over(legId)
  await until(async () => {
    expect((await stage.peek('batch', it.batchId).read()).phase).toBe('closed')
    expect((await stage.peek('campaign', it.campaignId).read()).state.pools).toEqual([])
  })
})

test('the wallboard counts the lines of a pool once, however many agents share them', async () => {
  const it = await floor(plainStage, 'board', 3)
  for (const agent of [0, 1, 2]) await it.start(agent)
  await until(async () => {
    const ringing = await it.dialing()
    expect(ringing.length).toBeGreaterThan(0)
    const now = await campaignNow(bindings, { campaignId: it.campaignId, name: 'Floor' })
    expect(now).toMatchObject({ agents: 3, ringing: ringing.length, conversations: 0, abandonMaxPercent: 3 })
  })
})

twice('with nobody free a person hears the message, and the campaign counts them as abandoned', async (stage, tag) => {
  const it = await floor(stage, `none${tag}`, 1)
  await it.start(0)
  const [first, second] = await until(async () => {
    const legs = await it.dialing()
    expect(legs.length).toBeGreaterThan(1)
    return legs as [string, string]
  })
  // A phone that rings is left ringing for a while, and its person may answer.
  await stage.stub('batch', it.batchId).deliver({ type: 'leg.rang', at: Date.now(), legId: second }, 'rang')
  await it.answers(first)
  await talksWith(it, 0, first)
  const verdict = await it.answers(second)
  expect(JSON.stringify(verdict)).not.toContain('join-room')
  await until(async () => expect(await stage.peek('campaign', it.campaignId).read()).toMatchObject({ abandoned: 2 }))
  // Nobody is free, so no further line is dialled.
  const before = await it.dialing()
  expect(before.length).toBeLessThanOrEqual(9)
  expect((await it.view(0)).conversation?.callId).toBe(first)
})

twice('after the outcome an agent is last in the row; the log has the agent’s name', async (stage, tag) => {
  const it = await floor(stage, `row${tag}`, 2)
  await it.start(0)
  await it.start(1)
  const first = await anyDialing(it)
  await it.answers(first)
  await talksWith(it, 0, first)
  await it.over(first)
  await until(async () => expect((await it.view(0)).pendingOutcomes).toHaveLength(1))
  await it.desks[0]?.command(say({ type: 'outcome.saved', callId: first, outcomeId: 'yes' }))
  await until(async () => {
    const state = await stage.peek('batch', it.batchId).read()
    expect(isOpen(state) && state.seats.map(seat => seat.deskId)).toEqual([it.deskIds[1], it.deskIds[0]])
    expect((await it.view(0)).lanes).toEqual([])
  })
  const log = stage.peek('log', logId('w_test', monthOf(Date.now())))
  await until(async () => {
    const { items } = await log.list({ cursor: null, limit: 50 })
    expect(items.find(row => row.callId === first)).toMatchObject({ agentName: 'Ada', outcome: 'yes' })
  })
  const second = await anyDialing(it)
  expect(await it.answers(second)).toMatchObject({ instructions: [{ room: `${it.deskIds[1]}.1` }] })
})

twice('who pauses or stops gets nobody any more; the last one closes the pool', async (stage, tag) => {
  const it = await floor(stage, `leave${tag}`, 2)
  await it.start(0)
  await it.start(1)
  await it.desks[0]?.command(say({ type: 'session.pause' }))
  await until(async () => expect((await it.view(0)).session?.state).toBe('paused'))
  const legId = await anyDialing(it)
  expect(await it.answers(legId)).toMatchObject({ instructions: [{ room: `${it.deskIds[1]}.1` }] })
  await talksWith(it, 1, legId)
  await it.desks[1]?.command(say({ type: 'session.stop' }))
  // A conversation goes on to its end.
  expect((await it.view(1)).conversation?.callId).toBe(legId)
  await it.over(legId)
  await it.desks[0]?.command(say({ type: 'session.stop' }))
  await until(async () => {
    for (const leg of await it.dialing()) await it.over(leg)
    const { state } = await stage.peek('campaign', it.campaignId).read()
    expect(state.sessions.map(session => session.state)).toEqual(['stopped', 'stopped'])
    const batch = await stage.peek('batch', it.batchId).read()
    for (const leg of batch.phase === 'empty' ? [] : batch.legs) if (leg.phase !== 'ended') await it.over(leg.legId)
    expect([(await stage.peek('batch', it.batchId).read()).phase, state.pools]).toEqual(['closed', []])
  })
})

test('lines that are shared need a limit; the page reads who shares them', async () => {
  await migrated()
  const supervisor = await cookieOf('sam')
  const send = (method: string, path: string, body: unknown) =>
    request(path, {
      method,
      headers: { cookie: supervisor, 'Content-Type': 'application/json', Origin: 'http://127.0.0.1:5050' },
      body: JSON.stringify(body),
    })
  const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
  const refused = await send('POST', '/api/campaigns', { name: 'Shared', outcomes, pooled: true })
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('abandonMaxPercent')])
  const made = await send('POST', '/api/campaigns', { name: 'Shared', outcomes, pooled: true, abandonMaxPercent: 3 })
  const { campaignId } = (await made.json()) as { campaignId: string }
  const read = await request(`/api/campaigns/${campaignId}`, { headers: { cookie: supervisor } })
  expect(await read.json()).toMatchObject({ pooled: true, pool: null })
})
