/** The settings of a Twilio account in the environment; their names only, never their values, are shown. */
import type { AccountPlace } from '../carrier.ts'
import type { TwilioAccount } from '../port.ts'

export const TWILIO_API = 'https://api.twilio.com'

export interface TwilioEnv {
  TWILIO_ACCOUNT_SID?: string
  TWILIO_AUTH_TOKEN?: string
  TWILIO_API_KEY_SID?: string
  TWILIO_API_KEY_SECRET?: string
  TWILIO_TWIML_APP_SID?: string
  TWILIO_API_BASE_URL?: string
  TWILIO_CALLS_PER_SECOND?: string
}

const REQUIRED: Partial<Record<keyof TwilioEnv, RegExp>> = {
  TWILIO_ACCOUNT_SID: /^AC[0-9a-f]{32}$/i,
  TWILIO_AUTH_TOKEN: /^.{16,}$/,
  TWILIO_API_KEY_SID: /^SK[0-9a-f]{32}$/i,
  TWILIO_API_KEY_SECRET: /^.{16,}$/,
  TWILIO_TWIML_APP_SID: /^AP[0-9a-f]{32}$/i,
}

/** Names of the settings that are missing or unreadable. */
export function missingForTwilio(env: TwilioEnv): string[] {
  return Object.entries(REQUIRED).flatMap(([name, pattern]) =>
    pattern.test(env[name as keyof TwilioEnv] ?? '') ? [] : [name],
  )
}

/** The environment has the account of the installation's workspaces. */
export function twilioAccount(env: TwilioEnv, { workspaceId, publicUrl, home }: AccountPlace): TwilioAccount | null {
  if (!home || !env.TWILIO_ACCOUNT_SID) return null
  return {
    provider: 'twilio',
    workspaceId,
    accountSid: env.TWILIO_ACCOUNT_SID,
    authToken: env.TWILIO_AUTH_TOKEN ?? '',
    apiKeySid: env.TWILIO_API_KEY_SID ?? '',
    apiKeySecret: env.TWILIO_API_KEY_SECRET ?? '',
    twimlAppSid: env.TWILIO_TWIML_APP_SID ?? '',
    publicUrl,
    apiBaseUrl: env.TWILIO_API_BASE_URL ?? TWILIO_API,
    callsPerSecond: Number(env.TWILIO_CALLS_PER_SECOND ?? '1') || 1,
  }
}
