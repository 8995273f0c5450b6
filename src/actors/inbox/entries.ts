/** The rows of an inbox. */

import type { Box } from '../../core/call/voicemail/state.ts'
import { messageId } from '../../core/ids.ts'
import type {
  Boxes,
  Entry,
  EntryChange,
  EntryKind,
  InboxQuery,
  NewEntry,
  SoundState,
  TranscriptState,
} from './contract.ts'
import { UNDO_MS } from './tables.ts'

type Row = Record<string, SqlStorageValue>

const OPEN = 'handled_at IS NULL AND deleted_at IS NULL'

/** A message whose sound is due, or a row whose sound goes for good. */
export interface Kept {
  entryId: string
  recordingId: string | null
  fileKey: string | null
  tries: number
  place: number
  atMs: number
  sound: SoundState
}

export class Entries {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** False: it is known. A missed call becomes the message that its caller has left, and not the other way round. */
  file(entry: NewEntry, person: { name: string; contactId: string | null }): boolean {
    const entryId = idOf(entry)
    const { box, number, atMs, kind } = entry
    const known = this.#row(entryId)
    if (known !== null && !(kind === 'voicemail' && known.kind === 'missed' && known.recording_id === null))
      return false
    const message = kind === 'voicemail' ? entry : null
    const callId = entry.callId
    this.#sql.exec(
      `INSERT INTO entries (entry_id, kind, box_kind, box_id, call_id, at, number, name, contact_id, seconds, recording_id, sound, transcript_state, note, due_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13, ?14)
        ON CONFLICT (entry_id) DO UPDATE SET kind = ?2, box_kind = ?3, box_id = ?4, seconds = ?10, recording_id = ?11, sound = ?12,
          transcript_state = ?12, due_at = ?14`,
      ...[entryId, kind, box.kind, box.id, callId, atMs, number, person.name, person.contactId],
      ...[message?.seconds ?? null, message?.recordingId ?? null, message === null ? 'none' : 'due'],
      ...[kind === 'callback' ? entry.note : '', message === null ? null : atMs],
    )
    return true
  }

  list({ boxes, kind, messagesOf, handled, after, limit }: InboxQuery): Entry[] {
    const [at = '', ...id] = (after ?? '').split('~')
    // A message is named by its call, so those of one call are found by the key.
    const ofCall =
      messagesOf === undefined ? '' : "(entry_id = ?7 OR (entry_id > ?7 || '~' AND entry_id < ?7 || '~~')) AND "
    const rows = this.#sql.exec(
      `SELECT * FROM entries WHERE ${ofCall}deleted_at IS NULL AND ${inBoxes('?1')} AND (?2 IS NULL OR kind = ?2)
        AND (?3 IS NULL OR (handled_at IS NOT NULL) = ?3) AND (?4 IS NULL OR (at, entry_id) < (?4, ?5)) ORDER BY at DESC, entry_id DESC LIMIT ?6`,
      asJson(boxes),
      kind,
      handled === null ? null : Number(handled),
      after === null ? null : Number(at),
      id.join('~'),
      limit,
      ...(messagesOf === undefined ? [] : [messagesOf]),
    )
    return rows.toArray().map(entryOf)
  }

  read(entryId: string, boxes: Boxes, deleted = false): Entry | null {
    const [row] = this.#sql
      .exec(
        `SELECT * FROM entries WHERE entry_id = ?2 AND (?3 OR deleted_at IS NULL) AND ${inBoxes('?1')}`,
        asJson(boxes),
        entryId,
        Number(deleted),
      )
      .toArray()
    return row === undefined ? null : entryOf(row)
  }

  waiting(boxes: Boxes): number {
    const found = this.#sql.exec(`SELECT COUNT(*) AS n FROM entries WHERE ${OPEN} AND ${inBoxes('?1')}`, asJson(boxes))
    return Number(found.one().n)
  }

  /** Null: there is no such entry in these boxes. */
  change(entryId: string, boxes: Boxes, change: EntryChange, by: string, now: number): Entry | null {
    const restores = change.do === 'restore'
    const known = this.read(entryId, boxes, restores)
    if (known === null || (known.deletedMs !== null && now > known.deletedMs + UNDO_MS)) return null
    switch (change.do) {
      case 'handle':
        this.handle(entryId, by, now)
        break
      case 'reopen':
        this.#sql.exec("UPDATE entries SET handled_at = NULL, handled_by = '' WHERE entry_id = ?", entryId)
        break
      case 'delete':
        this.#sql.exec('UPDATE entries SET deleted_at = ? WHERE entry_id = ?', now, entryId)
        break
      case 'restore':
        this.#sql.exec('UPDATE entries SET deleted_at = NULL WHERE entry_id = ?', entryId)
        break
    }
    return this.read(entryId, boxes, true)
  }

  /** Who handles it first has handled it. */
  handle(entryId: string, by: string, now: number): void {
    const change = 'UPDATE entries SET handled_at = ?, handled_by = ? WHERE entry_id = ? AND handled_at IS NULL'
    this.#sql.exec(change, now, by, entryId)
  }

  sound(entryId: string, state: SoundState, file: { key: string; bytes: number } | null = null): void {
    const change = 'UPDATE entries SET sound = ?, file_key = ?, file_bytes = ? WHERE entry_id = ?'
    this.#sql.exec(change, state, file?.key ?? null, file?.bytes ?? null, entryId)
  }

  transcript(entryId: string, state: TranscriptState, text: string): void {
    const change = 'UPDATE entries SET transcript_state = ?, transcript = ? WHERE entry_id = ?'
    this.#sql.exec(change, state, text, entryId)
  }

  /** There is no sound in what was recorded: it is a missed call, or, of a call that has left another message, nothing. */
  isEmpty(entryId: string): void {
    this.#sql.exec(
      "UPDATE entries SET kind = 'missed', sound = 'none', transcript_state = 'none', seconds = NULL, due_at = NULL WHERE entry_id = ?1 AND entry_id = call_id",
      entryId,
    )
    this.#sql.exec('DELETE FROM entries WHERE entry_id = ? AND entry_id <> call_id', entryId)
  }

  /** `at` null: nothing is owed any more. */
  due(entryId: string, at: number | null): void {
    this.#sql.exec('UPDATE entries SET due_at = ?, tries = tries + 1 WHERE entry_id = ?', at, entryId)
  }

  dueBy(now: number, limit: number): Kept[] {
    return this.#sql
      .exec('SELECT * FROM entries WHERE due_at <= ? ORDER BY due_at LIMIT ?', now, limit)
      .toArray()
      .map(keptOf)
  }
  /** Deleted a while ago, or older than the workspace keeps them. */
  stale(now: number, keptMs: number, limit: number): Kept[] {
    return this.#sql
      .exec('SELECT * FROM entries WHERE deleted_at < ?1 OR at < ?2 LIMIT ?3', now - UNDO_MS, now - keptMs, limit)
      .toArray()
      .map(keptOf)
  }
  remove(entryId: string): void {
    this.#sql.exec('DELETE FROM entries WHERE entry_id = ?', entryId)
  }
  kept(entryId: string): (Kept & { bytes: number }) | null {
    const row = this.#row(entryId)
    return row === null ? null : { ...keptOf(row), bytes: Number(row.file_bytes ?? 0) }
  }

  /** When something is owed next, and when the oldest deleted entry goes. */
  nextDue(): { due: number | null; deleted: number | null } {
    const row = this.#sql.exec('SELECT MIN(due_at) AS due FROM entries WHERE due_at IS NOT NULL').one()
    const gone = this.#sql.exec('SELECT MIN(deleted_at) AS at FROM entries WHERE deleted_at IS NOT NULL').one()
    return { due: numberOr(row.due), deleted: numberOr(gone.at) }
  }

  #row(entryId: string): Row | null {
    return this.#sql.exec('SELECT * FROM entries WHERE entry_id = ?', entryId).toArray()[0] ?? null
  }
}

