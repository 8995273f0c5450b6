/** The call log as a table for a spreadsheet. */
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import type { CallFilters, CallRow } from '../../wire/api.ts'
import { csvOf } from '../csv.ts'

/** More than a spreadsheet of one day; whoever wants all reads the pages. */
const ROWS_MAX = 10_000
const PAGE = 200
/** A search of old months may look through many pages that have no row. */
const PAGES_MAX = 100

const COLUMNS = [
  ...([
    'callId',
    'created',
    'answered',
    'ended',
    'talkedSeconds',
    'direction',
    'kind',
    'name',
    'number',
    'from',
  ] as const),
  ...(['agentName', 'result', 'outcome', 'note', 'needsFollowUp', 'hangupReason', 'outcomeLabel'] as const),
]

/** Times are ISO 8601 in UTC, so that any spreadsheet reads them. */
export async function callsAsCsv(env: Env, workspaceId: string, filters: CallFilters & { agentId?: string }) {
  const rows: CallRow[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < PAGES_MAX && rows.length < ROWS_MAX; pages += 1) {
    const page = await logOf(env, workspaceId).list({ ...filters, cursor, limit: PAGE })
    rows.push(...page.items)
    cursor = page.next
    if (cursor === null) break
  }
  const { labels } = await stubFor(env, 'workspace', workspaceId).outcomes({})
  const known = new Map(Object.entries(labels))
  const outcomeLabel = ({ outcome }: CallRow) => (outcome === null ? null : (known.get(outcome) ?? outcome))
  return csvOf(
    COLUMNS,
    rows.slice(0, ROWS_MAX).map(row => ({ ...shown(row), outcomeLabel: outcomeLabel(row) })),
  )
}

function shown(row: CallRow) {
  const { callId, direction, kind, name, number, from, agentName, result, outcome, note, needsFollowUp, hangupReason } =
    row
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    ...{ callId, direction, kind, name, number, from, agentName, result, outcome, note, needsFollowUp, hangupReason },
    created: time(row.createdMs),
    answered: time(row.answeredMs),
    ended: time(row.endedMs),
    talkedSeconds: Math.round(row.talkedMs / 1_000),
  }
}
