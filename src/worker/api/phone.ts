/** The browser phone's token, and the numbers of the workspace. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { phoneName } from '../../core/ids.ts'
import { accountOf, carrierOf } from '../../providers/registry.ts'
import type { CarrierAccount } from '../../providers/telephony/port.ts'
import type { NumberRow, VoiceToken } from '../../wire/api.ts'
import { phoneRoutes } from '../../wire/routes/phone.ts'
import { isLocal } from '../env.ts'
import type { Member } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { deskIdOf, openDesk } from './own-desk.ts'

export const phone = bind(phoneRoutes, {
  'GET /api/twilio/token': ({ env, member, query }) => token(env, member, query.identity),

  'POST /api/twilio/token': ({ env, member, body }) => token(env, member, body.identity),

  async 'GET /api/numbers'({ env, member }) {
    const rows = await stubFor(env, 'trunk', member.workspaceId).numbers()
    const account = await accountOf(env, member.workspaceId)
    return { items: rows.map(row => shown(row, account)), next: null }
  },

  async 'POST /api/numbers'({ env, member, body }) {
    const { number, name, inFlightCap, ownerUserId, cooldownSeconds } = body
    const deskId = ownerUserId === null ? null : deskIdOf({ ...member, userId: ownerUserId })
    const entry = { number, name, deskId, inFlightCap, cooldownMs: cooldownSeconds * 1000 }
    await stubFor(env, 'trunk', member.workspaceId).saveNumber(entry)
    return { number }
  },

  async 'DELETE /api/numbers/:number'({ env, member, params: { number } }) {
    await stubFor(env, 'workspace', member.workspaceId).releaseAiNumber(number)
    if (!(await stubFor(env, 'trunk', member.workspaceId).removeNumber(number)))
      throw new Refusal(404, 'There is no such number.')
    return { message: 'removed' }
  },
})

async function token(env: Env, member: Member, asked: string | undefined): Promise<VoiceToken> {
  const identity = phoneName(deskIdOf(member))
  // S4 lets the client choose an identity; we always take the agent of the session (S3-45).
  if (asked !== undefined && asked !== identity) throw new Refusal(403, 'A token is given for your own identity only.')
  const account = await accountOf(env, member.workspaceId)
  const phones = account && carrierOf(account).phones
  const made = account && (await phones?.token(account, { identity, incoming: true, outgoing: true }))
  if (!phones || !made) throw new Refusal(422, 'This workspace has no carrier account yet.')
  await openDesk(env, member)
  const signallingUrl = isLocal(env) ? (env.PHONE_NETWORK_URL ?? '').replace(/^http/, 'ws') || null : null
  return {
    token: made,
    identity,
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
    cooldownUntilMs: Number(row.cooldown_until),
    usageCount: Number(row.usage_count),
  }
}
