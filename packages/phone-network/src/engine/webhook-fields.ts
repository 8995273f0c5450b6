import type { Recording } from './media-world.ts'
import { placeOf } from './places.ts'
import { rfc2822 } from './rfc2822.ts'
import type { Call, Conference, Participant, World } from './world.ts'

/** The form fields of every webhook, by Twilio's names. */

export const API_VERSION = '2010-04-01'

/** City, State and Zip are often empty with Twilio too. */
export function place(role: 'From' | 'To' | 'Caller' | 'Called', number: string): Record<string, string> {
  const where = placeOf(number)
  if (where === null) return {}
  return {
    [`${role}City`]: where.city,
    [`${role}State`]: where.state,
    [`${role}Zip`]: where.zip,
    [`${role}Country`]: where.country,
  }
}

/** `CallStatus` in a webhook. Twilio never says `initiated` outside the initiated event itself. */
function statusWord(call: Call): string {
  return call.status === 'initiated' ? 'queued' : call.status
}

/** The fields that every webhook about a call carries. */
export function callFields(world: World, call: Call): Record<string, string> {
  return {
    ApiVersion: API_VERSION,
    AccountSid: world.account.accountSid,
    CallSid: call.sid,
    CallStatus: statusWord(call),
    Direction: call.direction,
    From: call.from,
    To: call.to,
    Caller: call.from,
    Called: call.to,
    ...place('From', call.from),
    ...place('To', call.to),
    ...place('Caller', call.from),
    ...place('Called', call.to),
    ...(call.callerName === null ? {} : { CallerName: call.callerName }),
    ...(call.parentSid === null ? {} : { ParentCallSid: call.parentSid }),
    ...(call.applicationSid === null ? {} : { ApplicationSid: call.applicationSid }),
  }
}

/** STIR/SHAKEN exists in North America only. */
export function attestation(from: string): string {
  return from.startsWith('+1') ? 'TN-Validation-Passed-A' : 'No-TN-Validation'
}

/** Fields of a request for TwiML. Custom parameters of a browser's call are fields of their own. */
export function voiceFields(world: World, call: Call): Record<string, string> {
  const fields: Record<string, string> = { ...call.parameters, ...callFields(world, call) }
  if (call.direction === 'inbound' && call.far.kind !== 'client' && call.far.kind !== 'sip') {
    fields.StirVerstat = attestation(call.from)
    if (call.callToken !== null) fields.CallToken = call.callToken
  }
  if (call.answeredBy !== null) {
    fields.AnsweredBy = call.answeredBy
    fields.MachineDetectionDuration = String(call.detectionMs ?? 0)
  }
  return fields
}

/** Seconds of conversation as Twilio bills them: a second that has begun counts. */
export function talkSeconds(call: Call, until: number): number {
  return call.answeredAt === null ? 0 : Math.ceil((until - call.answeredAt) / 1_000)
}

export function statusFields(
  world: World,
  call: Call,
  status: string,
  sequence: number,
  at: number,
): Record<string, string> {
  const fields = {
    ...callFields(world, call),
    CallStatus: status,
    Timestamp: rfc2822(at),
    CallbackSource: 'call-progress-events',
    SequenceNumber: String(sequence),
  }
  if (call.endedAt === null) return fields
  const seconds = talkSeconds(call, call.endedAt)
  return {
    ...fields,
    CallDuration: String(seconds),
    ...(status === 'completed' ? { Duration: String(Math.ceil(seconds / 60)) } : {}),
    ...(call.sipCode === null ? {} : { SipResponseCode: String(call.sipCode) }),
    ...(call.answeredBy === null ? {} : { AnsweredBy: call.answeredBy }),
    ...ownRecording(world, call, at),
  }
}

/** The recording that `Record=true` of the create has made. */
function ownRecording(world: World, call: Call, at: number): Record<string, string> {
  if (call.record === null) return {}
  for (const recording of world.media.recordings.values()) {
    if (recording.callSid !== call.sid || recording.source !== 'OutboundAPI') continue
    return recordedFields(world, recording, recording.ms ?? at - recording.startedAt - recording.skippedMs)
  }
  return {}
}

/** The URL names Twilio's host, whatever the address of this network is. */
export function recordingUrl(world: World, recording: Recording): string {
  return `https://api.twilio.com/${API_VERSION}/Accounts/${world.account.accountSid}/Recordings/${recording.sid}`
}

export function recordedFields(world: World, recording: Recording, ms: number): Record<string, string> {
  return {
    RecordingUrl: recordingUrl(world, recording),
    RecordingSid: recording.sid,
    RecordingDuration: String(Math.round(ms / 1_000)),
  }
}

export function amdFields(world: World, call: Call): Record<string, string> {
  return {
    AccountSid: world.account.accountSid,
    CallSid: call.sid,
    AnsweredBy: call.answeredBy ?? 'unknown',
    MachineDetectionDuration: String(call.detectionMs ?? 0),
  }
}

export function conferenceFields(
  world: World,
  conference: Conference,
  event: string,
  at: number,
): Record<string, string> {
  return {
    AccountSid: world.account.accountSid,
    ConferenceSid: conference.sid,
    FriendlyName: conference.friendlyName,
    StatusCallbackEvent: event,
    SequenceNumber: String(conference.sequence),
    Timestamp: rfc2822(at),
  }
}

export function participantFields(participant: Participant): Record<string, string> {
  return {
    CallSid: participant.callSid,
    Muted: String(participant.muted),
    Hold: String(participant.held),
    Coaching: String(participant.coaching),
    ...(participant.callSidToCoach === null ? {} : { CallSidToCoach: participant.callSidToCoach }),
    EndConferenceOnExit: String(participant.endOnExit),
    StartConferenceOnEnter: String(participant.startOnEnter),
    ...(participant.label === null ? {} : { ParticipantLabel: participant.label }),
  }
}
