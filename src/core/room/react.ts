/** What the world must do about the facts of a room. */
import { deskOfLine } from '../ids.ts'
import { once, repeat, tell, unreachable } from '../machine.ts'
import { isAlone, leftAlone } from './company.ts'
import { admission } from './conference.ts'
import { isRecordingFact, reactToRecording, recordedEntry } from './recording.ts'
import type { ConferenceAnswer, Role, RoomEffect, RoomFact, RoomState } from './state.ts'
import { coachAgain, endLeg, reactToSupervision } from './supervision.ts'

export function react(fact: RoomFact, state: RoomState): RoomEffect[] {
  if (isRecordingFact(fact)) return reactToRecording(fact, state)
  const { conferenceId, legs } = state.carrier
  switch (fact.type) {
    case 'participant-joined':
      return [
        ...(state.wanted[fact.callId] ? hold(state, fact.callId, true) : []),
        ...visitor(fact, 'joined'),
        ...coachedAnew(fact.role, state),
      ]
    case 'participant-left': {
      const held = leftAlone(state).flatMap(one => hold(state, one, true))
      return [...visitor(fact, 'left'), ...coachedAnew(fact.role, state), ...held]
    }
    case 'hold-wanted':
      if (!fact.held && isAlone(state, fact.callId)) return []
      return state.participants.some(one => one.callId === fact.callId) ? hold(state, fact.callId, fact.held) : []
    case 'mute-wanted': {
      const providerId = legs[fact.callId]
      if (providerId === undefined || conferenceId === null) return []
      return [repeat('carrier', { type: 'mute-participant', conferenceId, providerId, muted: fact.muted })]
    }
    case 'participant-removed':
      if (conferenceId === null) return []
      return [repeat('carrier', { type: 'remove-participant', conferenceId, providerId: fact.providerId })]
    case 'whisper-wanted': {
      const providerId = legs[state.participants.findLast(one => one.role === 'agent')?.callId ?? '']
      if (providerId === undefined || conferenceId === null) return []
      return [once('carrier', { type: 'whisper', conferenceId, providerId, callId: fact.callId })]
    }
    case 'check-wanted':
      return [repeat('carrier', { type: 'check-room' })]
    case 'pin-wanted':
      return answer(fact, { is: 'result', result: fact.tries === 0 ? 'pin-wanted' : 'pin-wrong' })
    case 'entry-refused':
    case 'caller-let-go':
      return answer(fact, { is: 'result', result: fact.because })
    case 'caller-let-in':
      return state.conference === null
        ? []
        : answer(fact, { ...admission(state.conference, fact.moderator), ...recordedEntry(state) })
    case 'call-held':
      if (fact.held) return []
      // Whoever they were to hear has gone while the carrier was asked.
      if (isAlone(state, fact.callId)) return hold(state, fact.callId, true)
      return coachedAnew(state.participants.find(one => one.callId === fact.callId)?.role, state)
    case 'supervision-wanted':
    case 'supervision-answered':
    case 'supervision-began':
    case 'supervision-mode-wanted':
    case 'supervision-changed':
    case 'supervision-refused':
    case 'supervision-ended':
      return reactToSupervision(fact, state)
    case 'supervision-late':
      return endLeg(fact.providerId)
    case 'room-named':
    case 'ended-early':
    case 'participant-muted':
    case 'conference-ended':
    case 'conference-configured':
    case 'conference-closed':
    case 'caller-left':
    case 'delivery-given-up':
      return []
    default:
      return unreachable(fact)
  }
}

function answer({ callId, ask }: { callId: string; ask: number }, given: ConferenceAnswer): RoomEffect[] {
  return [tell({ type: 'answer-caller', callId, ask, answer: given })]
}

/** An agent's own room reports to their desk by feed; of a strange room their desk knows nothing. */
function visitor(
  { callId, role, at: sinceMs }: { callId: string; role: Role; at: number },
  word: 'joined' | 'left',
): RoomEffect[] {
  const deskId = role === 'guest' ? deskOfLine(callId) : null
  return deskId === null ? [] : [tell({ type: 'tell-visitor', deskId, callId, word, sinceMs })]
}

function hold({ carrier }: RoomState, callId: string, held: boolean): RoomEffect[] {
  const providerId = carrier.legs[callId]
  if (providerId === undefined || carrier.conferenceId === null) return []
  return [repeat('carrier', { type: 'hold-participant', conferenceId: carrier.conferenceId, providerId, held })]
}

function coachedAnew(role: Role | undefined, state: RoomState): RoomEffect[] {
  return role === 'agent' ? coachAgain(state) : []
}
