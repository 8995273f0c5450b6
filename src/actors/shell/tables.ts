/** The tables that every actor with a machine has. A commit writes one state, its facts and its debts. */
import type { Schema } from './schema.ts'

export const SHELL_SCHEMA: Schema = {
  firstTable: 'facts',
  tables: `
CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS facts (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, personal TEXT);
CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, key TEXT NOT NULL, type TEXT NOT NULL, lane TEXT NOT NULL,
  body TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, started INTEGER NOT NULL DEFAULT 0, delivery TEXT NOT NULL DEFAULT 'repeat', policy TEXT NOT NULL DEFAULT 'neighbour', since INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS feeds (name TEXT PRIMARY KEY, cursor INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS seen (input_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS heard (source TEXT PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
`,
  migrations: [
    // After 0.1.0: delivery and policy are part of the effect, `since` is when it was first due; `heard` is swept by time.
    `
ALTER TABLE outbox ADD COLUMN delivery TEXT NOT NULL DEFAULT 'repeat';
ALTER TABLE outbox ADD COLUMN policy TEXT NOT NULL DEFAULT 'neighbour';
ALTER TABLE outbox ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heard ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
UPDATE heard SET at = unixepoch() * 1000;
UPDATE outbox SET since = due;
UPDATE outbox SET policy = 'carrier' WHERE type IN ('create-call', 'search-call', 'fetch-call', 'cancel-call', 'complete-call', 'redirect-call', 'record-talk', 'tell-crm', 'whisper', 'hold-participant');
UPDATE outbox SET delivery = 'once' WHERE type IN ('create-call', 'record-talk', 'tell-crm', 'whisper');
`,
  ],
}

/** Of machines whose state grows (`Growing` in `src/core/machine.ts`). */
export const GROWING_SCHEMA: Schema = {
  firstTable: 'state_rows',
  tables: 'CREATE TABLE IF NOT EXISTS state_rows (key TEXT PRIMARY KEY, body TEXT NOT NULL);\n',
  migrations: [],
}

/** Created on the first bad input: most objects never see one, and every table costs each object time and memory. */
export const QUARANTINE_TABLE = `
CREATE TABLE IF NOT EXISTS quarantine (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, input TEXT NOT NULL, error TEXT NOT NULL);
`

/** Created when a page first looks at the object (`viewers.ts`). */
export const VIEWERS_TABLE = `
CREATE TABLE IF NOT EXISTS viewers (desk TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
`
