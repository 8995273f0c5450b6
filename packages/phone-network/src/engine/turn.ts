import type { Fact, Intent, Step } from './input.ts'
import { type Call, TIMERS_MAX, type World } from './world.ts'

/** One call of `apply`: the world, the instant, and what comes out of it. */
export interface Turn {
  world: World
  at: number
  facts: Fact[]
  intents: Intent[]
  /** steps to take in this same instant, in order */
  soon: Step[]
}

export function fact(turn: Turn, ...facts: Fact[]): void {
  turn.facts.push(...facts)
}

export function intend(turn: Turn, ...intents: Intent[]): void {
  turn.intents.push(...intents)
}

export function soon(turn: Turn, step: Step): void {
  turn.soon.push(step)
}

/** Take `step` `inMs` from now. A step whose call or token has moved on by then does nothing. */
export function later(turn: Turn, inMs: number, step: Step): void {
  const { world } = turn
  if (world.timers.length >= TIMERS_MAX) throw new Error(`more than ${TIMERS_MAX} timers`)
  const at = turn.at + Math.max(0, Math.round(inMs))
  world.tokens += 1
  const timer = { at, order: world.tokens, step }
  // The list is kept sorted; nearly every new timer belongs near its end.
  let index = world.timers.length
  while (index > 0 && (world.timers[index - 1]?.at ?? 0) > at) index -= 1
  world.timers.splice(index, 0, timer)
}

/** Forget the timers of a call: all of them when it has ended, or those of one kind. */
export function dropTimers(turn: Turn, callSid: string, kind?: Step['kind']): void {
  turn.world.timers = turn.world.timers.filter(
    ({ step }) => !('callSid' in step) || step.callSid !== callSid || (kind !== undefined && step.kind !== kind),
  )
}

/** Log something in Twilio's debugger. Codes: https://www.twilio.com/docs/api/errors */
export function alert(turn: Turn, call: Call | null, code: number, message: string): void {
  fact(turn, { kind: 'alert', callSid: call?.sid ?? null, code, message })
}

export function touch(turn: Turn, call: Call): void {
  call.updatedAt = turn.at
}
