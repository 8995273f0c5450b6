import type { About } from '../../core/about.ts'
import { type Finished, needsFollowUp } from '../../core/call/follow-up.ts'
import { agentOfDesk } from '../../core/ids.ts'
import type { CallRow } from '../../wire/api.ts'
import type { LoggedFact } from './events.ts'
import { callsChanged } from './report/rollups.ts'

/** Columns that a fact sets. One that is null changes nothing. */
export type Changes = Record<string, string | number | null>
type Fact = LoggedFact['fact']
type Row = Record<string, SqlStorageValue>

const NO_THRESHOLD = { enabled: false, seconds: 0 }
/** These stand in an index, so they are written apart from the columns that change often. */
const INDEXED = ['created_ms', 'provider_id']
const COLUMNS = [
  'direction',
  'kind',
  'status',
  'provider_status',
  'hangup_reason',
  'contact_id',
  'name',
  'number',
  'dial_from',
  'agent_name',
  'agent_id',
  'campaign_id',
  'answered_by',
  'result',
  'outcome',
  'note',
  'answered_ms',
  'ended_ms',
  'talked_ms',
  'follow_up',
  'quality',
  'abandoned',
  'ai_agent',
  'handed_over',
  'queue_id',
  'queue_waited_ms',
  'queue_taken',
]
const KNOWN = 'SELECT call_id FROM calls WHERE call_id IN (SELECT value FROM json_each(?))'
const BEGIN = 'INSERT INTO calls (call_id) SELECT value FROM json_each(?)'
const CHANGE = changeOf(COLUMNS)
const CHANGE_INDEXED = changeOf(INDEXED)
const TAKE_EARLY = 'DELETE FROM early WHERE call_id IN (SELECT value FROM json_each(?)) RETURNING call_id, changes'
const SAVE_EARLY = `INSERT INTO early (call_id, since, changes) SELECT key, ?, value FROM json_each(?) WHERE true
  ON CONFLICT (call_id) DO UPDATE SET changes = json_patch(changes, excluded.changes), offered = 0`

function changeOf(columns: string[]): string {
  const sets = columns.map(column => `${column} = COALESCE(c.value ->> '${column}', calls.${column})`)
  return `UPDATE calls SET ${sets.join(', ')} FROM json_each(?) AS c WHERE calls.call_id = c.key`
}

/**
 * Changes the rows of calls by new facts. A row begins with the call's own first fact. What is heard of a call before that is
 * kept as early: the call begins a moment later, or it began in an earlier month. True: something is early.
 */
export function changeCalls(sql: SqlStorage, facts: LoggedFact[], now: number): boolean {
  const changes = new Map<string, Changes>()
  for (const { about, fact } of facts) {
    const change = about.call === undefined ? {} : changesOf(fact, about)
    if (about.call !== undefined && Object.keys(change).length > 0)
      changes.set(about.call, { ...changes.get(about.call), ...change })
  }
  if (changes.size === 0) return false
  const known = knownOf(sql, [...changes.keys()])
  const unknown = [...changes].filter(([callId]) => !known.has(callId))
  const begun = unknown.filter(([, change]) => change.created_ms !== undefined).map(([callId]) => callId)
  if (begun.length > 0) {
    sql.exec(BEGIN, JSON.stringify(begun))
    for (const row of sql.exec(TAKE_EARLY, JSON.stringify(begun)).toArray()) {
      const callId = String(row.call_id)
      changes.set(callId, { ...changes.get(callId), ...(JSON.parse(String(row.changes)) as Changes) })
    }
  }
  const early = unknown.filter(([, change]) => change.created_ms === undefined)
  for (const [callId] of early) changes.delete(callId)
  applyChanges(sql, Object.fromEntries(changes))
  if (early.length > 0) sql.exec(SAVE_EARLY, now, JSON.stringify(Object.fromEntries(early)))
  return early.length > 0
}

/** Those of the calls that have a row here. */
export function knownOf(sql: SqlStorage, callIds: string[]): Set<string> {
  return new Set(
    sql
      .exec(KNOWN, JSON.stringify(callIds))
      .toArray()
      .map(row => String(row.call_id)),
  )
}

/** By call id; a call without a row here is left out. */
export function applyChanges(sql: SqlStorage, changes: Record<string, Changes>): void {
  const json = JSON.stringify(changes)
  sql.exec(CHANGE, json)
  if (Object.values(changes).some(change => INDEXED.some(column => column in change))) sql.exec(CHANGE_INDEXED, json)
  callsChanged(sql, json)
}

