import type { Turn } from './turn.ts'
import type { Call, Dial, Run, Target, Why, World } from './world.ts'

/** Nested TwiML documents. The call holds the one that sounds; `outer` holds those that wait for it, oldest first. */

/** A program that nests deeper than a prompt within a wait within a dial is most likely in a loop. */
export const RUNS_MAX = 5

/** Let another document sound; the present one waits. False when the nesting is too deep. */
export function enter(call: Call, why: Why): boolean {
  if (call.outer.length >= RUNS_MAX) return false
  const { doing, verbs, cursor, documentUrl } = call
  call.outer.push({ why: call.why, doing, verbs, cursor, documentUrl })
  Object.assign(call, { why, doing: { what: 'nothing' }, verbs: [], cursor: 0, documentUrl } satisfies Run)
  return true
}

/** The inner document is over; the one that waited for it continues. */
export function leave(call: Call): void {
  const run = call.outer.pop()
  if (run) Object.assign(call, run)
}

/** Leave all nested documents. */
export function leaveAll(call: Call): void {
  while (call.outer.length > 0) leave(call)
}

/** Leave the innermost document of this kind with everything nested in it. True when there was one. */
export function leaveKind(call: Call, why: Why): boolean {
  if (call.why !== why && !call.outer.some(run => run.why === why)) return false
  while (call.why !== why) leave(call)
  leave(call)
  return true
}

/** The `<Dial>` in progress, also while the callee hears a document of its own. */
export function dialOf(call: Call): Dial | null {
  for (const run of [call, ...call.outer]) if (run.doing.what === 'dialing') return run.doing.dial
  return null
}

/** The stream or relay of the `<Connect>` in progress. */
export function connectedOf(call: Call): { sid: string; action: Target | null } | null {
  for (const run of [call, ...call.outer]) if (run.doing.what === 'connected') return run.doing
  return null
}

/** The parties at the other side of a `<Dial>`. */
export function bridgedTo(turn: Turn, call: Call): Call[] {
  const winner = dialOf(call)?.winner ?? null
  const sids = [winner, call.parentSid].filter(sid => sid !== null)
  return sids.map(sid => turn.world.calls.get(sid)).filter(other => other !== undefined)
}

/** The other call of a pair in which each is the far end of the other (`line.ts`); null for every other call. */
export function otherEnd(world: World, call: Call): Call | null {
  if (call.far.kind !== 'line' || call.far.other === null) return null
  return world.calls.get(call.far.other) ?? null
}
