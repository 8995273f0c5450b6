/** better-auth with e-mail and password on D1. Only `people.ts` loads this file, when the first request needs it. */
import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { Env } from '../actors/env.ts'
import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from '../wire/password.ts'

export type Auth = ReturnType<typeof makeAuth>

export function makeAuth(env: Env) {
  return betterAuth({
    database: env.DB,
    baseURL: env.PUBLIC_BASE_URL ?? 'http://127.0.0.1',
    basePath: '/api/auth',
    secret: env.SESSION_SECRET ?? '',
    // Accounts are made by an admin, and the first one at set-up, so nobody can sign up into a workspace by themselves.
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_CHARS_MIN,
      maxPasswordLength: PASSWORD_CHARS_MAX,
    },
    // Its paths are closed as well; `src/worker/second-factor.ts` calls it. A wrong code too many locks the account for a quarter of an hour.
    plugins: [twoFactor({ issuer: 'Trunkline', accountLockout: { maxFailedAttempts: 10, durationSeconds: 900 } })],
    // `src/worker/sign-in.ts` opens two of its paths and no other: nobody signs up, renames themselves or changes an e-mail there.
    session: { expiresIn: 7 * 24 * 3600, updateAge: 24 * 3600 },
    // Its own limit counts in the memory of one isolate and by a header that clients write; `sign-in-limits.ts` is ours.
    rateLimit: { enabled: false },
    trustedOrigins: [env.PUBLIC_BASE_URL ?? 'http://127.0.0.1'],
    // A wrong password is no event of the log; what is unexpected is thrown and logged by us.
    logger: { disabled: true },
    telemetry: { enabled: false },
  })
}
