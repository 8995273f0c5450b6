/** The tables of what the carrier keeps for a workspace: domains of phones and of other exchanges, and who may call them. */
import type { Schema } from '../shell/schema.ts'

/** The carrier's list of users is read as one page. */
export const CARRIER_USERS_MAX = 500
export const TRUNKS_MAX = 100

/**
 * `label`: the first part of a domain's name. `rev` counts what was wished for; `due_ms`: when the carrier is told, null when it has been. `password` is here
 * until the carrier has it, because it can be told to the carrier only in clear; it is in no answer, fact or log.
 */
export const CARRIER_SCHEMA: Schema = {
  firstTable: 'carrier_domains',
  tables: `
CREATE TABLE carrier_domains (door TEXT PRIMARY KEY, label TEXT NOT NULL, wanted INTEGER NOT NULL, networks TEXT NOT NULL, rev INTEGER NOT NULL,
  due_ms INTEGER, tries INTEGER NOT NULL, problem TEXT, kept_ms INTEGER) WITHOUT ROWID;
CREATE TABLE carrier_users (door TEXT NOT NULL, username TEXT NOT NULL, password TEXT, PRIMARY KEY (door, username)) WITHOUT ROWID;
CREATE TABLE trunks (id TEXT PRIMARY KEY, name TEXT NOT NULL, detail TEXT NOT NULL, username TEXT, made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL)
  WITHOUT ROWID;
`,
  migrations: [],
}
