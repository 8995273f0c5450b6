/**
 * Sign-in and sign-out. They are better-auth's, and the only two of its paths that are open; what else a person does to their
 * account are rows of `src/wire/routes/account.ts`.
 */
import type { Hono } from 'hono'
import { z } from 'zod'
import type { Env } from '../actors/env.ts'
import { textOf } from './body.ts'
import type { Ctx } from './carriers/door.ts'
import { endSockets } from './end-access.ts'
import { checked, jsonOf } from './json-body.ts'
import { authOf, memberOf } from './people.ts'
import { Refusal } from './problem.ts'
import { countTry, tooManyTries } from './sign-in-limits.ts'

const BODY_BYTES_MAX = 8 * 1024
const credentials = z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(1_000) })

export function signInRoutes(app: Hono<{ Bindings: Env }>): void {
  app.post('/api/auth/sign-in/email', signIn)
  app.post('/api/auth/sign-out', signOut)
}

async function signIn(c: Ctx): Promise<Response> {
  const { email, password } = await credentialsOf(c)
  const tried = await countTry(c.env, email, c.req.raw.headers, Date.now())
  if (!tried.allowed) throw tooManyTries()
  const answer = await passedOn(c, JSON.stringify({ email, password }))
  if (answer.ok) {
    const { user } = (await answer.clone().json()) as { user?: { id: string } }
    // Without a user the password was right, and a code is asked for next.
    await (user === undefined ? tried.takeBack() : tried.succeeded(user.id))
  } else if (answer.status === 401) throw new Refusal(401, 'The e-mail or the password is not right.')
  // better-auth checks the form of the e-mail, and nothing else of a sign-in.
  else throw new Refusal(400, 'The body is not as expected.', [{ field: 'email', message: 'not an e-mail address' }])
  return answer
}

/** The sockets of the session end with it, so that no screen goes on without one. */
async function signOut(c: Ctx): Promise<Response> {
  const member = await memberOf(c.env, c.req.raw.headers)
  const answer = await passedOn(c, '{}')
  if (member !== null) await endSockets(c.env, member, { sessions: [member.session.id] })
  return answer
}

async function credentialsOf(c: Ctx): Promise<z.infer<typeof credentials>> {
  if (!(c.req.header('Content-Type') ?? '').startsWith('application/json'))
    throw new Refusal(415, 'Send application/json.')
  const text = await textOf(c.req.raw, BODY_BYTES_MAX)
  return checked(credentials, jsonOf(text), 'body')
}

/** better-auth gets a body that was read and checked here. */
async function passedOn(c: Ctx, body: string): Promise<Response> {
  const headers = new Headers(c.req.raw.headers)
  for (const name of ['Content-Length', 'Transfer-Encoding', 'Content-Encoding']) headers.delete(name)
  headers.set('Content-Type', 'application/json')
  // A request of another site was refused before (`src/worker/app.ts`); one without an origin comes from no page at all.
  headers.set('Origin', new URL(c.env.PUBLIC_BASE_URL ?? 'http://127.0.0.1').origin)
  const request = new Request(c.req.url, { method: 'POST', headers, body })
  return (await authOf(c.env)).handler(request)
}
