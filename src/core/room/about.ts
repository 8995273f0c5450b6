/** This table says whom the facts of a room are about, beside the room. */
import { type AboutTable, GIVEN_UP_ABOUT, type Named } from '../about.ts'
import type { RoomFact } from './state.ts'

export const roomAbout: AboutTable<RoomFact> = {
  'room-named': ({ owner }) => (owner.kind === 'desk' ? { desk: owner.id } : {}),
  'participant-joined': call,
  'participant-left': call,
  'participant-muted': call,
  'call-held': call,
  'hold-wanted': call,
  'whisper-wanted': call,
  'ended-early': 'self',
  'conference-ended': 'self',
  ...GIVEN_UP_ABOUT,
}

function call({ callId }: { callId: string }): Named {
  return { call: callId }
}
