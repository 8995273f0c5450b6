/** Which servers the phones of this deployment are told of: Cloudflare's, a list in the settings, or none. */
import { type CloudflareTurnEnv, cloudflareTurn } from './cloudflare-turn.ts'
import type { IceServers } from './port.ts'
import { listIn } from './server-list.ts'

export interface IceEnv extends CloudflareTurnEnv {
  /** JSON as browsers take it: `[{"urls": ["stun:stun.example.com"]}]` */
  ICE_SERVERS?: string
}

/** A vendor that does not answer leaves the list of the settings: a phone without a relay is better than none. */
export async function iceServersOf(env: IceEnv, fetcher: typeof fetch = fetch): Promise<IceServers> {
  const listed = { servers: listIn(env.ICE_SERVERS) ?? [], ttlS: null }
  const vendor = cloudflareTurn(env, fetcher)
  if (vendor === null) return listed
  try {
    return await vendor()
  } catch {
    console.error(JSON.stringify({ message: 'no servers for ICE came from their vendor' }))
    return listed
  }
}
