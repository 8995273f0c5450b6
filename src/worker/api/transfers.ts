/** Hands over the person whom an agent talks with: the agent's desk is told, as by its own page. */
import type { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { Move } from '../../core/call/transfer/moves.ts'
import { type CallId, deskId, workspaceOf } from '../../core/ids.ts'
import type { DeskAction, DeskView } from '../../wire/desk.ts'
import type { transferBody } from '../../wire/voice-call.ts'
import { Refusal } from '../problem.ts'
import { commandAt } from './desk.ts'

type Destination = z.output<typeof transferBody>['destination']
type To = Extract<DeskAction, { type: 'call.transfer' }>['to']

export async function handOver(
  env: Env,
  callId: CallId,
  { destination, kind }: z.output<typeof transferBody>,
): Promise<void> {
  const askFirst = kind === 'attended'
  if (askFirst && destination.type === 'queue')
    throw new Refusal(400, 'A queue cannot be asked first.', [{ field: 'kind', message: 'blind, for a queue' }])
  await atDesk(env, callId, { type: 'call.transfer', callId, to: toOf(destination), askFirst })
}

export async function moveAtDesk(env: Env, callId: CallId, move: Move): Promise<void> {
  await atDesk(env, callId, { type: `transfer.${move}`, callId })
}

export async function takeBack(env: Env, callId: CallId): Promise<void> {
  await atDesk(env, callId, { type: 'call.take-back', callId })
}

function toOf({ type, target }: Destination): To {
  if (type === 'agent') return { kind: 'agent', agentId: target }
  return type === 'queue' ? { kind: 'queue', queueId: target } : { kind: 'number', number: target }
}

async function atDesk(env: Env, callId: CallId, action: DeskAction): Promise<void> {
  const desk = await deskWith(env, callId)
  if (desk === null) throw new Refusal(409, 'No agent talks on this call now.')
  await commandAt(env, desk, action)
}

/** The desk that has this person now; null: none. */
export async function deskWith(env: Env, callId: CallId): Promise<string | null> {
  return (await deskOn(env, callId))?.deskId ?? null
}

/** The same, with what the desk shows. */
export async function deskOn(env: Env, callId: CallId): Promise<{ deskId: string; view: DeskView } | null> {
  const { call } = await stubFor(env, 'call', callId).read()
  const { deskId: linked = null, agentId = null } = call.phase === 'empty' ? {} : call.links
  const named = agentId === null ? null : deskId(workspaceOf(callId), agentId)
  for (const desk of new Set([linked, named])) {
    const view = desk === null ? null : await stubFor(env, 'desk', desk).view()
    if (desk !== null && view?.conversation?.callId === callId) return { deskId: desk, view }
  }
  return null
}
