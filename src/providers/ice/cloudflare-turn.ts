/** Cloudflare's TURN servers, with credentials for a day (https://developers.cloudflare.com/realtime/turn/generate-credentials). */
import { ProviderFailure } from '../failure.ts'
import { post } from '../http.ts'
import type { AskIceServers } from './port.ts'
import { readServers } from './server-list.ts'

export interface CloudflareTurnEnv {
  CLOUDFLARE_TURN_KEY_ID?: string
  CLOUDFLARE_TURN_API_TOKEN?: string
  CLOUDFLARE_TURN_BASE_URL?: string
}

const PROVIDER = 'cloudflare-turn'
const BASE_URL = 'https://rtc.live.cloudflare.com'
const TTL_S = 86_400
const PATIENCE_MS = 3_000

/** Null: it is not set up. */
export function cloudflareTurn(env: CloudflareTurnEnv, fetcher: typeof fetch): AskIceServers | null {
  const { CLOUDFLARE_TURN_KEY_ID: key, CLOUDFLARE_TURN_API_TOKEN: token } = env
  if (!key || !token) return null
  const base = (env.CLOUDFLARE_TURN_BASE_URL || BASE_URL).replace(/\/$/, '')
  return async () => {
    const url = `${base}/v1/turn/keys/${encodeURIComponent(key.toWellFormed())}/credentials/generate-ice-servers`
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const request = { url, headers, body: JSON.stringify({ ttl: TTL_S }) }
    const answer = await post(PROVIDER, request, AbortSignal.timeout(PATIENCE_MS), fetcher)
    const body = (await answer?.json().catch(() => null)) as { iceServers?: unknown } | null
    const servers = readServers(body?.iceServers)
    if (servers === null) throw new ProviderFailure(PROVIDER, 'unavailable', 'an answer without servers')
    return { servers, ttlS: TTL_S }
  }
}