function changesOf(fact: Fact, about: About): Changes {
  switch (fact.type) {
    case 'call-created':
    case 'call-received':
      return begun(fact)
    case 'call-identified': {
      const { name } = (fact.personal ?? {}) as { name?: string | null }
      return {
        contact_id: text(fact.contactId),
        ...(name ? { name } : {}),
        ...(fact.agentName ? { agent_name: text(fact.agentName) } : {}),
      }
    }
    case 'call-placed':
      return { provider_id: text(fact.providerId) }
    case 'call-progressed':
      return { provider_status: text(fact.status) }
    case 'call-ringing':
      return { status: 'ringing' }
    case 'call-voicemail-began':
    case 'voicemail-began':
      return { result: 'voicemail' }
    case 'call-answered':
      return { status: 'progressing', answered_ms: fact.at }
    case 'call-canceling':
      return { status: 'canceling' }
    case 'call-terminating':
      return { status: 'terminating' }
    case 'call-hungup':
      return {
        status: 'hangup',
        hangup_reason: text(fact.reason),
        provider_status: text(fact.providerStatus),
        ended_ms: fact.at,
        talked_ms: Number(fact.talkedMs ?? 0),
      }
    case 'talk-transfer-answered':
      return fact.answer === 'accepted'
        ? { agent_id: agentOfDesk(text(fact.deskId)), agent_name: text(fact.agentName), handed_over: 1 }
        : {}
    case 'call-agent-joined': {
      const agent = { agent_id: agentOfDesk(text(fact.deskId)) }
      return fact.agentName ? { ...agent, agent_name: text(fact.agentName) } : agent
    }
    case 'leg-judged':
    case 'call-judged':
      return { answered_by: text(fact.verdict) }
    case 'leg-ended':
      return { result: text(fact.outcome) }
    // A line of a pool begins with nobody's name.
    case 'conversation-owed':
      return fact.agentName === undefined
        ? {}
        : { agent_id: agentOfDesk(text(fact.deskId)), agent_name: text(fact.agentName) }
    case 'attempt-ended':
      return fact.followUp === undefined ? {} : { follow_up: fact.followUp ? 1 : 0 }
    case 'outcome-saved':
      return { outcome: text(fact.outcomeId), note: noteOf(fact) }
    // An AI agent has no desk, so no `outcome-saved` comes for it.
    case 'outcome-noted':
      return { outcome: text(fact.outcomeId) }
    case 'quality-changed':
      return { quality: text(fact.worst) }
    case 'note-saved':
      return { note: noteOf(fact) }
    default:
      return ofReports(fact, about)
  }
}

/** What only reports count. */
function ofReports(fact: Fact, about: About): Changes {
  switch (fact.type) {
    case 'leg-abandoned':
      return { abandoned: 1 }
    case 'talk-ordered':
      return { ai_agent: text((fact.order as { agentId?: string } | undefined)?.agentId) }
    case 'caller-queued':
      return { queue_id: about.queue ?? null }
    // Whoever is called back has waited on the call on which they came, and that one counts.
    case 'caller-connected':
      if (fact.callback) return {}
      return { queue_id: about.queue ?? null, queue_waited_ms: Number(fact.waitedMs), queue_taken: 1 }
    case 'caller-left':
      if (fact.callback) return {}
      return { queue_waited_ms: Number(fact.waitedMs), queue_taken: 0 }
    default:
      return {}
  }
}

function begun(fact: Fact): Changes {
  const links = (fact.links ?? {}) as Record<string, string | null>
  const personal = (fact.personal ?? {}) as Record<string, string>
  const inbound = links.kind === 'inbound'
  return {
    direction: inbound ? 'inbound' : 'outbound',
    kind: links.kind ?? 'campaign',
    contact_id: links.contactId ?? null,
    campaign_id: links.campaignId ?? null,
    agent_id: links.agentId ?? agentOfDesk(links.deskId ?? null),
    agent_name: links.agentName ?? null,
    name: personal.name ?? '',
    number: (inbound ? personal.from : personal.to) ?? '',
    dial_from: (inbound ? personal.to : personal.from) ?? '',
    created_ms: fact.at,
    // Two colleagues have talked; nobody is to be called back.
    ...(links.kind === 'sip' ? { follow_up: 0 } : {}),
    ...(fact.type === 'call-received' ? { provider_id: text(fact.providerId), status: 'ringing' } : {}),
  }
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

function noteOf(fact: Fact): string {
  const personal = (fact.personal ?? {}) as { note?: string; text?: string }
  return personal.note ?? personal.text ?? ''
}

/** A campaign knows its threshold and the attempts that are left; any other call is judged by its result. */
function followUpOf(row: Row, result: Finished['result'], talkedMs: number): boolean {
  if (row.follow_up !== null) return Number(row.follow_up) === 1
  return needsFollowUp({ result, talkedMs, attemptsLeft: 1, outcomeSaved: false }, NO_THRESHOLD)
}

export function rowOf(row: Row): CallRow {
  const result = (row.result ?? (row.direction === 'inbound' ? 'inbound' : 'none')) as Finished['result']
  const talkedMs = Number(row.talked_ms)
  const ended = row.ended_ms !== null
  return {
    callId: String(row.call_id),
    direction: row.direction as CallRow['direction'],
    kind: row.kind as CallRow['kind'],
    status: row.status as CallRow['status'],
    providerStatus: text(row.provider_status),
    hangupReason: text(row.hangup_reason),
    contactId: text(row.contact_id),
    name: String(row.name),
    number: String(row.number),
    from: String(row.dial_from),
    agentId: text(row.agent_id),
    agentName: text(row.agent_name),
    campaignId: text(row.campaign_id),
    answeredBy: text(row.answered_by),
    result: text(row.result),
    outcome: text(row.outcome),
    note: String(row.note),
    quality: text(row.quality),
    needsFollowUp: ended && row.outcome === null && followUpOf(row, result, talkedMs),
    createdMs: Number(row.created_ms),
    answeredMs: row.answered_ms === null ? null : Number(row.answered_ms),
    endedMs: row.ended_ms === null ? null : Number(row.ended_ms),
    talkedMs,
  }
}
