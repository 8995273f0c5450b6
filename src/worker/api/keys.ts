/** Keys of programs: made, listed, revoked. */
import { KEYS_MAX } from '../../wire/api-key.ts'
import { keyRoutes } from '../../wire/routes/keys.ts'
import { readRange } from '../addresses.ts'
import { keysOf, makeKey, revokeKey } from '../api-keys.ts'
import { endSocketsOfKey } from '../end-access.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

const DAY_MS = 24 * 3_600_000

export const keys = bind(keyRoutes, {
  async 'GET /api/keys'({ env, member }) {
    return { items: await keysOf(env, member.workspaceId), next: null }
  },

  async 'POST /api/keys'({ env, member, body }) {
    const wrong = body.addresses.flatMap((text, at) =>
      readRange(text) === null
        ? [{ field: `addresses.${at}`, message: 'neither an address nor a range of addresses' }]
        : [],
    )
    if (wrong.length > 0) throw new Refusal(400, 'An address cannot be read.', wrong)
    const now = Date.now()
    const endsMs = body.endsInDays === null ? null : now + body.endsInDays * DAY_MS
    const { name, addresses, requestsPerMinute } = body
    const scopes = [...new Set(body.scopes)]
    const wanted = {
      workspaceId: member.workspaceId,
      name,
      scopes,
      addresses,
      madeBy: member.name,
      endsMs,
      requestsPerMinute,
    }
    const made = await makeKey(env, wanted, now)
    if (made === null) throw new Refusal(422, `This workspace has ${KEYS_MAX} keys. Revoke one first.`)
    return made
  },

  async 'DELETE /api/keys/:keyId'({ env, member, params: { keyId } }) {
    if (!(await revokeKey(env, member.workspaceId, keyId))) throw new Refusal(404, 'There is no such key.')
    await endSocketsOfKey(env, member.workspaceId, keyId)
    return { message: 'revoked' }
  },
})
