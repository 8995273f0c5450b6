/** `Idempotency-Key`: a creating POST is done once in 24 hours, and its repeats get the first answer. */
import type { Context } from 'hono'
import type { KeptAnswer, KeyClaim } from '../actors/contracts.ts'
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import type { Caller } from './people.ts'
import { Refusal } from './problem.ts'

const KEY_CHARS_MAX = 128

/** A little longer than the slowest request runs. */
export const WAIT_MS = 13_000
const LOOK_MS = 250

const HEADER = 'Idempotency-Key'
const RETRY = { 'Retry-After': '1' }

/**
 * `name` is the route, `text` the body as it was sent; the same key with another body is refused. The key is claimed before
 * `run`. A refusal (4xx) has done nothing and frees the key; after any other failure nobody knows what was done, so the claim
 * stays until it expires.
 */
export async function onlyOnce(
  c: Context<{ Bindings: Env }>,
  member: Caller,
  name: string,
  text: string,
  run: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const given = c.req.header(HEADER)
  if (given === undefined) return run()
  if (given.length < 1 || given.length > KEY_CHARS_MAX) throw refused(400, `It has 1 to ${KEY_CHARS_MAX} characters.`)
  const book = stubFor(c.env, 'workspace', member.workspaceId)
  const key = `${member.userId}|${name}|${given}`
  const claim = await claimed(() => stubFor(c.env, 'workspace', member.workspaceId), key, await sha256(text))
  switch (claim.is) {
    case 'done':
      return { status: claim.status, body: claim.body }
    case 'conflict':
      throw refused(422, 'It was used with another body.')
    case 'busy':
      throw refused(409, 'The first request with it is still running, or its outcome is not known yet.', RETRY)
    case 'claimed':
      break
  }
  const done = await run().catch(async (error: unknown) => {
    if (error instanceof Refusal && error.status < 500) await book.releaseKey(key, claim.token)
    throw error
  })
  await book.settleKey(key, claim.token, done)
  return done
}

/**
 * Equal requests that come at once get the answer of the one that runs: they wait for it, and only then are told that it has none.
 * A new stub per look, because one that saw a reset keeps failing.
 */
async function claimed(
  book: () => ReturnType<Env['WORKSPACE']['getByName']>,
  key: string,
  digest: string,
): Promise<KeyClaim> {
  const until = Date.now() + WAIT_MS
  let claim = await book().claimKey(key, digest)
  while (claim.is === 'busy' && Date.now() < until) {
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    claim = await book().claimKey(key, digest)
  }
  return claim
}

function refused(status: number, because: string, headers: Record<string, string> = {}): Refusal {
  return new Refusal(status, `${HEADER}: ${because}`, [{ field: HEADER, message: because }], headers)
}

async function sha256(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
