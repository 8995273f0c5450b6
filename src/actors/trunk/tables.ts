/** The tables of a trunk: pace, numbers and who answers them, our ids for calls that the carrier brought. */
import type { Schema } from '../shell/schema.ts'

const CALLS = `
CREATE TABLE IF NOT EXISTS calls (provider_id TEXT PRIMARY KEY, call_id TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS calls_ours ON calls (call_id);
CREATE TABLE IF NOT EXISTS reserved (call_id TEXT PRIMARY KEY, desk_id TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS routes (number TEXT PRIMARY KEY, agent_id TEXT, talk TEXT) WITHOUT ROWID;
`

/** 0.2: one entry for a number, whoever listed it first. Only the migrations read this. */
const LISTED_ONCE = `
CREATE TABLE IF NOT EXISTS listed (number TEXT NOT NULL, scope TEXT NOT NULL, area INTEGER NOT NULL, since INTEGER NOT NULL, source TEXT NOT NULL,
  by_whom TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (number, scope)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listed_areas ON listed (number) WHERE area = 1;
CREATE INDEX IF NOT EXISTS listed_source ON listed (source) WHERE source LIKE 'import:%';
`
/** One entry for each source that lists a number: what one of them takes back is no word of the others. */
const LISTED = `
CREATE TABLE IF NOT EXISTS listed (number TEXT NOT NULL, scope TEXT NOT NULL, area INTEGER NOT NULL, since INTEGER NOT NULL, source TEXT NOT NULL,
  by_whom TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (number, scope, area, source)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listed_areas ON listed (number) WHERE area = 1;
CREATE INDEX IF NOT EXISTS listed_source ON listed (source) WHERE source LIKE 'import:%';
`

const CLEARANCE = `
CREATE TABLE IF NOT EXISTS unlisted (at INTEGER NOT NULL, number TEXT NOT NULL, scope TEXT NOT NULL, by_whom TEXT NOT NULL, reason TEXT NOT NULL,
  since INTEGER, source TEXT, listed_by TEXT);
CREATE TABLE IF NOT EXISTS consents (number TEXT NOT NULL, purpose TEXT NOT NULL, source TEXT NOT NULL, given INTEGER NOT NULL, by_whom TEXT NOT NULL,
  withdrawn INTEGER, PRIMARY KEY (number, purpose)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed (call_id TEXT PRIMARY KEY, number TEXT NOT NULL, agent TEXT, at INTEGER NOT NULL, over_at INTEGER, ask TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS placed_number ON placed (number, at);
CREATE INDEX IF NOT EXISTS placed_open ON placed (at) WHERE over_at IS NULL;
CREATE INDEX IF NOT EXISTS placed_at ON placed (at);
CREATE TABLE IF NOT EXISTS used (day INTEGER NOT NULL, who TEXT NOT NULL, calls INTEGER NOT NULL, cents INTEGER NOT NULL, PRIMARY KEY (day, who)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clearance_rules (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS learned (what TEXT PRIMARY KEY) WITHOUT ROWID;
`

export const TRUNK_SCHEMA: Schema = {
  firstTable: 'slots',
  tables: `
CREATE TABLE IF NOT EXISTS slots (call_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS slots_at ON slots (at);
CREATE TABLE IF NOT EXISTS numbers (number TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, desk_id TEXT, cooldown_until INTEGER NOT NULL DEFAULT 0,
  in_flight INTEGER NOT NULL DEFAULT 0, in_flight_cap INTEGER NOT NULL DEFAULT 4, cooldown_ms INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER NOT NULL DEFAULT 0, usage_count INTEGER NOT NULL DEFAULT 0, attempted INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0, refused_code INTEGER, unanswered_queue TEXT);
CREATE TABLE IF NOT EXISTS leases (ask_id TEXT PRIMARY KEY, answer TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS freed (call_id TEXT PRIMARY KEY, at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
${CALLS}${LISTED}${CLEARANCE}`,
  migrations: [
    // After 0.1.0: our ids for calls that the carrier brings, the routes of numbers, and times by which rows are swept.
    `ALTER TABLE freed ADD COLUMN at INTEGER NOT NULL DEFAULT 0;UPDATE freed SET at = unixepoch() * 1000;${CALLS}`,
    LISTED_ONCE + CLEARANCE,
    // The carrier's code for a number that it does not take calls from.
    'ALTER TABLE numbers ADD COLUMN refused_code INTEGER;',
    // An entry of the list for each source. The indexes go first, because they would keep their names with the old table.
    `ALTER TABLE listed RENAME TO listed_once;DROP INDEX listed_areas;DROP INDEX listed_source;${LISTED}
INSERT INTO listed (number, scope, area, since, source, by_whom, note) SELECT number, scope, area, since, source, by_whom, note FROM listed_once;
DROP TABLE listed_once;`,
    // The queue in which callers wait whom the desk of the number does not take.
    'ALTER TABLE numbers ADD COLUMN unanswered_queue TEXT;',
  ],
}

const HOUR_MS = 3_600_000
/** Stored answers are kept longer than a neighbour retries (72 h). */
const ANSWERS_KEPT_MS = 7 * 24 * HOUR_MS
/** Our ids for calls that the carrier brought are kept longer than the longest call and its late callbacks. */
const CALLS_KEPT_MS = 30 * 24 * HOUR_MS
/** Reserved ids that a page never used are dropped after this time. */
const RESERVED_KEPT_MS = 24 * HOUR_MS
export const TRUNK_SWEEP_MS = HOUR_MS

export function sweepTrunk(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM leases WHERE at < ?', now - ANSWERS_KEPT_MS)
  sql.exec('DELETE FROM freed WHERE at < ?', now - ANSWERS_KEPT_MS)
  sql.exec('DELETE FROM calls WHERE at < ?', now - CALLS_KEPT_MS)
  sql.exec('DELETE FROM reserved WHERE at < ?', now - RESERVED_KEPT_MS)
}
