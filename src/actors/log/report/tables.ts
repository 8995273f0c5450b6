/** Tables of reports: what the calls of each day add up to, and when agents were at their desks. */
import { SUMS } from '../../../core/report/cells.ts'

/** `handedOver` → `handed_over`. */
export function columnOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

/** Columns of `calls` that only reports read. */
export const REPORT_COLUMNS = [
  ...['abandoned INTEGER', 'ai_agent TEXT', 'handed_over INTEGER', 'queue_id TEXT'],
  ...['queue_waited_ms INTEGER', 'queue_taken INTEGER'],
]

/**
 * `rolled_days` has a day whose sums are those of its calls; a call that changes takes its day out, and whoever asks next adds the day up
 * again. `stints`: a time in which an agent's phone was ready, or after a call; `to_ms` null: it goes on.
 */
export const REPORT_TABLES = `
CREATE TABLE rolled_days (from_ms INTEGER PRIMARY KEY, to_ms INTEGER NOT NULL, zone TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rollups (cut TEXT NOT NULL, from_ms INTEGER NOT NULL, campaign TEXT NOT NULL, agent TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL,
  ${SUMS.map(name => `${columnOf(name)} INTEGER NOT NULL`).join(', ')}, PRIMARY KEY (cut, from_ms, campaign, agent, key)) WITHOUT ROWID;
CREATE TABLE stints (agent TEXT NOT NULL, kind TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER, PRIMARY KEY (agent, kind, from_ms)) WITHOUT ROWID;
`

/** What is known of earlier calls from their facts, as far as those are rows. */
export const FILL_REPORT_COLUMNS = `
UPDATE calls SET abandoned = 1 WHERE call_id IN (SELECT call_id FROM events WHERE type = 'leg-abandoned');
UPDATE calls SET ai_agent = (SELECT data ->> '$.order.agentId' FROM events WHERE events.call_id = calls.call_id AND type = 'talk-ordered' LIMIT 1)
  WHERE call_id IN (SELECT call_id FROM events WHERE type = 'talk-ordered');
`
