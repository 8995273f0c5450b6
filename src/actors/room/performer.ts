/** Performs the room's debts to the carrier, and feeds its owner. */
import { workspaceOf } from '../../core/ids.ts'
import type { RoomEffect, RoomFact, RoomInput } from '../../core/room/state.ts'
import type { Neighbours } from '../neighbours.ts'
import { type Performer, Retry } from '../shell/outbox.ts'
import type { Feed } from '../shell/shell.ts'

export function carryOut(near: Neighbours, room: string): Performer<RoomInput, RoomEffect> {
  return {
    // Nothing depends on whether the agent has heard the summary.
    outcomeUnknown: () => [],
    async perform(effect) {
      const telephony = await near.telephony(workspaceOf(room))
      if (!telephony) return []
      const { conferenceId, providerId } = effect
      if (effect.type === 'whisper') {
        await telephony.whisperSummary(conferenceId, providerId, effect.callId)
        return []
      }
      const done = await telephony.holdParticipant(conferenceId, providerId, effect.held)
      if (!done.ok && (done.failure.kind === 'unknown' || done.failure.kind === 'throttled'))
        throw new Retry('hold not confirmed')
      // The callback reports the hold as well; the first of the two makes the fact.
      return done.ok ? [{ type: 'participant.held', at: near.now(), providerId, held: effect.held }] : []
    },
  }
}

export function feedToOwner(near: Neighbours, room: string, name: string): Feed<RoomFact> | null {
  const [kind, id = ''] = name.split(':')
  if (kind !== 'desk') return null
  return {
    name,
    delayMs: 0,
    async deliver(facts) {
      await near.actor('desk', id).hearRoom(room, facts)
    },
  }
}
