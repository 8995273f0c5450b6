/**
 * A supervisor on a conversation in a room: listens, speaks to the agent alone, or to both. Their leg is one of its own, which comes in
 * muted; what it may do is set by the room at the carrier afterwards, so that nobody hears somebody who only listens. It is there only
 * while agent and person are, and its coming and going is nothing to them.
 */
import { earliest, type Repeat, repeat } from '../machine.ts'
import type { Role, RoomFact, RoomState } from './state.ts'

/** `whisper`: the agent alone hears the supervisor; `barge`: both do */
export type SupervisionMode = 'listen' | 'whisper' | 'barge'
/** Supervisors on one conversation. */
export const SUPERVISIONS_MAX = 5
/** The supervisor's phone has joined by then, or nobody waits for it. */
export const SUPERVISION_JOIN_MS = 30_000

export interface Supervisor {
  deskId: string
  name: string
}
export interface Supervision {
  /** it is the id of the supervisor's own leg as well */
  supervisionId: string
  /** the person's call */
  callId: string
  by: Supervisor
  /** the agent is told */
  announced: boolean
  /** counts what was wanted: an answer of the carrier to an earlier wish does not start over what was wanted since */
  ask: number
  wanted: SupervisionMode
  /** the carrier did not do it; it is asked again when the agent's leg is another one, or when it is wanted again */
  refused: boolean
  /** what the carrier does now; null: the leg is not in the room yet */
  mode: SupervisionMode | null
  /** the carrier's id of the leg; null: it has not asked yet */
  providerId: string | null
  untilMs: number
}
export type SupervisionEnd =
  /** the supervisor, or somebody of the team, has ended it */
  | 'stopped'
  /** the supervisor's leg is gone */
  | 'left'
  | 'agent-left'
  | 'person-left'
  /** the supervisor's phone never came */
  | 'not-joined'
  /** the same supervisor has begun another one here */
  | 'replaced'

export type SupervisionInput =
  | {
      type: 'supervision.wanted'
      supervisionId: string
      callId: string
      by: Supervisor
      announced: boolean
      mode: SupervisionMode
    }
  /** the supervisor's phone asks the carrier's question: where it goes */
  | { type: 'supervision.answered'; supervisionId: string; deskId: string; providerId: string }
  | { type: 'supervision.mode-wanted'; supervisionId: string; mode: SupervisionMode }
  | { type: 'supervision.stopped'; supervisionId: string }
  /** the carrier has done it */
  | { type: 'supervision.set'; supervisionId: string; ask: number; mode: SupervisionMode }
  | { type: 'supervision.refused'; supervisionId: string; ask: number }

/** Which supervision of whom: in each of its facts, so that each stands for itself in a timeline. */
interface Named {
  supervisionId: string
  callId: string
  by: Supervisor
  announced: boolean
}
export type SupervisionFact = Named &
  (
    | { type: 'supervision-wanted'; mode: SupervisionMode; untilMs: number }
    | { type: 'supervision-answered'; providerId: string }
    /** the leg is in the room, and hears */
    | { type: 'supervision-began' }
    | { type: 'supervision-mode-wanted'; mode: SupervisionMode; ask: number }
    | { type: 'supervision-changed'; mode: SupervisionMode }
    /** the carrier did not do what was wanted */
    | { type: 'supervision-refused'; mode: SupervisionMode }
    | { type: 'supervision-ended'; because: SupervisionEnd; providerId: string | null; joined: boolean }
  )

export type SupervisionEffect = Repeat<
  'carrier',
  /** `coached`: the carrier's id of the only leg that hears this one; null: it is muted, or everybody hears it */
  | {
      type: 'supervise-participant'
      conferenceId: string
      providerId: string
      supervisionId: string
      ask: number
      mode: SupervisionMode
      coached: string | null
    }
  /** the leg ends, wherever it is on its way */
  | { type: 'end-leg'; providerId: string }
>

type Input<T extends SupervisionInput['type']> = Extract<SupervisionInput, { type: T }> & { at: number }
type Fact<T extends SupervisionFact['type']> = Extract<SupervisionFact, { type: T }>