/** The first message of a call, and the call that was missed, are one row. */
function idOf(entry: NewEntry): string {
  switch (entry.kind) {
    case 'missed':
      return entry.callId
    case 'voicemail':
      return messageId(entry.callId, entry.place)
    case 'callback':
      return callbackId(entry.key)
  }
}

export function callbackId(key: string): string {
  return `callback~${key}`
}

function inBoxes(json: string): string {
  return `(${json} IS NULL OR EXISTS (SELECT 1 FROM json_each(${json}) AS b WHERE b.value ->> 'kind' = box_kind AND b.value ->> 'id' = box_id))`
}

function asJson(boxes: Boxes): string | null {
  return boxes === null ? null : JSON.stringify(boxes)
}

function numberOr(value: SqlStorageValue | undefined): number | null {
  return value == null ? null : Number(value)
}

function keptOf(row: Row): Kept {
  return {
    entryId: String(row.entry_id),
    recordingId: row.recording_id === null ? null : String(row.recording_id),
    fileKey: row.file_key === null ? null : String(row.file_key),
    tries: Number(row.tries),
    place: row.entry_id === row.call_id ? 1 : 2,
    atMs: Number(row.at),
    sound: row.sound as SoundState,
  }
}

function entryOf(row: Row): Entry {
  return {
    entryId: String(row.entry_id),
    kind: row.kind as EntryKind,
    box: { kind: row.box_kind, id: String(row.box_id) } as Box,
    callId: row.call_id === null ? null : String(row.call_id),
    atMs: Number(row.at),
    number: String(row.number),
    name: String(row.name),
    contactId: row.contact_id === null ? null : String(row.contact_id),
    seconds: numberOr(row.seconds),
    sound: row.sound as SoundState,
    transcriptState: row.transcript_state as TranscriptState,
    transcript: String(row.transcript),
    note: String(row.note),
    handledMs: numberOr(row.handled_at),
    handledBy: String(row.handled_by),
    deletedMs: numberOr(row.deleted_at),
  }
}
