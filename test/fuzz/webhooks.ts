/** Inputs of the carrier's webhooks: forms with mistakes in them under a signature that is right, and some under one that is not. */
import { createHmac } from 'node:crypto'
import { SID, TOKEN } from '../../bench/webhook.ts'
import type { Random } from '../simulation/random.ts'
import { mutatedForm, oddPart, oddQuery } from './mutations.ts'
import type { Target } from './target.ts'
import { WORKSPACE } from './world.ts'

const BASE = `/twilio/${WORKSPACE}`
const BATCH = `${WORKSPACE}.c_none.b1`

/** By path, what it reads beside the fields of every webhook. */
const FORMS: Record<string, Record<string, string>> = {
  [`${BASE}/voice`]: { From: 'client:nobody', To: '+14155550140', kind: 'line', agentId: '', callId: '' },
  [`${BASE}/inbound`]: {},
  [`${BASE}/inbound-status`]: { SequenceNumber: '1' },
  [`${BASE}/hold`]: {},
  [`${BASE}/sip/phones`]: {
    ...{ From: 'sip:2000@w-x.sip.twilio.com', To: 'sip:101@w-x.sip.twilio.com', SipDomain: 'w-x.sip.twilio.com' },
    SipUsername: '2000',
  },
  [`${BASE}/sip/:trunkId`]: { From: 'sip:a@b.example', To: 'sip:%2B14155550140@b.example', SipDomain: 'b.example' },
  [`${BASE}/fallback?name=a&number=b&mark=c`]: {},
  [`${BASE}/calls/:callId/answer`]: {},
  [`${BASE}/calls/:callId/answer?step=1`]: { Digits: '1' },
  [`${BASE}/calls/:callId/status`]: { SequenceNumber: '2' },
  [`${BASE}/calls/:callId/recording`]: { RecordingSid: 'RE1', RecordingStatus: 'completed', RecordingDuration: '3' },
  [`${BASE}/calls/:callId/client`]: {},
  [`${BASE}/calls/:callId/onward`]: { CallDuration: '2', To: '+15005550101' },
  [`${BASE}/calls/:callId/dial-action`]: { DialCallStatus: 'completed', DialCallDuration: '2' },
  [`${BASE}/calls/:callId/dialed-on`]: { DialCallStatus: 'busy' },
  [`${BASE}/calls/:callId/summary`]: {},
  [`${BASE}/batches/${BATCH}/legs/${BATCH}.1/answer`]: { AnsweredBy: 'human' },
  [`${BASE}/batches/${BATCH}/legs/${BATCH}.1/amd`]: { AnsweredBy: 'machine_start' },
  [`${BASE}/rooms/${WORKSPACE}.d_nobody.1/conference`]: {
    ...{ ConferenceSid: 'CF1', StatusCallbackEvent: 'participant-join', ParticipantLabel: 'a', SequenceNumber: '1' },
  },
  [`${BASE}/rooms/${WORKSPACE}.cf_nobody/recording`]: {
    ...{ ConferenceSid: 'CF1', RecordingSid: 'RE1', RecordingStatus: 'completed', RecordingDuration: '3' },
  },
  '/twilio/voice': {},
  '/twilio/voice?callId=:callId': {},
  '/twilio/status': {},
  '/api/twilio/voice': { From: 'client:nobody', To: '+14155550140' },
  '/api/twilio/inbound': {},
  '/api/twilio/status': {},
  '/api/twilio/recording': { RecordingSid: 'RE1', RecordingStatus: 'completed' },
  '/api/twilio/status-callback': { SequenceNumber: '1' },
}

export function webhookTargets(url: string, ids: Record<string, string>): Target[] {
  return Object.entries(FORMS).map(([path, fields]) => ({
    name: `WEBHOOK ${path}`,
    namesFields: true,
    lawfulShare: 1,
    make: random => inputOf(url, path, fields, ids, random),
  }))
}

function inputOf(
  url: string,
  name: string,
  extra: Record<string, string>,
  ids: Record<string, string>,
  random: Random,
) {
  const sample = {
    ...{ AccountSid: `AC${SID}`, ApiVersion: '2010-04-01', CallSid: ids.callSid ?? '', CallStatus: 'in-progress' },
    ...{ From: '+14155550140', To: '+14155550010', Direction: 'inbound', FromCountry: 'US' },
    ...extra,
  }
  const oddPath = name.includes(':') && random.chance(0.05)
  const known = name.replaceAll(/:([A-Za-z]+)/g, (_, param: string) =>
    oddPath ? oddPart(random) : (ids[param] ?? param),
  )
  const [path = '', query = ''] = known.split('?')
  const asked = random.chance(0.1) ? oddQuery(Object.fromEntries(new URLSearchParams(query)), random) : query
  const whole = asked === '' ? path : `${path}?${asked}`
  const { text, fields } = mutatedForm(sample, random)
  const headers: Record<string, string> = {
    'Content-Type': random.chance(0.02) ? 'application/json' : 'application/x-www-form-urlencoded',
  }
  if (random.chance(0.97)) headers['X-Twilio-Signature'] = random.chance(0.98) ? signature(url + whole, fields) : 'x'
  return { method: 'POST', path: whole, headers, body: text, as: 'nobody' as const, lawful: true }
}

function signature(url: string, fields: Record<string, string>): string {
  const text = Object.keys(fields)
    .sort()
    .map(key => `${key}${fields[key]}`)
    .join('')
  return createHmac('sha1', TOKEN).update(`${url}${text}`).digest('base64')
}