export const ROLE_OF: Record<SupervisionMode, Role> = { listen: 'listener', whisper: 'coach', barge: 'guest' }

export function supervisionOf({ supervisions }: RoomState, supervisionId: string): Supervision | null {
  return supervisions.find(one => one.supervisionId === supervisionId) ?? null
}

/** Null: this conversation can be supervised now. */
export function whyNotSupervised(state: RoomState, callId: string): 'no-person' | 'no-agent' | 'full' | null {
  if (state.conference !== null || !isIn(state, callId)) return 'no-person'
  if (agentIn(state) === null) return 'no-agent'
  return state.supervisions.length >= SUPERVISIONS_MAX ? 'full' : null
}

function isIn({ participants }: RoomState, callId: string): boolean {
  return participants.some(one => one.callId === callId)
}

/** The agent's leg that came last: a line that is opened anew is there before the old one has left. */
function agentIn({ participants }: RoomState) {
  return participants.findLast(one => one.role === 'agent') ?? null
}

export function named({ supervisionId, callId, by, announced }: Supervision): Named {
  return { supervisionId, callId, by, announced }
}

export function decideSupervision(
  state: RoomState,
  input: { [T in SupervisionInput['type']]: Input<T> }[SupervisionInput['type']],
): RoomFact[] {
  const { at, supervisionId } = input
  const known = supervisionOf(state, supervisionId)
  if (input.type === 'supervision.wanted') return known === null ? wanted(state, input) : []
  if (known === null) return []
  switch (input.type) {
    case 'supervision.answered': {
      const { deskId, providerId } = input
      if (known.by.deskId !== deskId || known.providerId !== null) return []
      return [{ type: 'supervision-answered', at, ...named(known), providerId }]
    }
    case 'supervision.mode-wanted':
      if (known.wanted === input.mode && !known.refused) return []
      return [{ type: 'supervision-mode-wanted', at, ...named(known), mode: input.mode, ask: known.ask + 1 }]
    case 'supervision.stopped':
      return [over(known, 'stopped', at)]
    case 'supervision.set':
      if (known.mode === null || (known.mode === input.mode && !known.refused)) return []
      return [{ type: 'supervision-changed', at, ...named(known), mode: input.mode }]
    case 'supervision.refused':
      if (known.ask !== input.ask || known.refused) return []
      return [{ type: 'supervision-refused', at, ...named(known), mode: known.wanted }]
  }
}

/** A supervisor whose page was closed begins anew: what they had is over. */
function wanted(state: RoomState, input: Input<'supervision.wanted'>): RoomFact[] {
  const { at, supervisionId, callId, by, announced, mode } = input
  const before = state.supervisions.filter(one => one.by.deskId === by.deskId)
  const rest = { ...state, supervisions: state.supervisions.filter(one => one.by.deskId !== by.deskId) }
  if (whyNotSupervised(rest, callId) !== null) return []
  const untilMs = at + SUPERVISION_JOIN_MS
  return [
    ...before.map(one => over(one, 'replaced', at)),
    { type: 'supervision-wanted', at, supervisionId, callId, by, announced, mode, untilMs },
  ]
}

function over(one: Supervision, because: SupervisionEnd, at: number): RoomFact {
  const { providerId, mode } = one
  return { type: 'supervision-ended', at, ...named(one), because, providerId, joined: mode !== null }
}

/** The leg of a supervision has come. Null: it is no such leg, or one whose supervision is over. */
export function superviseJoined(state: RoomState, supervisionId: string, at: number): RoomFact[] {
  const known = supervisionOf(state, supervisionId)
  return known === null || known.mode !== null ? [] : [{ type: 'supervision-began', at, ...named(known) }]
}

/** Runs after every input: no supervision outlives agent or person, nor its own leg. */
export function supervisionsOver(state: RoomState, at: number): RoomFact[] {
  return state.supervisions.flatMap(one => {
    const because = whyOver(state, one, at)
    return because === null ? [] : [over(one, because, at)]
  })
}

