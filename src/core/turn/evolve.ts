import { unreachable } from '../machine.ts'
import type { Phase, TurnFact, TurnState } from './state.ts'

/** A reply that begins to sound. The opening is one fixed text, so nothing more of it will come. */
function speaking(turnId: number, opening: boolean): Phase {
  return { phase: 'speaking', turnId, opening, complete: opening, resumedOnGuess: false, pending: '' }
}

export function evolve(state: TurnState, fact: TurnFact): TurnState {
  const { now } = state
  const to = (phase: Phase, more: Partial<TurnState> = {}): TurnState => ({ ...state, ...more, now: phase })
  switch (fact.type) {
    case 'conversation-began': {
      const { rules, opening, at } = fact
      if (!opening) return to({ phase: 'listening', quietSince: at }, { rules })
      return to(speaking(1, true), { rules, turns: 1 })
    }
    case 'caller-stirred':
      return quiet(state, null, fact.at)
    case 'caller-quieted':
      return quiet(state, fact.at, fact.at)
    case 'caller-turned':
      return to(
        { phase: 'thinking', turnId: fact.turnId, since: fact.at, filled: false },
        { turns: fact.turnId, prompts: 0 },
      )
    case 'reply-asked-again':
    case 'news-taken':
      return to({ phase: 'thinking', turnId: fact.turnId, since: fact.at, filled: false }, { turns: fact.turnId })
    case 'reply-began':
      return to(speaking(fact.turnId, false))
    case 'reply-completed':
      return now.phase === 'speaking' || now.phase === 'interrupted' ? to({ ...now, complete: true }) : state
    // Only a reply that was heard resets the failures: a model or a voice that stops in the middle each time must be given up.
    case 'reply-heard':
    case 'reply-interrupted':
      return to({ phase: 'listening', quietSince: fact.type === 'reply-heard' ? fact.at : null }, { failures: 0 })
    case 'speech-paused':
      return now.phase === 'speaking' ? to(pausedFrom(now, fact)) : state
    case 'words-seemed':
      return now.phase === 'interrupted' ? to({ ...now, seems: fact.sense }) : state
    case 'false-interruption':
      return now.phase === 'interrupted' ? to(resumedFrom(now, fact.resumedOnGuess)) : state
    case 'guess-ended':
      return now.phase === 'speaking' ? to({ ...now, resumedOnGuess: false }) : state
    case 'reply-withdrawn':
      return to({ phase: 'listening', quietSince: null })
    case 'reply-failed':
      return to({ phase: 'listening', quietSince: fact.at }, { failures: state.failures + 1 })
    case 'words-kept':
      return now.phase === 'speaking'
        ? to({ ...now, pending: [now.pending, fact.text].filter(Boolean).join(' ') })
        : state
    case 'tool-called':
      return to({ phase: 'tool', turnId: fact.turnId, toolId: fact.toolId, since: fact.at, filled: false })
    case 'filler-said':
      return now.phase === 'tool' || now.phase === 'thinking' ? to({ ...now, since: fact.at, filled: true }) : state
    case 'tool-ended':
      return to({ phase: 'thinking', turnId: fact.turnId, since: fact.at, filled: false })
    case 'silence-prompted':
      return to(
        { phase: 'speaking', turnId: fact.turnId, opening: false, complete: true, resumedOnGuess: false, pending: '' },
        { turns: fact.turnId, prompts: state.prompts + 1 },
      )
    case 'closing-began':
      return to({ phase: 'closing', turnId: fact.turnId, since: fact.at, reason: fact.reason }, { turns: fact.turnId })
    case 'conversation-ended':
      return to({ phase: 'over' })
    default:
      return unreachable(fact)
  }
}

function quiet(state: TurnState, since: number | null, at: number): TurnState {
  const { now } = state
  if (now.phase !== 'listening' && now.phase !== 'interrupted') return state
  if (now.phase === 'listening' || since !== null) return { ...state, now: { ...now, quietSince: since } }
  // A silence below `gapMs` is a breath: it does not end the speech, and its time is not counted as speech.
  const { quietSince } = now
  const breath = quietSince !== null && at - quietSince < state.rules.gapMs
  return { ...state, now: { ...now, quietSince: null, since: breath ? at - (quietSince - now.since) : at } }
}

type Speaking = Extract<Phase, { phase: 'speaking' }>
type Interrupted = Extract<Phase, { phase: 'interrupted' }>

function pausedFrom(
  { phase: _, pending: __, ...sounding }: Speaking,
  { at, heard }: { at: number; heard: string },
): Interrupted {
  return { phase: 'interrupted', ...sounding, pausedSince: at, since: at, quietSince: null, seems: 'nothing', heard }
}

function resumedFrom({ turnId, opening, complete }: Interrupted, resumedOnGuess: boolean): Speaking {
  return { phase: 'speaking', turnId, opening, complete, resumedOnGuess, pending: '' }
}
