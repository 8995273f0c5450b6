/**
 * Ten thousand calls through the objects that live on: trunk, desk, campaign, room, log and workspace get what fifty days of
 * 200 calls each send them, and their own sweeps run at their own pace. A day passes by making every stored time a day older,
 * which is what a day does to a row. After forty days nothing that guards against repeats may grow any more.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import type { CampaignContract, DeskContract, RoomContract } from '../../src/actors/contracts.ts'
import type { LogContract } from '../../src/actors/log/contract.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import type { TrunkActor } from '../../src/actors/trunk/actor.ts'
import type { WorkspaceActor } from '../../src/actors/workspace/actor.ts'
import { callId, deskRoomId, legId } from '../../src/core/ids.ts'
import { SETTINGS } from './sitting.ts'
import { bindings } from './stage.ts'

const DAYS = 50
const PLATEAU_DAYS = 40
const CALLS_A_DAY = 200
const LINES = 4
const DAY_MS = 24 * 3_600_000
const WORKSPACE = 'w_rows'
const DESK = `${WORKSPACE}.d_ada`
const CAMPAIGN = `${WORKSPACE}.c_long`
const ROOM = deskRoomId(DESK, 1)

const STUBS = {
  trunk: stubFor(bindings, 'trunk', WORKSPACE),
  desk: stubFor(bindings, 'desk', DESK),
  campaign: stubFor(bindings, 'campaign', CAMPAIGN),
  room: stubFor(bindings, 'room', ROOM),
  log: logOf(bindings, WORKSPACE),
  workspace: stubFor(bindings, 'workspace', WORKSPACE),
}
type Name = keyof typeof STUBS
const objectOf = (name: Name) => STUBS[name] as unknown as DurableObjectStub

/** What is kept on purpose: the history of an object, and what people have entered. */
const HISTORY: Record<Name, string[]> = {
  trunk: ['numbers'],
  desk: ['facts'],
  campaign: ['facts'],
  room: ['facts'],
  log: ['calls', 'events'],
  workspace: [],
}
/** Tables that a day of calls fills; the others of these objects stay as they are. */
const FILLED: Record<Name, string[]> = {
  trunk: ['slots', 'leases', 'freed', 'calls', 'reserved'],
  desk: ['seen', 'heard'],
  campaign: ['seen', 'heard'],
  room: ['seen'],
  log: [],
  workspace: ['idempotency'],
}
/** A sweep of the shell runs each time the history has grown by 256 facts, so so many rows may be there or not. */
const SLACK = 256

function rowsOf(name: Name): Promise<Record<string, number>> {
  return runInDurableObject(objectOf(name), (_, { storage: { sql } }) => {
    const tables = sql.exec(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    )
    const counts = tables.toArray().map(row => {
      const [count] = sql.exec(`SELECT COUNT(*) AS n FROM ${row.name}`).toArray()
      return [String(row.name), Number(count?.n)] as const
    })
    return Object.fromEntries(counts.filter(([table]) => !HISTORY[name].includes(table)))
  })
}

/** A day passes for every row that has a time of its own. The history keeps its times: no sweep reads them. */
function aDayPasses(name: Name): Promise<void> {
  return runInDurableObject(objectOf(name), (_, { storage: { sql } }) => {
    const columns = sql
      .exec(
        `SELECT m.name AS place, c.name AS time FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
         WHERE m.type = 'table' AND c.name IN ('at', 'last_ms', 'since') AND m.name NOT LIKE '\\_cf%' ESCAPE '\\'`,
      )
      .toArray()
    for (const { place, time } of columns)
      if (!HISTORY[name].includes(String(place))) sql.exec(`UPDATE ${place} SET ${time} = ${time} - ?`, DAY_MS)
  })
}

/** Asks the instance itself, a day's messages in one visit. */
function visit<T>(name: Name, body: (actor: T) => Promise<void>): Promise<void> {
  return runInDurableObject(objectOf(name), instance => body(instance as unknown as T))
}

interface Call {
  id: string
  batchId: string
  n: number
}
function callsOf(day: number): Call[] {
  return Array.from({ length: CALLS_A_DAY }, (_, index) => {
    const n = day * CALLS_A_DAY + index
    const batchId = `${CAMPAIGN}.b${Math.floor(n / LINES)}`
    return { id: n % LINES === 0 ? callId(WORKSPACE, `${n}`) : legId(batchId, n % LINES), batchId, n }
  })
}

async function atTrunk(calls: Call[]): Promise<void> {
  // It sweeps at most once an hour while it is in memory, and a day has passed.
  await evictDurableObject(objectOf('trunk'))
  await visit<TrunkActor>('trunk', async trunk => {
    for (const { id, batchId, n } of calls) {
      if (n % LINES === 0) {
        await trunk.callFor(`CA${n}`)
        await trunk.reserveCall(DESK)
        await trunk.leaseNumbers(batchId, LINES)
      }
      const to = `+1415555${String(n % 10_000).padStart(4, '0')}`
      await trunk.clear({
        callId: id,
        to,
        purpose: 'campaign',
        agent: null,
        campaignId: null,
        timeZone: null,
        postcode: null,
        hours: null,
      })
      await trunk.freeNumber('+14155550001', id, true)
    }
  })
}

/** One call of four comes in at the desk; the others are legs of rounds that it reads. */
async function atDesk(calls: Call[]): Promise<void> {
  await visit<DeskContract>('desk', async desk => {
    for (const { id, batchId, n } of calls) {
      const at = Date.now()
      const ring = { callId: id, from: '+15005550001', fromShown: '', to: '+14155550001', contact: null, sinceMs: at }
      await desk.deliver({ type: 'inbound.rang', at, ring: { ...ring, accepted: false } }, `${id}:rang`)
      await desk.deliver({ type: 'inbound.ended', at, callId: id }, `${id}:ended`)
      if (n % LINES === 0) await desk.hearBatch(batchId, [{ seq: 1, fact: { type: 'batch-closing', at } }])
    }
  })
}

