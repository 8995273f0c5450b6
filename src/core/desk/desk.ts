import type { RecordedMachine } from '../about.ts'
import type { Instructions } from '../instruction/instruction.ts'
import { earliest } from '../machine.ts'
import { deskAbout } from './about.ts'
import { maySkip, whyNotOf } from './allowed.ts'
import { arrivalWatch } from './arrival.ts'
import { decide } from './decide.ts'
import { evolve } from './evolve.ts'
import { deskGrowing } from './growing.ts'
import { react } from './react.ts'
import {
  type DeskEffect,
  type DeskFactOf,
  type DeskInput,
  type DeskState,
  EMPTY_DESK,
  LINE_OPENING_MS,
  roomOf,
} from './state.ts'
import { upcastDesk } from './upcast.ts'
import type { DeskView } from './view.ts'

export const desk: RecordedMachine<DeskState, DeskInput, DeskFactOf, DeskEffect> = {
  name: 'desk',
  version: 2,
  initial: EMPTY_DESK,
  decide,
  evolve,
  react,
  deadline,
  upcast: upcastDesk,
  about: deskAbout,
  growing: deskGrowing,
}

function deadline(state: DeskState): number | null {
  const { line, wrapUp, visit } = state
  const opening = line.state === 'opening' && line.graceUntilMs === null ? line.sinceMs + LINE_OPENING_MS : null
  const typing = wrapUp?.typingUntilMs ?? null
  const wrapped = wrapUp && wrapUp.runningSinceMs !== null ? wrapUp.runningSinceMs + wrapUp.remainingMs : null
  return earliest([line.graceUntilMs, opening, typing, wrapped, visit?.untilMs ?? null, arrivalWatch(state)])
}

/** Projects the screen. `connected`: at least one browser socket is open. */
export function viewOf(state: DeskState, at: number, connected: boolean): DeskView | null {
  if (!state.agent) return null
  const { wrapUp, line } = state
  return {
    at,
    agent: state.agent,
    presence: presenceOf(state, connected),
    presenceSinceMs: state.presenceSinceMs,
    phone: state.phone,
    line: { state: line.state, generation: line.generation, sinceMs: line.sinceMs, graceUntilMs: line.graceUntilMs },
    session: state.session,
    lanes: state.lanes.map(lane => (maySkip(lane) ? { ...lane, maySkip: true } : lane)),
    conversation: state.conversation,
    lastTalk: state.conversation === null ? (state.lastTalk ?? null) : null,
    inbound: state.inbound,
    ...visitOf(state),
    ...toldOf(state),
    wrapUp: wrapUp && {
      totalMs: wrapUp.totalMs,
      untilMs: wrapUp.runningSinceMs === null ? null : wrapUp.runningSinceMs + wrapUp.remainingMs,
    },
    pendingOutcomes: state.pending,
    outcomes: ownsOutcomes(state) ? state.settings.outcomes : [],
    muted: state.muted,
    script: state.settings.script,
    ...(state.settings.blocks ? { scriptBlocks: state.settings.blocks } : {}),
    whyNot: whyNotOf(state),
  }
}

/** Where the agent's own line belongs now, for the carrier. */
export function lineBelongs(state: DeskState): Instructions {
  const { visit, line } = state
  const away = visit && visit.stage !== 'returning' ? visit.room : null
  const place = away === null ? { room: roomOf(state), role: 'agent' as const } : { room: away, role: 'guest' as const }
  return [{ kind: 'join-room', ...place, callId: line.callId ?? '' }]
}

/** A colleague asks this agent about somebody. */
function visitOf({ visit, inbound }: DeskState): Pick<DeskView, 'visit'> {
  if (!visit || visit.stage === 'returning') return {}
  return { visit: { callId: visit.of.id, agentName: inbound?.transfer?.by?.agentName ?? '', phase: visit.phase } }
}

function toldOf({ notices = [], paused, pausedBecause }: DeskState): Pick<DeskView, 'notices' | 'pausedBecause'> {
  const because = paused && pausedBecause !== undefined ? { pausedBecause } : {}
  return notices.length === 0 ? because : { notices, ...because }
}

/** Outcomes are those of one campaign, and no others are shown for a call that belongs to none. */
function ownsOutcomes({ pending, conversation, campaignId }: DeskState): boolean {
  return pending.length > 0 || (conversation === null ? campaignId : conversation.campaignId) !== null
}

function presenceOf(state: DeskState, connected: boolean): DeskView['presence'] {
  if (!connected) return 'offline'
  if (state.conversation || state.visit) return 'on-call'
  if (state.lease && state.lease.for.kind !== 'queue') return 'dialing'
  if (state.pending.length > 0 || state.wrapUp !== null) return 'wrap-up'
  return state.paused ? 'paused' : 'ready'
}
