/** What the agent is told of supervisors who are on the call; of one who listens in silence the desk says nothing. */
import type { RoomFact } from '../room/state.ts'
import type { SupervisionMode } from '../room/supervision.ts'
import type { Desk } from './decide.ts'

/** Facts of the desk's own room. */
export function supervisionReported(desk: Desk, fact: RoomFact): void {
  switch (fact.type) {
    case 'supervision-began':
      return show(desk, fact, 'listen')
    case 'supervision-changed':
      return show(desk, fact, fact.mode)
    case 'supervision-ended':
      return show(desk, fact, null)
    default:
  }
}

type Said = Extract<RoomFact, { type: `supervision-${'began' | 'changed' | 'ended'}` }>

function show(desk: Desk, { callId, supervisionId, by, announced }: Said, mode: SupervisionMode | null): void {
  const { conversation, parked } = desk.state
  const talk = [conversation, parked].find(one => one?.callId === callId)
  if (!announced || !talk) return
  const shown = talk.supervisors?.find(one => one.supervisionId === supervisionId)?.mode ?? null
  if (shown !== mode) desk.add({ type: 'supervisor-shown', at: desk.at, callId, supervisionId, name: by.name, mode })
}
