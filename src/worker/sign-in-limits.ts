/**
 * How often a sign-in may be tried. A try is counted before the password is looked at, so that guesses at once count as well, and
 * a right password takes its try back. Strangers cannot lock a person out: an address from which the person has signed in before
 * is not held to the count of the account, only to a count of its own.
 */
import type { Env } from '../actors/env.ts'
import { isLocal } from './env.ts'
import { Refusal } from './problem.ts'

export const WINDOW_MS = 10 * 60_000
/** of one account from one address */
export const PAIR_TRIES_MAX = 10
/** of one account from all addresses that it has never been used from */
export const ACCOUNT_TRIES_MAX = 30
/** of all accounts from one address: an office behind one address still signs in on a Monday */
export const ADDRESS_TRIES_MAX = 60
/** Addresses of a person that are remembered. */
const KNOWN_MAX = 20

const TRY = `INSERT INTO sign_in_tries (key, tries, since) VALUES (?1, 1, ?2)
  ON CONFLICT (key) DO UPDATE SET tries = CASE WHEN since > ?3 THEN tries + 1 ELSE 1 END, since = CASE WHEN since > ?3 THEN since ELSE ?2 END
  RETURNING tries`
const KNOWN = `SELECT 1 FROM known_addresses k JOIN user u ON u.id = k.userId WHERE u.email = ? AND k.address = ?`

export interface SignInTry {
  /** false: wait */
  allowed: boolean
  /** the password was right */
  succeeded(userId: string): Promise<void>
  /** it was no guess: the try does not count */
  takeBack(): Promise<void>
}

export function tooManyTries(): Refusal {
  const wait = { 'Retry-After': String(WINDOW_MS / 1000) }
  return new Refusal(429, 'Too many sign-ins were tried. Wait a few minutes, then try again.', [], wait)
}

/** Counts a try for this e-mail, or whatever else is guessed, from the address of the request. */
export async function countTry(env: Env, guessed: string, headers: Headers, now: number): Promise<SignInTry> {
  const account = guessed.trim().toLowerCase()
  const address = addressOf(env, headers)
  const [who, where] = await Promise.all([hashed(env, account), hashed(env, address ?? 'none')])
  const known = (await env.DB.prepare(KNOWN).bind(account, where).first()) !== null
  const limits: [key: string, most: number][] = [[`pair|${who}|${where}`, PAIR_TRIES_MAX]]
  if (!known) limits.push([`account|${who}`, ACCOUNT_TRIES_MAX])
  if (address !== null) limits.push([`address|${where}`, ADDRESS_TRIES_MAX])
  const counts = await env.DB.batch<{ tries: number }>([
    ...limits.map(([key]) => env.DB.prepare(TRY).bind(key, now, now - WINDOW_MS)),
    env.DB.prepare('DELETE FROM sign_in_tries WHERE since <= ?').bind(now - WINDOW_MS),
  ])
  const allowed = limits.every(([, most], index) => Number(counts[index]?.results[0]?.tries ?? 0) <= most)
  const keys = JSON.stringify(limits.map(([key]) => key))
  const less = env.DB.prepare(
    'UPDATE sign_in_tries SET tries = tries - 1 WHERE key IN (SELECT value FROM json_each(?))',
  ).bind(keys)
  return {
    allowed,
    takeBack: async () => void (await less.run()),
    succeeded: async userId => void (await env.DB.batch([less, ...remembering(env, userId, where, now)])),
  }
}

/** From now on strangers do not lock the person out of the address of this request. */
export async function rememberAddress(env: Env, userId: string, headers: Headers, now: number): Promise<void> {
  await env.DB.batch(remembering(env, userId, await hashed(env, addressOf(env, headers) ?? 'none'), now))
}

function remembering(env: Env, userId: string, where: string, now: number): D1PreparedStatement[] {
  return [
    env.DB.prepare('INSERT OR REPLACE INTO known_addresses (userId, address, at) VALUES (?, ?, ?)').bind(
      userId,
      where,
      now,
    ),
    env.DB.prepare(
      'DELETE FROM known_addresses WHERE userId = ?1 AND address NOT IN (SELECT address FROM known_addresses WHERE userId = ?1 ORDER BY at DESC LIMIT ?2)',
    ).bind(userId, KNOWN_MAX),
  ]
}

/** Only the header that Cloudflare itself sets counts, because a client may write any other. Null: there is none to trust. */
function addressOf(env: Env, headers: Headers): string | null {
  return headers.get('CF-Connecting-IP') ?? (isLocal(env) ? 'this machine' : null)
}

/** Neither e-mails nor addresses are stored. */
async function hashed(env: Env, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${env.SESSION_SECRET ?? ''}|${text}`)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...hash.slice(0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
