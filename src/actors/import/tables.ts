/** The tables of an import, and those of the workspace's object, which has the list. */
import type { Schema } from '../shell/schema.ts'

/** Rows of one list, bytes of its file, and imports that a workspace keeps. */
export const ROWS_MAX = 100_000
export const FILE_BYTES_MAX = 64 * 1024 * 1024
export const IMPORTS_MAX = 500
/** A list has people in it, so it goes; those who were imported stay. */
export const KEPT_MS = 30 * 24 * 3_600_000
export const HOUR_MS = 3_600_000
/** Mappings that a workspace remembers. */
export const MAPPINGS_MAX = 200

export const IMPORT_SCHEMA: Schema = {
  firstTable: 'import',
  tables: `
CREATE TABLE import (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
CREATE TABLE file (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE texts (n INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE rows (n INTEGER PRIMARY KEY, cells TEXT NOT NULL, verdict TEXT NOT NULL, field TEXT, message TEXT NOT NULL DEFAULT '',
  number TEXT, extension TEXT, contact_id TEXT, saved INTEGER NOT NULL DEFAULT 0);
CREATE INDEX rows_verdict ON rows (verdict, saved, n);
CREATE INDEX rows_number ON rows (number) WHERE number IS NOT NULL;
CREATE INDEX rows_contact ON rows (contact_id) WHERE contact_id IS NOT NULL;
CREATE TABLE listed (import_id TEXT PRIMARY KEY, made_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX listed_made ON listed (made_ms, import_id);
CREATE TABLE mappings (signature TEXT PRIMARY KEY, columns TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
`,
  migrations: [],
}
