/** This table says whom the facts of a room are about, beside the room. */
import { type AboutTable, GIVEN_UP_ABOUT, type Named } from '../about.ts'
import type { RoomFact } from './state.ts'
import type { Supervisor } from './supervision.ts'

export const roomAbout: AboutTable<RoomFact> = {
  'room-named': ({ owner }) => (owner?.kind === 'desk' ? { desk: owner.id } : {}),
  'participant-joined': call,
  'participant-left': call,
  'participant-muted': call,
  'call-held': call,
  'hold-wanted': call,
  'mute-wanted': call,
  'whisper-wanted': call,
  'conference-configured': 'self',
  'conference-closed': 'self',
  'pin-wanted': call,
  'entry-refused': call,
  'caller-let-in': call,
  'caller-let-go': call,
  'caller-left': call,
  'participant-removed': call,
  'supervision-wanted': supervised,
  'supervision-answered': supervised,
  'supervision-began': supervised,
  'supervision-mode-wanted': supervised,
  'supervision-changed': supervised,
  'supervision-refused': supervised,
  'supervision-ended': supervised,
  'supervision-late': 'self',
  'ended-early': 'self',
  'check-wanted': 'self',
  'conference-recording-reported': 'self',
  'conference-recording-expected': 'self',
  'conference-recording-stop-wanted': 'self',
  'conference-transcript-moved': 'self',
  'conference-said': 'self',
  'conference-flow-started': 'self',
  'conference-flow-ended': 'self',
  'conference-ended': 'self',
  ...GIVEN_UP_ABOUT,
}

function call({ callId }: { callId: string }): Named {
  return { call: callId }
}

/** The conversation, and the desk of whoever is on it. */
function supervised({ callId, by }: { callId: string; by: Supervisor }): Named {
  return { call: callId, desk: by.deskId }
}
