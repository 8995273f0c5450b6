/** Environment → chosen ports; the only place that names vendors. */

import { isMadeWorkspace } from '../core/ids.ts'
import type { Crm } from './crm/port.ts'
import { Salesforce } from './crm/salesforce/salesforce.ts'
import { missingForSalesforce, type SalesforceEnv, salesforceSettings } from './crm/salesforce/settings.ts'
import type { FileStorage } from './storage/port.ts'
import { R2Storage } from './storage/r2/r2.ts'
import type { Carrier } from './telephony/carrier.ts'
import type { CarrierAccount, Telephony } from './telephony/port.ts'
import { scriptedCarrier } from './telephony/scripted/carrier.ts'
import type { ScriptedEnv } from './telephony/scripted/settings.ts'
import { twilioCarrier } from './telephony/twilio/carrier.ts'
import type { TwilioEnv } from './telephony/twilio/settings.ts'

export type CrmEnv = SalesforceEnv
/** The settings of every carrier. */
export interface CarrierEnv extends TwilioEnv, ScriptedEnv {}

export interface ProviderEnv extends SalesforceEnv, CarrierEnv {
  DB: D1Database
  PUBLIC_BASE_URL?: string
  TRUNKLINE_WORKSPACE?: string
}

type Provider = CarrierAccount['provider']
type AccountAt<P extends Provider> = Extract<CarrierAccount, { provider: P }>

/** One row per carrier. The first one whose settings are there has the workspace. */
const CARRIERS: { [P in Provider]: Carrier<AccountAt<P>, CarrierEnv> } = {
  twilio: twilioCarrier,
  scripted: scriptedCarrier,
}

/** The row of an account's carrier. The cast says what the table's type guarantees: a row takes the accounts of its provider. */
export function carrierOf<A extends CarrierAccount>(account: A): Carrier<A, CarrierEnv> {
  return CARRIERS[account.provider] as unknown as Carrier<A, CarrierEnv>
}

/** The carrier account of a workspace; null: it has none. Workspaces that were made in the product have that of the environment, as the first one does. */
export async function accountOf(env: ProviderEnv, workspaceId: string): Promise<CarrierAccount | null> {
  const home = workspaceId === (env.TRUNKLINE_WORKSPACE ?? 'w_main') || isMadeWorkspace(workspaceId)
  const publicUrl = (env.PUBLIC_BASE_URL ?? '').replace(/\/$/, '')
  for (const carrier of Object.values(CARRIERS)) {
    const account = carrier.accountOf(env, { workspaceId, publicUrl, home })
    if (account !== null) return account
  }
  return null
}

export async function telephonyOf(env: ProviderEnv, workspaceId: string): Promise<Telephony | null> {
  const account = await accountOf(env, workspaceId)
  return account ? carrierOf(account).telephony(account) : null
}

/** Names of the settings without which the first workspace has no carrier. */
export async function missingForCarrier(env: ProviderEnv): Promise<string[]> {
  const account = await accountOf(env, env.TRUNKLINE_WORKSPACE ?? 'w_main')
  return (account ? carrierOf(account) : CARRIERS.twilio).missing(env)
}

/** The CRM of a workspace; null: none is set up. The environment has the CRM of the first workspace. */
export function crmOf(env: ProviderEnv, workspaceId: string): Crm | null {
  if (workspaceId !== (env.TRUNKLINE_WORKSPACE ?? 'w_main') || !env.SALESFORCE_CLIENT_ID) return null
  const settings = salesforceSettings(env)
  return settings ? new Salesforce(settings) : null
}

export interface StorageEnv {
  /** the bucket for old months of the log; absent: they stay in their objects */
  ARCHIVE?: R2Bucket
}

/** Where files are kept; null: the deployment has no bucket. */
export function storageOf(env: StorageEnv): FileStorage | null {
  return env.ARCHIVE ? new R2Storage(env.ARCHIVE) : null
}

/** Names of the settings without which there is no CRM; never their values. */
export function missingForCrm(env: ProviderEnv): string[] {
  return missingForSalesforce(env)
}
