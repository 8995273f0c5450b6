/**
 * Somebody whom a queue or a colleague sends here is in when the carrier says so. That word may be lost, and the agent would talk with a person
 * of whom their screen shows nothing. So the room is asked, at first soon and then more seldom.
 */
import type { Desk } from './decide.ts'
import { type DeskState, roomOf } from './state.ts'

export const ARRIVAL_WATCH_MS = 3_000
export const ARRIVAL_WATCH_MAX_MS = 60_000

/** `asked`: how often the room was asked about them; it is asked again at `watchMs`. */
export interface Arrival {
  callId: string
  watchMs: number
  asked: number
}

/** The agent has said yes to somebody who comes into this room. */
export function awaited(callId: string, at: number): Arrival {
  return { callId, watchMs: at + ARRIVAL_WATCH_MS, asked: 0 }
}

/** Null: nobody is awaited, or they are in. */
export function arrivalWatch({ arrival, inbound, conversation, visit }: DeskState): number | null {
  // Who is asked first about somebody meets them in the room of a colleague, and is missed there while their line is on its way.
  if (
    !arrival ||
    (visit && visit.stage !== 'going') ||
    inbound?.callId !== arrival.callId ||
    conversation?.callId === arrival.callId
  )
    return null
  return arrival.watchMs
}

export function strikeArrival(desk: Desk): void {
  const due = arrivalWatch(desk.state)
  const callId = desk.state.arrival?.callId
  if (due !== null && callId !== undefined && desk.at >= due)
    desk.add({ type: 'arrival-asked-about', at: desk.at, callId, room: desk.state.visit?.room ?? roomOf(desk.state) })
}

export function askedAbout({ callId, asked }: Arrival, at: number): Arrival {
  const pauseMs = Math.min(ARRIVAL_WATCH_MS * 2 ** (asked + 1), ARRIVAL_WATCH_MAX_MS)
  return { callId, watchMs: at + pauseMs, asked: asked + 1 }
}
