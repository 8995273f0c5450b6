/** The rows of transcripts. Lines are rows while a recording is being written down; then they are one file, and the rows go. */
import type { RecordingStatus } from '../../core/recording/life.ts'
import {
  byTime,
  type TranscriptLine,
  type TranscriptStatus,
  transcriptWaitMs,
} from '../../core/recording/transcript.ts'

type Row = Record<string, SqlStorageValue>

/** A transcript with a piece that is owed, and the recording it is of. */
export interface Writing {
  recordingId: string
  callId: string
  /** when we first heard of the recording */
  atMs: number
  fileKey: string
  bytes: number
  language: string
  status: TranscriptStatus
  /** the sample of the recording at which the next piece begins */
  place: number
  /** of this piece */
  tries: number
  /** how often somebody has asked for it */
  asked: number
}

export interface Known {
  status: TranscriptStatus
  language: string
  /** the file of all lines; null: they are rows */
  fileKey: string | null
  /** it was longer than a transcript may be, so its end is missing */
  cut: boolean
}

const OWED = `t.recording_id, r.call_id, r.at, r.file_key, r.bytes, t.language, t.status, t.place, t.tries, t.asked`

export class Transcripts {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** One for each recording. One that has failed goes on where it was; of all others a repeat changes nothing. */
  want(recordingId: string, language: string, now: number): void {
    this.#sql.exec(
      `INSERT INTO transcripts (recording_id, language, status, due_at) VALUES (?1, ?2, 'waiting', ?3) ON CONFLICT (recording_id) DO UPDATE
        SET status = 'waiting', tries = 0, asked = asked + 1, due_at = ?3 WHERE status = 'failed'`,
      ...[recordingId, language, now],
    )
  }

  read(recordingId: string): Known | null {
    const row = this.#one('SELECT status, language, file_key, cut FROM transcripts WHERE recording_id = ?', recordingId)
    if (row === null) return null
    const { status, language, file_key: fileKey, cut } = row
    return {
      status: status as TranscriptStatus,
      language: String(language),
      fileKey: status === 'done' && fileKey !== null ? String(fileKey) : null,
      cut: Number(cut) === 1,
    }
  }

  lines(recordingId: string): TranscriptLine[] {
    const rows = this.#sql.exec(
      'SELECT side, start_ms, end_ms, text FROM transcript_lines WHERE recording_id = ? ORDER BY start_ms, side',
      recordingId,
    )
    const lines = rows.toArray().map(row => ({
      side: Number(row.side),
      startMs: Number(row.start_ms),
      endMs: Number(row.end_ms),
      text: String(row.text),
    }))
    return byTime(lines)
  }

  /** The oldest one whose sound is there. */
  due(now: number): Writing | null {
    const row = this.#one(
      `SELECT ${OWED} FROM transcripts AS t JOIN recordings AS r USING (recording_id)
        WHERE t.due_at <= ? AND r.status = 'available' AND r.file_key IS NOT NULL ORDER BY t.due_at LIMIT 1`,
      now,
    )
    return row === null ? null : writingOf(row)
  }

  nextDue(): number | null {
    const row = this.#one(
      `SELECT MIN(t.due_at) AS due FROM transcripts AS t JOIN recordings AS r USING (recording_id)
        WHERE t.due_at IS NOT NULL AND r.status = 'available' AND r.file_key IS NOT NULL`,
    )
    return row === null || row.due === null ? null : Number(row.due)
  }

  /** How much has been written down. */
  size(recordingId: string): { lines: number; characters: number } {
    const row = this.#one(
      'SELECT COUNT(*) AS n, COALESCE(SUM(LENGTH(text)), 0) AS letters FROM transcript_lines WHERE recording_id = ?',
      recordingId,
    )
    return { lines: Number(row?.n ?? 0), characters: Number(row?.letters ?? 0) }
  }

  /** A piece is written down, and the next one begins at `place`. Nothing, if it was deleted meanwhile. */
  wrote({ recordingId, place }: Writing, lines: readonly TranscriptLine[], nextPlace: number, now: number): void {
    const done = this.#sql.exec(
      "UPDATE transcripts SET status = 'progressing', place = ?3, tries = 0, due_at = ?4 WHERE recording_id = ?1 AND place = ?2",
      ...[recordingId, place, nextPlace, now],
    )
    if (done.rowsWritten === 0) return
    for (const { side, startMs, endMs, text } of lines)
      this.#sql.exec(
        'INSERT OR REPLACE INTO transcript_lines (recording_id, side, start_ms, end_ms, text) VALUES (?, ?, ?, ?, ?)',
        ...[recordingId, side, startMs, endMs, text],
      )
  }

  /** The file is about to be stored under this name, so the sweep knows whose it is. */
  keeps(recordingId: string, fileKey: string): void {
    this.#sql.exec('UPDATE transcripts SET file_key = ? WHERE recording_id = ?', fileKey, recordingId)
  }

  /** All lines are in the file. */
  done(recordingId: string, cut: boolean): void {
    const change = "UPDATE transcripts SET status = 'done', cut = ?, tries = 0, due_at = NULL WHERE recording_id = ?"
    this.#sql.exec(change, Number(cut), recordingId)
    this.#sql.exec('DELETE FROM transcript_lines WHERE recording_id = ?', recordingId)
  }

  /** False: it was tried often enough. */
  again({ recordingId, tries }: Writing, now: number): boolean {
    const waitMs = transcriptWaitMs(tries)
    if (waitMs === null) return false
    const change = 'UPDATE transcripts SET tries = ?, due_at = ? WHERE recording_id = ?'
    this.#sql.exec(change, tries + 1, now + waitMs, recordingId)
    return true
  }

  failed(recordingId: string): void {
    this.#sql.exec("UPDATE transcripts SET status = 'failed', due_at = NULL WHERE recording_id = ?", recordingId)
  }

  /** The words go with the sound. The file goes with the next work of the keeper. */
  erase(recordingId: string): void {
    this.#sql.exec('DELETE FROM transcript_lines WHERE recording_id = ?', recordingId)
    this.#sql.exec('DELETE FROM transcripts WHERE recording_id = ?', recordingId)
  }

  hasFile(key: string, recordingId: string): boolean {
    const row = this.#one('SELECT file_key FROM transcripts WHERE recording_id = ?', recordingId)
    return row !== null && row.file_key === key
  }

  #one(query: string, ...values: SqlStorageValue[]): Row | null {
    return this.#sql.exec(query, ...values).toArray()[0] ?? null
  }
}

function writingOf(row: Row): Writing {
  return {
    recordingId: String(row.recording_id),
    callId: String(row.call_id),
    atMs: Number(row.at),
    fileKey: String(row.file_key),
    bytes: Number(row.bytes),
    language: String(row.language),
    status: row.status as RecordingStatus & TranscriptStatus,
    place: Number(row.place),
    tries: Number(row.tries),
    asked: Number(row.asked),
  }
}
