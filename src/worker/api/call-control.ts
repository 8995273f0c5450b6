/** A program interrupts what a person hears, and records them. */
import type { ControlOrder } from '../../actors/contracts.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { NoControl } from '../../core/call/control/state.ts'
import type { CallId } from '../../core/ids.ts'
import { Refusal } from '../problem.ts'
import { commandAt } from './desk.ts'
import { deskWith } from './transfers.ts'

const WORDS: Record<NoControl, string> = {
  'call-over': 'This call is over.',
  'not-answered': 'This call is not answered yet.',
  'with-somebody':
    'This person is connected with somebody. In a conference, hold or mute its participant (/v1.0/conferencecalls).',
  'with-ai': 'An AI agent speaks with this person.',
  'recorded-already': 'This call is being recorded already.',
  'not-recorded': 'This call is not being recorded.',
  'paused-already': 'The recording is paused already.',
  'not-paused': 'The recording is not paused.',
}

/** Throws a 409 that says why it cannot be done. */
export async function control(env: Env, callId: CallId, order: ControlOrder): Promise<void> {
  const why = await stubFor(env, 'call', callId).control(order)
  if (why !== null) throw new Refusal(409, WORDS[why])
}

/** Whom an agent talks with is held in the agent's room, as by the agent; everybody else by their call. */
export async function hold(env: Env, callId: CallId, on: boolean): Promise<void> {
  const desk = await deskWith(env, callId)
  if (desk !== null) return commandAt(env, desk, { type: on ? 'call.hold' : 'call.unhold', callId })
  return control(env, callId, { do: 'pause', pause: 'hold', on })
}
