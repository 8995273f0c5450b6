/**
 * Decides who speaks. A caller's turn becomes a question to the model; the answer is said and may be interrupted. An
 * interruption first pauses our speech. Words or its length confirm it; else it was a cough, and our speech goes on.
 * Results name the turn that they belong to; those of an older one change nothing.
 */
import { Draft, earliest, type Machine, unreachable } from '../machine.ts'
import { evolve } from './evolve.ts'
import {
  INITIAL,
  type Phase,
  type TurnEffect,
  type TurnFact,
  type TurnInput,
  type TurnRules,
  type TurnState,
} from './state.ts'

export const turn: Machine<TurnState, TurnInput, TurnFact, TurnEffect> = {
  name: 'turn',
  version: 1,
  initial: INITIAL,
  decide,
  evolve,
  react,
  deadline,
}

type Of<T extends Phase['phase']> = Extract<Phase, { phase: T }>
type Making = Draft<TurnState, TurnFact>

function decide(state: TurnState, input: TurnInput): TurnFact[] {
  const making: Making = new Draft(evolve, state)
  const { at } = input
  const { now } = state
  if (now.phase === 'over') return []
  if (input.type === 'call.ended') making.add({ type: 'conversation-ended', at })
  else if (now.phase === 'idle') begin(making, input)
  else if (input.type === 'end.wanted') close(making, at, input.reason)
  else if ('turnId' in input) ourSide(making, now, input)
  else callersSide(making, now, input)
  return making.facts
}

function begin(making: Making, input: TurnInput): void {
  if (input.type !== 'call.began') return
  making.add({ type: 'conversation-began', at: input.at, rules: input.rules, opening: input.opening })
}

type OurInput = Extract<TurnInput, { turnId: number }>

/** Handles reports of the model, the voice and the tools. */
function ourSide(making: Making, now: Phase, input: OurInput): void {
  const { at, turnId } = input
  if (!('turnId' in now) || now.turnId !== turnId) return
  switch (input.type) {
    case 'reply.began':
      if (now.phase === 'thinking') making.add({ type: 'reply-began', at, turnId })
      return
    case 'reply.completed':
      return completed(making, now, at)
    case 'reply.failed':
      return failed(making, now, at, input.heard)
    case 'tool.called':
      if (now.phase === 'thinking' || now.phase === 'speaking')
        making.add({ type: 'tool-called', at, turnId, toolId: input.toolId })
      return
    case 'tool.ended':
      if (now.phase === 'tool' && now.toolId === input.toolId)
        making.add({ type: 'tool-ended', at, turnId, toolId: input.toolId })
      return
    case 'playout.ended':
      return played(making, now, at, input.heard)
    default:
      unreachable(input)
  }
}

function completed(making: Making, now: Phase, at: number): void {
  if (now.phase === 'thinking') making.add({ type: 'reply-heard', at, turnId: now.turnId, heard: '' })
  else if ((now.phase === 'speaking' || now.phase === 'interrupted') && !now.complete)
    making.add({ type: 'reply-completed', at, turnId: now.turnId })
}

function played(making: Making, now: Phase, at: number, heard: string): void {
  if (now.phase === 'closing') making.add({ type: 'conversation-ended', at })
  if (now.phase !== 'speaking' || !now.complete) return
  making.add({ type: 'reply-heard', at, turnId: now.turnId, heard })
  if (now.pending !== '') ask(making, at, now.pending)
}

function failed(making: Making, now: Phase, at: number, heard: string): void {
  if (now.phase === 'closing') making.add({ type: 'conversation-ended', at })
  else if (now.phase !== 'listening' && 'turnId' in now) fail(making, now.turnId, at, heard)
}

/** Asks the model again, or closes after too many failures in a row. What the caller has heard is kept. */
function fail(making: Making, turnId: number, at: number, heard: string): void {
  making.add({ type: 'reply-failed', at, turnId, heard })
  const { failures, rules, turns } = making.state
  if (failures >= rules.failuresMax) close(making, at, 'failure')
  else making.add({ type: 'reply-asked-again', at, turnId: turns + 1 })
}

