import { notifyConference } from './conference.ts'
import { fetchInstructions } from './proceed.ts'
import { enter, leave, leaveKind } from './runs.ts'
import { intend, type Turn } from './turn.ts'
import { voiceFields } from './webhook-fields.ts'
import type { Call, Conference, Target } from './world.ts'

/** `AnnounceUrl`: one participant of a conference, or all of them, hear a document over the conversation. */

export function announce(turn: Turn, conference: Conference, call: Call, target: Target): void {
  leaveKind(call, 'announce')
  if (!enter(call, 'announce')) return
  const { sid, friendlyName } = conference
  fetchInstructions(turn, call, target, null, {
    ...voiceFields(turn.world, call),
    ConferenceSid: sid,
    FriendlyName: friendlyName,
  })
}

/** The announcement has been heard, or its document could not be fetched. */
export function announceEnded(turn: Turn, call: Call, heard: boolean): void {
  leave(call)
  intend(turn, { do: 'stop-playing', callSid: call.sid })
  const conference = call.conferenceSid === null ? undefined : turn.world.conferences.get(call.conferenceSid)
  if (!conference) return
  notifyConference(turn, conference, heard ? 'announcement-end' : 'announcement-fail', { CallSid: call.sid }, call.sid)
}
