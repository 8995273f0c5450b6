/** The tables of masks: those of a number, and those of the workspace's object. */
import { NOTICES_TABLES } from '../shell/notices.ts'
import type { Schema } from '../shell/schema.ts'

/** Masks in a workspace, open sessions at one, calls that are kept of one. */
export const MASKS_MAX = 500
export const SESSIONS_MAX = 10_000
/** Calls and sessions that are over are kept for so long. */
export const KEPT_MS = 90 * 24 * 3_600_000
/** A call that has told no end for so long is over: the longest one, with its ringing. */
export const LONGEST_CALL_MS = 5 * 3_600_000
/** What a call was answered is kept so long for a carrier that asks again. */
export const ANSWERS_KEPT_MS = 24 * 3_600_000
/** Wrong PINs in one call; after that the caller is a stranger. */
export const TRIES_MAX = 3
/** Wrong PINs at one mask in an hour; after that nobody is asked for one. */
export const WRONG_PINS_MAX = 30
export const WRONG_PINS_MS = 3_600_000

export const MASK_SCHEMA: Schema = {
  firstTable: 'mask',
  tables: `
CREATE TABLE mask (id INTEGER PRIMARY KEY CHECK (id = 1), settings TEXT NOT NULL, made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL);
CREATE TABLE sessions (session_id TEXT PRIMARY KEY, body TEXT NOT NULL, ends_ms INTEGER, closed_ms INTEGER,
  told INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX sessions_ends ON sessions (ends_ms) WHERE closed_ms IS NULL AND ends_ms IS NOT NULL;
CREATE INDEX sessions_closed ON sessions (closed_ms);
CREATE INDEX sessions_untold ON sessions (closed_ms) WHERE closed_ms IS NOT NULL AND told = 0;
CREATE TABLE parties (number TEXT PRIMARY KEY, session_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pins (pin TEXT PRIMARY KEY, session_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE wrong_pins (at INTEGER NOT NULL);
CREATE TABLE calls (call_id TEXT PRIMARY KEY, session_id TEXT, side TEXT, at INTEGER NOT NULL, status TEXT NOT NULL, result TEXT, ended_ms INTEGER,
  wrong INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX calls_at ON calls (at, call_id);
CREATE INDEX calls_live ON calls (at) WHERE status IN ('connecting', 'connected');
CREATE INDEX calls_session ON calls (session_id, at);
CREATE TABLE answers (ask_id TEXT PRIMARY KEY, answer TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX answers_at ON answers (at);
CREATE TABLE listed (mask_id TEXT PRIMARY KEY, made_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE assigned (session_id TEXT PRIMARY KEY, mask_id TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, name TEXT UNIQUE, at INTEGER NOT NULL,
  over INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX assigned_a ON assigned (a);
CREATE INDEX assigned_b ON assigned (b);
CREATE INDEX assigned_mask ON assigned (mask_id) WHERE over = 0;
CREATE INDEX assigned_at ON assigned (at, session_id);
${NOTICES_TABLES}`,
  migrations: [NOTICES_TABLES],
}
