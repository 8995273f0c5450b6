/** Environment → chosen ports; the only place that names vendors. */

import type { Crm } from './crm/port.ts'
import { Salesforce } from './crm/salesforce/salesforce.ts'
import { missingForSalesforce, type SalesforceEnv, salesforceSettings } from './crm/salesforce/settings.ts'
import type { MediaCodec, RelayCodec } from './telephony/media-port.ts'
import type { CarrierAccount, Telephony } from './telephony/port.ts'
import { TwilioClient } from './telephony/twilio/client.ts'
import { twilioRelay } from './telephony/twilio/conversation-relay.ts'
import { twilioMedia } from './telephony/twilio/media-stream.ts'
import { twilioRefusal } from './telephony/twilio/refusals.ts'

export type CrmEnv = SalesforceEnv

export const TWILIO_API = 'https://api.twilio.com'

export interface ProviderEnv extends SalesforceEnv {
  DB: D1Database
  PUBLIC_BASE_URL?: string
  TWILIO_ACCOUNT_SID?: string
  TWILIO_AUTH_TOKEN?: string
  TWILIO_API_KEY_SID?: string
  TWILIO_API_KEY_SECRET?: string
  TWILIO_TWIML_APP_SID?: string
  TWILIO_API_BASE_URL?: string
  TWILIO_CALLS_PER_SECOND?: string
  TRUNKLINE_WORKSPACE?: string
}

/** The carrier account of a workspace; null: it has none. The environment has the account of the first workspace. */
export async function accountOf(env: ProviderEnv, workspaceId: string): Promise<CarrierAccount | null> {
  if (workspaceId !== (env.TRUNKLINE_WORKSPACE ?? 'w_main') || !env.TWILIO_ACCOUNT_SID) return null
  return {
    provider: 'twilio',
    workspaceId,
    accountSid: env.TWILIO_ACCOUNT_SID,
    authToken: env.TWILIO_AUTH_TOKEN ?? '',
    apiKeySid: env.TWILIO_API_KEY_SID ?? '',
    apiKeySecret: env.TWILIO_API_KEY_SECRET ?? '',
    twimlAppSid: env.TWILIO_TWIML_APP_SID ?? '',
    publicUrl: (env.PUBLIC_BASE_URL ?? '').replace(/\/$/, ''),
    apiBaseUrl: env.TWILIO_API_BASE_URL ?? TWILIO_API,
    callsPerSecond: Number(env.TWILIO_CALLS_PER_SECOND ?? '1') || 1,
  }
}

/** Reads and writes the carrier's messages of a stream with sound. */
export const mediaCodec: MediaCodec = twilioMedia
/** Reads and writes the carrier's messages of a stream with words. */
export const relayCodec: RelayCodec = twilioRelay
/** The reason for which the carrier refused a call, by its error code. */
export const carrierRefusal = twilioRefusal

export async function telephonyOf(env: ProviderEnv, workspaceId: string): Promise<Telephony | null> {
  const account = await accountOf(env, workspaceId)
  return account ? new TwilioClient(account) : null
}

/** The CRM of a workspace; null: none is set up. The environment has the CRM of the first workspace. */
export function crmOf(env: ProviderEnv, workspaceId: string): Crm | null {
  if (workspaceId !== (env.TRUNKLINE_WORKSPACE ?? 'w_main') || !env.SALESFORCE_CLIENT_ID) return null
  const settings = salesforceSettings(env)
  return settings ? new Salesforce(settings) : null
}

/** Names of the settings without which there is no CRM; never their values. */
export function missingForCrm(env: ProviderEnv): string[] {
  return missingForSalesforce(env)
}
