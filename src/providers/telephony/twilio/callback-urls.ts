/** All URLs that we give to Twilio. Each contains our own ids, so a callback needs no look-up. */
import type { Seller } from '../../../core/instruction/instruction.ts'
import { lawfulText } from '../../../core/instruction/lawful-text.ts'
import { macOf } from '../mac.ts'
import type { StreamName, TwilioAccount } from '../port.ts'

/**
 * Overrides for Twilio's request: a limit of 4 s, one retry after a failure, then the fallback.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const PATIENCE = '#rt=4000&rc=1&rp=5xx,ct,rt'

/** The callbacks of one call. */
export interface CallUrls {
  answer: string
  status: string
  amd: string
  recording: string
  /** hears each sentence of a transcript */
  transcription: string
  /** requested when a party that the call was connected to has left, or has not answered */
  dialEnded: string
  /** receives the status of the browser phone that is being rung */
  clientStatus: string
  /** told of the answer and the end of a number that the carrier has dialled for the call */
  onward: string
  /** spoken to the agent who takes the call over */
  summary: string
}

export function callUrls(account: TwilioAccount, callId: string, batchId: string | null = null): CallUrls {
  const base = baseOf(account)
  const call = `${base}/calls/${callId}`
  const leg = batchId === null ? call : `${base}/batches/${batchId}/legs/${callId}`
  return {
    answer: `${leg}/answer`,
    amd: `${leg}/amd`,
    status: `${call}/status`,
    recording: `${call}/recording`,
    transcription: `${call}/transcription`,
    dialEnded: `${call}/dial-action`,
    clientStatus: `${call}/client`,
    onward: `${call}/onward`,
    summary: `${call}/summary`,
  }
}

/** The callback of a recording that we have named. */
export function namedRecordingUrl(account: TwilioAccount, callId: string, recordingId: string): string {
  return `${callUrls(account, callId).recording}?${RECORDING_NAME}=${recordingId}`
}
export const RECORDING_NAME = 'recording'

/** Adds Twilio's time limit and retry to the answer URL of a create. */
export function patient(url: string): string {
  return `${url}${PATIENCE}`
}

export function conferenceUrl(account: TwilioAccount, room: string): string {
  return `${baseOf(account)}/rooms/${room}/conference`
}

/** The callback of the recording of a whole conference. */
export function roomRecordingUrl(account: TwilioAccount, room: string): string {
  return `${baseOf(account)}/rooms/${room}/recording`
}

/** What phones and exchanges hear that call one of the workspace's SIP domains, and where such a call is told of. */
export function sipUrls(account: TwilioAccount, door: string): { voiceUrl: string; statusUrl: string } {
  return { voiceUrl: `${baseOf(account)}/sip/${door}`, statusUrl: `${baseOf(account)}/inbound-status` }
}

export function holdUrl(account: TwilioAccount): string {
  return `${baseOf(account)}/hold`
}

/** Where Twilio connects a call's sound; always `wss` (Twilio knows no other scheme, error 31922). */
export async function mediaUrl(account: TwilioAccount, callId: string, stream: StreamName): Promise<string> {
  const token = await streamToken(account, callId, stream)
  return `${socketBase(baseOf(account))}/media/${callId}/${token}`
}

/** Makes a token for one connection: it contains the number or name of the stream, and the call knows which comes next. */
export function streamToken(
  account: Pick<TwilioAccount, 'authToken'>,
  callId: string,
  stream: StreamName,
): Promise<string> {
  return macOf(account.authToken, `media|${callId}|${stream}`)
}

/** The fallback answers without any actor, so its query contains the words to say and a mark that proves that we made it. */
export async function fallbackUrl(account: TwilioAccount, seller: Seller): Promise<string> {
  const query = new URLSearchParams({ name: lawfulText(seller.name.slice(0, 80)), number: seller.number })
  query.set('mark', await fallbackMark(account, query.get('name') ?? '', seller.number))
  return `${baseOf(account)}/fallback?${query.toString()}`
}

export function fallbackMark(account: TwilioAccount, name: string, number: string): Promise<string> {
  return macOf(account.authToken, `fallback|${name}|${number}`)
}

/** The base of an account's sockets. */
export function socketBase(publicUrl: string): string {
  return publicUrl.replace(/^https?:/, 'wss:')
}

function baseOf(account: TwilioAccount): string {
  return `${account.publicUrl}/twilio/${account.workspaceId}`
}
