/** The seller's name and number of a workspace, remembered in the isolate for a minute: every message needs it. */
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import type { Seller } from '../providers/telephony/twilio/twiml.ts'

const KEPT_MS = 60_000
const WORKSPACES_MAX = 1_000
const known = new Map<string, { seller: Seller; until: number }>()

export async function sellerOf(env: Env, workspaceId: string): Promise<Seller> {
  const now = Date.now()
  const entry = known.get(workspaceId)
  if (entry && entry.until > now) return entry.seller
  const seller = await stubFor(env, 'workspace', workspaceId).seller()
  if (known.size >= WORKSPACES_MAX) known.clear()
  known.set(workspaceId, { seller, until: now + KEPT_MS })
  return seller
}
