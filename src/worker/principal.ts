/**
 * Who sent a request to the API, and whether they may call a row. A carrier is never one of them: its webhooks have no rows, and
 * `src/worker/carriers` proves each by a signature over the URL and the body of one workspace's account.
 */
import type { Env } from '../actors/env.ts'
import { unreachable } from '../core/machine.ts'
import type { Role } from '../wire/api.ts'
import type { Who } from '../wire/routes/row.ts'
import type { Scope } from '../wire/scope.ts'
import { useKey } from './api-keys.ts'
import { type Caller, type Member, memberOf } from './people.ts'
import { Refusal } from './problem.ts'

export type Principal =
  | { kind: 'nobody' }
  | { kind: 'person'; member: Member }
  /** a program; what it may do is its scopes, and of what a role sees it sees a supervisor's */
  | { kind: 'key'; caller: Caller; scopes: readonly Scope[] }

const RANK: Record<Role, number> = { agent: 1, supervisor: 2, admin: 3 }
/** The last moment that a `Date` can be. */
const NEVER_MS = 8.64e15
const BEARER = { 'WWW-Authenticate': 'Bearer' }

/**
 * A request with `Authorization` is judged by it alone, whatever cookies it has.
 * @throws Refusal 401: the key is wrong, revoked or over; 403: not from this address; 429: too often
 */
export async function principalOf(env: Env, headers: Headers): Promise<Principal> {
  const authorization = headers.get('Authorization')
  if (authorization !== null) return programOf(env, authorization, headers)
  const member = await memberOf(env, headers)
  return member === null ? { kind: 'nobody' } : { kind: 'person', member }
}

async function programOf(env: Env, authorization: string, headers: Headers): Promise<Principal> {
  const [, given = ''] = /^Bearer +([^ ]+)$/i.exec(authorization) ?? []
  const key = await useKey(env, given, Date.now())
  if (key === null) throw new Refusal(401, 'This key is wrong, revoked, or over.', [], BEARER)
  const { keyId, name, workspaceId, workspaceName, scopes, addresses, waitMs, endsMs } = key
  if (addresses.length > 0) await requireAddress(addresses, headers.get('CF-Connecting-IP'))
  if (waitMs !== null)
    throw new Refusal(429, 'This key asks too often.', [], { 'Retry-After': String(Math.ceil(waitMs / 1_000)) })
  const session = { id: keyId, endsMs: endsMs ?? NEVER_MS }
  const caller: Caller = {
    userId: `key_${keyId}`,
    keyId,
    name,
    role: 'supervisor',
    workspaceId,
    workspaceName,
    session,
    scopes,
  }
  return { kind: 'key', caller, scopes }
}

/** Only the header that Cloudflare itself sets says where a request comes from. */
async function requireAddress(addresses: readonly string[], from: string | null): Promise<void> {
  const { isWithin } = await import('./addresses.ts')
  if (from === null || !isWithin(from, addresses)) throw new Refusal(403, 'This key does not work from this address.')
}

/** Null: this principal may call a row of this `who`. */
export function refusalFor(principal: Principal, who: Who): Refusal | null {
  if (who === 'anyone') return null
  switch (principal.kind) {
    case 'nobody':
      return 'key' in who ? needsKey() : new Refusal(401, 'Sign in first.')
    case 'person':
      if ('key' in who) return needsKey()
      return RANK[principal.member.role] < RANK[who.role] ? new Refusal(403, `This needs the role ${who.role}.`) : null
    case 'key': {
      const scope = 'key' in who ? who.key : who.scope
      if (scope === undefined) return new Refusal(403, 'This is for people who are signed in.')
      return principal.scopes.includes(scope) ? null : new Refusal(403, `This key needs the scope ${scope}.`)
    }
    default:
      return unreachable(principal)
  }
}

function needsKey(): Refusal {
  return new Refusal(401, 'This is for programs: send Authorization: Bearer with a key.', [], BEARER)
}
