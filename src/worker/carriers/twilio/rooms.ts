/** Conference callbacks → inputs of the room. */
import { deskOfRoom } from '../../../actors/ids.ts'
import { stubFor } from '../../../actors/stubs.ts'
import type { RoomInput } from '../../../core/room/room.ts'
import { Refusal } from '../../problem.ts'
import type { Ctx } from './calls.ts'
import { type CarrierRequest, need } from './signed.ts'

export async function roomEvent(c: Ctx, { form }: CarrierRequest, room: string): Promise<Response> {
  if (deskOfRoom(room) === '') throw new Refusal(404, 'There is no such room.')
  const conferenceSid = need(form, 'ConferenceSid')
  const event = need(form, 'StatusCallbackEvent')
  const input = inputOf(event, form, conferenceSid)
  if (!input) return c.body(null, 204)
  const id = `conference:${conferenceSid}:${form.SequenceNumber ?? '-'}:${event}:${form.CallSid ?? ''}`
  await stubFor(c.env, 'room', room).deliver(input, id)
  return c.body(null, 204)
}

function inputOf(event: string, form: Record<string, string>, conferenceSid: string): RoomInput | null {
  const at = Date.now()
  switch (event) {
    case 'participant-join':
      return {
        type: 'participant.joined',
        at,
        label: form.ParticipantLabel ?? '',
        callSid: need(form, 'CallSid'),
        conferenceSid,
      }
    case 'participant-leave':
      return { type: 'participant.left', at, callSid: need(form, 'CallSid') }
    case 'participant-hold':
    case 'participant-unhold':
      return { type: 'participant.held', at, callSid: need(form, 'CallSid'), held: event === 'participant-hold' }
    case 'participant-mute':
    case 'participant-unmute':
      return { type: 'participant.muted', at, callSid: need(form, 'CallSid'), muted: event === 'participant-mute' }
    case 'conference-end':
      return { type: 'conference.ended', at, conferenceSid }
    default:
      return null
  }
}
