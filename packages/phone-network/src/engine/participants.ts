import { announce } from './announce.ts'
import { connectedOf, expectParticipant, leaveConference, notifyConference, openConference } from './conference.ts'
import type { CallRequest, ParticipantChange } from './input.ts'
import { requestCall } from './make-call.ts'
import { fact, intend, soon, type Turn } from './turn.ts'
import { startWaiting, stopWaiting } from './waiting.ts'
import { participantFields } from './webhook-fields.ts'
import type { Call, Conference, Participant, Target } from './world.ts'

/** Changes that REST makes to the participants of a conference. */

/** A participant by CallSid or by label. */
export function findParticipant(conference: Conference, idOrLabel: string): Participant | undefined {
  const bySid = conference.participants.get(idOrLabel)
  if (bySid) return bySid
  return [...conference.participants.values()].find(participant => participant.label === idOrLabel)
}

/** Call somebody into a conference. It is listed at once and joins when it answers. */
export function addParticipant(turn: Turn, request: CallRequest): Call {
  const call = requestCall(turn, request)
  if (request.seat !== null) {
    const conference = openConference(turn, request.seat)
    expectParticipant(turn, conference, call, request.seat)
  }
  return call
}

/** Change mute, hold and other attributes. Nobody is told of a change to the present value. */
export function changeParticipant(
  turn: Turn,
  conference: Conference,
  participant: Participant,
  change: ParticipantChange,
): void {
  const events: string[] = []
  const { callSid } = participant
  if (change.muted !== undefined && change.muted !== participant.muted) {
    participant.muted = change.muted
    intend(turn, { do: 'set-muted', callSid, muted: change.muted })
    events.push(change.muted ? 'participant-mute' : 'participant-unmute')
  }
  if (change.held !== undefined && change.held !== participant.held) {
    participant.held = change.held
    hold(turn, callSid, change.held, change.holdUrl ?? null)
    events.push(change.held ? 'participant-hold' : 'participant-unhold')
  }
  const call = turn.world.calls.get(callSid)
  if (change.announce && call) announce(turn, conference, call, change.announce)
  const { endOnExit, coaching, callSidToCoach } = participant
  participant.beepOnExit = change.beepOnExit ?? participant.beepOnExit
  participant.endOnExit = change.endOnExit ?? endOnExit
  participant.coaching = change.coaching ?? coaching
  participant.callSidToCoach = change.callSidToCoach ?? callSidToCoach
  if (
    participant.endOnExit !== endOnExit ||
    participant.coaching !== coaching ||
    participant.callSidToCoach !== callSidToCoach
  ) {
    events.push('participant-modify')
    const coached = participant.coaching ? participant.callSidToCoach : null
    intend(turn, { do: 'set-coaching', callSid, coached })
  }
  if (events.length === 0) return
  participant.updatedAt = turn.at
  conference.updatedAt = turn.at
  fact(turn, {
    kind: 'participant-changed',
    conferenceSid: conference.sid,
    callSid,
    muted: participant.muted,
    held: participant.held,
  })
  for (const event of events) notifyConference(turn, conference, event, participantFields(participant), callSid)
}

/** Hold: the participant is not heard, and hears music or the program's document. */
function hold(turn: Turn, callSid: string, held: boolean, url: Target | null): void {
  const call = turn.world.calls.get(callSid)
  intend(turn, { do: 'set-held', callSid, held, music: held && url === null })
  if (!call) return
  if (held && url !== null) startWaiting(turn, call, url)
  else stopWaiting(turn, call)
}

/** Play an announcement to every participant. */
export function announceToAll(turn: Turn, conference: Conference, target: Target): void {
  for (const { callSid } of connectedOf(conference)) {
    const call = turn.world.calls.get(callSid)
    if (call) announce(turn, conference, call, target)
  }
}

/** Remove a participant. Its call continues with the TwiML after its `<Dial>`, or ends when there is none. */
export function kickParticipant(turn: Turn, call: Call, participant: Participant): void {
  const connected = participant.status === 'connected'
  leaveConference(turn, call, 'participant_updated_via_api', true)
  soon(turn, connected ? { kind: 'conference.left', callSid: call.sid } : { kind: 'hang-up.wanted', callSid: call.sid })
}

/** A participant that was called by REST rings. */
export function participantRings(turn: Turn, call: Call): void {
  const conference = call.conferenceSid === null ? undefined : turn.world.conferences.get(call.conferenceSid)
  const participant = conference?.participants.get(call.sid)
  if (participant && participant.status === 'queued') {
    participant.status = 'ringing'
    participant.updatedAt = turn.at
  }
}
