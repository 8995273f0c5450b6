/**
 * What a conference by name decides: who is let in, who has to go, when it ends. Everybody comes with a step of a flow that waits for an
 * answer, and leaves by it; whoever is at the carrier without that is taken out there.
 */
import { earliest, unreachable } from '../machine.ts'
import type {
  Conference,
  ConferenceAnswer,
  ConferenceCaller,
  ConferenceInput,
  LetGo,
  Refusal,
  RoomFact,
  RoomState,
} from './state.ts'

export const PIN_TRIES_MAX = 3
/** Calls whose wrong PINs are remembered. */
export const TRIES_KEPT = 100
/** Those who are in, and those who are keying a PIN. */
export const CALLERS_MAX = 100
/** A caller who is asked for the PIN answers within this time, or is gone. */
export const PIN_MS = 120_000
/** A caller who was told to go has left by then, or the carrier takes them out. */
export const LEAVE_MS = 15_000

type Input<T extends ConferenceInput['type']> = Extract<ConferenceInput, { type: T }> & { at: number }

export function decideConference(
  state: RoomState,
  input: { at: number } & Exclude<ConferenceInput, { type: 'caller.entered' }>,
): RoomFact[] {
  switch (input.type) {
    case 'conference.configured':
      return configured(state, input)
    case 'conference.closed':
      return closed(state, input.at)
    case 'conference.emptied':
      return state.conference === null ? [] : ended(state.conference, input.at)
    case 'caller.left':
      return left(state, input)
    case 'caller.kicked':
      return kicked(state, input)
    default:
      return unreachable(input)
  }
}

export function configured(
  { conference }: RoomState,
  { at, version, settings }: Pick<Input<'conference.configured'>, 'at' | 'version' | 'settings'>,
): RoomFact[] {
  if (conference !== null && (conference.closed || conference.version >= version)) return []
  return [{ type: 'conference-configured', at, version, settings }]
}

/** `state` has the settings that the caller brought. */
export function entered({ conference }: RoomState, input: Input<'caller.entered'>): RoomFact[] {
  if (conference === null) return []
  const { at, callId, ask } = input
  const known = callerOf(conference, callId)
  // The flow has gone on since.
  if (known !== null && known.ask >= ask) return []
  const because = refusalOf(conference, input, known)
  if (because !== null) return [{ type: 'entry-refused', at, callId, ask, because }]
  const moderator = input.moderator || input.pin === 'moderator'
  if (!conference.settings.needsPin || known?.stage === 'in' || passes(input))
    return [{ type: 'caller-let-in', at, callId, ask, moderator }]
  const tries = triesOf(conference, callId) + (input.pin === 'wrong' ? 1 : 0)
  if (tries >= PIN_TRIES_MAX) return [{ type: 'entry-refused', at, callId, ask, because: 'pin-refused' }]
  return [{ type: 'pin-wanted', at, callId, ask, moderator: input.moderator, tries }]
}

function passes({ pin }: Input<'caller.entered'>): boolean {
  return pin === 'participant' || pin === 'moderator'
}

function refusalOf(
  conference: Conference,
  { callId, moderator, pin }: Input<'caller.entered'>,
  known: ConferenceCaller | null,
): Refusal | null {
  const { closed, settings, callers } = conference
  if (closed) return 'closed'
  if (triesOf(conference, callId) >= PIN_TRIES_MAX) return 'pin-refused'
  if (known?.stage === 'in') return null
  if (settings.locked && !moderator && pin !== 'moderator') return 'locked'
  const inside = Object.values(callers).filter(one => one.stage === 'in').length
  const crowd = Object.keys(callers).length
  return inside >= settings.participantsMax || (known === null && crowd >= CALLERS_MAX) ? 'full' : null
}

/** Their flow has gone on, or their call is over. */
function left({ conference }: RoomState, { at, callId, ask }: Input<'caller.left'>): RoomFact[] {
  if (conference === null || callerOf(conference, callId)?.ask !== ask) return []
  return [{ type: 'caller-left', at, callId }, ...endedBy(conference, callId, at)]
}

/**
 * The carrier says that their leg is out. For whoever was told to go that is the end of it. Whoever is in leaves by the word of their flow
 * alone: a leg may come back, and a late word about its first stay must not end the second.
 */
export function gone({ conference }: RoomState, callId: string, at: number): RoomFact[] {
  const caller = conference === null ? null : callerOf(conference, callId)
  if (conference === null || caller?.stage !== 'leaving') return []
  return [{ type: 'caller-left', at, callId }, ...endedBy(conference, callId, at)]
}

