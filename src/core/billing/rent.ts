/**
 * What a number of the pool costs each month. It is charged on the first day of a month (UTC) for all numbers that are in the pool then; its id is
 * made of the number and the month, so that no number is charged twice for one.
 */
import { endOfMonth, monthOf, monthsAfter } from '../month.ts'

/** `charged`: the month for which numbers were charged last, or the one in which the ledger was made. */
export function rentDue(charged: string): number {
  return endOfMonth(charged)
}

/** The month to be charged now; null: none is. Of months that were missed only the running one: nobody knows the pool of the others. */
export function monthToCharge(charged: string, now: number): string | null {
  return now >= rentDue(charged) ? monthOf(now) : null
}

/** The idempotency key of one number and month. */
export function rentId(number: string, month: string): string {
  return `number:${number}:${month}`
}

/** The number of an entry with this key; null: it is for no number. */
export function numberOfRent(id: string): string | null {
  return /^number:(\+\d+):\d{4}-\d{2}$/.exec(id)?.[1] ?? null
}

/** ms since the epoch: the month that is paid. */
export function monthSpan(month: string): { beganMs: number; endedMs: number } {
  return { beganMs: endOfMonth(monthsAfter(month, -1)), endedMs: endOfMonth(month) }
}
