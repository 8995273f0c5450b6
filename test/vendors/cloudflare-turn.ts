/** Cloudflare's credentials of TURN as its page describes them. */
import { Refused, startVendor, type VendorServer, wantHeader, wantJson } from './vendor-server.ts'

export const TURN_KEY = 'f00dfeed0123456789abcdef01234567'

export function startCloudflareTurn({ token = 'test-token' } = {}): Promise<VendorServer> {
  return startVendor({
    name: 'cloudflare-turn',
    error: (_status, message) => ({ error: message }),
    answer: async (seen, response) => {
      if (seen.method !== 'POST' || seen.path !== `/v1/turn/keys/${TURN_KEY}/credentials/generate-ice-servers`)
        throw new Refused(404, `nothing at ${seen.method} ${seen.path}`)
      wantHeader(seen, 'authorization', `Bearer ${token}`, 401)
      const { ttl } = wantJson(seen, ['ttl'])
      if (!Number.isInteger(ttl) || Number(ttl) < 1 || Number(ttl) > 172_800) throw new Refused(400, 'ttl')
      const urls = ['turn:turn.cloudflare.com:3478?transport=udp', 'turns:turn.cloudflare.com:5349?transport=tcp']
      const iceServers = [
        { urls: ['stun:stun.cloudflare.com:3478'] },
        { urls, username: `u${ttl}`, credential: `c${ttl}` },
      ]
      response.writeHead(201, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ iceServers }))
    },
  })
}
