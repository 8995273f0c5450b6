/** Twilio's webhooks: which path says what, and its form in our words. Every path carries our own ids. */
import type { DialEnd, ProviderStatus } from '../../../core/call/state.ts'
import { isRecordingOf, parseId } from '../../../core/ids.ts'
import { deskNameOfCaller, workspaceOfCaller } from '../../../core/phone-names.ts'
import type { TwilioAccount } from '../port.ts'
import { sipUser } from '../sip-user.ts'
import type { CarrierDoor, CarrierEvent, PhoneWish, RoomReport, Webhook } from '../webhook-port.ts'
import { RECORDING_NAME, socketBase } from './callback-urls.ts'
import { documentFor } from './instructions.ts'
import { participantOf } from './participant-label.ts'
import { isSigned } from './signature.ts'
import { isRemoteEnd, MESSAGE_SOURCE, statusOf, verdictOf } from './statuses.ts'
import { callerIn, FORM_TYPE, type Form, need, needId, signedForm } from './webhook-form.ts'

type CarrierEventOf<K extends CarrierEvent['kind']> = Extract<CarrierEvent, { kind: K }>

const XML_TYPE = 'text/xml; charset=utf-8'

export const twilioDoor: CarrierDoor<TwilioAccount> = {
  contentType: FORM_TYPE,
  async open(account, webhook) {
    const query = webhook.pathAndQuery.indexOf('?')
    const said = new URLSearchParams(query < 0 ? '' : webhook.pathAndQuery.slice(query))
    const form = await signedForm(account, webhook)
    const event = eventOf(webhook.path, form, account.workspaceId, said.get('step'))
    return event?.kind === 'recording-reported' ? named(event, said.get(RECORDING_NAME)) : event
  },
  async isSignedUpgrade(account, pathname, header) {
    // The upgrade is signed over the `wss` URL, without parameters.
    const atSocket = { ...account, publicUrl: socketBase(account.publicUrl) }
    return isSigned(atSocket, pathname, {}, header('X-Twilio-Signature'))
  },
  async document(account, callId, instructions) {
    return { contentType: XML_TYPE, body: await documentFor(account, callId, instructions) }
  },
}

/** The query of our own address has the name that we have given to the recording. */
function named(event: Extract<CarrierEvent, { kind: 'recording-reported' }>, name: string | null): CarrierEvent {
  return name !== null && isRecordingOf(name, event.callId) ? { ...event, named: name } : event
}

/** Null: there is no such path, or an id of it is of another kind or workspace. */
function eventOf(path: Webhook['path'], form: Form, workspaceId: string, step: string | null): CarrierEvent | null {
  const [, of = '', id = '', word = '', legId = '', legWord = '', ...more] = path.split('/')
  if (more.length > 0) return null
  if (of === 'calls' && legId === '') {
    const callId = parseId('call', id, workspaceId)
    if (callId !== null && word === 'answer' && step !== null) return digitsKeyed(form, callId, step)
    return callId === null ? null : ofCall(word, form, callId)
  }
  if (of === 'batches' && word === 'legs') {
    const [batchId, callId] = [parseId('batch', id, workspaceId), parseId('call', legId, workspaceId)]
    if (batchId === null || callId === null) return null
    return legWord === 'answer' && step !== null
      ? digitsKeyed(form, callId, step)
      : ofLeg(legWord, form, batchId, callId)
  }
  if (of === 'rooms' && legId === '') {
    const room = parseId('room', id, workspaceId)
    return room === null ? null : ofRoom(word, form, room)
  }
  if (of === 'sip' && word === '' && legId === '') return DOOR.test(id) ? sipDials(form, id) : null
  return id === '' ? ofAccount(of, form) : null
}

function ofRoom(word: string, form: Form, room: string): CarrierEvent | null {
  if (word === 'conference') return roomReported(form, room)
  if (word !== 'recording') return null
  const { recordingId, status, seconds } = recorded(form)
  return {
    kind: 'room-recording-reported',
    room,
    recordingId,
    conferenceId: needId(form, 'ConferenceSid'),
    status,
    seconds,
  }
}

/** A domain of ours: that of the phones, or a trunk's. */
const DOOR = /^[a-z0-9_]{1,40}$/

/** https://www.twilio.com/docs/voice/api/receiving-sip : a caller who is let in by address has no user name. */
function sipDials(form: Form, door: string): CarrierEvent {
  const providerId = needId(form, 'CallSid')
  const [dialled, domainName] = [sipUser(need(form, 'To')), need(form, 'SipDomain')]
  return {
    kind: 'sip-dials',
    providerId,
    door,
    domainName,
    user: form.SipUsername || null,
    from: sipUser(callerIn(form)),
    dialled,
  }
}

