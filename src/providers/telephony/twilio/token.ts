/** The browser phone's access token (S4-22, S4-23). One identity per agent; grants follow the voice profile. */
import AccessToken from 'twilio/lib/jwt/AccessToken.js'
import type { CarrierAccount } from '../port.ts'

export const TOKEN_TTL_S = 3_300

export interface VoiceGrants {
  identity: string
  incoming: boolean
  outgoing: boolean
}

export function accessToken(account: CarrierAccount, grants: VoiceGrants): string {
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
