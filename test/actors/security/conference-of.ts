import { stubFor } from '../../../src/actors/stubs.ts'
import { unique } from '../../../src/actors/unique.ts'
import { OPEN_CONFERENCE } from '../../../src/actors/workspace/conference-book.ts'
import { callId as callIdOf, conferenceCallId, conferenceId as conferenceIdOf } from '../../../src/core/ids.ts'
import { bindings } from '../stage.ts'

/** A conference with somebody in it. */
export async function furnishedConference(): Promise<{ conferenceId: string; conferencecallId: string }> {
  const conferenceId = conferenceIdOf('w_test', unique())
  const change = { ...OPEN_CONFERENCE, name: conferenceId }
  const book = stubFor(bindings, 'workspace', 'w_test')
  const [row] = (await book.conferences({ do: 'create', conferenceId, change, by: 'Root' })) ?? []
  const room = stubFor(bindings, 'room', conferenceId)
  const callId = callIdOf('w_test', unique())
  const { version = 0, settings = { ...OPEN_CONFERENCE.settings, needsPin: false } } = row ?? {}
  const wish = { callId, ask: 1, moderator: false, pin: 'none' as const, version, settings }
  await room.deliver({ type: 'caller.entered', at: Date.now(), ...wish }, null)
  const joined = { callId, role: 'guest' as const, providerId: `CA-${callId}`, conferenceId: `CF-${conferenceId}` }
  await room.deliver({ type: 'participant.joined', at: Date.now(), ...joined }, null)
  return { conferenceId, conferencecallId: conferenceCallId(conferenceId, callId) }
}
