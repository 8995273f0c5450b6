import { stubFor } from '../../../src/actors/stubs.ts'
import { unique } from '../../../src/actors/unique.ts'
import { callId as callIdOf, deskId, deskName, supervisionId as idOf } from '../../../src/core/ids.ts'
import { deskWithLine } from '../sitting.ts'
import { bindings, plainStage } from '../stage.ts'
import { person } from './people.ts'

/** Of somebody new each time: the carrier of these tests knows of nobody, so the agent of an old room has left when the room asks it. */
async function watchedRoom(): Promise<string> {
  const agent = await person('Victim', 'agent')
  return (await deskWithLine(plainStage, deskId('w_test', deskName(agent.userId)))).room
}

/** A conversation on which this person is, as a supervisor whose phone has not come yet. */
export async function furnishedSupervision({ userId }: { userId: string }): Promise<string> {
  const name = await watchedRoom()
  const room = stubFor(bindings, 'room', name)
  const callId = callIdOf('w_test', unique())
  const joined = { type: 'participant.joined' as const, at: Date.now(), conferenceId: 'CF-1' }
  await room.deliver({ ...joined, callId, role: 'customer', providerId: `CA-${callId}` }, null)
  const supervisionId = idOf(name, unique())
  const by = { deskId: deskId('w_test', deskName(userId)), name: 'Sam' }
  const wanted = { type: 'supervision.wanted' as const, supervisionId, callId, by, announced: true }
  await room.deliver({ ...wanted, at: Date.now(), mode: 'listen' }, null)
  return supervisionId
}
