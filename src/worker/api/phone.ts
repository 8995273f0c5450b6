/** The browser phone's token, the voice profile that decides its grants, and the numbers of the workspace. */
import type { Env } from '../../actors/env.ts'
import { readProfile, writeProfile } from '../../actors/profile/profile-of.ts'
import { stubFor } from '../../actors/stubs.ts'
import { fixedAgainst, setByAdmin, type VoiceProfile } from '../../core/desk/voice-profile.ts'
import { phoneName } from '../../core/phone-names.ts'
import { accountOf, carrierOf } from '../../providers/registry.ts'
import type { CarrierAccount } from '../../providers/telephony/port.ts'
import type { NumberRow, VoiceToken } from '../../wire/api.ts'
import { toE164 } from '../../wire/phone-number.ts'
import { phoneRoutes } from '../../wire/routes/phone.ts'
import { isLocal } from '../env.ts'
import { isMember } from '../membership.ts'
import type { Member } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { claimNumber, releaseNumber, spelled } from '../workspace-numbers.ts'
import { requireNoMask } from './masked-number.ts'
import { deskIdOf, openDesk } from './own-desk.ts'

export const phone = bind(phoneRoutes, {
  'GET /api/twilio/token': ({ env, member, query }) => token(env, member, query.identity),

  'POST /api/twilio/token': ({ env, member, body }) => token(env, member, body.identity),

  async 'GET /api/voice-profile'({ env, member, query }) {
    const { userId, desk } = await profileOwner(env, member, query.userId)
    return { ...(await readProfile(env, desk)), userId, identity: phoneName(desk) }
  },

  async 'PUT /api/voice-profile'({ env, member, query, body }) {
    const { userId, desk } = await profileOwner(env, member, query.userId)
    const callerId = body.callerId === null ? null : await ownNumber(env, member.workspaceId, body.callerId)
    const profile = await writeProfile(
      env,
      desk,
      await allowedProfile(env, desk, { ...body, callerId }, userId === member.userId),
    )
    return { ...profile, userId, identity: phoneName(desk) }
  },

  async 'GET /api/numbers'({ env, member }) {
    const rows = await stubFor(env, 'trunk', member.workspaceId).numbers()
    const account = await accountOf(env, member.workspaceId)
    return { items: rows.map(row => shown(row, account)), next: null }
  },

  async 'POST /api/numbers'({ env, member, body }) {
    const { name, inFlightCap, ownerUserId, cooldownSeconds } = body
    const number = spelled(body.number)
    const deskId = ownerUserId === null ? null : deskIdOf({ ...member, userId: ownerUserId })
    const entry = { number, name, deskId, inFlightCap, cooldownMs: cooldownSeconds * 1000 }
    await claimNumber(env, member.workspaceId, number)
    await stubFor(env, 'trunk', member.workspaceId).saveNumber(entry)
    return { number }
  },

  async 'DELETE /api/numbers/:number'({ env, member, params: { number } }) {
    const { workspaceId } = member
    // Numbers from before there was one spelling stand in the pool as they were written.
    const spellings = [...new Set([number, spelled(number)])]
    await requireNoMask(env, workspaceId, spellings, 'number')
    const removed: boolean[] = []
    for (const one of spellings) {
      await stubFor(env, 'workspace', workspaceId).releaseAiNumber(one)
      removed.push(await stubFor(env, 'trunk', workspaceId).removeNumber(one))
    }
    // Also of a number that was claimed and then not saved, which nobody else could have otherwise.
    await releaseNumber(env, workspaceId, number)
    if (!removed.includes(true)) throw new Refusal(404, 'There is no such number.')
    return { message: 'removed' }
  },
})

/** @throws Refusal 403: an administrator has set it otherwise for this agent */
async function allowedProfile(env: Env, desk: string, wanted: VoiceProfile, own: boolean): Promise<VoiceProfile> {
  if (!own) return setByAdmin(wanted)
  const stored = await readProfile(env, desk)
  const fixed = fixedAgainst(stored, wanted)
  const message = 'set by an administrator'
  if (fixed.length > 0)
    throw new Refusal(
      403,
      'An administrator has set this for you.',
      fixed.map(field => ({ field, message })),
    )
  return stored.fixed === undefined ? wanted : { ...wanted, fixed: stored.fixed }
}

async function profileOwner(
  env: Env,
  member: Member,
  asked = member.userId,
): Promise<{ userId: string; desk: string }> {
  if (asked !== member.userId) {
    if (member.role !== 'admin')
      throw new Refusal(403, 'Only an administrator sees the voice profile of somebody else.')
    if (!(await isMember(env, member.workspaceId, asked))) throw new Refusal(404, 'There is no such person here.')
  }
  return { userId: asked, desk: deskIdOf({ ...member, userId: asked }) }
}

async function ownNumber(env: Env, workspaceId: string, written: string): Promise<string> {
  const number = toE164(written) ?? ''
  const ours = await stubFor(env, 'trunk', workspaceId).numbers()
  if (ours.some(row => row.number === number)) return number
  throw new Refusal(400, 'The caller id must be one of the numbers of the workspace.', [
    { field: 'callerId', message: 'not one of our numbers' },
  ])
}

async function token(env: Env, member: Member, asked: string | undefined): Promise<VoiceToken> {
  const identity = phoneName(deskIdOf(member))
  // S4 lets the client choose an identity; we always take the agent of the session (S3-45).
  if (asked !== undefined && asked !== identity) throw new Refusal(403, 'A token is given for your own identity only.')
  const account = await accountOf(env, member.workspaceId)
  const phones = account && carrierOf(account).phones
  const { allowInbound: incoming, allowOutbound: outgoing } = await readProfile(env, deskIdOf(member))
  const made = account && (await phones?.token(account, { identity, incoming, outgoing }))
  if (!phones || !made) throw new Refusal(422, 'This workspace has no carrier account yet.')
  await openDesk(env, member)
  const signallingUrl = isLocal(env) ? (env.PHONE_NETWORK_URL ?? '').replace(/^http/, 'ws') || null : null
  return {
    token: made,
    identity,
    outgoing,
    expiresIn: phones.ttlS,
    signallingUrl,
  }
}

/** The trunk's columns in the words of the API. */
function shown(row: Record<string, SqlStorageValue>, account: CarrierAccount | null): NumberRow {
  const code = row.refused_code === null ? null : Number(row.refused_code)
  const words = code === null || !account ? '' : `${carrierOf(account).refusalOf(code).words} `
  return {
    refusedBecause: code === null ? null : `${words}(error ${code})`,
    number: String(row.number),
    name: String(row.name),
    status: String(row.status),
    deskId: row.desk_id === null ? null : String(row.desk_id),
    inFlight: Number(row.in_flight),
    inFlightCap: Number(row.in_flight_cap),
    cooldownSeconds: Math.round(Number(row.cooldown_ms) / 1000),
    cooldownUntilMs: Number(row.cooldown_until),
    usageCount: Number(row.usage_count),
    lastUsedMs: Number(row.last_used) || null,
    attemptedCalls: Number(row.attempted),
    rejectedCalls: Number(row.rejected),
  }
}
