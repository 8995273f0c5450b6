/** The tables of a workspace's recordings. */
import type { Schema } from '../shell/schema.ts'

/** Old recordings, and files that nobody owns, are looked for so often. */
export const SWEEP_MS = 24 * 3_600_000
/** So long it is known that there was a recording, and why it is gone. */
export const TOMBSTONE_DAYS = 365

/** Flows that begin when a recording is there, and their steps that are over. `asked`: a step whose server was asked, and has not answered yet */
const END_FLOWS = `
CREATE TABLE end_flows (recording_id TEXT PRIMARY KEY, flow_id TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'waiting', state TEXT NOT NULL DEFAULT '',
  asked TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', because TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, due_at INTEGER) WITHOUT ROWID;
CREATE INDEX end_flows_due ON end_flows (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE end_flow_steps (recording_id TEXT NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, step_id TEXT NOT NULL, verb TEXT NOT NULL,
  result TEXT NOT NULL, PRIMARY KEY (recording_id, n)) WITHOUT ROWID;
`

export const RECORDING_SCHEMA: Schema = {
  firstTable: 'recordings',
  tables: `
CREATE TABLE recordings (recording_id TEXT PRIMARY KEY, carrier_id TEXT, call_id TEXT NOT NULL, agent_id TEXT, at INTEGER NOT NULL, status TEXT NOT NULL,
  seconds INTEGER, type TEXT, file_key TEXT, bytes INTEGER, sha256 TEXT, channels INTEGER, peaks BLOB, at_carrier INTEGER NOT NULL DEFAULT 1,
  hold INTEGER NOT NULL DEFAULT 0, held_by TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, due_at INTEGER,
  gone_at INTEGER, gone_because TEXT NOT NULL DEFAULT '', gone_by TEXT NOT NULL DEFAULT '', on_end_flow_id TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE INDEX recordings_at ON recordings (at);
CREATE INDEX recordings_call ON recordings (call_id, at);
CREATE INDEX recordings_agent ON recordings (agent_id, at);
CREATE INDEX recordings_carrier ON recordings (carrier_id);
CREATE INDEX recordings_due ON recordings (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE expected (call_id TEXT PRIMARY KEY, agent_id TEXT, at INTEGER NOT NULL, looks INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX expected_due ON expected (due_at);
CREATE TABLE transcripts (recording_id TEXT PRIMARY KEY, language TEXT NOT NULL, status TEXT NOT NULL, place INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0, asked INTEGER NOT NULL DEFAULT 1, due_at INTEGER, file_key TEXT, cut INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX transcripts_due ON transcripts (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE transcript_lines (recording_id TEXT NOT NULL, side INTEGER NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (recording_id, side, start_ms)) WITHOUT ROWID;
CREATE TABLE sweeps (id INTEGER PRIMARY KEY CHECK (id = 1), next_at INTEGER NOT NULL);
${END_FLOWS}`,
  migrations: [
    // Recordings that we begin have a name of ours before the carrier's.
    `ALTER TABLE recordings ADD COLUMN carrier_id TEXT; UPDATE recordings SET carrier_id = recording_id;
     CREATE INDEX recordings_carrier ON recordings (carrier_id);
     CREATE TABLE transcripts (recording_id TEXT PRIMARY KEY, language TEXT NOT NULL, status TEXT NOT NULL, place INTEGER NOT NULL DEFAULT 0,
       tries INTEGER NOT NULL DEFAULT 0, asked INTEGER NOT NULL DEFAULT 1, due_at INTEGER, file_key TEXT, cut INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
     CREATE INDEX transcripts_due ON transcripts (due_at) WHERE due_at IS NOT NULL;
     CREATE TABLE transcript_lines (recording_id TEXT NOT NULL, side INTEGER NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, text TEXT NOT NULL,
       PRIMARY KEY (recording_id, side, start_ms)) WITHOUT ROWID;`,
    `ALTER TABLE recordings ADD COLUMN on_end_flow_id TEXT NOT NULL DEFAULT '';${END_FLOWS}`,
  ],
}
