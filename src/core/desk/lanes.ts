/** The change of a lane by a fact of the race. */
import type { BatchFact } from '../batch/state.ts'
import type { Lane, LaneReason } from './view.ts'

export function laneAfter(lane: Lane, fact: BatchFact, lanes: Lane[]): Partial<Lane> | null {
  switch (fact.type) {
    case 'leg-placed': {
      const known = fact.providerId === undefined ? null : { providerId: fact.providerId }
      return lane.state === 'queued' ? { ...known, state: 'dialing', sinceMs: fact.at, untilMs: null } : known
    }
    case 'leg-rang':
      return { state: 'ringing', sinceMs: fact.at, untilMs: null }
    case 'leg-judged':
      return { verdict: fact.verdict }
    case 'leg-held':
      return { state: 'holding', sinceMs: fact.at, untilMs: null }
    case 'race-won':
      return { state: 'live' }
    case 'leg-released':
      return {
        state: 'released',
        reason: fact.because,
        firstName: nameOf(fact.firstLegId, lanes),
        sinceMs: fact.at,
        untilMs: null,
      }
    case 'leg-dismissed': {
      const state =
        fact.because === 'machine' || fact.because === 'fax'
          ? 'machine'
          : fact.because === 'no-seat'
            ? 'message'
            : 'ended'
      return { state, reason: fact.because, sinceMs: fact.at, untilMs: null }
    }
    case 'leg-ended':
      // A released or dismissed lane keeps the reason it already shows.
      return { state: 'ended', sinceMs: fact.at, untilMs: null, reason: lane.reason ?? reasonOf(fact.outcome) }
    default:
      return null
  }
}

function nameOf(callId: string | null, lanes: Lane[]): string | null {
  return lanes.find(lane => lane.callId === callId)?.contact.name ?? null
}

function reasonOf(outcome: Extract<BatchFact, { type: 'leg-ended' }>['outcome']): LaneReason {
  switch (outcome) {
    case 'connected':
    case 'hung-up-early':
      return 'customer-hung-up'
    case 'released':
      return 'answered-first-elsewhere'
    default:
      return outcome
  }
}
