/** The next status of a contact after an attempt or an outcome: pure rules over the campaign's plan. */
import type { LegOutcome } from '../batch/state.ts'
import { AFTER_MINUTES, consequenceOf, type Decided } from './dispositions.ts'

export type ContactStatus = 'active' | 'held' | 'in-progress' | 'dropped' | 'done' | 'archived' | 'dnc'
export interface RetryPlan {
  maxAttempts: number
  busyMs: number
  noAnswerMs: number
  machineMs: number
  /** after a release while it rang: the person has spoken with nobody and may be called again soon */
  releasedMs: number
  /** after the message: not again for a day, because a second abandoned call is worse than no call */
  abandonedMs: number
}
export const DEFAULT_PLAN: RetryPlan = {
  maxAttempts: 4,
  busyMs: 10 * 60_000,
  noAnswerMs: 60 * 60_000,
  machineMs: 4 * 3_600_000,
  releasedMs: 60_000,
  abandonedMs: 24 * 3_600_000,
}
/** Until then the number that the carrier refused has been set aside. */
export const NUMBER_REFUSED_MS = 5_000
export interface NextTry {
  status: ContactStatus
  /** ms since the epoch; null: not again by itself */
  dueAt: number | null
  /** whether this counts against `maxAttempts` */
  counted: boolean
}

export function nextTry(outcome: LegOutcome, attempts: number, at: number, plan: RetryPlan): NextTry {
  const again = (afterMs: number, status: ContactStatus = 'active'): NextTry =>
    attempts + 1 >= plan.maxAttempts
      ? { status: 'archived', dueAt: null, counted: true }
      : { status, dueAt: at + afterMs, counted: true }
  switch (outcome) {
    case 'connected':
    case 'agent-hung-up':
      return { status: 'done', dueAt: null, counted: true }
    case 'busy':
      return again(plan.busyMs)
    case 'no-answer':
    case 'hung-up-early':
      return again(plan.noAnswerMs)
    case 'machine':
    case 'fax':
      return again(plan.machineMs)
    case 'released':
      return { status: 'dropped', dueAt: at + plan.releasedMs, counted: false }
    case 'no-seat':
    case 'agent-left':
      return again(plan.abandonedMs, 'dropped')
    // The gate is asked again when this person is chosen next; its verdict then says for how long they are held back.
    case 'not-cleared':
      return { status: 'active', dueAt: at + plan.releasedMs, counted: false }
    // Nobody was called, so the person is called soon, from another number.
    case 'number-refused':
      return { status: 'active', dueAt: at + NUMBER_REFUSED_MS, counted: false }
    case 'failed':
    case 'refused':
      return { status: 'archived', dueAt: null, counted: true }
  }
}

/** A saved outcome is final: what follows was decided when it was saved. Without that, of older stores and AI agents, its id says it. */
export function afterOutcome(outcome: { outcomeId: string } & Partial<Decided>, at: number): NextTry {
  const consequence = consequenceOf(outcome)
  if (consequence === 'do-not-call') return { status: 'dnc', dueAt: null, counted: false }
  const again = consequence === 'callback' || consequence === 'retry'
  if (!again || outcome.byHand) return { status: 'done', dueAt: null, counted: false }
  return { status: 'active', dueAt: outcome.dueAt ?? at + AFTER_MINUTES * 60_000, counted: false }
}

/** What a campaign keeps of somebody's tries. */
export interface Tries {
  status: ContactStatus
  /** 0: at once, or never, as the status says */
  dueAt: number
  attempts: number
  /** an agent has promised a call, or wants another one */
  promised: boolean
}

/**
 * An attempt is over. The outcome of the agent may have overtaken it: then what was decided stands, and the try is counted, unless the
 * outcome has counted it already.
 */
export function attemptEnded(
  row: Tries,
  { outcome, attempts, at }: { outcome: LegOutcome; attempts: number; at: number },
  plan: RetryPlan,
): Tries {
  const next = nextTry(outcome, attempts, at, plan)
  const tried = attempts + (next.counted ? 1 : 0)
  if (row.status === 'in-progress') return { ...row, status: next.status, dueAt: next.dueAt ?? 0, attempts: tried }
  return row.promised ? row : { ...row, attempts: Math.max(row.attempts, tried) }
}

/** An outcome is noted. A promised callback has tries of its own, because the person waits for it; another try counts on, up to the most. */
export function outcomeNoted(
  row: Tries,
  outcome: { outcomeId: string } & Partial<Decided>,
  at: number,
  plan: RetryPlan,
): Tries {
  const { status, dueAt } = afterOutcome(outcome, at)
  const tried = row.attempts + (row.status === 'in-progress' ? 1 : 0)
  if (status !== 'active') return { status, dueAt: dueAt ?? 0, attempts: tried, promised: false }
  const isCallback = consequenceOf(outcome) === 'callback'
  if (!isCallback && tried >= plan.maxAttempts)
    return { status: 'archived', dueAt: 0, attempts: tried, promised: false }
  return { status, dueAt: dueAt ?? 0, attempts: isCallback ? 0 : tried, promised: true }
}
