/** Conference callbacks → inputs of the room. */
import { stubFor } from '../../../actors/stubs.ts'
import type { RoomInput } from '../../../core/room/state.ts'
import { participantOf } from '../../../providers/telephony/twilio/participant-label.ts'
import { type Ctx, idIn } from './answer.ts'
import { type CarrierRequest, need } from './signed.ts'

export async function roomEvent(c: Ctx, { account, form }: CarrierRequest): Promise<Response> {
  const room = idIn(c, account, 'room', 'room')
  const conferenceId = need(form, 'ConferenceSid')
  const event = need(form, 'StatusCallbackEvent')
  const input = inputOf(event, form, conferenceId)
  if (!input) return c.body(null, 204)
  const id = `conference:${conferenceId}:${form.SequenceNumber ?? '-'}:${event}:${form.CallSid ?? ''}`
  await stubFor(c.env, 'room', room).deliver(input, id)
  return c.body(null, 204)
}

function inputOf(event: string, form: Record<string, string>, conferenceId: string): RoomInput | null {
  const at = Date.now()
  if (event === 'conference-end') return { type: 'conference.ended', at, conferenceId }
  if (!event.startsWith('participant-')) return null
  const providerId = need(form, 'CallSid')
  switch (event) {
    case 'participant-join':
      return {
        type: 'participant.joined',
        at,
        ...participantOf(form.ParticipantLabel ?? ''),
        providerId,
        conferenceId,
      }
    case 'participant-leave':
      return { type: 'participant.left', at, providerId }
    case 'participant-hold':
    case 'participant-unhold':
      return { type: 'participant.held', at, providerId, held: event === 'participant-hold' }
    case 'participant-mute':
    case 'participant-unmute':
      return { type: 'participant.muted', at, providerId, muted: event === 'participant-mute' }
    default:
      return null
  }
}
