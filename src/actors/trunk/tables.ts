/** The tables of a trunk: pace, numbers and who answers them, our ids for calls that the carrier brought. */
import type { Schema } from '../shell/schema.ts'

const CALLS = `
CREATE TABLE IF NOT EXISTS calls (provider_id TEXT PRIMARY KEY, call_id TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reserved (call_id TEXT PRIMARY KEY, desk_id TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS routes (number TEXT PRIMARY KEY, agent_id TEXT, talk TEXT) WITHOUT ROWID;
`

export const TRUNK_SCHEMA: Schema = {
  firstTable: 'slots',
  tables: `
CREATE TABLE IF NOT EXISTS slots (call_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS slots_at ON slots (at);
CREATE TABLE IF NOT EXISTS numbers (number TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, desk_id TEXT, cooldown_until INTEGER NOT NULL DEFAULT 0,
  in_flight INTEGER NOT NULL DEFAULT 0, in_flight_cap INTEGER NOT NULL DEFAULT 4, cooldown_ms INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER NOT NULL DEFAULT 0, usage_count INTEGER NOT NULL DEFAULT 0, attempted INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS leases (ask_id TEXT PRIMARY KEY, answer TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS freed (call_id TEXT PRIMARY KEY, at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
${CALLS}`,
  migrations: [
    // After 0.1.0: our own ids for calls that the carrier brings, who answers a number, and times by which rows are swept.
    `ALTER TABLE freed ADD COLUMN at INTEGER NOT NULL DEFAULT 0;${CALLS}`,
  ],
}
