/** What the actors around a call are about to do: for developers and supervisors who ask why it is in its state. */
import { z } from 'zod'

export const actorInspection = z.object({
  id: z.string(),
  /** call, batch, desk, … */
  kind: z.string(),
  /** how many facts it has made */
  seq: z.number().int(),
  /** when it acts by itself; null: it only waits for others */
  deadlineMs: z.number().nullable(),
  /** when its alarm wakes it; null: nothing is owed and nothing is due */
  alarmMs: z.number().nullable(),
  /** its newest facts, oldest first */
  facts: z.array(z.object({ seq: z.number().int(), at: z.number(), type: z.string() })),
  /** what it must still do for others; `attempts`: how often that failed */
  debts: z.array(z.object({ type: z.string(), dueMs: z.number(), attempts: z.number().int() })),
  /** who reads its facts, and how many they have not read. `dueMs`: the next try after a failure */
  readers: z.array(
    z.object({ name: z.string(), behind: z.number().int(), attempts: z.number().int(), dueMs: z.number().nullable() }),
  ),
  /** inputs that it could not take, ever */
  refused: z.number().int(),
})
export type ActorInspection = z.infer<typeof actorInspection>

/** Each actor that has told a fact about the call, the call itself first. */
export const callInspection = z.object({ items: z.array(actorInspection), next: z.null() })
