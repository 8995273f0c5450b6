/** The rows of flows that begin when a recording is there: one for each recording, made by the commit that makes it available. */
import type { Done, EndFlow } from '../../core/recording/end-flow.ts'
import { waitMs } from '../../core/recording/life.ts'
import type { EndFlowShown } from './contract.ts'

type Row = Record<string, SqlStorageValue>

/** Of the steps that are over; a loop may have many more. */
const STEPS_SHOWN = 200

/** One whose next step is due. */
export interface DueFlow {
  recordingId: string
  flowId: string
  /** whose recording it is: a call, or a conference */
  referenceId: string
  seconds: number | null
  type: string | null
  /** null: it has not begun */
  state: EndFlow | null
  /** a step has asked, and what came of it was not seen */
  unseen: boolean
  /** it is over, and somebody has to be told; null: it is not */
  over: { reason: string; because: string } | null
  tries: number
}

export class EndFlows {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** The recording is there. A second time changes nothing. */
  begin(recordingId: string, now: number): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO end_flows (recording_id, flow_id, due_at)
        SELECT recording_id, on_end_flow_id, ?2 FROM recordings WHERE recording_id = ?1 AND on_end_flow_id <> ''`,
      ...[recordingId, now],
    )
  }

  due(now: number): DueFlow | null {
    const [row] = this.#sql
      .exec(
        `SELECT f.recording_id, f.flow_id, f.state, f.asked, f.tries, f.status, f.reason, f.because, r.call_id, r.seconds, r.type FROM end_flows AS f
          JOIN recordings AS r USING (recording_id) WHERE f.due_at <= ? ORDER BY f.due_at LIMIT 1`,
        now,
      )
      .toArray()
    return row === undefined ? null : dueOf(row)
  }

  nextDue(): number | null {
    const [row] = this.#sql.exec('SELECT MIN(due_at) AS due FROM end_flows WHERE due_at IS NOT NULL').toArray()
    return row?.due == null ? null : Number(row.due)
  }

  /** What has run until now, and the step that is about to ask; `asked` null: it goes on at once. */
  ran(recordingId: string, state: EndFlow, done: readonly Done[], asked: string | null, now: number): void {
    const change =
      "UPDATE end_flows SET status = 'running', state = ?2, asked = ?3, tries = 0, due_at = ?4 WHERE recording_id = ?1"
    this.#sql.exec(change, recordingId, JSON.stringify(state), asked ?? '', now)
    this.#note(recordingId, done, now)
  }

  over(recordingId: string, done: readonly Done[], reason: string, because: string, now: number): void {
    // What it had at hand is of no use any more.
    const change = `UPDATE end_flows SET status = 'over', state = '', asked = '', reason = ?2, because = ?3, tries = 0, due_at = ?4
      WHERE recording_id = ?1`
    this.#sql.exec(change, recordingId, reason, because, now)
    this.#note(recordingId, done, now)
  }

  /** Everybody knows that it is over. */
  settled(recordingId: string): void {
    this.#sql.exec('UPDATE end_flows SET due_at = NULL WHERE recording_id = ?', recordingId)
  }

  again({ recordingId, tries }: DueFlow, now: number): void {
    const change = 'UPDATE end_flows SET tries = ?, due_at = ? WHERE recording_id = ?'
    this.#sql.exec(change, tries + 1, now + waitMs(tries), recordingId)
  }

  shown(recordingId: string): EndFlowShown | null {
    const [row] = this.#sql.exec('SELECT * FROM end_flows WHERE recording_id = ?', recordingId).toArray()
    if (row === undefined) return null
    const listed = `SELECT * FROM end_flow_steps WHERE recording_id = ? ORDER BY n LIMIT ${STEPS_SHOWN}`
    const steps = this.#sql.exec(listed, recordingId).toArray()
    return {
      flowId: String(row.flow_id),
      status: row.status as EndFlowShown['status'],
      reason: String(row.reason),
      because: String(row.because),
      steps: steps.map(({ step_id, verb, result, at }) => {
        return { stepId: String(step_id), verb: String(verb), result: String(result), atMs: Number(at) }
      }),
    }
  }

  /** Of recordings that nobody knows of any more. */
  forget(): void {
    for (const table of ['end_flows', 'end_flow_steps'])
      this.#sql.exec(`DELETE FROM ${table} WHERE recording_id NOT IN (SELECT recording_id FROM recordings)`)
  }

  #note(recordingId: string, done: readonly Done[], now: number): void {
    const [row] = this.#sql
      .exec('SELECT COALESCE(MAX(n), 0) AS n FROM end_flow_steps WHERE recording_id = ?', recordingId)
      .toArray()
    let n = Number(row?.n ?? 0)
    for (const { stepId, verb, result } of done) {
      n += 1
      if (n > STEPS_SHOWN) return
      this.#sql.exec('INSERT INTO end_flow_steps VALUES (?, ?, ?, ?, ?, ?)', recordingId, n, now, stepId, verb, result)
    }
  }
}

function dueOf(row: Row): DueFlow {
  const state = String(row.state)
  return {
    recordingId: String(row.recording_id),
    flowId: String(row.flow_id),
    referenceId: String(row.call_id),
    seconds: row.seconds == null ? null : Number(row.seconds),
    type: row.type == null ? null : String(row.type),
    state: state === '' ? null : (JSON.parse(state) as EndFlow),
    unseen: row.asked !== '',
    over: row.status === 'over' ? { reason: String(row.reason), because: String(row.because) } : null,
    tries: Number(row.tries),
  }
}
