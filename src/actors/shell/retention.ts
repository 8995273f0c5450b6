/** How long an object keeps what only guards against repeats. The sweep below is the only reader of these constants. */
const DAY_MS = 24 * 3_600_000

/** Ids of inputs are kept longer than a neighbour retries a delivery (72 h, `policies.ts`). */
const SEEN_KEPT_MS = 7 * DAY_MS
/** The last seq heard of another actor is kept long after its round or room is over. */
const HEARD_KEPT_MS = 30 * DAY_MS
/** Number of bad inputs that are kept for the analysis of a defect. */
export const QUARANTINE_KEPT = 100
/** A sweep runs each time the history has grown by this many facts, so objects that live for one call never sweep. */
const SWEEP_EVERY_FACTS = 256

/** Did the last `added` facts take the history, now at `seq`, past a multiple of the pace? */
export function isSweepDue(seq: number, added: number): boolean {
  return seq % SWEEP_EVERY_FACTS < added
}

export function sweepRepeats(sql: SqlStorage, at: number): void {
  sql.exec('DELETE FROM seen WHERE at < ?', at - SEEN_KEPT_MS)
  sql.exec('DELETE FROM heard WHERE at < ?', at - HEARD_KEPT_MS)
}
