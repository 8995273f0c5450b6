/** `Idempotency-Key`: a creating POST is done once in 24 hours, and its repeats get the first answer. */
import type { Context } from 'hono'
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import type { Member } from './people.ts'
import { Refusal } from './problem.ts'

const KEY_CHARS_MAX = 128

export interface Done {
  status: number
  body: string
}

/** `name` is the route, `text` the body as it was sent; the same key with another body is refused. */
export async function onlyOnce(
  c: Context<{ Bindings: Env }>,
  member: Member,
  name: string,
  text: string,
  run: () => Promise<Done>,
): Promise<Done> {
  const given = c.req.header('Idempotency-Key')
  if (given === undefined) return run()
  if (given.length < 1 || given.length > KEY_CHARS_MAX)
    throw new Refusal(400, `Idempotency-Key has 1 to ${KEY_CHARS_MAX} characters.`)
  const book = stubFor(c.env, 'workspace', member.workspaceId)
  const key = `${member.userId}|${name}|${given}`
  const digest = await sha256(text)
  const known = await book.recall(key, digest)
  if (known === 'conflict') throw new Refusal(422, 'This Idempotency-Key was used with another body.')
  if (known) return known
  const done = await run()
  await book.remember(key, digest, done.status, done.body)
  return done
}

async function sha256(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
