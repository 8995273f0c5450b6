/**
 * Whose page is read next. Pure. One reading serves everybody who stands at its place, so the sockets at the head share one; those that are behind
 * take turns, and a socket that is far behind takes no turn of the others.
 */
import { comesBefore, later } from './cursor.ts'

/** A socket that waits for a page: its place, and when it was served last (a number that grows). */
export interface Waiting {
  at: string
  turn: number
}

/** The place of the foremost; null: nobody has a place. */
export function headOf(places: readonly string[]): string | null {
  return places.reduce<string | null>((head, at) => (head === null ? at : later(head, at)), null)
}

/** Of those behind the head the one that has waited longest, unless its page is being read. Null: nobody is behind. */
export function nextBehind<One extends Waiting>(
  waiting: readonly One[],
  head: string,
  busy: ReadonlySet<string>,
): One | null {
  let found: One | null = null
  for (const one of waiting)
    if (comesBefore(one.at, head) && !busy.has(one.at) && (found === null || one.turn < found.turn)) found = one
  return found
}
