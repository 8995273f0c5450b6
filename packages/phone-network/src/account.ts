import { createHash } from 'node:crypto'

/** The pretend account's credentials follow from the seed: the same seed, the same account, and no secret in the source. */

export interface AccountCredentials {
  accountSid: string
  authToken: string
  apiKeySid: string
  apiKeySecret: string
  twimlAppSid: string
}

export function credentialsOf(seed: number): AccountCredentials {
  const derive = (what: string): string =>
    createHash('sha256').update(`phone network/${seed}/${what}`).digest('hex').slice(0, 32)
  return {
    accountSid: `AC${derive('account')}`,
    authToken: derive('auth token'),
    apiKeySid: `SK${derive('api key')}`,
    apiKeySecret: derive('api key secret'),
    twimlAppSid: `AP${derive('twiml app')}`,
  }
}
