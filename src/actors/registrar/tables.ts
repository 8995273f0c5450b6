/** The tables of a SIP domain. Requests, calls and bindings are rows as `src/core/sip` makes them. */
import type { Schema } from '../shell/schema.ts'

export const EXTENSIONS_MAX = 5_000
/** Calls with their ladders are kept for so long, and so many of them. */
export const CALLS_KEPT_MS = 30 * 24 * 3_600_000
export const CALLS_KEPT_MAX = 20_000

/** `hash` is the MD5 of user, domain and secret: whoever has it can register, so it is in no answer and in no log. */
export const REGISTRAR_SCHEMA: Schema = {
  firstTable: 'extensions',
  tables: `
CREATE TABLE domain (id INTEGER PRIMARY KEY CHECK (id = 1), nonce_key TEXT NOT NULL);
CREATE TABLE extensions (extension TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL,
  made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, seen_ms INTEGER) WITHOUT ROWID;
CREATE TABLE bindings (extension TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE forks (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE dialogs (token TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE nonces (nonce TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE wrong (who TEXT PRIMARY KEY, times INTEGER NOT NULL, since_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE calls (call_id TEXT PRIMARY KEY, token TEXT UNIQUE, seq INTEGER NOT NULL DEFAULT 0, caller TEXT NOT NULL, callee TEXT NOT NULL,
  began_ms INTEGER NOT NULL, answered_ms INTEGER, ended_ms INTEGER, reason TEXT, status INTEGER, ladder TEXT) WITHOUT ROWID;
CREATE INDEX calls_began ON calls (began_ms);
CREATE TABLE notices (n INTEGER PRIMARY KEY, call_id TEXT NOT NULL, seq INTEGER NOT NULL, fact TEXT NOT NULL);
`,
  migrations: [],
}
