/** What may be under way in a world at rest: a room asks the carrier now and then who is in. */
import type { AnyEffect, Timed } from '../../src/core/machine.ts'
import type { Debt } from './part.ts'

/** When nothing fails any more, such a question is answered within this time. */
const ASK_MAX_MS = 10_000
const ASK_TRIES_MAX = 2

export function isAsking({ effect, due, attempts }: Debt<AnyEffect>, now: number): boolean {
  return effect.type === 'check-room' && attempts <= ASK_TRIES_MAX && due > now - ASK_MAX_MS
}

export function isQuestion({ type, at }: Timed, now: number): boolean {
  return type === 'check-wanted' && at > now - ASK_MAX_MS
}
