import { recordConference, stopConferenceRecordings } from './recordings.ts'
import { leaveKind } from './runs.ts'
import { alert, fact, intend, soon, type Turn } from './turn.ts'
import { startWaiting, stopWaiting, waitOfSeat } from './waiting.ts'
import { conferenceFields, participantFields } from './webhook-fields.ts'
import {
  type Call,
  CONFERENCES_KEPT_MAX,
  type Conference,
  findConference,
  newSid,
  type Participant,
  type Seat,
} from './world.ts'

/** Conferences begin with the first join and end with the last leave, a moderator's leave, or by REST. */

export type LeaveReason =
  | 'participant_hung_up'
  | 'participant_updated_via_api'
  | 'participant_add_failed'
  | 'moderator_ended_conference'
  | 'conference_ended_via_api'

/** The value of `statusCallbackEvent` that subscribes to an event. */
const EVENT_GROUP: Record<string, string> = {
  'conference-start': 'start',
  'conference-end': 'end',
  'participant-join': 'join',
  'participant-leave': 'leave',
  'participant-mute': 'mute',
  'participant-unmute': 'mute',
  'participant-hold': 'hold',
  'participant-unhold': 'hold',
  'participant-modify': 'modify',
  'announcement-end': 'announcement',
  'announcement-fail': 'announcement',
}

/** Send an event to the conference's status callback. `SequenceNumber` counts sent events from 1. */
export function notifyConference(
  turn: Turn,
  conference: Conference,
  event: string,
  extra: Record<string, string>,
  callSid: string | null = null,
): void {
  const callback = conference.statusCallback
  const group = EVENT_GROUP[event]
  if (callback === null || group === undefined || !callback.events.includes(group)) return
  conference.sequence += 1
  intend(turn, {
    do: 'notify',
    webhook: 'conference',
    lane: conference.sid,
    callSid,
    target: { url: callback.url, method: callback.method },
    fields: { ...conferenceFields(turn.world, conference, event, turn.at), ...extra },
  })
}

/**
 * The live conference of this name, or a new one. Only the first joiner's status callback counts, even if it
 * has none (https://www.twilio.com/docs/voice/twiml/conference#attributes-statusCallback).
 */
export function openConference(turn: Turn, seat: Seat): Conference {
  const { world } = turn
  const live = findConference(world, seat.conferenceName)
  if (live && live.status !== 'completed') return live
  if (world.conferences.size >= CONFERENCES_KEPT_MAX) {
    const ended = [...world.conferences.values()].find(conference => conference.status === 'completed')
    if (ended) world.conferences.delete(ended.sid)
  }
  const conference: Conference = {
    sid: newSid(world, 'CF'),
    friendlyName: seat.conferenceName,
    status: 'init',
    mixing: false,
    createdAt: turn.at,
    updatedAt: turn.at,
    endedAt: null,
    participants: new Map(),
    statusCallback: seat.statusCallback,
    record: seat.record ?? null,
    sequence: 0,
    reasonEnded: null,
    callSidEnding: null,
  }
  world.conferences.set(conference.sid, conference)
  fact(turn, { kind: 'conference-created', conferenceSid: conference.sid, friendlyName: conference.friendlyName })
  return conference
}

/** A participant added by REST is listed in the conference while its phone still rings. */
export function expectParticipant(turn: Turn, conference: Conference, call: Call, seat: Seat): Participant {
  const participant: Participant = {
    ...seat,
    callSid: call.sid,
    held: false,
    status: 'queued',
    createdAt: turn.at,
    updatedAt: turn.at,
  }
  conference.participants.set(call.sid, participant)
  call.conferenceSid = conference.sid
  return participant
}

export function connectedOf(conference: Conference): Participant[] {
  return [...conference.participants.values()].filter(participant => participant.status === 'connected')
}

/**
 * Audio is mixed once two participants are connected and one of them may start the conference. Until then the first one
 * hears hold music, or silence with `waitUrl=""`
 * (https://www.twilio.com/docs/voice/twiml/conference#attributes-statusCallbackEvent).
 */
function maybeStart(turn: Turn, conference: Conference): void {
  const here = connectedOf(conference)
  if (conference.status === 'init' && here.some(participant => participant.startOnEnter)) {
    conference.status = 'in-progress'
  }
  if (conference.mixing || conference.status !== 'in-progress' || here.length < 2) return
  conference.mixing = true
  for (const { callSid } of here) {
    const call = turn.world.calls.get(callSid)
    if (call) stopWaiting(turn, call)
  }
  if (conference.record !== null) recordConference(turn, conference)
  fact(turn, { kind: 'conference-started', conferenceSid: conference.sid })
  notifyConference(turn, conference, 'conference-start', {})
}

