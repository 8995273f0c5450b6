/**
 * The shell needs of the place where it runs a store, the time, and a promise that the object stays awake. workerd
 * gives one to every Durable Object; the simulation gives its own, with virtual time and a store in memory, so that the
 * proof runs this shell and not only a double of it.
 */

/** One object's disk. What is written without an `await` in between is written as one. */
export interface Store {
  readonly sql: SqlStorage
  /** A throw rolls back every row and the alarm. */
  transactionSync<T>(body: () => T): T
  /** Overwrites an earlier alarm. `at`: ms since the epoch. */
  setAlarm(at: number): unknown
  deleteAlarm(): unknown
}

export interface Platform {
  readonly store: Store
  /** ms since the epoch */
  now(): number
  /** in [0, 1), for the jitter of retries */
  random(): number
  sleep(ms: number): Promise<void>
  /** The object is not put to sleep before `work` has ended. */
  keepAlive(work: Promise<unknown>): void
  /** Calls `run` once, before any request is let in, with the alarm that an earlier life of this object has set. */
  start(run: (alarmAt: number | null) => void): void
}

/** A context of the simulation carries its platform; workerd's has none. */
export interface SimulatedContext {
  readonly platform: Platform
}

export function platformOf(ctx: DurableObjectState | SimulatedContext): Platform {
  if ('platform' in ctx) return ctx.platform
  return {
    store: ctx.storage,
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
    keepAlive: work => ctx.waitUntil(work),
    start: run => void ctx.blockConcurrencyWhile(async () => run(await ctx.storage.getAlarm())),
  }
}
