/**
 * The status of a call by the carrier's id (S2-4). Callbacks can be lost, so a call that is not over is asked about at the carrier
 * when we have not heard of it for some seconds, and its answer is told to the call like every other report.
 */
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import type { KnownCall } from '../../core/call/flow/pages.ts'
import { telephonyOf } from '../../providers/registry.ts'

/** Our own word is this young at most, unless the carrier was asked. */
export const FRESH_MS = 5_000
const ASKED_MAX = 1_000
/** When this isolate asked last, by the carrier's id: a page that asks every second is no reason to ask the carrier as often. */
const asked = new Map<string, number>()

export interface CallWord {
  callId: string
  status: string
  providerStatus: string | null
}

/** Null: there is no such call. */
export async function callWord(env: Env, workspaceId: string, providerId: string): Promise<CallWord | null> {
  // The trunk knows a call that the carrier brought from its first webhook on; the log knows one that we placed.
  const brought = await stubFor(env, 'trunk', workspaceId).callOf(providerId)
  const row = brought === null ? await logOf(env, workspaceId).byProviderId(providerId) : null
  const callId = brought ?? row?.callId
  if (callId === undefined) return null
  if (row?.status === 'hangup') return { callId, status: row.status, providerStatus: row.providerStatus }
  const call = stubFor(env, 'call', callId)
  const state = await call.read()
  const told = isStale(state, providerId, Date.now()) ? await askCarrier(env, workspaceId, callId, providerId) : null
  const now = told === null ? state : await call.read()
  // What the log has is all that is known of a call whose object was archived.
  if (now.call.phase === 'empty')
    return { callId, status: row?.status ?? 'dialing', providerStatus: row?.providerStatus ?? null }
  if (now.call.phase === 'over') return { callId, status: 'hangup', providerStatus: told }
  return { callId, status: now.call.status, providerStatus: now.call.providerStatus }
}

function isStale({ call }: KnownCall, providerId: string, at: number): boolean {
  if (call.phase !== 'live') return false
  const heardAt = Math.max(call.createdAt, call.ringingAt ?? 0, call.answeredAt ?? 0, asked.get(providerId) ?? 0)
  return at - heardAt > FRESH_MS
}

/** The carrier's word, which the call has heard; null: it has none, and what we know stands. */
async function askCarrier(env: Env, workspaceId: string, callId: string, providerId: string): Promise<string | null> {
  const telephony = await telephonyOf(env, workspaceId)
  if (telephony === null) return null
  if (asked.size >= ASKED_MAX) asked.clear()
  asked.set(providerId, Date.now())
  const answer = await telephony.fetchCall(providerId)
  const at = Date.now()
  const call = stubFor(env, 'call', callId)
  if (answer.ok) {
    const { status } = answer.value
    await call.deliver({ type: 'call.reported', at, providerId: providerId, status }, null)
    return status
  }
  if (answer.failure.kind !== 'gone') return null
  await call.deliver({ type: 'call.missing', at }, null)
  return 'failed'
}
