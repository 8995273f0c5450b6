/**
 * The list of conferences of a workspace, with their settings and PINs: a PIN stands here alone, and in no fact. Who is in a conference is
 * its room's (`src/actors/room`).
 */
import { conferenceId as idOf, parseId } from '../../core/ids.ts'
import { unreachable } from '../../core/machine.ts'
import { RECORD_NOTICE } from '../../core/room/recording.ts'
import type { ConferenceSettings } from '../../core/room/state.ts'
import type { ConferenceAsk, ConferenceChange, ConferenceRow } from '../books.ts'
import type { Schema } from '../shell/schema.ts'

export const CONFERENCE_SCHEMA: Schema = {
  firstTable: 'conferences',
  tables: `
CREATE TABLE conferences (conference_id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, detail TEXT NOT NULL,
  settings TEXT NOT NULL, pin TEXT NOT NULL, moderator_pin TEXT NOT NULL, version INTEGER NOT NULL, made_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL, changed_by TEXT NOT NULL) WITHOUT ROWID;
`,
  migrations: [],
}
/** Conferences of one workspace. */
export const CONFERENCES_MAX = 500
const NAME_CHARS_MAX = 120

/** Of a conference that somebody joins before anybody has made it. */
export const OPEN_CONFERENCE: Required<ConferenceChange> = {
  name: '',
  detail: '',
  settings: {
    waitsFor: 'nobody',
    participantsMax: 40,
    mutedOnEntry: false,
    announces: false,
    endsWithModerator: false,
    locked: false,
    record: false,
    recordNotice: RECORD_NOTICE,
    onEndFlowId: '',
  },
  pin: '',
  moderatorPin: '',
}

export class ConferenceBook {
  readonly #sql: SqlStorage
  readonly #workspaceId: string

  constructor(sql: SqlStorage, workspaceId: string) {
    this.#sql = sql
    this.#workspaceId = workspaceId
  }

  /** Null: there is no such conference, there are too many, or another one has this name. */
  answer(ask: ConferenceAsk, now: number): ConferenceRow[] | null {
    switch (ask.do) {
      case 'list':
        return this.#rows('conference_id > ? ORDER BY conference_id LIMIT ?', ask.after ?? '', ask.limit)
      case 'read':
        return this.#known('conference_id = ?', ask.conferenceId)
      case 'create':
        return this.#create(ask.conferenceId, ask.change, ask.by, now)
      case 'change':
        return this.#change(ask, now)
      case 'find':
        return this.#find(ask.named, ask.unique, now)
      case 'remove':
        return this.#sql.exec('DELETE FROM conferences WHERE conference_id = ?', ask.conferenceId).rowsWritten > 0
          ? []
          : null
      default:
        return unreachable(ask)
    }
  }

  #rows(where: string, ...values: SqlStorageValue[]): ConferenceRow[] {
    return this.#sql
      .exec(`SELECT * FROM conferences WHERE ${where}`, ...values)
      .toArray()
      .map(rowOf)
  }

  #known(where: string, ...values: SqlStorageValue[]): ConferenceRow[] | null {
    const rows = this.#rows(where, ...values)
    return rows.length === 0 ? null : rows
  }

  /** However many join a new name at once: this is one step, and the first of them makes it. */
  #find(named: string, unique: string | null, now: number): ConferenceRow[] | null {
    const id = parseId('conference', named, this.#workspaceId)
    if (id !== null) return this.#known('conference_id = ?', id)
    const known = this.#known('name_key = ?', keyOf(named))
    const name = named.trim()
    if (known !== null || unique === null || name === '' || name.length > NAME_CHARS_MAX) return known
    return this.#create(idOf(this.#workspaceId, unique), { ...OPEN_CONFERENCE, name }, 'a call', now)
  }

  #create(id: string, change: Required<ConferenceChange>, by: string, now: number): ConferenceRow[] | null {
    const { name, detail, settings, pin, moderatorPin } = change
    const [count] = this.#sql.exec('SELECT COUNT(*) AS n FROM conferences').toArray()
    if (Number(count?.n) >= CONFERENCES_MAX || this.#known('name_key = ?', keyOf(name)) !== null) return null
    this.#sql.exec(
      'INSERT INTO conferences VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?8, ?9)',
      ...[id, name, keyOf(name), detail, JSON.stringify(settings), pin, moderatorPin, now, by],
    )
    return this.#known('conference_id = ?', id)
  }

  #change({ conferenceId, change, by }: Extract<ConferenceAsk, { do: 'change' }>, now: number): ConferenceRow[] | null {
    const [known] = this.#known('conference_id = ?', conferenceId) ?? []
    if (known === undefined) return null
    const { name, detail, settings, pin, moderatorPin } = { ...known, ...change }
    const [other] = this.#known('name_key = ?', keyOf(name)) ?? []
    if (other !== undefined && other.conferenceId !== conferenceId) return null
    this.#sql.exec(
      `UPDATE conferences SET name = ?2, name_key = ?3, detail = ?4, settings = ?5, pin = ?6, moderator_pin = ?7,
       version = version + 1, changed_ms = ?8, changed_by = ?9 WHERE conference_id = ?1`,
      ...[conferenceId, name, keyOf(name), detail, JSON.stringify(settings), pin, moderatorPin, now, by],
    )
    return this.#known('conference_id = ?', conferenceId)
  }
}

function keyOf(name: string): string {
  return name.trim().toLowerCase()
}

function rowOf(row: Record<string, SqlStorageValue>): ConferenceRow {
  const pin = String(row.pin)
  const settings = JSON.parse(String(row.settings)) as ConferenceSettings
  return {
    conferenceId: String(row.conference_id),
    name: String(row.name),
    detail: String(row.detail),
    settings: { ...OPEN_CONFERENCE.settings, ...settings, needsPin: pin !== '' },
    pin,
    moderatorPin: String(row.moderator_pin),
    version: Number(row.version),
    madeMs: Number(row.made_ms),
    changedMs: Number(row.changed_ms),
    changedBy: String(row.changed_by),
  }
}
