/** Facts of older releases of the room, in today's words. One that is of today is given back as it is. */
import type { OldFact } from '../machine.ts'
import type { RoomFact } from './state.ts'

/** In 0.1.0 a participant was a label (a call id, or `line` for the agent) and the carrier's id of the leg. */
export function upcastRoom(fact: OldFact): RoomFact {
  const { label, callSid, conferenceSid, deskId, sid, ...rest } = fact
  if (typeof deskId === 'string') return { ...rest, owner: { kind: 'desk', id: deskId } } as unknown as RoomFact
  if (typeof sid === 'string') return { ...rest, carrierId: sid } as unknown as RoomFact
  if (typeof label !== 'string') return fact as unknown as RoomFact
  const role = label === 'line' ? 'agent' : 'customer'
  const carrier =
    conferenceSid === undefined ? { providerId: callSid } : { providerId: callSid, conferenceId: conferenceSid }
  return { ...rest, callId: label, role, ...carrier } as unknown as RoomFact
}
