/** The tables of an endpoint of webhooks, and of the list of a workspace's endpoints. */
import type { Schema } from '../shell/schema.ts'

/** A message is kept so long after its event, and so many of them; they can be replayed. */
export const KEPT_MS = 7 * 24 * 3_600_000
export const KEPT_MAX = 5_000
/** No more is taken from the log while so many messages wait: the log keeps the others. */
export const WAITING_MAX = 2_000

export const SUBSCRIBER_SCHEMA: Schema = {
  firstTable: 'messages',
  tables: `
CREATE TABLE endpoint (id INTEGER PRIMARY KEY CHECK (id = 1), settings TEXT NOT NULL, secret TEXT NOT NULL, old_secret TEXT, old_until INTEGER,
  cursor TEXT NOT NULL, disabled TEXT, failing_since INTEGER, hold_until INTEGER NOT NULL DEFAULT 0, made_ms INTEGER NOT NULL, notices INTEGER NOT NULL DEFAULT 0);
CREATE TABLE messages (n INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, lane TEXT NOT NULL, type TEXT NOT NULL, call_id TEXT, body TEXT NOT NULL,
  at INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'due', attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL DEFAULT 0);
CREATE INDEX messages_lane ON messages (lane, n) WHERE state = 'due';
CREATE INDEX messages_at ON messages (at);
CREATE INDEX messages_call ON messages (call_id) WHERE call_id IS NOT NULL;
CREATE TABLE attempts (a INTEGER PRIMARY KEY, n INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER, ms INTEGER NOT NULL,
  answer TEXT NOT NULL, state TEXT NOT NULL);
CREATE INDEX attempts_n ON attempts (n);
CREATE TABLE notices (seq INTEGER PRIMARY KEY, fact TEXT NOT NULL);
CREATE TABLE listed (id TEXT PRIMARY KEY, made_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX listed_made ON listed (made_ms, id);
`,
  migrations: [],
}