/** A connected call enters. Returns null when the conference is full. */
export function joinConference(turn: Turn, call: Call, seat: Seat): Conference | null {
  const conference = openConference(turn, seat)
  if (connectedOf(conference).length >= seat.participantsMax) {
    alert(turn, call, 13255, `conference ${seat.conferenceName} has ${seat.participantsMax} participants already`)
    return null
  }
  const participant = conference.participants.get(call.sid) ?? expectParticipant(turn, conference, call, { ...seat })
  participant.status = 'connected'
  participant.updatedAt = turn.at
  conference.updatedAt = turn.at
  call.conferenceSid = conference.sid
  intend(turn, { do: 'join', callSid: call.sid, conferenceSid: conference.sid, muted: participant.muted })
  fact(turn, {
    kind: 'participant-joined',
    conferenceSid: conference.sid,
    callSid: call.sid,
    label: participant.label,
  })
  maybeStart(turn, conference)
  if (participant.coaching) {
    intend(turn, { do: 'set-coaching', callSid: call.sid, coached: participant.callSidToCoach })
  }
  if (!conference.mixing) startWaiting(turn, call, waitOfSeat(participant))
  if (participant.beep) beep(turn, conference, call)
  notifyConference(turn, conference, 'participant-join', participantFields(participant), call.sid)
  return conference
}

/** A beep tells the others that somebody has come or gone. */
function beep(turn: Turn, conference: Conference, call: Call): void {
  if (!conference.mixing) return
  for (const { callSid, held } of connectedOf(conference)) {
    if (callSid !== call.sid && !held) intend(turn, { do: 'play-sound', callSid, sound: 'beep', loop: false })
  }
}

const REASON_WORDS: Record<string, string> = {
  'last-participant-left': 'The last participant left the conference.',
  'last-participant-kicked': 'The last participant was removed from the conference.',
  'participant-with-end-conference-on-exit-left': 'A participant with endConferenceOnExit left the conference.',
  'participant-with-end-conference-on-exit-kicked':
    'A participant with endConferenceOnExit was removed from the conference.',
  'conference-ended-via-api': 'The conference was ended by the API.',
}

/** End a conference. Participants who are still in it leave and continue with the TwiML after their `<Dial>`. */
export function endConference(turn: Turn, conference: Conference, reason: string, ending: Participant | null): void {
  if (conference.status === 'completed') return
  conference.status = 'completed'
  stopConferenceRecordings(turn, conference)
  conference.endedAt = turn.at
  conference.updatedAt = turn.at
  conference.reasonEnded = reason
  conference.callSidEnding = ending?.callSid ?? null
  const leaving: LeaveReason =
    reason === 'conference-ended-via-api' ? 'conference_ended_via_api' : 'moderator_ended_conference'
  for (const participant of [...conference.participants.values()]) {
    const call = turn.world.calls.get(participant.callSid)
    if (!call) continue
    const connected = participant.status === 'connected'
    leaveConference(turn, call, leaving)
    soon(
      turn,
      connected ? { kind: 'conference.left', callSid: call.sid } : { kind: 'hang-up.wanted', callSid: call.sid },
    )
  }
  fact(turn, { kind: 'conference-ended', conferenceSid: conference.sid, reason })
  notifyConference(turn, conference, 'conference-end', {
    ...(ending === null ? {} : { CallSidEndingConference: ending.callSid }),
    ...(ending === null || ending.label === null ? {} : { ParticipantLabelEndingConference: ending.label }),
    ReasonConferenceEnded: reason,
    Reason: REASON_WORDS[reason] ?? reason,
  })
}

/** A call leaves its conference for whatever reason. Does nothing for a call that is in none. */
export function leaveConference(turn: Turn, call: Call, reason: LeaveReason, kicked = false): void {
  if (call.conferenceSid === null) return
  const conference = turn.world.conferences.get(call.conferenceSid)
  call.conferenceSid = null
  const participant = conference?.participants.get(call.sid)
  if (!conference || !participant) return
  conference.participants.delete(call.sid)
  conference.updatedAt = turn.at
  const added = participant.status === 'connected'
  if (added) {
    stopWaiting(turn, call)
    leaveKind(call, 'announce')
    intend(turn, { do: 'leave', callSid: call.sid })
    if (participant.beepOnExit) beep(turn, conference, call)
    fact(turn, { kind: 'participant-left', conferenceSid: conference.sid, callSid: call.sid, reason })
  }
  notifyConference(
    turn,
    conference,
    'participant-leave',
    {
      ...participantFields(participant),
      ParticipantCallStatus: call.status,
      ReasonParticipantLeft: added ? reason : 'participant_add_failed',
    },
    call.sid,
  )
  if (conference.status === 'completed') return
  if (added && participant.endOnExit) {
    const how = kicked ? 'kicked' : 'left'
    endConference(turn, conference, `participant-with-end-conference-on-exit-${how}`, participant)
  } else if (conference.participants.size === 0) {
    endConference(turn, conference, `last-participant-${kicked ? 'kicked' : 'left'}`, participant)
  }
}
