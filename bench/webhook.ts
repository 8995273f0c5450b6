/** A webhook as Twilio sends it: the form of a call's callback, signed with the account's token. */
import { createHmac } from 'node:crypto'

/** The account of benches and proofs. It is made up, so it is no secret. */
export const TOKEN = createHmac('sha256', 'bench').update('token').digest('hex').slice(0, 32)
export const SID = createHmac('sha256', 'bench').update('account').digest('hex').slice(0, 32)

/** The actors of the shipping Worker: binding → class. */
export const ACTORS = {
  BATCH: 'BatchActor',
  BILLING: 'BillingActor',
  CALL: 'CallActor',
  CAMPAIGN: 'CampaignActor',
  DESK: 'DeskActor',
  IMPORT: 'ImportActor',
  INBOX: 'InboxActor',
  PROFILE: 'ProfileActor',
  QUEUE: 'QueueActor',
  RECORDING: 'RecordingActor',
  REGISTRAR: 'RegistrarActor',
  REHEARSAL: 'RehearsalActor',
  ROOM: 'RoomActor',
  MASK: 'MaskActor',
  STREAM: 'StreamActor',
  SUBSCRIBER: 'SubscriberActor',
  TRUNK: 'TrunkActor',
  WORKSPACE: 'WorkspaceActor',
  LOG: 'LogActor',
}

export function varsOf(url: string, carrier: string): Record<string, string> {
  return {
    TRUNKLINE_WORKSPACE: 'w_bench',
    // The bench runs at any hour.
    CALLING_RULES: 'custom',
    PUBLIC_BASE_URL: url,
    TWILIO_ACCOUNT_SID: `AC${SID}`,
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_API_KEY_SID: `SK${SID}`,
    TWILIO_API_KEY_SECRET: TOKEN,
    TWILIO_API_BASE_URL: carrier,
    TWILIO_CALLS_PER_SECOND: '1000',
  }
}

export function signed(url: string, callSid: string, extra: Record<string, string> = {}): RequestInit {
  const form: Record<string, string> = {
    AccountSid: `AC${SID}`,
    ApiVersion: '2010-04-01',
    CallSid: callSid,
    CallStatus: 'in-progress',
    Called: '+15005550001',
    Caller: '+14155550001',
    Direction: 'outbound-api',
    From: '+14155550001',
    FromCity: 'SAN FRANCISCO',
    FromCountry: 'US',
    FromState: 'CA',
    FromZip: '94105',
    To: '+15005550001',
    ToCity: '',
    ToCountry: 'US',
    ToState: '',
    ToZip: '',
    ...extra,
  }
  const text = Object.keys(form)
    .sort()
    .map(key => `${key}${form[key]}`)
    .join('')
  const signature = createHmac('sha1', TOKEN).update(`${url}${text}`).digest('base64')
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': signature }
  return { method: 'POST', headers, body: new URLSearchParams(form).toString() }
}