function ofLeg(word: string, form: Form, batchId: string, callId: string): CarrierEvent | null {
  if (word === 'answer') {
    const verdict = form.AnsweredBy === undefined ? null : verdictOf(form.AnsweredBy)
    return { kind: 'leg-asks', batchId, callId, providerId: needId(form, 'CallSid'), verdict }
  }
  if (word !== 'amd') return null
  const verdict = verdictOf(need(form, 'AnsweredBy'))
  return { kind: 'leg-judged', batchId, callId, verdict, id: `amd:${needId(form, 'CallSid')}` }
}

function ofCall(word: string, form: Form, callId: string): CarrierEvent | null {
  switch (word) {
    case 'answer':
      return callAsks(form, callId)
    case 'status':
      return callReported(form, callId)
    case 'recording':
      return recordingReported(form, callId)
    case 'transcription':
      return transcribed(form, callId)
    case 'client':
      return need(form, 'CallStatus') === 'in-progress' ? { kind: 'phone-answered', callId } : { kind: 'other' }
    case 'onward':
      return onwardTold(form, callId)
    case 'dial-action':
    // Documents of release 0.1.0 name this address for the same event.
    case 'dialed-on':
      return { kind: 'dial-ended', callId, providerId: needId(form, 'CallSid'), end: dialEnd(form) }
    case 'summary':
      return { kind: 'summary-asked', callId }
    default:
      return null
  }
}

function ofAccount(word: string, form: Form): CarrierEvent | null {
  switch (word) {
    case 'voice':
      return phoneDials(form)
    case 'inbound':
      return callBrought(form)
    case 'inbound-status':
      return callReported(form, null)
    case 'hold':
      return { kind: 'hold-asked' }
    default:
      return null
  }
}

/** https://www.twilio.com/docs/voice/twiml/number#attributes-status-callback : the leg's own id, and the seconds from its answer. */
function onwardTold(form: Form, callId: string): CarrierEvent {
  const [providerId, word] = [needId(form, 'CallSid'), need(form, 'CallStatus')]
  if (word === 'in-progress') return { kind: 'onward-answered', callId, providerId }
  const { lastedMs: talkedMs = 0 } = lasted(form, statusOf(word) ?? 'failed')
  return { kind: 'onward-ended', callId, providerId, number: need(form, 'To'), talkedMs }
}

/** `answered` is Twilio's word for a party that the call was connected to and that hung up; a word that we do not know reached nobody. */
function dialEnd(form: Form): DialEnd {
  const word = need(form, 'DialCallStatus')
  const status = word === 'answered' ? 'completed' : DIAL_STATUSES.find(one => one === word)
  const seconds = Number(form.DialCallDuration ?? Number.NaN)
  return { status: status ?? 'failed', talkedMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null }
}

const DIAL_STATUSES = ['completed', 'busy', 'no-answer', 'failed', 'canceled'] as const

/** The carrier asks when a person answers, when a stream of the AI agent is over, and whenever we redirect the call. */
export function callAsks(form: Form, callId: string): CarrierEvent {
  return { kind: 'call-asks', callId, providerId: needId(form, 'CallSid') }
}

/** The answer to a `<Gather>`: its action has the token of the step. */
function digitsKeyed(form: Form, callId: string, token: string): CarrierEvent {
  const number = form.Direction === 'inbound' ? callerIn(form) : need(form, 'To')
  const recordedMs = Math.max(0, Number(form.RecordingDuration ?? 0) * 1_000) || 0
  return { kind: 'digits-keyed', callId, token, digits: form.Digits ?? '', number, recordedMs }
}

export function callReported(form: Form, callId: string | null): CarrierEvent {
  const [providerId, word] = [needId(form, 'CallSid'), need(form, 'CallStatus')]
  const status = statusOf(word)
  if (status === null) return { kind: 'odd-status', callId, providerId }
  const id = `status:${providerId}:${form.SequenceNumber ?? '-'}:${word}`
  return {
    kind: 'call-reported',
    callId,
    providerId,
    status,
    remote: isRemoteEnd(word),
    id,
    ...placedBy(form, callId),
    ...lasted(form, status),
  }
}

/** Who has placed a call: a browser phone of ours, a SIP phone, or somebody whom the carrier has brought to a number of ours. */
function placedBy({ From = '', To }: Form, callId: string | null): Partial<CarrierEventOf<'call-reported'>> {
  const fromPhone = deskNameOfCaller(From)
  if (fromPhone !== null) return { fromPhone, ...phoneOf(From) }
  if (/^sips?:/i.test(From)) return { fromSip: true }
  return callId === null && To !== undefined ? { to: To } : {}
}

/** The workspace in the name of a browser phone, if it has one. */
function phoneOf(from: string): { workspaceId?: string } {
  const workspaceId = workspaceOfCaller(from)
  return workspaceId === null ? {} : { workspaceId }
}

