/** All URLs that we give to the scripted carrier. Each contains our own ids, so a webhook needs no look-up. */
import { macOf } from '../mac.ts'
import type { ScriptedAccount, StreamName } from '../port.ts'

/** The path in front of every webhook of this carrier. */
export function scriptedBase(workspaceId: string): string {
  return `/carriers/scripted/${workspaceId}`
}

export interface CallUrls {
  /** asked for documents, and told the verdict of detection */
  asks: string
  /** told everything else about the call */
  events: string
}

export function callUrls(account: ScriptedAccount, callId: string, batchId: string | null = null): CallUrls {
  const base = baseOf(account)
  const events = `${base}/calls/${callId}/events`
  return { events, asks: batchId === null ? events : `${base}/batches/${batchId}/calls/${callId}/events` }
}

export function roomUrl(account: ScriptedAccount, room: string): string {
  return `${baseOf(account)}/rooms/${room}/events`
}

/** Told of calls that the carrier brings, of browser phones, and asked for the sound of a hold. */
export function accountUrl(account: ScriptedAccount): string {
  return `${baseOf(account)}/events`
}

export async function mediaUrl(account: ScriptedAccount, callId: string, stream: StreamName): Promise<string> {
  return `${socketBase(baseOf(account))}/media/${callId}/${await streamToken(account, callId, stream)}`
}

/** A token for one connection: it contains the number or name of the stream, and the call knows which comes next. */
export function streamToken({ secret }: ScriptedAccount, callId: string, stream: StreamName): Promise<string> {
  return macOf(secret, `stream ${stream} of ${callId}`)
}

function socketBase(url: string): string {
  return url.replace(/^http/, 'ws')
}

function baseOf({ publicUrl, workspaceId }: ScriptedAccount): string {
  return `${publicUrl}${scriptedBase(workspaceId)}`
}
