import type { RecordedMachine } from '../about.ts'
import { earliest } from '../machine.ts'
import { deskAbout } from './about.ts'
import { maySkip, whyNotOf } from './allowed.ts'
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
  const { line, wrapUp } = state
  const opening = line.state === 'opening' && line.graceUntilMs === null ? line.sinceMs + LINE_OPENING_MS : null
  const typing = wrapUp?.typingUntilMs ?? null
  const wrapped = wrapUp && wrapUp.runningSinceMs !== null ? wrapUp.runningSinceMs + wrapUp.remainingMs : null
  return earliest([line.graceUntilMs, opening, typing, wrapped])
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
    inbound: state.inbound,
    wrapUp: wrapUp && {
      totalMs: wrapUp.totalMs,
      untilMs: wrapUp.runningSinceMs === null ? null : wrapUp.runningSinceMs + wrapUp.remainingMs,
    },
    pendingOutcomes: state.pending,
    outcomes: state.settings.outcomes,
    muted: state.muted,
    script: state.settings.script,
    whyNot: whyNotOf(state),
  }
}

function presenceOf(state: DeskState, connected: boolean): DeskView['presence'] {
  if (!connected) return 'offline'
  if (state.conversation) return 'on-call'
  if (state.lease) return 'dialing'
  if (state.pending.length > 0) return 'wrap-up'
  return state.paused ? 'paused' : 'ready'
}
