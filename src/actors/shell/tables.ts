/** The tables that every actor with a machine has. Rows per commit: one state, its facts, what is owed (design §2). */
/** Made last, in one transaction with the others: where it is, they are. A release that adds a table changes this name. */
export const LAST_TABLE = 'heard'

export const SHELL_TABLES = `
CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS facts (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, personal TEXT);
CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, key TEXT NOT NULL, type TEXT NOT NULL, lane TEXT NOT NULL,
  body TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, started INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS feeds (name TEXT PRIMARY KEY, cursor INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS seen (input_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS heard (source TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
`

/** Made when it is needed: most objects never see a bad input, and every table costs each object time and memory. */
export const QUARANTINE_TABLE = `
CREATE TABLE IF NOT EXISTS quarantine (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, input TEXT NOT NULL, error TEXT NOT NULL);
`
