/** The rows of recordings, and of calls that are asked about. */
import { afterWord, expiresAt, lookMs, type RecordingStatus, waitMs } from '../../core/recording/life.ts'
import { PIECES } from '../../sound/peaks.ts'
import type { Heard, MayBe, OfCall, Recording, RecordingQuery } from './contract.ts'
import { EndFlows } from './end-flows.ts'
import { Transcripts } from './transcripts.ts'

type Row = Record<string, SqlStorageValue>

const SHOWN = `recording_id, call_id, agent_id, at, status, seconds, type, bytes, sha256, channels, hold, held_by, gone_at, gone_because`
const WORKED = 'recording_id, carrier_id, call_id, at, status, type, file_key, at_carrier, tries'

/** A call has few. */
const OF_A_CALL_MAX = 40

/** A recording with a step that is owed. */
export interface Owed {
  recordingId: string
  /** the carrier's own id; null: it has not told of it */
  carrierId: string | null
  callId: string
  atMs: number
  status: RecordingStatus
  type: string | null
  fileKey: string | null
  atCarrier: boolean
  tries: number
}
export interface Stored {
  key: string
  bytes: number
  sha256: string
  type: string
  channels: number | null
  seconds: number | null
  peaks: Uint8Array | null
}
export interface Expected extends MayBe {
  /** of this row: a room may have had several conferences */
  key: string
  looks: number
}

