/**
 * The watch over a room: callbacks get lost, so from time to time, and when its owner misses somebody, the carrier is asked who is in.
 * What it says is taken as if its callbacks had come.
 */

import { earliest } from '../machine.ts'
import { isGone, ofLeg } from './legs.ts'
import type { Missed, RoomFact, RoomInput, RoomState } from './state.ts'

/** A room in which nothing has happened for so long is asked about. */
export const ROOM_WATCH_MS = 5 * 60_000
/** … and one in which somebody could be left alone by now, after a shorter one. */
export const COMPANY_WATCH_MS = 30_000
/** Somebody who should be held or heard, and of whom no word comes that they are in, is asked about so soon, and then each time after twice as long. */
export const MISSED_WATCH_MS = 3_000
/** After that they are not coming: the last of these asks is made a minute and a half after the first word about them. */
export const MISSED_ASKS_MAX = 5
/** A carrier's list may not have whoever has just joined. */
export const SETTLE_MS = 10_000

type Listed = Extract<RoomInput, { type: 'room.listed' }>

export function watchOf({ participants, heardMs, missed }: RoomState): number | null {
  const missedMs = missed?.watchMs ?? null
  if (participants.length === 0 || heardMs === undefined) return missedMs
  return earliest([heardMs + (participants.length > 1 ? COMPANY_WATCH_MS : ROOM_WATCH_MS), missedMs])
}

/** Whom the room misses after this fact: whoever wants somebody held or heard believes that they are in. `state` has the fact. */
export function missedAfter({ wanted, participants, missed }: RoomState, fact: RoomFact): Missed | null {
  const isIn = (callId: string) => participants.some(one => one.callId === callId)
  if (Object.keys(wanted).every(isIn)) return null
  if (fact.type === 'hold-wanted' && !isIn(fact.callId) && (missed?.watchMs ?? null) === null)
    return { asked: 0, watchMs: fact.at + MISSED_WATCH_MS }
  if (fact.type !== 'check-wanted' || missed === undefined) return missed ?? null
  const asked = missed.asked + 1
  return { asked, watchMs: asked < MISSED_ASKS_MAX ? fact.at + MISSED_WATCH_MS * 2 ** asked : null }
}

export function checkDue(state: RoomState, at: number): RoomFact[] {
  const due = watchOf(state)
  return due !== null && at >= due ? [{ type: 'check-wanted', at }] : []
}

/** The words of the carrier that a list of its participants stands for, in the order in which they are taken. */
export function wordsOf(state: RoomState, { at, askedMs, conferenceId, participants }: Listed): RoomInput[] {
  const present = new Set(participants.map(({ providerId }) => providerId))
  const { legs, conferenceId: known } = state.carrier
  const out = state.participants.flatMap(({ callId, joinedAt }): RoomInput[] => {
    const providerId = legs[callId] ?? ''
    if (present.has(providerId) || joinedAt > askedMs - SETTLE_MS) return []
    return [{ type: 'participant.left', at, providerId, ...(known === null ? {} : { conferenceId: known }) }]
  })
  const empty = out.length === state.participants.length
  const over: RoomInput[] =
    known !== null && known !== conferenceId && empty ? [{ type: 'conference.ended', at, conferenceId: known }] : []
  const inside = participants.flatMap((one): RoomInput[] => {
    const { callId, role, providerId, muted, held } = one
    if (conferenceId === null || isGone(state, providerId)) return []
    const joined = { type: 'participant.joined' as const, at, callId, role, providerId, conferenceId, muted }
    const kept = ofLeg(state, providerId)
    return [
      ...(kept === null ? [joined] : []),
      { type: 'participant.muted', at, providerId, muted },
      { type: 'participant.held', at, providerId, held },
    ]
  })
  return [...out, ...over, ...inside]
}

/** Somebody has come or gone while the carrier was asked: the list may be older than that. */
export function isStale({ heardMs = 0 }: RoomState, { askedMs }: Listed): boolean {
  return heardMs > askedMs
}
