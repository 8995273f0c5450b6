/**
 * The keys of programs, in D1. A key is `tk_`, its id and 32 random characters; only its SHA-256 is stored. A guess has 190 bits
 * against it, so the hash needs no salt and no work factor, and one statement finds the key and counts the request.
 */
import { z } from 'zod'
import type { Env } from '../actors/env.ts'
import { KEYS_MAX, type KeyRow, keyRow, REQUESTS_PER_MINUTE_MAX } from '../wire/api-key.ts'
import { SCOPES, type Scope } from '../wire/scope.ts'
import { randomText, sha256 } from './secret-text.ts'

const MINUTE_MS = 60_000

const ID_CHARS = 10
const SECRET_CHARS = 32
const FORM = /^tk_[A-Za-z0-9]{42}$/

const USE = `UPDATE api_keys SET usedMs = ?3,
    requests = CASE WHEN sinceMs > ?3 - ${MINUTE_MS} THEN requests + 1 ELSE 1 END,
    sinceMs = CASE WHEN sinceMs > ?3 - ${MINUTE_MS} THEN sinceMs ELSE ?3 END
  WHERE keyId = ?1 AND hash = ?2 AND (endsMs IS NULL OR endsMs > ?3)
  RETURNING *, (SELECT name FROM workspace WHERE id = workspaceId) AS workspaceName`
/** The limit is part of the insert, so that requests at once do not pass it together. */
const MAKE = `INSERT INTO api_keys (keyId, workspaceId, name, hash, scopes, addresses, madeBy, madeMs, endsMs, perMinute)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE (SELECT COUNT(*) FROM api_keys WHERE workspaceId = ?2) < ${KEYS_MAX}`

const STORED_LISTS = z.object({ scopes: z.array(z.string()), addresses: keyRow.shape.addresses })

interface Stored {
  keyId: string
  workspaceId: string
  workspaceName: string
  name: string
  scopes: string
  addresses: string
  madeBy: string
  madeMs: number
  endsMs: number | null
  usedMs: number | null
  sinceMs: number
  requests: number
  perMinute: number
}
/** A key in use. `waitMs`: more than null: it has asked too often and may come back after that. */
export interface KeyInUse {
  keyId: string
  name: string
  workspaceId: string
  workspaceName: string
  scopes: Scope[]
  addresses: string[]
  waitMs: number | null
  /** null: it has no end */
  endsMs: number | null
}

/** Null: the workspace has as many keys as it may have. */
export async function makeKey(
  env: Env,
  wanted: Pick<KeyRow, 'name' | 'scopes' | 'addresses' | 'madeBy' | 'endsMs'> & {
    workspaceId: string
    requestsPerMinute?: number
  },
  now: number,
): Promise<(KeyRow & { key: string }) | null> {
  const keyId = randomText(ID_CHARS)
  const key = `tk_${keyId}${randomText(SECRET_CHARS)}`
  const { workspaceId, name, scopes, addresses, madeBy, endsMs, requestsPerMinute = REQUESTS_PER_MINUTE_MAX } = wanted
  const lists = [JSON.stringify(scopes), JSON.stringify(addresses)]
  const made = await env.DB.prepare(MAKE)
    .bind(keyId, workspaceId, name, await sha256(key), ...lists, madeBy, now, endsMs, requestsPerMinute)
    .run()
  if (made.meta.changes === 0) return null
  const row = { keyId, begins: beginsOf(keyId), name, scopes, addresses, requestsPerMinute }
  return { ...row, madeBy, madeMs: now, endsMs, usedMs: null, key }
}

export async function keysOf(env: Env, workspaceId: string): Promise<KeyRow[]> {
  const { results } = await env.DB.prepare('SELECT * FROM api_keys WHERE workspaceId = ? ORDER BY madeMs DESC, keyId')
    .bind(workspaceId)
    .all<Stored>()
  return results.map(({ keyId, name, scopes, addresses, madeBy, madeMs, endsMs, usedMs, perMinute }) => {
    const lists = listsOf({ scopes, addresses })
    const row = { keyId, begins: beginsOf(keyId), name, ...lists, requestsPerMinute: perMinute }
    return { ...row, madeBy, madeMs, endsMs, usedMs }
  })
}

/** False: there is no such key here. */
export async function revokeKey(env: Env, workspaceId: string, keyId: string): Promise<boolean> {
  const done = await env.DB.prepare('DELETE FROM api_keys WHERE workspaceId = ? AND keyId = ?')
    .bind(workspaceId, keyId)
    .run()
  return done.meta.changes > 0
}

/** Finds the key and counts this request. Null: there is no such key, it was revoked, or its time is over. */
export async function useKey(env: Env, key: string, now: number): Promise<KeyInUse | null> {
  if (!FORM.test(key)) return null
  const keyId = key.slice(3, 3 + ID_CHARS)
  const row = await env.DB.prepare(USE)
    .bind(keyId, await sha256(key), now)
    .first<Stored>()
  if (row === null) return null
  const { name, workspaceId, workspaceName, scopes, addresses, requests, perMinute, sinceMs, endsMs } = row
  const waitMs = requests > perMinute ? sinceMs + MINUTE_MS - now : null
  const lists = listsOf({ scopes, addresses })
  return { keyId, name, workspaceId, workspaceName, ...lists, waitMs, endsMs }
}

/** A scope that was taken out of the product opens nothing any more. */
function listsOf(row: { scopes: string; addresses: string }): { scopes: Scope[]; addresses: string[] } {
  const { scopes, addresses } = STORED_LISTS.parse({
    scopes: JSON.parse(row.scopes),
    addresses: JSON.parse(row.addresses),
  })
  return { scopes: SCOPES.filter(scope => scopes.includes(scope)), addresses }
}

function beginsOf(keyId: string): string {
  return `tk_${keyId}`
}