function whyOver(state: RoomState, { callId, supervisionId, mode, untilMs }: Supervision, at: number) {
  if (!isIn(state, callId)) return 'person-left'
  if (agentIn(state) === null) return 'agent-left'
  if (mode !== null) return isIn(state, supervisionId) ? null : 'left'
  return at >= untilMs ? 'not-joined' : null
}

export function supervisionDeadline({ supervisions }: RoomState): number | null {
  return earliest(supervisions.map(one => (one.mode === null ? one.untilMs : null)))
}

export function evolveSupervision(state: RoomState, fact: SupervisionFact): RoomState {
  switch (fact.type) {
    case 'supervision-wanted': {
      const { supervisionId, callId, by, announced, mode, untilMs } = fact
      const fresh = { supervisionId, callId, by, announced, ask: 1, wanted: mode, untilMs }
      const nothing = { refused: false, mode: null, providerId: null }
      return { ...state, supervisions: [...state.supervisions, { ...fresh, ...nothing }] }
    }
    case 'supervision-answered':
      return change(state, fact, { providerId: fact.providerId })
    case 'supervision-began':
      return change(state, fact, { mode: 'listen' })
    case 'supervision-mode-wanted':
      return change(state, fact, { wanted: fact.mode, ask: fact.ask, refused: false })
    case 'supervision-changed':
      return withRole(change(state, fact, { mode: fact.mode, refused: false }), fact)
    case 'supervision-refused':
      return change(state, fact, { refused: true })
    case 'supervision-ended':
      return { ...state, supervisions: state.supervisions.filter(one => one.supervisionId !== fact.supervisionId) }
  }
}

function change(state: RoomState, { supervisionId }: Named, patch: Partial<Supervision>): RoomState {
  const supervisions = state.supervisions.map(one => (one.supervisionId === supervisionId ? { ...one, ...patch } : one))
  return { ...state, supervisions }
}

function withRole(state: RoomState, { supervisionId, mode }: Fact<'supervision-changed'>): RoomState {
  const role = ROLE_OF[mode]
  const participants = state.participants.map(one => (one.callId === supervisionId ? { ...one, role } : one))
  return { ...state, participants }
}

export function endLeg(providerId: string): SupervisionEffect[] {
  return [repeat('carrier', { type: 'end-leg', providerId })]
}

export function reactToSupervision(fact: SupervisionFact, state: RoomState): SupervisionEffect[] {
  switch (fact.type) {
    case 'supervision-began': {
      const known = supervisionOf(state, fact.supervisionId)
      return known === null || known.wanted === 'listen' ? [] : apply(state, known)
    }
    case 'supervision-mode-wanted': {
      const known = supervisionOf(state, fact.supervisionId)
      return known === null ? [] : apply(state, known)
    }
    case 'supervision-ended':
      return fact.providerId === null || fact.because === 'left' ? [] : endLeg(fact.providerId)
    case 'supervision-wanted':
    case 'supervision-answered':
    case 'supervision-changed':
    case 'supervision-refused':
      return []
  }
}

/** The agent's leg is another one, or is not on hold any more: whoever speaks to the agent alone is told the carrier anew. */
export function coachAgain(state: RoomState): SupervisionEffect[] {
  return state.supervisions.flatMap(one => (one.wanted === 'whisper' && one.mode !== null ? apply(state, one) : []))
}

/** A carrier lets nobody speak to a party alone who is on hold; it is asked when the agent is back. */
function apply(state: RoomState, { supervisionId, wanted: mode, ask, mode: now }: Supervision): SupervisionEffect[] {
  const { conferenceId, legs } = state.carrier
  const providerId = legs[supervisionId]
  if (now === null || providerId === undefined || conferenceId === null) return []
  const agent = agentIn(state)
  if (mode === 'whisper' && (agent === null || agent.held)) return []
  const coached = mode === 'whisper' ? (legs[agent?.callId ?? ''] ?? null) : null
  if (mode === 'whisper' && coached === null) return []
  return [
    repeat('carrier', { type: 'supervise-participant', conferenceId, providerId, supervisionId, ask, mode, coached }),
  ]
}
