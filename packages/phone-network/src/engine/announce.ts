import { notifyConference } from './conference.ts'
import { fetchInstructions } from './proceed.ts'
import { enter, leave, leaveKind } from './runs.ts'
import { intend, type Turn } from './turn.ts'
import { voiceFields } from './webhook-fields.ts'
import type { Call, Conference, Target } from './world.ts'

/** `AnnounceUrl`: somebody in a conference, or everybody, hears a document over the talk. */

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

/** It has been heard, or could not be had. */
export function announceEnded(turn: Turn, call: Call, heard: boolean): void {
  leave(call)
  intend(turn, { do: 'stop-playing', callSid: call.sid })
  const conference = call.conferenceSid === null ? undefined : turn.world.conferences.get(call.conferenceSid)
  if (!conference) return
  notifyConference(turn, conference, heard ? 'announcement-end' : 'announcement-fail', { CallSid: call.sid }, call.sid)
}
