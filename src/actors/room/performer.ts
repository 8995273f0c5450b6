/** Performs the room's debts to the carrier, and feeds its owner. */
import { workspaceOf } from '../../core/ids.ts'
import type { RoomEffect, RoomFact, RoomInput } from '../../core/room/state.ts'
import { telephonyOf } from '../../providers/registry.ts'
import type { Env } from '../env.ts'
import { type Performer, Retry } from '../shell/outbox.ts'
import type { Feed } from '../shell/shell.ts'
import { stubFor } from '../stubs.ts'

export function carryOut(env: Env, room: string): Performer<RoomInput, RoomEffect> {
  return {
    // Nothing depends on whether the agent has heard the summary.
    outcomeUnknown: () => [],
    async perform(effect) {
      const telephony = await telephonyOf(env, workspaceOf(room))
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
      return done.ok ? [{ type: 'participant.held', at: Date.now(), providerId, held: effect.held }] : []
    },
  }
}

export function feedToOwner(env: Env, room: string, name: string): Feed<RoomFact> | null {
  const [kind, id = ''] = name.split(':')
  if (kind !== 'desk') return null
  return {
    name,
    delayMs: 0,
    async deliver(facts) {
      await stubFor(env, 'desk', id).hearRoom(room, facts)
    },
  }
}
