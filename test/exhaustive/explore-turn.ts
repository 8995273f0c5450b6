import { step } from '../../src/core/machine.ts'
import type { Phase, TURN_RULES, TurnEffect, TurnFact, TurnInput, TurnState } from '../../src/core/turn/state.ts'
import { turn } from '../../src/core/turn/turn.ts'

/**
 * Every conversation with up to a given number of turns of ours, under every order of what the caller, the model, the
 * voice and the tools may do, results of the turn before included. Times are compared relative to now, so that the worlds
 * are finite.
 */

/** Worlds whose times differ by less count as one, because short waits and halves of waits would make millions. */
const GRAIN_MS = 100

interface World {
  state: TurnState
  at: number
  /** the turn whose model, voice or tool is at work, by the effects alone */
  working: number | null
  /** our sound was cleared, and neither resumed nor replaced since */
  cleared: boolean
}

function inputsOf({ state, at }: World): TurnInput[] {
  const mine = state.turns
  const ours = [mine, mine - 1].flatMap((turnId): TurnInput[] => [
    { type: 'reply.began', at, turnId },
    { type: 'reply.completed', at, turnId },
    { type: 'reply.failed', at, turnId, heard: 'Well' },
    { type: 'tool.called', at, turnId, toolId: 't' },
    { type: 'tool.ended', at, turnId, toolId: 't' },
    { type: 'playout.ended', at, turnId, heard: 'Well, yes' },
  ])
  return [
    ...ours,
    { type: 'caller.spoke', at, heard: 'Well' },
    { type: 'caller.fell-silent', at },
    { type: 'words.heard', at, sense: 'backchannel', heard: 'Well' },
    { type: 'words.heard', at, sense: 'guess', heard: 'Well' },
    { type: 'words.heard', at, sense: 'words', heard: 'Well' },
    { type: 'caller.finished', at, text: 'No', backchannel: false, heard: 'Well' },
    { type: 'caller.finished', at, text: 'mhm', backchannel: true, heard: 'Well' },
    { type: 'caller.finished', at, text: '', backchannel: false, heard: 'Well' },
    { type: 'end.wanted', at, reason: 'goodbye' },
    { type: 'call.ended', at },
  ]
}

/** Times relative to now, to a tenth of a second; words that wait are there or not; everything else as it is. */
function keyOf({ state, at, working, cleared }: World): string {
  const relative = ([key, value]: [string, unknown]): [string, unknown] => {
    if (key === 'pending') return [key, value !== '']
    return [key, /since/i.test(key) && typeof value === 'number' ? Math.round((value - at) / GRAIN_MS) : value]
  }
  const now = Object.fromEntries(Object.entries(state.now).map(relative))
  return JSON.stringify([now, state.turns, state.failures, state.prompts, working, cleared])
}

function follow(world: World, input: TurnInput): World {
  const { state, facts, effects } = step(turn, world.state, input)
  judge(world, input, facts, effects)
  let { working, cleared } = world
  // The reply was heard to its end, so nothing works on it any more.
  if (facts.some(fact => fact.type === 'reply-heard')) working = null
  for (const effect of effects) {
    if (effect.type === 'clear') cleared = true
    else if (effect.type === 'resume') cleared = false
    else if (effect.type === 'abort') working = null
    else if (effect.type !== 'hang-up') {
      // The work of an earlier turn must have been aborted before.
      law(working === (effect.type === 'say-filler' ? effect.turnId : null), 'one voice at a time', input, world)
      working = effect.turnId
      cleared = false
    }
  }
  if (facts.some(fact => fact.type === 'conversation-ended')) working = null
  return { state, at: input.at, working, cleared }
}

/** Cheaper than an expectation, of which there would be millions. */
function law(holds: boolean, what: string, input: TurnInput, { state }: World): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(input)} in ${JSON.stringify(state)}`)
}

const TOLD = ['reply-heard', 'reply-interrupted', 'reply-failed', 'reply-withdrawn']

function judge(world: World, input: TurnInput, facts: TurnFact[], effects: TurnEffect[]): void {
  const { now, rules } = world.state
  law(now.phase !== 'over' || facts.length === 0, 'over is over', input, world)
  const late = 'turnId' in input && !('turnId' in now && now.turnId === input.turnId)
  law(!late || facts.length === 0, 'results of another turn change nothing', input, world)
  const sacred = now.phase === 'speaking' && now.opening && rules.openingUninterruptible
  const taken = effects.some(effect => effect.type === 'clear')
  law(!sacred || !taken || input.type === 'end.wanted', 'the opening is said to its end', input, world)
  // Each reply settles once the text that the model is told it has said.
  law(facts.filter(fact => TOLD.includes(fact.type)).length <= 1, 'a reply is settled once', input, world)
}

/** Every phase of a conversation, sorted. */
export const PHASES: Phase['phase'][] = ['closing', 'interrupted', 'listening', 'over', 'speaking', 'thinking', 'tool']

export interface ExploredTurns {
  states: number
  /** every phase that was reached, sorted */
  phases: Phase['phase'][]
  /** Worlds that never end although the caller says nothing and no provider answers. */
  endless: World[]
}

/** Throws on the first broken law. */
export function exploreTurns(rules: typeof TURN_RULES, turnsMax: number): ExploredTurns {
  const start = follow(
    { state: turn.initial, at: 0, working: null, cleared: false },
    { type: 'call.began', at: 0, rules, opening: true },
  )
  const seen = new Map([[keyOf(start), start]])
  const phases = new Set<Phase['phase']>()
  for (const world of seen.values()) {
    phases.add(world.state.now.phase)
    if (world.state.turns > turnsMax) continue
    const due = turn.deadline(world.state)
    const next = inputsOf(world).map(input => follow(world, input))
    if (due !== null) {
      // A clock that is early changes nothing.
      const early: TurnInput = { type: 'clock.struck', at: due - 1 }
      law(step(turn, world.state, early).facts.length === 0, 'an early clock changes nothing', early, world)
      next.push(follow(world, { type: 'clock.struck', at: due }))
      // Half of the time passes, and something else happens then.
      const half = { ...world, at: world.at + Math.floor((due - world.at) / 2) }
      if (half.at > world.at && half.at - world.at > 200) next.push(half)
    }
    for (const one of next) if (!seen.has(keyOf(one))) seen.set(keyOf(one), one)
  }
  const endless = [...seen.values()].filter(world => endOf(world).now.phase !== 'over')
  return { states: seen.size, phases: [...phases].sort(), endless }
}

/** The caller is silent, everything that is played ends, nothing else answers. */
function endOf(world: World): TurnState {
  let { state, at } = world
  for (let steps = 0; steps < 60 && state.now.phase !== 'over'; steps += 1) {
    const { now } = state
    const due = turn.deadline(state)
    at = Math.max(at, due ?? at)
    const inputs: TurnInput[] = [
      { type: 'caller.fell-silent', at },
      { type: 'clock.struck', at },
    ]
    if (now.phase === 'speaking') {
      inputs.push(
        { type: 'reply.completed', at, turnId: now.turnId },
        { type: 'playout.ended', at, turnId: now.turnId, heard: '' },
      )
    }
    for (const input of inputs) state = step(turn, state, input).state
  }
  return state
}
