/** Journal, outbox and alarm of one actor, put together. An actor owns one of these; it inherits nothing of ours. */
import { type AnyEffect, earliest, type Machine, type OutboxEffect, type Timed } from '../../core/machine.ts'
import { Alarm, DEAD_MAN_MS } from './alarm.ts'
import { type Inspection, inspectionOf } from './inspection.ts'
import { type Committed, Journal, type JournalOptions, type StoredFact } from './journal.ts'
import { type Feed, Outbox, type Performer } from './outbox.ts'
import type { Platform } from './platform.ts'

/** An alarm this much overdue counts as lost (in a failover an alarm may be a minute late). */
export const STALE_ALARM_MS = 60_000

export interface Parts<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect>
  extends JournalOptions<State, Fact, Effect> {
  machine: Machine<State, Input, Fact, Effect>
  performer: Performer<Input, Effect>
  feedOf?: (name: string) => Feed<Fact> | null
  /** how long debts wait for others to travel with before a drain starts; an alarm's drain waits as well */
  lingerMs?: number
}

export class Shell<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect> {
  readonly journal: Journal<State, Input, Fact, Effect>
  readonly outbox: Outbox<State, Input, Fact, Effect>
  readonly alarm: Alarm
  readonly #platform: Platform

  constructor(platform: Platform, parts: Parts<State, Input, Fact, Effect>) {
    this.#platform = platform
    this.alarm = new Alarm(platform)
    this.journal = new Journal<State, Input, Fact, Effect>(platform, this.alarm, parts.machine, {
      ...parts,
      hasUrgentFeed: () => this.outbox.hasUrgentFeed(),
      committed: facts => {
        parts.committed?.(facts)
        platform.keepAlive(this.outbox.drain())
      },
    })
    this.outbox = new Outbox<State, Input, Fact, Effect>(
      platform,
      this.journal,
      this.alarm,
      parts.performer,
      parts.feedOf,
      parts.lingerMs,
    )
    platform.start(armedAt => this.#repair(armedAt))
  }

  get state(): State {
    return this.journal.state
  }

  /** ms since the epoch */
  now(): number {
    return this.#platform.now()
  }

  commit(input: Input, inputId: string | null = null): Committed<Fact> | null {
    return this.journal.commit(input, inputId)
  }

  hear<F>(source: string, facts: StoredFact<F>[], toInput: (fresh: F[]) => Input): void {
    this.journal.hear(source, facts, toInput)
  }

  inspect(): Inspection {
    return inspectionOf(this.journal, this.alarm)
  }

  /** If work is owed and the alarm is missing or stale, it is armed now. */
  #repair(armed: number | null): void {
    this.alarm.found(armed)
    const next = this.#next()
    const now = this.#platform.now()
    if (next !== null && (armed === null || armed < now - STALE_ALARM_MS)) this.alarm.arm(Math.max(next, now))
    else if (next !== null && armed !== null && next < armed) this.alarm.arm(Math.max(next, now))
  }

  /** The alarm's handler. Whatever goes wrong in it, the object wakes again. */
  async wake(strike: (at: number) => Input): Promise<void> {
    const now = this.#platform.now()
    let next: number | null = now + DEAD_MAN_MS
    this.alarm.ring()
    try {
      const deadline = this.journal.machine.deadline(this.journal.state)
      if (deadline !== null && deadline <= now) this.commit(strike(now))
      await this.outbox.drain()
      next = this.#next()
    } catch {
      console.error(JSON.stringify({ message: 'alarm failed', actor: this.journal.machine.name }))
    }
    this.alarm.rest(next)
  }

  #next(): number | null {
    const deadline = this.journal.machine.deadline(this.journal.state)
    return earliest([deadline, this.outbox.nextDue()])
  }
}

export type { Committed, Feed, OutboxEffect, Performer, StoredFact }
