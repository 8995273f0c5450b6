/** Every URL that we hand to the carrier; each carries our own ids (design §4.1). */
import type { CarrierAccount } from '../providers/telephony/port.ts'

/** Twilio's own overrides: give up after 4 s, once more on a failure, then the fallback (twilio-protocol.md b). */
const PATIENCE = '#rt=4000&rc=1&rp=5xx,ct,rt'

export interface CallUrls {
  answerUrl: string
  statusUrl: string
  amdUrl: string
  recordingUrl: string
  fallbackUrl: string
}

export function callUrls(
  account: CarrierAccount,
  callId: string,
  batchId: string | null,
  fallbackQuery: string,
): CallUrls {
  const base = `${account.publicUrl}/twilio/${account.workspaceId}`
  const leg = batchId === null ? `${base}/calls/${callId}` : `${base}/batches/${batchId}/legs/${callId}`
  return {
    answerUrl: `${leg}/answer${PATIENCE}`,
    amdUrl: `${leg}/amd`,
    statusUrl: `${base}/calls/${callId}/status`,
    recordingUrl: `${base}/calls/${callId}/recording`,
    fallbackUrl: `${base}/fallback?${fallbackQuery}`,
  }
}

export function conferenceUrl(account: CarrierAccount, room: string): string {
  return `${account.publicUrl}/twilio/${account.workspaceId}/rooms/${room}/conference`
}

export function holdUrl(account: CarrierAccount): string {
  return `${account.publicUrl}/twilio/${account.workspaceId}/hold`
}

/** What the agent hears about a call that is handed over. */
export function summaryUrl(account: CarrierAccount, callId: string): string {
  return `${account.publicUrl}/twilio/${account.workspaceId}/calls/${callId}/summary`
}

/** Where the carrier connects a call's sound; always `wss` (Twilio knows no other scheme, error 31922). */
export function mediaUrl(account: CarrierAccount, callId: string, token: string): string {
  const base = account.publicUrl.replace(/^https?:/, 'wss:')
  return `${base}/twilio/${account.workspaceId}/media/${callId}/${token}`
}

/** Lets one connection in, once: the number of the line is in it, and the call knows which number is next. */
export async function mediaToken(secret: string, callId: string, stream: number): Promise<string> {
  return macOf(secret, `media|${callId}|${stream}`)
}

/** The fallback answers without any actor: what it says stands in its query, with a mark that it came from us. */
export async function fallbackQuery(
  account: CarrierAccount,
  seller: { name: string; number: string },
): Promise<string> {
  const query = new URLSearchParams({ name: seller.name.slice(0, 80), number: seller.number })
  query.set('mark', await markOf(account.authToken, query.get('name') ?? '', seller.number))
  return query.toString()
}

export async function markOf(secret: string, name: string, number: string): Promise<string> {
  return macOf(secret, `fallback|${name}|${number}`)
}

async function macOf(secret: string, text: string): Promise<string> {
  const raw = new TextEncoder().encode(secret || 'none')
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)))
  return [...mac.subarray(0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
