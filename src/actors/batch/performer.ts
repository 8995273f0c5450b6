/** Performs the race's debts (calls to place, cancel, redirect) and names its feeds. */
import { batch } from '../../core/batch/batch.ts'
import type { BatchEffect, BatchFact, BatchInput } from '../../core/batch/state.ts'
import { wordTo } from '../../core/batch/to-call-input.ts'
import type { CallParty, PlaceOptions } from '../../core/call/state.ts'
import { queuedLane } from '../../core/desk/lane.ts'
import type { Lane, LaneContact } from '../../core/desk/view.ts'
import { asGroupcall } from '../../core/ids.ts'
import type { FlowToRun } from '../books.ts'
import type { BatchLeg, OpenBatch } from '../contracts.ts'
import { logFeed } from '../feeds.ts'
import type { Neighbours } from '../neighbours.ts'
import type { Performer } from '../shell/outbox.ts'
import type { Schema } from '../shell/schema.ts'
import type { Feed } from '../shell/shell.ts'

/** What the winner of a group call gets. It may be as large as a state, so it is a row. */
/** Of a pool: what an agent's screen shows of whoever has answered. */
const PEOPLE_TABLE =
  'CREATE TABLE IF NOT EXISTS people (call_id TEXT PRIMARY KEY, contact TEXT NOT NULL) WITHOUT ROWID;'
const FLOW_TABLE = 'CREATE TABLE IF NOT EXISTS flow (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL);'

/** The people of the round are rows, because a machine's state holds no names and numbers. */
export const BATCH_SCHEMA: Schema = {
  firstTable: 'legs',
  tables: `
CREATE TABLE IF NOT EXISTS legs (call_id TEXT PRIMARY KEY, contact_id TEXT, name TEXT NOT NULL, dial_to TEXT NOT NULL, dial_from TEXT NOT NULL,
  campaign_id TEXT, desk_id TEXT, agent_name TEXT, options TEXT NOT NULL, person TEXT NOT NULL DEFAULT '{}');
${FLOW_TABLE}
${PEOPLE_TABLE}
`,
  // The zone, the postcode and the extension of the person; the flow of a group call; the people of a pool.
  migrations: ["ALTER TABLE legs ADD COLUMN person TEXT NOT NULL DEFAULT '{}';", FLOW_TABLE, PEOPLE_TABLE],
}

interface LegRow {
  contact_id: string | null
  name: string
  dial_to: string
  dial_from: string
  campaign_id: string | null
  desk_id: string | null
  agent_name: string | null
  options: string
  person: string
  [column: string]: SqlStorageValue
}

export function saveLegs(sql: SqlStorage, round: OpenBatch): void {
  const { policy, record, campaignId, agentName } = round
  const options: PlaceOptions = { ringLimitMs: policy.ringLimitMs, amd: policy.amd, record, clearance: round.clearance }
  if (round.flow) sql.exec('INSERT OR IGNORE INTO flow VALUES (1, ?)', JSON.stringify(round.flow))
  const solo = policy.closed && round.seats.length === 1 && !round.flow
  const deskId = solo ? (round.seats[0]?.deskId ?? null) : null
  for (const leg of round.legs) {
    sql.exec(
      'INSERT OR IGNORE INTO legs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      leg.callId,
      leg.contactId,
      leg.name,
      leg.to,
      leg.from,
      campaignId,
      deskId,
      agentName,
      JSON.stringify(options),
      JSON.stringify(personOf(leg)),
    )
    if (leg.shown) sql.exec('INSERT OR IGNORE INTO people VALUES (?, ?)', leg.callId, JSON.stringify(leg.shown))
  }
}

/** Runs in the transaction of the fact: a pool has no rows of people whom its state has forgotten. */
export function forgetLegs(sql: SqlStorage, fact: BatchFact): void {
  if (fact.type !== 'leg-forgotten') return
  for (const table of ['legs', 'people']) sql.exec(`DELETE FROM ${table} WHERE call_id = ?`, fact.legId)
}

