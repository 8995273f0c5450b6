/** Reads and checks the settings for Salesforce. */
import { withoutSlash } from '../../http.ts'
import type { CrmCallWord } from '../port.ts'

export interface SalesforceEnv {
  /** consumer key of the external client app */
  SALESFORCE_CLIENT_ID?: string
  /** the user as whom we act */
  SALESFORCE_JWT_SUBJECT?: string
  /** `https://login.salesforce.com` (usual), `https://test.salesforce.com`, or the URL of a site */
  SALESFORCE_JWT_AUDIENCE?: string
  /** a PKCS#8 key in PEM, as text because a Worker has no files */
  SALESFORCE_PRIVATE_KEY?: string
  SALESFORCE_API_VERSION?: string
  /** URL that gives the token, if not the audience: a My Domain, or the look-alike of `packages/phone-network/src` */
  SALESFORCE_LOGIN_URL?: string
  /** `no-answer=Not Answered,busy=Not Answered`; call results that are not named keep their default status */
  SALESFORCE_TASK_STATUS_MAP?: string
}

export interface SalesforceSettings {
  clientId: string
  subject: string
  audience: string
  privateKey: string
  apiVersion: string
  loginUrl: string
  statusOf: Record<CrmCallWord, string>
}

const PRODUCTION = 'https://login.salesforce.com'
const SANDBOX = 'https://test.salesforce.com'
const NOT_ANSWERED = 'Not Answered'
const NEEDED = ['SALESFORCE_CLIENT_ID', 'SALESFORCE_JWT_SUBJECT', 'SALESFORCE_PRIVATE_KEY'] as const

/** Names of the settings that are missing or wrong; never their values. Empty: the settings are complete. */
export function missingForSalesforce(env: SalesforceEnv): string[] {
  const missing: string[] = NEEDED.filter(name => !env[name]?.trim())
  if (!isUrl(audienceOf(env))) missing.push('SALESFORCE_JWT_AUDIENCE')
  if (!isUrl(loginOf(env)) || !match(audienceOf(env), loginOf(env))) missing.push('SALESFORCE_LOGIN_URL')
  if (!/^v\d{2,3}\.0$/.test(versionOf(env))) missing.push('SALESFORCE_API_VERSION')
  if (statusMap(env.SALESFORCE_TASK_STATUS_MAP) === null) missing.push('SALESFORCE_TASK_STATUS_MAP')
  return missing
}

/** Null: settings are missing or wrong. */
export function salesforceSettings(env: SalesforceEnv): SalesforceSettings | null {
  const statusOf = statusMap(env.SALESFORCE_TASK_STATUS_MAP)
  if (statusOf === null || missingForSalesforce(env).length > 0) return null
  return {
    clientId: env.SALESFORCE_CLIENT_ID?.trim() ?? '',
    subject: env.SALESFORCE_JWT_SUBJECT?.trim() ?? '',
    audience: audienceOf(env),
    privateKey: env.SALESFORCE_PRIVATE_KEY ?? '',
    apiVersion: versionOf(env),
    loginUrl: loginOf(env),
    statusOf,
  }
}

function audienceOf(env: SalesforceEnv): string {
  return withoutSlash(env.SALESFORCE_JWT_AUDIENCE?.trim() || PRODUCTION)
}

function loginOf(env: SalesforceEnv): string {
  return withoutSlash(env.SALESFORCE_LOGIN_URL?.trim() || audienceOf(env))
}

function versionOf(env: SalesforceEnv): string {
  return env.SALESFORCE_API_VERSION?.trim() || 'v58.0'
}

/** A URL without TLS is allowed only for this machine, because a token is sent there. */
function isUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname))
}

/**
 * The login URL must accept the audience: login.salesforce.com refuses an assertion for test.salesforce.com ("audience is
 * invalid"). The My Domain of an org accepts its environment's audience as well as its own.
 */
function match(audience: string, login: string): boolean {
  if (audience === login) return true
  const { hostname } = new URL(login)
  if (login === PRODUCTION || login === SANDBOX) return false
  if (!hostname.endsWith('.salesforce.com')) return true
  return audience === (hostname.endsWith('.sandbox.my.salesforce.com') ? SANDBOX : PRODUCTION)
}

/** Null: the text names an unknown call result, or a pair has no status. */
function statusMap(text: string | undefined): Record<CrmCallWord, string> | null {
  const statuses: Record<CrmCallWord, string> = {
    completed: 'Completed',
    'completed-remote': '',
    'no-answer': NOT_ANSWERED,
    busy: NOT_ANSWERED,
    failed: NOT_ANSWERED,
    canceled: NOT_ANSWERED,
  }
  for (const pair of (text ?? '').split(',').filter(one => one.trim() !== '')) {
    const [word = '', status = ''] = pair.split('=').map(part => part.trim())
    if (!Object.hasOwn(statuses, word) || status === '') return null
    statuses[word as CrmCallWord] = status
  }
  // Both ends of a completed call have the same status, unless the org's map names one for `completed-remote`.
  return { ...statuses, 'completed-remote': statuses['completed-remote'] || statuses.completed }
}
