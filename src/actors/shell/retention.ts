/** How long an object keeps what only guards against repeats. The sweep below is the only reader of these constants. */
const DAY_MS = 24 * 3_600_000

/** Ids of inputs: longer than a neighbour retries a delivery (72 h, `policies.ts`). */
const SEEN_KEPT_MS = 7 * DAY_MS
/** How far another actor's facts were heard: rounds and rooms are over long before. */
const HEARD_KEPT_MS = 30 * DAY_MS
/** Bad inputs, for whoever looks into a defect. */
export const QUARANTINE_KEPT = 100
/** A sweep each time the history has grown by so many facts: objects that live for one call never sweep. */
const SWEEP_EVERY_FACTS = 256

/** Has the history, now at `seq`, passed a multiple of the pace with its last `added` facts? */
export function isSweepDue(seq: number, added: number): boolean {
  return seq % SWEEP_EVERY_FACTS < added
}

export function sweepRepeats(sql: SqlStorage, at: number): void {
  sql.exec('DELETE FROM seen WHERE at < ?', at - SEEN_KEPT_MS)
  sql.exec('DELETE FROM heard WHERE at < ?', at - HEARD_KEPT_MS)
}
