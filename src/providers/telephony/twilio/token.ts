/** Makes the browser phone's access token (S4-22, S4-23). Each agent has one identity; the voice profile decides the grants. */
import { nameOfDesk } from '../../../core/ids.ts'
import type { TwilioAccount } from '../port.ts'

export const TOKEN_TTL_S = 3_300

export interface VoiceGrants {
  identity: string
  incoming: boolean
  outgoing: boolean
}

export async function accessToken(account: TwilioAccount, grants: VoiceGrants): Promise<string> {
  // Loaded here, because webhooks need no token and this package imports jsonwebtoken and semver.
  const { default: AccessToken } = await import('twilio/lib/jwt/AccessToken.js')
  const token = new AccessToken(account.accountSid, account.apiKeySid, account.apiKeySecret, {
    identity: grants.identity,
    ttl: TOKEN_TTL_S,
  })
  token.addGrant(
    new AccessToken.VoiceGrant({
      incomingAllow: grants.incoming,
      ...(grants.outgoing ? { outgoingApplicationSid: account.twimlAppSid } : {}),
    }),
  )
  return token.toJwt()
}

/** The name of a desk's phone: letters, digits and underscore, at most 121 (Twilio). */
export function identityOf(deskId: string): string {
  return `agent_${nameOfDesk(deskId)}`
}

/** The part of a desk's id that an identity names; null: this is no browser phone of ours. */
export function deskNameOf(from: string): string | null {
  return /^client:agent_([A-Za-z0-9_]{1,46})$/.exec(from)?.[1] ?? null
}
