/** Makes the browser phone's access token (S4-22, S4-23). Each agent has one identity; the voice profile decides the grants. */
import type { BrowserPhones, PhoneGrants } from '../carrier.ts'
import type { TwilioAccount } from '../port.ts'

export const TOKEN_TTL_S = 3_300

async function accessToken(account: TwilioAccount, grants: PhoneGrants): Promise<string | null> {
  if (account.apiKeySid === '') return null
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

export const twilioPhones: BrowserPhones<TwilioAccount> = { ttlS: TOKEN_TTL_S, token: accessToken }
