/** When agents were signed in and in the time after a call, from the facts of their desks. */
import { agentOfDesk } from '../../../core/ids.ts'
import { endOfMonth, monthOf, monthsAfter } from '../../../core/month.ts'
import type { LoggedFact } from '../events.ts'

export type StintKind = 'signed-in' | 'wrap-up'
export interface Stint {
  agent: string
  kind: StintKind
  ms: number
  times: number
}

/** What goes on when a month ends has its beginning in the month before; an end without one is older than that only if something was lost. */
const ACROSS_MONTHS_MS = 24 * 3_600_000
const BEGIN = `INSERT INTO stints (agent, kind, from_ms) SELECT ?1, ?2, ?3
  WHERE NOT EXISTS (SELECT 1 FROM stints WHERE agent = ?1 AND kind = ?2 AND to_ms IS NULL) ON CONFLICT DO NOTHING`
const END = 'UPDATE stints SET to_ms = MAX(from_ms, ?3) WHERE agent = ?1 AND kind = ?2 AND to_ms IS NULL'
const END_ONLY = 'INSERT INTO stints (agent, kind, from_ms, to_ms) VALUES (?1, ?2, ?4, ?3) ON CONFLICT DO NOTHING'
const WITHIN = `SELECT agent, kind, SUM(MIN(COALESCE(to_ms, ?3), ?2) - MAX(from_ms, ?1)) AS ms, COUNT(*) AS times FROM stints
  WHERE from_ms < ?2 AND COALESCE(to_ms, ?3) > ?1 GROUP BY agent, kind`

/** Runs in the transaction of the facts. */
export function noteStints(sql: SqlStorage, facts: readonly LoggedFact[]): void {
  for (const { about, fact } of facts) {
    const change = changeOf(fact)
    const agent = change === null ? null : agentOfDesk(about.desk ?? null)
    if (change === null || agent === null) continue
    const { kind, begins } = change
    if (begins) sql.exec(BEGIN, agent, kind, fact.at)
    else if (sql.exec(END, agent, kind, fact.at).rowsWritten === 0) endOnly(sql, agent, kind, fact.at)
  }
}

/** The beginning stands in the month before. */
function endOnly(sql: SqlStorage, agent: string, kind: StintKind, at: number): void {
  const monthBegan = endOfMonth(monthsAfter(monthOf(at), -1))
  if (at - monthBegan < ACROSS_MONTHS_MS) sql.exec(END_ONLY, agent, kind, at, monthBegan)
}

function changeOf(fact: LoggedFact['fact']): { kind: StintKind; begins: boolean } | null {
  switch (fact.type) {
    case 'phone-changed':
      return { kind: 'signed-in', begins: fact.state === 'registered' }
    case 'wrap-up-started':
      return { kind: 'wrap-up', begins: true }
    case 'wrap-up-ended':
      return { kind: 'wrap-up', begins: false }
    default:
      return null
  }
}

/** Of all agents between two moments. `until`: to when that counts which goes on. */
export function stintsWithin(sql: SqlStorage, fromMs: number, toMs: number, until: number): Stint[] {
  return sql
    .exec(WITHIN, fromMs, toMs, until)
    .toArray()
    .map(({ agent, kind, ms, times }) => ({
      ...{ agent: String(agent), kind: kind as StintKind, ms: Number(ms), times: Number(times) },
    }))
}
