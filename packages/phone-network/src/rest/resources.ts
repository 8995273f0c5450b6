import { nationalLook } from '../engine/book.ts'
import { rfc2822 } from '../engine/rfc2822.ts'
import { talkSeconds } from '../engine/webhook-fields.ts'
import { type Call, type Conference, isLive, type Participant, type World } from '../engine/world.ts'
import { callPrice } from './call-price.ts'

/** The JSON of calls, conferences and participants, with every key that Twilio sends. */

export const API_VERSION = '2010-04-01'

export function accountPath(world: World): string {
  return `/${API_VERSION}/Accounts/${world.account.accountSid}`
}

export function date(at: number): string
export function date(at: number | null): string | null
export function date(at: number | null): string | null {
  return at === null ? null : rfc2822(at)
}

const CALL_PARTS = {
  notifications: 'Notifications',
  recordings: 'Recordings',
  payments: 'Payments',
  events: 'Events',
  siprec: 'Siprec',
  streams: 'Streams',
  transcriptions: 'Transcriptions',
  user_defined_message_subscriptions: 'UserDefinedMessageSubscriptions',
  user_defined_messages: 'UserDefinedMessages',
}

/** REST has no status `initiated`: such a call is still `queued`. */
export function restStatus(call: Call): string {
  return call.status === 'initiated' ? 'queued' : call.status
}

/** `at`: now, ms since 1970. */
export function callResource(world: World, call: Call, at: number): Record<string, unknown> {
  const base = `${accountPath(world)}/Calls/${call.sid}`
  return {
    sid: call.sid,
    date_created: date(call.createdAt),
    date_updated: date(call.updatedAt),
    parent_call_sid: call.parentSid,
    account_sid: world.account.accountSid,
    to: call.to,
    to_formatted: nationalLook(call.to),
    from: call.from,
    from_formatted: nationalLook(call.from),
    phone_number_sid: call.phoneNumberSid,
    status: restStatus(call),
    start_time: date(call.startedAt),
    end_time: date(call.endedAt),
    duration: isLive(call) ? null : String(talkSeconds(call, call.endedAt ?? call.createdAt)),
    price: callPrice(call, at),
    price_unit: 'USD',
    direction: call.direction,
    answered_by: call.answeredBy,
    api_version: API_VERSION,
    forwarded_from: null,
    group_sid: null,
    caller_name: call.callerName,
    queue_time: String(call.queueMs),
    trunk_sid: null,
    uri: `${base}.json`,
    subresource_uris: Object.fromEntries(
      Object.entries(CALL_PARTS).map(([key, name]) => [key, `${base}/${name}.json`]),
    ),
  }
}

export function conferenceResource(world: World, conference: Conference): Record<string, unknown> {
  const base = `${accountPath(world)}/Conferences/${conference.sid}`
  return {
    sid: conference.sid,
    account_sid: world.account.accountSid,
    date_created: date(conference.createdAt),
    date_updated: date(conference.updatedAt),
    api_version: API_VERSION,
    friendly_name: conference.friendlyName,
    region: 'us1',
    status: conference.status,
    uri: `${base}.json`,
    subresource_uris: { participants: `${base}/Participants.json`, recordings: `${base}/Recordings.json` },
    reason_conference_ended: conference.reasonEnded,
    call_sid_ending_conference: conference.callSidEnding,
  }
}

export function participantResource(
  world: World,
  conference: Conference,
  participant: Participant,
): Record<string, unknown> {
  const call = world.calls.get(participant.callSid)
  return {
    account_sid: world.account.accountSid,
    call_sid: participant.callSid,
    label: participant.label,
    call_sid_to_coach: participant.callSidToCoach,
    coaching: participant.coaching,
    conference_sid: conference.sid,
    date_created: date(participant.createdAt),
    date_updated: date(participant.updatedAt),
    end_conference_on_exit: participant.endOnExit,
    muted: participant.muted,
    hold: participant.held,
    start_conference_on_enter: participant.startOnEnter,
    status: participant.status,
    queue_time: String(call?.queueMs ?? 0),
    uri: `${accountPath(world)}/Conferences/${conference.sid}/Participants/${participant.callSid}.json`,
  }
}
