/** Whoever has typed somebody's password could go wherever that account goes, so such an account stays in its one workspace. */
import type { Env } from '../../actors/env.ts'
import { hasGivenPassword } from '../people.ts'
import { Refusal } from '../problem.ts'

/** @throws Refusal 409: the password is one that an admin has typed */
export async function requireOwnPassword(env: Env, userId: string): Promise<void> {
  if (await hasGivenPassword(env, userId))
    throw new Refusal(
      409,
      'An admin has chosen the password of this account. Change it to one that only you know first.',
      [{ field: 'password', message: 'chosen by an admin' }],
    )
}
