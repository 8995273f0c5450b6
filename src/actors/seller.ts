/**
 * The seller of a workspace, and its safe-harbour message. It is kept in the isolate for a minute, because up to three of the four
 * people who answer a race hear it, and the answer webhook must not wait for the workspace.
 */
import type { Box } from '../core/call/voicemail/state.ts'
import {
  type Instructions,
  type Seller,
  safeHarbourWithKey,
  voicemailGreeting,
} from '../core/instruction/instruction.ts'
import type { Neighbours } from './neighbours.ts'

const KEPT_MS = 60_000
const WORKSPACES_MAX = 1_000
const known = new Map<string, { seller: Seller; until: number }>()
/** Said when the workspace cannot be asked: a person who answers never hears a dead line. */
const NAMELESS: Seller = { name: 'our office', number: '' }

/** Rejects if the workspace does not answer and was not asked before. */
export async function sellerOf(near: Neighbours, workspaceId: string): Promise<Seller> {
  const now = near.now()
  const entry = known.get(workspaceId)
  if (entry && entry.until > now) return entry.seller
  const seller = await near.actor('workspace', workspaceId).seller()
  if (known.size >= WORKSPACES_MAX) known.clear()
  known.set(workspaceId, { seller, until: now + KEPT_MS })
  return seller
}

export async function safeHarbourOf(near: Neighbours, workspaceId: string): Promise<Instructions> {
  return safeHarbourWithKey(await sellerOrNameless(near, workspaceId))
}

/** An inbox that does not answer does not keep the caller waiting: they hear the usual words. */
export async function voicemailOf(near: Neighbours, workspaceId: string, box: Box): Promise<Instructions> {
  const own = near
    .actor('inbox', workspaceId)
    .greetingOf(box)
    .catch(() => null)
  const [seller, greeting] = await Promise.all([sellerOrNameless(near, workspaceId), own])
  return voicemailGreeting(seller, greeting)
}

function sellerOrNameless(near: Neighbours, workspaceId: string): Promise<Seller> {
  return sellerOf(near, workspaceId).catch(() => known.get(workspaceId)?.seller ?? NAMELESS)
}