export class Rows {
  readonly #sql: SqlStorage
  readonly transcripts: Transcripts
  readonly endFlows: EndFlows

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.transcripts = new Transcripts(sql)
    this.endFlows = new EndFlows(sql)
  }

  /** There is a row before the carrier is asked. */
  begin({ callId, agentId, atMs }: OfCall, recordingId: string, onEndFlowId = ''): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO recordings (recording_id, call_id, agent_id, at, status, on_end_flow_id)
        VALUES (?, ?, ?, ?, 'initiating', ?)`,
      ...[recordingId, callId, agentId, atMs, onEndFlowId],
    )
  }

  /** False: nothing is new. */
  file({ carrierId, word, seconds, onEndFlowId = '', ...of }: Heard): boolean {
    const named = carrierId ?? of.recordingId
    const { callId, agentId, atMs } = of
    const recordingId = this.#nameOf(of.recordingId, named)
    const known = this.#one('SELECT status, carrier_id FROM recordings WHERE recording_id = ?', recordingId)
    if (known?.status === 'expired' && word === 'completed') return this.#eraseAgain(recordingId, named, atMs)
    const linked = known !== null && known.carrier_id === null && this.#link(recordingId, named, atMs)
    const next = afterWord(known === null ? null : (known.status as RecordingStatus), word)
    if (next === null) return linked
    const due = next === 'uploading' ? atMs : null
    this.#sql.exec(
      `INSERT INTO recordings (recording_id, call_id, agent_id, at, status, seconds, due_at, carrier_id, on_end_flow_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (recording_id) DO UPDATE SET status = ?5, seconds = COALESCE(?6, seconds), agent_id = COALESCE(?3, agent_id), tries = 0, due_at = ?7`,
      ...[recordingId, callId, agentId, atMs, next, seconds, due, named, onEndFlowId],
    )
    if (next === 'absent' || next === 'failed') this.transcripts.failed(recordingId)
    return true
  }

  /** The row that a report is about: it has the name in the report, or it is linked with the carrier's id. */
  #nameOf(recordingId: string, carrierId: string): string {
    return this.linked(carrierId)?.recordingId ?? recordingId
  }

  /** It ran when it was deleted, and the carrier may have kept what it has made since. */
  #eraseAgain(recordingId: string, carrierId: string, now: number): boolean {
    const change =
      'UPDATE recordings SET carrier_id = COALESCE(carrier_id, ?2), at_carrier = 1, tries = 0, due_at = ?3 WHERE recording_id = ?1'
    this.#sql.exec(change, recordingId, carrierId, now)
    return true
  }

  /** One that was deleted before the carrier has told of it is deleted at the carrier now. */
  #link(recordingId: string, carrierId: string, now: number): boolean {
    const change = `UPDATE recordings SET carrier_id = ?2, at_carrier = 1, tries = 0, due_at = CASE status WHEN 'expired' THEN ?3 ELSE due_at END
      WHERE recording_id = ?1`
    this.#sql.exec(change, recordingId, carrierId, now)
    return true
  }

  /** What the carrier lists is the oldest one of this call that it has been asked for and has not told of; null: it has begun it by itself. */
  waiting(callId: string): string | null {
    const row = this.#one(
      "SELECT recording_id FROM recordings WHERE call_id = ? AND carrier_id IS NULL AND status = 'initiating' ORDER BY at, recording_id LIMIT 1",
      callId,
    )
    return row === null ? null : String(row.recording_id)
  }

  /** The row that has this id of the carrier; null: none has. */
  linked(carrierId: string): { recordingId: string; status: RecordingStatus } | null {
    const row = this.#one('SELECT recording_id, status FROM recordings WHERE carrier_id = ?', carrierId)
    if (row === null) return null
    return { recordingId: String(row.recording_id), status: row.status as RecordingStatus }
  }

  /** The carrier has been asked for these, and in the end it has none. */
  neverBegan(callId: string): void {
    const rows = this.#sql.exec(
      "UPDATE recordings SET status = 'absent' WHERE call_id = ? AND status = 'initiating' RETURNING recording_id",
      callId,
    )
    for (const row of rows.toArray()) this.transcripts.failed(String(row.recording_id))
  }

  list({ callId, type, agentId, expired, after, limit }: RecordingQuery, days: number): Recording[] {
    const [at = '', ...id] = (after ?? '').split('~')
    const rows = this.#sql.exec(
      `SELECT ${SHOWN} FROM recordings WHERE (?1 IS NULL OR call_id = ?1) AND (?2 IS NULL OR agent_id = ?2) AND (?3 OR status <> 'expired')
        AND (?7 IS NULL OR (?7 = 'conference') = (INSTR(call_id, '.cf_') > 0)) AND (?4 IS NULL OR (at, recording_id) < (?4, ?5)) ORDER BY at DESC, recording_id DESC LIMIT ?6`,
      ...[callId, agentId, Number(expired), after === null ? null : Number(at), id.join('~'), limit, type],
    )
    return rows.toArray().map(row => shownOf(row, days))
  }

  read(recordingId: string, days: number): Recording | null {
    const row = this.#one(`SELECT ${SHOWN} FROM recordings WHERE recording_id = ?`, recordingId)
    return row === null ? null : shownOf(row, days)
  }

  owed(recordingId: string): Owed | null {
    const row = this.#one(`SELECT ${WORKED} FROM recordings WHERE recording_id = ?`, recordingId)
    return row === null ? null : owedOf(row)
  }

  /** Those of a call that may be heard, now or later. */
  ofCall(callId: string): string[] {
    const there = `SELECT recording_id FROM recordings WHERE call_id = ? AND status NOT IN ('expired', 'failed', 'absent') ORDER BY at LIMIT ${OF_A_CALL_MAX}`
    return this.#sql
      .exec(there, callId)
      .toArray()
      .map(row => String(row.recording_id))
  }

  /** Of those of a call that can be heard, the newest. */
  heardOfCall(callId: string): string | null {
    const found = `SELECT recording_id FROM recordings WHERE call_id = ? AND status IN ('available', 'uploading')
      ORDER BY at DESC, recording_id DESC LIMIT 1`
    const row = this.#one(found, callId)
    return row === null ? null : String(row.recording_id)
  }

  /** A list for each channel; null: there is no picture. */
  peaks(recordingId: string): number[][] | null {
    const known = 'SELECT peaks, channels FROM recordings WHERE recording_id = ? AND peaks IS NOT NULL'
    const row = this.#one(known, recordingId)
    if (row === null) return null
    const bytes = new Uint8Array(row.peaks as ArrayBuffer)
    const channel = (n: number) => [...bytes.subarray(n * PIECES, (n + 1) * PIECES)]
    return Array.from({ length: Number(row.channels ?? 1) }, (_, n) => channel(n))
  }

  dueBy(now: number, limit: number): Owed[] {
    const due = `SELECT ${WORKED} FROM recordings WHERE due_at <= ? ORDER BY due_at LIMIT ?`
    return this.#sql.exec(due, now, limit).toArray().map(owedOf)
  }

  /** `language`: of a transcript that the workspace has of every recording; null: none is made. False: it was deleted while it was copied. */
  stored(recordingId: string, file: Stored, now: number, language: string | null = null): boolean {
    const { key, bytes, sha256, type, channels, seconds, peaks } = file
    const done = this.#sql.exec(
      `UPDATE recordings SET status = 'available', file_key = ?2, bytes = ?3, sha256 = ?4, type = ?5, channels = ?6,
        seconds = COALESCE(seconds, ?7), peaks = ?8, tries = 0, due_at = ?9 WHERE recording_id = ?1 AND status = 'uploading'`,
      ...[recordingId, key, bytes, sha256, type, channels, seconds, peaks === null ? null : bufferOf(peaks), now],
    )
    if (done.rowsWritten === 0) return false
    if (language !== null) this.transcripts.want(recordingId, language, now)
    this.endFlows.begin(recordingId, now)
    return true
  }

  /** Nothing is copied here: the carrier's own is heard. */
  leftAtCarrier(recordingId: string, now: number): void {
    const change =
      "UPDATE recordings SET status = 'available', due_at = NULL WHERE recording_id = ? AND status = 'uploading'"
    if (this.#sql.exec(change, recordingId).rowsWritten > 0) this.endFlows.begin(recordingId, now)
    // Only what is stored here is written down.
    this.transcripts.failed(recordingId)
  }

  /** The step is tried again; `tries`: how often it was. */
  again({ recordingId, tries }: Owed, now: number): void {
    const change = 'UPDATE recordings SET tries = ?, due_at = ? WHERE recording_id = ?'
    this.#sql.exec(change, tries + 1, now + waitMs(tries), recordingId)
  }

  failed(recordingId: string): void {
    const change =
      "UPDATE recordings SET status = 'failed', due_at = NULL WHERE recording_id = ? AND status = 'uploading'"
    this.#sql.exec(change, recordingId)
    this.transcripts.failed(recordingId)
  }

  /** The carrier has it no more. */
  erased(recordingId: string): void {
    this.#sql.exec('UPDATE recordings SET at_carrier = 0, tries = 0 WHERE recording_id = ?', recordingId)
  }

  settled(recordingId: string): void {
    this.#sql.exec('UPDATE recordings SET tries = 0, due_at = NULL WHERE recording_id = ?', recordingId)
  }

  /** The file goes with the next work; the row stays and says why. */
  expire(recordingId: string, because: 'days' | 'deleted', by: string, now: number): void {
    const change = `UPDATE recordings SET status = 'expired', gone_at = ?2, gone_because = ?3, gone_by = ?4, peaks = NULL, tries = 0, due_at = ?2
      WHERE recording_id = ?1 AND status <> 'expired' AND hold = 0`
    if (this.#sql.exec(change, recordingId, now, because, by).rowsWritten > 0) this.transcripts.erase(recordingId)
  }

  hold(recordingId: string, on: boolean, by: string): void {
    const change = 'UPDATE recordings SET hold = ?2, held_by = ?3 WHERE recording_id = ?1'
    this.#sql.exec(change, recordingId, Number(on), on ? by : '')
  }

  /** Those whose days are over. */
  stale(now: number, days: number, limit: number): string[] {
    const old =
      "SELECT recording_id FROM recordings WHERE at <= ? AND hold = 0 AND status <> 'expired' ORDER BY at LIMIT ?"
    const rows = this.#sql.exec(old, now - expiresAt(0, days), limit).toArray()
    return rows.map(row => String(row.recording_id))
  }

  /** What is left of recordings that are long gone. */
  forget(before: number): void {
    this.#sql.exec("DELETE FROM recordings WHERE status = 'expired' AND due_at IS NULL AND gone_at < ?", before)
    this.endFlows.forget()
  }

  /** Its sound, or what was said in it. */
  hasFile(key: string, recordingId: string): boolean {
    if (this.transcripts.hasFile(key, recordingId)) return true
    const row = this.#one('SELECT file_key FROM recordings WHERE recording_id = ?', recordingId)
    return row !== null && row.file_key === key
  }

  expect({ callId, agentId, atMs, conferenceId }: MayBe): void {
    const key = conferenceId === undefined ? callId : `${callId}~${conferenceId}`
    this.#sql.exec(
      'INSERT INTO expected (call_id, agent_id, at, due_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (call_id) DO UPDATE SET looks = 0, due_at = ?4',
      ...[key, agentId, atMs, atMs + lookMs(0)],
    )
  }

  expectedBy(now: number, limit: number): Expected[] {
    const rows = this.#sql.exec('SELECT * FROM expected WHERE due_at <= ? ORDER BY due_at LIMIT ?', now, limit)
    return rows.toArray().map(row => {
      const key = String(row.call_id)
      const [callId = '', conferenceId] = key.split('~')
      const of = { callId, ...(conferenceId === undefined ? {} : { conferenceId }) }
      return { ...of, key, agentId: textOr(row.agent_id), atMs: Number(row.at), looks: Number(row.looks) }
    })
  }

  lookLater(key: string, looks: number, dueMs: number): void {
    this.#sql.exec('UPDATE expected SET looks = ?, due_at = ? WHERE call_id = ?', looks, dueMs, key)
  }

  looked(key: string): void {
    this.#sql.exec('DELETE FROM expected WHERE call_id = ?', key)
  }

  /** Does the carrier still work on one of this call? */
  isOpen(callId: string): boolean {
    return this.#one("SELECT 1 FROM recordings WHERE call_id = ? AND status = 'processing'", callId) !== null
  }

  nextDue(): (number | null)[] {
    const due = this.#sql.exec('SELECT MIN(due_at) AS due FROM recordings WHERE due_at IS NOT NULL').one()
    const look = this.#sql.exec('SELECT MIN(due_at) AS due FROM expected').one()
    return [numberOr(due.due), numberOr(look.due), this.transcripts.nextDue(), this.endFlows.nextDue()]
  }

  nextSweep(): number | null {
    const row = this.#one('SELECT next_at FROM sweeps')
    return row === null ? null : Number(row.next_at)
  }

  swept(nextMs: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO sweeps (id, next_at) VALUES (1, ?)', nextMs)
  }

  #one(query: string, ...values: SqlStorageValue[]): Row | null {
    return this.#sql.exec(query, ...values).toArray()[0] ?? null
  }
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer
}
function numberOr(value: SqlStorageValue | undefined): number | null {
  return value == null ? null : Number(value)
}
function textOr(value: SqlStorageValue | undefined): string | null {
  return value == null ? null : String(value)
}

function owedOf(row: Row): Owed {
  return {
    recordingId: String(row.recording_id),
    carrierId: textOr(row.carrier_id),
    callId: String(row.call_id),
    atMs: Number(row.at),
    status: row.status as RecordingStatus,
    type: textOr(row.type),
    fileKey: textOr(row.file_key),
    atCarrier: Number(row.at_carrier) === 1,
    tries: Number(row.tries),
  }
}

function shownOf(row: Row, days: number): Recording {
  const gone = row.status === 'expired'
  const hold = Number(row.hold) === 1
  return {
    recordingId: String(row.recording_id),
    callId: String(row.call_id),
    agentId: textOr(row.agent_id),
    atMs: Number(row.at),
    status: row.status as RecordingStatus,
    seconds: numberOr(row.seconds),
    type: textOr(row.type),
    bytes: numberOr(row.bytes),
    sha256: textOr(row.sha256),
    channels: numberOr(row.channels),
    hold,
    heldBy: String(row.held_by),
    expiresMs: gone || hold ? null : expiresAt(Number(row.at), days),
    goneMs: numberOr(row.gone_at),
    goneBecause: row.gone_because as Recording['goneBecause'],
  }
}
