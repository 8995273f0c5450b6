/** Says what an actor around a call waits for, owes, and has not told yet. */
import type { ActorInspection } from '../../../wire/inspection.ts'
import { clockText } from '../../desk/time.ts'

const SOONEST_MS = 1_000

/** One sentence each; times are from `nowMs` on, ms of the server's clock. */
export function inspectionWords(actor: ActorInspection, nowMs: number): string[] {
  const { deadlineMs, debts, readers, refused } = actor
  const owed = debts.map(({ type, dueMs, attempts }) => `Owes ${type}${triedWords(attempts, dueMs, nowMs)}.`)
  const unread = readers.flatMap(({ name, behind, attempts, dueMs }) =>
    behind === 0
      ? []
      : [`${readerWords(name)} has not read ${factsWords(behind)} yet${triedWords(attempts, dueMs, nowMs)}.`],
  )
  const waits = deadlineMs === null ? 'It waits for others.' : `It acts by itself ${whenWords(deadlineMs, nowMs)}.`
  const quarantine = refused === 0 ? [] : [`It could not take ${refused} input${refused === 1 ? '' : 's'}.`]
  return [...owed, ...unread, waits, ...quarantine]
}

function triedWords(attempts: number, dueMs: number | null, nowMs: number): string {
  if (attempts === 0 || dueMs === null) return ''
  return `, tried ${attempts === 1 ? 'once' : `${attempts} times`}, again ${whenWords(dueMs, nowMs)}`
}

function whenWords(atMs: number, nowMs: number): string {
  return atMs - nowMs < SOONEST_MS ? 'now' : `in ${clockText(atMs - nowMs)}`
}

function readerWords(name: string): string {
  return name === 'log' ? 'The log' : name
}

function factsWords(count: number): string {
  return count === 1 ? 'one fact' : `${count} facts`
}