function lasted({ CallDuration }: Form, status: ProviderStatus): { lastedMs?: number } {
  return status === 'completed' && /^\d{1,6}$/.test(CallDuration ?? '')
    ? { lastedMs: Number(CallDuration) * 1_000 }
    : {}
}

export function recordingReported(form: Form, callId: string): CarrierEvent {
  const message = form.RecordingSource === MESSAGE_SOURCE ? { message: true as const } : {}
  return { kind: 'recording-reported', callId, ...recorded(form), ...message }
}

function recorded(form: Form): { recordingId: string; status: string; seconds: number | null } {
  const seconds = form.RecordingDuration === undefined ? null : Number(form.RecordingDuration)
  return { recordingId: needId(form, 'RecordingSid'), status: need(form, 'RecordingStatus'), seconds }
}

const TRANSCRIPT_WORDS: Record<string, 'progressing' | 'done' | 'failed'> = {
  'transcription-started': 'progressing',
  'transcription-stopped': 'done',
  'transcription-error': 'failed',
}

/** https://www.twilio.com/docs/voice/twiml/transcription : the text is in a JSON document of its own. */
function transcribed(form: Form, callId: string): CarrierEvent {
  const id = `transcription:${needId(form, 'TranscriptionSid')}:${form.SequenceNumber ?? '-'}`
  const word = need(form, 'TranscriptionEvent')
  const status = TRANSCRIPT_WORDS[word]
  if (status !== undefined) return { kind: 'transcribed', callId, id, said: { is: 'moved', status } }
  if (word !== 'transcription-content' || form.Final === 'false') return { kind: 'other' }
  const side = need(form, 'Track') === 'outbound_track' ? 'out' : 'in'
  const text = transcriptIn(need(form, 'TranscriptionData'))
  return text === '' ? { kind: 'other' } : { kind: 'transcribed', callId, id, said: { is: 'sentence', side, text } }
}

function transcriptIn(json: string): string {
  try {
    const { transcript } = JSON.parse(json) as { transcript?: unknown }
    return typeof transcript === 'string' ? transcript.trim() : ''
  } catch {
    return ''
  }
}

export function callBrought(form: Form): CarrierEvent {
  return {
    kind: 'call-brought',
    providerId: needId(form, 'CallSid'),
    from: callerIn(form),
    to: need(form, 'To'),
  }
}

/** The TwiML App of the browser phones: `kind=line` opens the agent's line, `kind=ai` tries an agent, `kind=supervision` listens in, else `To` is called (S4-6): a number, or the phone of a colleague (`client:agent_…`). */
export function phoneDials(form: Form): CarrierEvent {
  const from = need(form, 'From')
  const deskName = deskNameOfCaller(from)
  return { kind: 'phone-dials', providerId: needId(form, 'CallSid'), deskName, ...phoneOf(from), wish: wishOf(form) }
}

function wishOf({ kind, agentId, callId, supervisionId, To }: Form): PhoneWish {
  if (kind === 'line') return { to: 'line' }
  if (kind === 'ai') return { to: 'ai-agent', agentId: agentId ?? '', callId: callId || null }
  if (kind === 'supervision') return { to: 'supervision', supervisionId: supervisionId ?? '' }
  const colleague = deskNameOfCaller(To ?? '')
  return colleague === null ? { to: 'number', number: To ?? '' } : { to: 'colleague', name: colleague }
}

function roomReported(form: Form, room: string): CarrierEvent {
  const conferenceId = needId(form, 'ConferenceSid')
  const event = need(form, 'StatusCallbackEvent')
  const report = roomReport(event, form, conferenceId)
  if (report === null) return { kind: 'other' }
  const id = `conference:${conferenceId}:${form.SequenceNumber ?? '-'}:${event}:${form.CallSid ?? ''}`
  return { kind: 'room-reported', room, report, id }
}

function roomReport(event: string, form: Form, conferenceId: string): RoomReport | null {
  if (event === 'conference-end') return { type: 'conference.ended', conferenceId }
  if (!event.startsWith('participant-')) return null
  const providerId = needId(form, 'CallSid')
  switch (event) {
    case 'participant-join':
      return {
        type: 'participant.joined',
        ...participantOf(form.ParticipantLabel ?? ''),
        providerId,
        conferenceId,
        ...(form.Muted === 'true' ? { muted: true } : {}),
      }
    case 'participant-leave':
      return { type: 'participant.left', providerId, conferenceId }
    case 'participant-hold':
    case 'participant-unhold':
      return { type: 'participant.held', providerId, held: event === 'participant-hold' }
    case 'participant-mute':
    case 'participant-unmute':
      return { type: 'participant.muted', providerId, muted: event === 'participant-mute' }
    default:
      return null
  }
}