type CallersInput = Exclude<TurnInput, OurInput | { type: 'call.began' | 'call.ended' | 'end.wanted' }>

/** Handles what the caller does, and the clock. */
function callersSide(making: Making, now: Phase, input: TurnInput): void {
  const given = input as CallersInput
  const { at } = given
  switch (given.type) {
    case 'caller.spoke':
      return spoke(making, now, at, given.heard)
    case 'caller.fell-silent':
      if ((now.phase === 'listening' || now.phase === 'interrupted') && now.quietSince === null)
        making.add({ type: 'caller-quieted', at })
      return
    case 'words.heard':
      return words(making, now, given)
    case 'caller.finished':
      return finished(making, now, given)
    case 'clock.struck':
      return strike(making, now, at)
    case 'news.came':
      if (now.phase === 'listening') making.add({ type: 'news-taken', at, turnId: making.state.turns + 1 })
      return
    default:
      return
  }
}

function spoke(making: Making, now: Phase, at: number, heard: string): void {
  if (now.phase === 'listening' && now.quietSince !== null) making.add({ type: 'caller-stirred', at })
  else if (now.phase === 'interrupted' && now.quietSince !== null) making.add({ type: 'caller-stirred', at })
  else if (now.phase === 'speaking' && mayInterrupt(making.state, now))
    making.add({ type: 'speech-paused', at, turnId: now.turnId, heard })
}

function mayInterrupt({ rules }: TurnState, now: Of<'speaking'>): boolean {
  return !(now.opening && rules.openingUninterruptible)
}

function words(making: Making, now: Phase, input: Extract<TurnInput, { type: 'words.heard' }>): void {
  const { at, sense, heard } = input
  if (sense !== 'words') {
    if (now.phase === 'interrupted' && now.seems !== sense) making.add({ type: 'words-seemed', at, sense })
  } else if (now.phase === 'interrupted')
    making.add({ type: 'reply-interrupted', at, turnId: now.turnId, heard: now.heard })
  // Certain words are an interruption even before the sound was long enough for one.
  else if (now.phase === 'speaking' && mayInterrupt(making.state, now)) {
    making.add({ type: 'speech-paused', at, turnId: now.turnId, heard })
    making.add({ type: 'reply-interrupted', at, turnId: now.turnId, heard })
  }
}

function finished(making: Making, now: Phase, input: Extract<TurnInput, { type: 'caller.finished' }>): void {
  const { at, text, backchannel, heard } = input
  switch (now.phase) {
    case 'listening':
      if (text !== '') ask(making, at, text)
      return
    case 'thinking':
    case 'tool':
      // The caller has gone on, so the model is asked again with all the words of the turn.
      if (text === '' || backchannel) return
      making.add({ type: 'reply-withdrawn', at, turnId: now.turnId })
      return ask(making, at, text)
    case 'interrupted':
      if (text === '' || backchannel)
        return void making.add({ type: 'false-interruption', at, turnId: now.turnId, resumedOnGuess: false })
      making.add({ type: 'reply-interrupted', at, turnId: now.turnId, heard: now.heard })
      return ask(making, at, text)
    case 'speaking':
      if (text === '' || backchannel) {
        if (now.resumedOnGuess) making.add({ type: 'guess-ended', at })
        return
      }
      if (!mayInterrupt(making.state, now)) return void making.add({ type: 'words-kept', at, text })
      making.add({ type: 'speech-paused', at, turnId: now.turnId, heard })
      making.add({ type: 'reply-interrupted', at, turnId: now.turnId, heard })
      return ask(making, at, text)
    default:
      return
  }
}

function ask(making: Making, at: number, text: string): void {
  making.add({ type: 'caller-turned', at, turnId: making.state.turns + 1, text })
}

function close(making: Making, at: number, reason: Of<'closing'>['reason']): void {
  const { now } = making.state
  if (now.phase === 'closing' || now.phase === 'idle') return
  if ('turnId' in now) making.add({ type: 'reply-withdrawn', at, turnId: now.turnId })
  making.add({ type: 'closing-began', at, turnId: making.state.turns + 1, reason })
}

