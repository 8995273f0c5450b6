/** better-auth with e-mail and password on D1. Only `people.ts` loads this file, when the first request needs it. */
import { betterAuth } from 'better-auth'
import type { Env } from '../actors/env.ts'
import { isLocal } from './env.ts'

export type Auth = ReturnType<typeof makeAuth>

export function makeAuth(env: Env) {
  return betterAuth({
    database: env.DB,
    baseURL: env.PUBLIC_BASE_URL ?? 'http://127.0.0.1',
    basePath: '/api/auth',
    secret: env.SESSION_SECRET ?? '',
    // Accounts are made by an admin, and the first one at set-up, so nobody can sign up into a workspace by themselves.
    emailAndPassword: { enabled: true, minPasswordLength: 10 },
    disabledPaths: ['/sign-up/email'],
    session: { expiresIn: 7 * 24 * 3600, updateAge: 24 * 3600 },
    rateLimit: { enabled: !isLocal(env), window: 60, max: 60 },
    trustedOrigins: [env.PUBLIC_BASE_URL ?? 'http://127.0.0.1'],
    telemetry: { enabled: false },
  })
}