/** The last moderator takes everybody else along, if the settings say so. */
function endedBy(conference: Conference, callId: string, at: number): RoomFact[] {
  const { settings, callers } = conference
  const leaver = callers[callId]
  if (!settings.endsWithModerator || leaver?.moderator !== true || leaver.stage === 'pin') return []
  const others = Object.entries(callers).filter(([id]) => id !== callId)
  if (others.some(([, one]) => one.moderator && one.stage === 'in')) return []
  return emptied(conference, at, callId)
}

/** Everybody who is in has to go. Whoever comes later is let in, unless the conference is closed as well. */
function emptied({ callers }: Conference, at: number, but: string | null = null): RoomFact[] {
  return Object.entries(callers).flatMap(([callId, caller]) =>
    callId === but || caller.stage !== 'in' ? [] : [letGo(callId, caller, 'ended', at)],
  )
}

/** An end by somebody's word is for those as well who key a PIN at that moment. */
function ended(conference: Conference, at: number): RoomFact[] {
  const keying = Object.entries(conference.callers).filter(([, { stage }]) => stage === 'pin')
  return [...emptied(conference, at), ...keying.flatMap(([callId, caller]) => withdrawn(callId, caller, 'ended', at))]
}

/** Nobody of them is at the carrier, so no word of leaving would come. */
function withdrawn(callId: string, caller: ConferenceCaller, because: LetGo, at: number): RoomFact[] {
  return [letGo(callId, caller, because, at), { type: 'caller-left', at, callId }]
}

function letGo(callId: string, { ask }: ConferenceCaller, because: LetGo, at: number): RoomFact {
  return { type: 'caller-let-go', at, callId, ask, because }
}

function kicked({ conference }: RoomState, { at, callId }: Input<'caller.kicked'>): RoomFact[] {
  const caller = conference === null ? null : callerOf(conference, callId)
  if (caller?.stage === 'pin') return withdrawn(callId, caller, 'kicked', at)
  return caller?.stage === 'in' ? [letGo(callId, caller, 'kicked', at)] : []
}

function closed(state: RoomState, at: number): RoomFact[] {
  if (state.conference?.closed === true) return []
  const others = state.conference === null ? [] : ended(state.conference, at)
  return [{ type: 'conference-closed', at }, ...others]
}

/** Those who were to go by now. */
export function overdue({ conference }: RoomState, at: number): string[] {
  const callers = Object.entries(conference?.callers ?? {})
  return callers.flatMap(([callId, { untilMs }]) => (untilMs !== null && at >= untilMs ? [callId] : []))
}

/** One of them is out for us; the carrier takes them out as well, if they are there still. */
export function timedOut(state: RoomState, callId: string, at: number): RoomFact[] {
  const { conference, carrier } = state
  const caller = conference === null ? null : callerOf(conference, callId)
  if (conference === null || caller === null) return []
  const out: RoomFact[] = [{ type: 'caller-left', at, callId }, ...endedBy(conference, callId, at)]
  const providerId = carrier.legs[callId]
  if (caller.stage !== 'leaving' || providerId === undefined) return out
  return [...out, { type: 'participant-removed', at, callId, providerId }]
}

/** Somebody has joined at the carrier whom nobody has let in, or who was told to go meanwhile. */
export function uninvited({ conference }: RoomState, callId: string): boolean {
  return conference !== null && callerOf(conference, callId)?.stage !== 'in'
}

function triesOf({ tries }: Conference, callId: string): number {
  return Object.hasOwn(tries, callId) ? (tries[callId] ?? 0) : 0
}

export function callerOf({ callers }: Conference, callId: string): ConferenceCaller | null {
  return Object.hasOwn(callers, callId) ? (callers[callId] ?? null) : null
}

export function conferenceDeadline({ conference }: RoomState): number | null {
  return conference === null ? null : earliest(Object.values(conference.callers).map(one => one.untilMs))
}

/** What the step of a caller who is let in is answered. */
export function admission({ settings }: Conference, moderator: boolean): Extract<ConferenceAnswer, { is: 'in' }> {
  const { waitsFor, mutedOnEntry, announces } = settings
  return {
    is: 'in',
    role: moderator ? 'moderator' : 'guest',
    muted: mutedOnEntry && !moderator,
    starts: moderator || waitsFor !== 'moderator',
    music: waitsFor !== 'nobody',
    announced: announces,
  }
}