/** Does only what is due: a clock that strikes early, or for a deadline that no longer holds, changes nothing. */
function strike(making: Making, now: Phase, at: number): void {
  const due = deadline(making.state)
  if (due === null || at < due) return
  switch (now.phase) {
    case 'listening': {
      const { prompts, rules, turns } = making.state
      if (prompts >= rules.promptsMax) close(making, at, 'silence')
      else making.add({ type: 'silence-prompted', at, turnId: turns + 1 })
      return
    }
    case 'thinking':
    case 'tool':
      if (!now.filled) making.add({ type: 'filler-said', at, turnId: now.turnId })
      else fail(making, now.turnId, at, '')
      return
    case 'interrupted':
      if (now.quietSince !== null || at >= now.pausedSince + making.state.rules.pauseMs)
        making.add({ type: 'false-interruption', at, turnId: now.turnId, resumedOnGuess: true })
      else making.add({ type: 'reply-interrupted', at, turnId: now.turnId, heard: now.heard })
      return
    case 'closing':
      making.add({ type: 'conversation-ended', at })
      return
    default:
      return
  }
}

function deadline({ now, rules }: TurnState): number | null {
  switch (now.phase) {
    case 'listening':
      return now.quietSince === null ? null : now.quietSince + rules.silenceMs
    case 'thinking':
      return now.since + (now.filled ? rules.thinkMs : Math.min(rules.patienceMs, rules.thinkMs))
    case 'tool':
      return now.since + (now.filled ? rules.thinkMs : Math.min(rules.fillerMs, rules.thinkMs))
    case 'interrupted':
      return earliest([decidedAt(now, rules), now.pausedSince + rules.pauseMs])
    case 'closing':
      return now.since + rules.closingMs
    default:
      return null
  }
}

/** The time at which sound alone decides about a pause, if no words do before. */
function decidedAt(
  { pausedSince, since, quietSince, seems, resumedOnGuess }: Of<'interrupted'>,
  rules: TurnRules,
): number {
  // A backchannel may last ("yeah, okay") and is known to be one, so it gets twice the time.
  if (quietSince === null) return since + (seems === 'backchannel' ? 2 : 1) * rules.confirmMs
  // An uncertain word gets time to become certain; after resuming too soon once, we wait longer as well.
  if (seems === 'guess' || resumedOnGuess) return quietSince + rules.resumeMs
  return Math.max(quietSince, pausedSince + rules.confirmMs)
}

function react(fact: TurnFact): TurnEffect[] {
  switch (fact.type) {
    case 'conversation-began':
      return fact.opening ? [{ class: 'now', type: 'say-opening', turnId: 1 }] : []
    case 'caller-turned':
      return [{ class: 'now', type: 'ask-model', turnId: fact.turnId, text: fact.text }]
    case 'reply-asked-again':
      return [{ class: 'now', type: 'ask-model', turnId: fact.turnId, text: null }]
    case 'news-taken':
      return [{ class: 'now', type: 'ask-model', turnId: fact.turnId, text: '' }]
    case 'speech-paused':
      return [{ class: 'now', type: 'clear' }]
    case 'false-interruption':
      return [{ class: 'now', type: 'resume', turnId: fact.turnId }]
    case 'reply-interrupted':
    case 'reply-failed':
      return [{ class: 'now', type: 'abort', turnId: fact.turnId }]
    case 'reply-withdrawn':
      return [
        { class: 'now', type: 'abort', turnId: fact.turnId },
        { class: 'now', type: 'clear' },
      ]
    case 'filler-said':
      return [{ class: 'now', type: 'say-filler', turnId: fact.turnId }]
    case 'silence-prompted':
      return [{ class: 'now', type: 'say-prompt', turnId: fact.turnId }]
    case 'closing-began':
      return [{ class: 'now', type: 'say-goodbye', turnId: fact.turnId, reason: fact.reason }]
    case 'conversation-ended':
      return [{ class: 'now', type: 'hang-up' }]
    default:
      return []
  }
}