/** The flow that this round was opened with. */
export function readFlow(sql: SqlStorage): FlowToRun {
  return JSON.parse(String(sql.exec('SELECT json FROM flow').one().json)) as FlowToRun
}

type Person = Pick<CallParty, 'extension' | 'where'>

/** What is not known of the person is left out, so that a call's facts hold no empty values. */
function personOf({ extension, where }: BatchLeg): Person {
  const known = where !== undefined && (where.timeZone !== null || where.postcode !== null)
  return { ...(extension ? { extension } : {}), ...(known ? { where } : {}) }
}

export function carryOut(near: Neighbours, batchId: string, sql: SqlStorage): Performer<BatchInput, BatchEffect> {
  return {
    batchable: effect => effect.type !== 'place-leg' && effect.type !== 'tell-desk',
    async performAll(effects) {
      const at = near.now()
      const words = effects.flatMap(({ effect, key }) =>
        effect.type === 'place-leg' || effect.type === 'tell-desk'
          ? []
          : [{ legId: effect.legId, input: wordTo(effect, at), inputId: `${batchId}:${key}` }],
      )
      // A lane is one leg.
      const legId = words[0]?.legId
      if (legId !== undefined)
        await near.actor('call', legId).deliverAll(words.map(({ input, inputId }) => ({ input, inputId })))
    },
    async perform(effect, key) {
      const at = near.now()
      switch (effect.type) {
        case 'place-leg':
          await placeLeg(near, batchId, sql, effect.legId)
          break
        case 'tell-desk':
          await tellDesk(near, batchId, sql, effect, `${batchId}:${key}`)
          break
        default:
          await near.actor('call', effect.legId).deliver(wordTo(effect, at), `${batchId}:${key}`)
      }
      return []
    },
  }
}

/** With the person, when they have just answered: the desk of a pool knows nobody before. */
async function tellDesk(
  near: Neighbours,
  batchId: string,
  sql: SqlStorage,
  { deskId, fact }: Extract<BatchEffect, { type: 'tell-desk' }>,
  id: string,
): Promise<void> {
  const lane = fact.type === 'leg-held' ? laneOf(sql, fact.legId, fact.at) : null
  const reported = { type: 'batch.reported' as const, at: near.now(), batchId, facts: [fact] }
  await near.actor('desk', deskId).deliver({ ...reported, ...(lane === null ? {} : { lane }) }, id)
}

function laneOf(sql: SqlStorage, callId: string, at: number): Lane | null {
  const select =
    'SELECT people.contact, legs.dial_from FROM people JOIN legs ON legs.call_id = people.call_id WHERE people.call_id = ?'
  const [row] = sql.exec<{ contact: string; dial_from: string }>(select, callId).toArray()
  return row ? queuedLane({ callId, contact: JSON.parse(row.contact) as LaneContact, from: row.dial_from }, at) : null
}

async function placeLeg(near: Neighbours, batchId: string, sql: SqlStorage, callId: string): Promise<void> {
  const [row] = sql.exec<LegRow>('SELECT * FROM legs WHERE call_id = ?', callId).toArray()
  if (!row) return
  const ofDesk = row.campaign_id === null ? ('single' as const) : ('campaign' as const)
  const kind = asGroupcall(batchId) === null ? ofDesk : ('api' as const)
  const links = {
    kind,
    batchId,
    campaignId: row.campaign_id,
    contactId: row.contact_id,
    deskId: row.desk_id,
    agentName: row.agent_name,
  }
  const party = { to: row.dial_to, from: row.dial_from, name: row.name, ...(JSON.parse(row.person) as Person) }
  await near.actor('call', callId).request(links, party, JSON.parse(row.options) as PlaceOptions)
}

export function feedOf(near: Neighbours, batchId: string, name: string): Feed<BatchFact> | null {
  if (name === 'log') return logFeed(near, batch, batchId)
  const [kind, id = ''] = name.split(':')
  if (kind !== 'desk' && kind !== 'campaign') return null
  return {
    name,
    delayMs: 0,
    async deliver(facts) {
      await near.actor(kind, id).hearBatch(batchId, facts)
    },
  }
}
