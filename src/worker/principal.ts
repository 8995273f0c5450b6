/**
 * Who sent a request to the API, and whether they may call a row. A carrier is never one of them: its webhooks have no rows, and
 * `src/worker/carriers` proves each by a signature over the URL and the body of one workspace's account.
 */
import type { Env } from '../actors/env.ts'
import { unreachable } from '../core/machine.ts'
import type { Role } from '../wire/api.ts'
import type { Who } from '../wire/routes/row.ts'
import { type Member, memberOf } from './people.ts'
import { Refusal } from './problem.ts'

/**
 * A key of the API joins as `{ kind: 'key', keyId, workspaceId, scopes }`: `principalOf` reads it from `Authorization`, `refusalFor`
 * compares its scopes with the row's, and the handlers of rows with a scope must then do without a member.
 */
export type Principal = { kind: 'nobody' } | { kind: 'person'; member: Member }

const RANK: Record<Role, number> = { agent: 1, supervisor: 2, admin: 3 }

export async function principalOf(env: Env, headers: Headers): Promise<Principal> {
  const member = await memberOf(env, headers)
  return member === null ? { kind: 'nobody' } : { kind: 'person', member }
}

/** Null: this principal may call a row of this `who`. */
export function refusalFor(principal: Principal, who: Who): Refusal | null {
  if (who === 'anyone') return null
  switch (principal.kind) {
    case 'nobody':
      return new Refusal(401, 'Sign in first.')
    case 'person':
      return RANK[principal.member.role] < RANK[who.role] ? new Refusal(403, `This needs the role ${who.role}.`) : null
    default:
      return unreachable(principal)
  }
}
