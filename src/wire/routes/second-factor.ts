/** Rows of the second factor: a code of an app on the phone, or one of the backup codes. */
import { z } from 'zod'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

const password = z.string().min(1).max(1_000)
const code = z.string().trim().min(6).max(20)

export const secondFactorRoutes = {
  'GET /api/me/second-factor': {
    who: { role: 'agent' },
    summary: 'Whether your sign-in asks for a code, and whether this workspace wants that.',
    beforeSecondFactor: true,
    gives: 'json',
    answer: z.object({ on: z.boolean(), required: z.boolean() }),
  },
  'POST /api/me/second-factor': {
    who: { role: 'agent' },
    summary:
      'Begins the set-up: a secret for an app, and backup codes, which are shown once. It is on when the first code was right.',
    beforeSecondFactor: true,
    body: z.object({ password }),
    gives: 'json',
    status: 201,
    answer: z.object({ uri: z.string(), secret: z.string(), backupCodes: z.array(z.string()) }),
  },
  'POST /api/me/second-factor/confirm': {
    who: { role: 'agent' },
    summary: 'The first code of the app: from now on each sign-in asks for one.',
    beforeSecondFactor: true,
    body: z.object({ code }),
    gives: 'json',
    answer: done,
  },
  'POST /api/me/second-factor/off': {
    who: { role: 'agent' },
    summary: 'Sign-ins ask for no code any more. Not while a workspace of yours wants one.',
    body: z.object({ password }),
    gives: 'json',
    answer: done,
  },
  'POST /api/second-factor/verify': {
    who: 'anyone',
    summary: 'The second step of a sign-in: the code of the app, or a backup code, which is used up by it.',
    body: z.object({ code }),
    gives: 'json',
    answer: done,
  },
  'PUT /api/workspace/second-factor': {
    who: { role: 'admin' },
    summary:
      'Whether everybody here must have a second factor. Whoever has none is led to the set-up before anything else.',
    body: z.object({ required: z.boolean() }),
    gives: 'json',
    answer: z.object({ required: z.boolean() }),
  },
} as const satisfies Rows
