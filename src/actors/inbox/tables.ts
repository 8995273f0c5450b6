/** The tables of an inbox. What is deleted can be brought back for a while; what is older than the workspace keeps it goes for good. */
import type { Schema } from '../shell/schema.ts'

/** A deleted entry can be brought back so long; then its sound is deleted as well. */
export const UNDO_MS = 3_600_000
/** Days that a workspace keeps its inbox, until it says otherwise. */
export const RETENTION_DAYS = 90
/** Old entries are looked for so often. */
export const SWEEP_MS = 24 * 3_600_000

export const INBOX_SCHEMA: Schema = {
  firstTable: 'entries',
  tables: `
CREATE TABLE entries (entry_id TEXT PRIMARY KEY, kind TEXT NOT NULL, box_kind TEXT NOT NULL, box_id TEXT NOT NULL, call_id TEXT, at INTEGER NOT NULL,
  number TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', contact_id TEXT, seconds INTEGER, recording_id TEXT,
  sound TEXT NOT NULL DEFAULT 'none', file_key TEXT, file_bytes INTEGER, transcript_state TEXT NOT NULL DEFAULT 'none', transcript TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, due_at INTEGER, handled_at INTEGER, handled_by TEXT NOT NULL DEFAULT '',
  deleted_at INTEGER) WITHOUT ROWID;
CREATE INDEX entries_at ON entries (at);
CREATE INDEX entries_box ON entries (box_kind, box_id, at);
CREATE INDEX entries_open ON entries (box_kind, box_id) WHERE handled_at IS NULL AND deleted_at IS NULL;
CREATE INDEX entries_due ON entries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX entries_deleted ON entries (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE TABLE greetings (box_kind TEXT NOT NULL, box_id TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (box_kind, box_id)) WITHOUT ROWID;
CREATE TABLE news (box_kind TEXT NOT NULL, box_id TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (box_kind, box_id)) WITHOUT ROWID;
CREATE TABLE sweeps (id INTEGER PRIMARY KEY CHECK (id = 1), next_at INTEGER NOT NULL, changes INTEGER NOT NULL);
`,
  migrations: [],
}
