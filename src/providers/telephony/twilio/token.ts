/** The browser phone's access token (S4-22, S4-23). One identity per agent; grants follow the voice profile. */
import type { CarrierAccount } from '../port.ts'

export const TOKEN_TTL_S = 3_300

export interface VoiceGrants {
  identity: string
  incoming: boolean
  outgoing: boolean
}

export async function accessToken(account: CarrierAccount, grants: VoiceGrants): Promise<string> {
  // A webhook needs no token, and this package brings jsonwebtoken and semver with it.
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

/** Letters, digits and underscore, at most 121 (Twilio). */
export function identityOf(userId: string): string {
  return `agent_${userId.replace(/[^A-Za-z0-9]/g, '_')}`.slice(0, 121)
}
