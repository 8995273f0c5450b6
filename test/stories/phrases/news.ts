/** Reads a round's facts from the words of a story: `ann is held, ann has won, ann ended connected, the seat is back`. */
import type { BatchFact, DismissReason, LegOutcome, ReleaseReason } from '../../../src/core/batch/state.ts'
import { names } from '../tell.ts'

export function newsOf(words: string, at: number, deskId: string): BatchFact[] {
  return names(words).map(one => factOf(one, at, deskId))
}

function factOf(words: string, at: number, deskId: string): BatchFact {
  const seatId = `${deskId}:1`
  if (words === 'the seat is back') return { type: 'seat-returned', at, seatId, deskId, because: 'conversation-over' }
  if (words === 'it is closed') return { type: 'batch-closed', at }
  const [, legId = '', verb = '', rest = ''] = /^(\S+) (is|has|was) (.+)$/.exec(words) ?? []
  if (verb === 'has' && rest === 'won') return { type: 'race-won', at, legId, seatId, deskId, by: 'verdict' }
  if (verb === 'has')
    return { type: 'leg-ended', at, legId, outcome: rest.replace('ended ', '') as LegOutcome, cause: 'completed' }
  if (rest === 'placed') return { type: 'leg-placed', at, legId }
  if (rest === 'ringing') return { type: 'leg-rang', at, legId }
  if (rest === 'held') return { type: 'leg-held', at, legId, seatId, deskId, providerId: `${legId}'s call` }
  const [deed, because = ''] = rest.split(': ')
  if (deed === 'released')
    return { type: 'leg-released', at, legId, because: because as ReleaseReason, firstLegId: null }
  if (deed === 'dismissed')
    return { type: 'leg-dismissed', at, legId, because: because as DismissReason, from: 'dialing', providerId: null }
  throw new Error(`a round never says "${words}"`)
}