/** One call of four was a conversation, whose outcome comes from the desk. */
async function atCampaign(calls: Call[]): Promise<void> {
  await visit<CampaignContract>('campaign', async campaign => {
    for (const { id, batchId, n } of calls) {
      const at = Date.now()
      if (n % LINES !== 0) continue
      await campaign.hearBatch(batchId, [{ seq: 1, fact: { type: 'batch-closing', at } }])
      const outcome = { deskId: DESK, callId: id, contactId: null, outcomeId: 'yes', note: '' }
      await campaign.deliver({ type: 'outcome.saved', at, ...outcome }, `${id}:outcome`)
    }
  })
}

async function atRoom(calls: Call[]): Promise<void> {
  await visit<RoomContract>('room', async room => {
    for (const { id, n } of calls) {
      const at = Date.now()
      const joined = { callId: id, role: 'customer' as const, providerId: `CA${n}`, conferenceId: 'CF1' }
      await room.deliver({ type: 'participant.joined', at, ...joined }, `${id}:in`)
      await room.deliver({ type: 'participant.left', at, providerId: `CA${n}` }, `${id}:out`)
    }
  })
}

/** A verdict of the round overtakes the call's own facts, as it often does. */
async function atLog(calls: Call[]): Promise<void> {
  const links = {
    kind: 'campaign',
    batchId: null,
    campaignId: CAMPAIGN,
    contactId: null,
    deskId: DESK,
    agentName: 'Ada',
  }
  const personal = { to: '+15005550001', from: '+14155550001', name: 'Ann' }
  const end = { type: 'call-hungup', reason: 'normal', providerStatus: 'completed', talkedMs: 1, code: null }
  await visit<LogContract>('log', async log => {
    const at = Date.now()
    const pages = calls.map(({ id, batchId, n }) => {
      const about = { call: id, batch: batchId }
      const verdict = { type: 'leg-judged', at, legId: id, verdict: 'human' }
      return [
        log.hear(batchId, JSON.stringify([{ seq: (n % LINES) + 1, about, fact: verdict }])),
        log.hear(
          id,
          JSON.stringify([
            { seq: 1, about, fact: { type: 'call-created', at, links, options: {}, talk: null, personal } },
            { seq: 2, about, fact: { at, ...end } },
          ]),
        ),
      ]
    })
    await Promise.all(pages.flat())
  })
}

async function atWorkspace(calls: Call[]): Promise<void> {
  await visit<WorkspaceActor>('workspace', async workspace => {
    for (const { id } of calls) {
      const claim = await workspace.claimKey(id, '')
      if (claim.is === 'claimed') await workspace.settleKey(id, claim.token, { status: 201, body: '{}' })
    }
  })
  await runDurableObjectAlarm(objectOf('workspace'))
}

async function opened(): Promise<void> {
  await STUBS.trunk.saveNumber({
    number: '+14155550001',
    name: '',
    deskId: null,
    inFlightCap: DAYS * CALLS_A_DAY * LINES,
    cooldownMs: 0,
  })
  await STUBS.desk.open({ userId: 'ada', deskId: DESK, name: 'Ada', role: 'agent', identity: 'agent_ada' })
  await STUBS.campaign.configure(SETTINGS)
  // The desk's line is closed, so it refuses its seat; from then on the campaign knows a session of this desk.
  const asked = { type: 'agent.asked' as const, deskId: DESK, agentName: 'Ada', lines: 1 as const }
  await STUBS.campaign.deliver({ ...asked, at: Date.now(), word: 'start' }, 'start')
  await STUBS.campaign.deliver({ ...asked, at: Date.now(), word: 'stop' }, 'stop')
}

const NAMES = Object.keys(STUBS) as Name[]
async function allRows(): Promise<Record<Name, Record<string, number>>> {
  const counts = {} as Record<Name, Record<string, number>>
  for (const name of NAMES) counts[name] = await rowsOf(name)
  return counts
}

/** The rows when every debt is paid. */
async function settled(): Promise<Record<Name, Record<string, number>>> {
  return vi.waitFor(
    async () => {
      const counts = await allRows()
      for (const name of NAMES) expect(counts[name].outbox ?? 0, name).toBe(0)
      return counts
    },
    { timeout: 60_000, interval: 100 },
  )
}

test('after 10,000 calls the objects that live on keep bounded rows [D10]', async () => {
  await opened()
  const rows: Awaited<ReturnType<typeof allRows>>[] = []
  for (let day = 0; day < DAYS; day += 1) {
    for (const name of NAMES) await aDayPasses(name)
    const calls = callsOf(day)
    for (const step of [atTrunk, atDesk, atCampaign, atRoom, atLog, atWorkspace]) await step(calls)
    if (day + 1 === PLATEAU_DAYS) rows.push(await settled())
  }
  const [plateau, end] = [rows[0], await settled()]
  for (const name of NAMES) {
    const [then, now] = [plateau?.[name] ?? {}, end[name]]
    for (const table of FILLED[name]) expect(now[table], `${name}.${table}`).toBeGreaterThan(0)
    for (const [table, count] of Object.entries(now))
      expect(count, `${name}.${table}`).toBeLessThanOrEqual((then[table] ?? 0) + SLACK)
    // Nothing is owed, and no input was refused.
    expect(now.outbox ?? 0, name).toBe(0)
    expect(now, name).not.toHaveProperty('quarantine')
  }
  expect(end.log).toMatchObject({ early: 0, open: 0 })
}, 150_000)
