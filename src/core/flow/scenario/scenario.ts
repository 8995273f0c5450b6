/** Plays a scenario of a flow and says whether everything came as expected. Pure, and as fast as the flow is short. */
import { checkFlow } from '../check.ts'
import type { Action } from '../flow.ts'
import { PretendCall } from './pretend-call.ts'
import type { Expectation, Line, Played, Scenario } from './words.ts'

/** A scenario says what is special about it; the rest is a plain call that comes in. */
export type ScenarioDraft = Partial<Scenario> & Pick<Scenario, 'expect'>

const ANSWER_GIVE_MS = 50

/** `actions`: as they were given; a flow that cannot be saved is not played, and its first problem is the reason. */
export function playScenario(given: unknown, draft: ScenarioDraft): Played {
  const { errors, actions } = checkFlow(given, { call: true })
  const [wrong] = errors
  if (wrong === undefined) return playChecked(actions, draft)
  const because = `the flow cannot be saved: ${[wrong.stepId, wrong.field, wrong.message].filter(Boolean).join(', ')}`
  const expectation = draft.expect[0] ?? { ends: 'finished' }
  return { transcript: [], failed: { index: 0, expectation, because }, endedAtMs: 0, reason: null }
}

function playChecked(actions: readonly Action[], draft: ScenarioDraft): Played {
  const scenario: Scenario = {
    name: '',
    at: Date.UTC(2026, 0, 5, 12),
    direction: 'incoming',
    from: '+14155550101',
    to: '+14155550100',
    variables: {},
    caller: [],
    outside: [],
    flows: {},
    hangsUpAtMs: null,
    ...draft,
  }
  const pretend = new PretendCall(scenario, actions)
  pretend.play()
  const { lines, variables } = pretend
  const reason = lines.findLast(({ kind }) => kind === 'ends')?.words ?? null
  const endedAtMs = pretend.endedAtMs ?? lines.at(-1)?.atMs ?? 0
  const outcome = { lines, reason, endedAtMs, answeredAtMs: pretend.answeredAtMs, variables }
  let from = 0
  for (const [index, expectation] of scenario.expect.entries()) {
    const found = judge(expectation, outcome, from)
    if (typeof found === 'string')
      return { transcript: lines, failed: { index, expectation, because: found }, endedAtMs, reason }
    from = found
  }
  return { transcript: lines, failed: null, endedAtMs, reason }
}

interface OutcomeOfPlay {
  lines: readonly Line[]
  reason: string | null
  endedAtMs: number
  answeredAtMs: number | null
  /** the last value of each variable */
  variables: ReadonlyMap<string, string>
}

/** Where the next ordered expectation is looked for; a text: why it did not come. */
function judge(expectation: Expectation, outcome: OutcomeOfPlay, from: number): number | string {
  const { lines, reason, endedAtMs, answeredAtMs, variables } = outcome
  if ('hears' in expectation) return after(lines, from, 'hears', words => words.includes(expectation.hears))
  if ('step' in expectation) return after(lines, from, 'step', words => words === expectation.step)
  if ('asks' in expectation) return after(lines, from, 'asks', words => words === expectation.asks)
  const wrong = wrongAtTheEnd(expectation, { reason, endedAtMs, answeredAtMs, variables, lines })
  return wrong ?? from
}

function after(
  lines: readonly Line[],
  from: number,
  kind: Line['kind'],
  is: (words: string) => boolean,
): number | string {
  const at = lines.findIndex((line, index) => index >= from && line.kind === kind && is(line.words))
  return at < 0 ? 'it did not come, or not in this order' : at + 1
}

type AboutTheWhole = Exclude<Expectation, { hears: string } | { step: string } | { asks: string }>
function wrongAtTheEnd(expectation: AboutTheWhole, outcome: OutcomeOfPlay): string | null {
  const { lines, reason, endedAtMs, answeredAtMs, variables } = outcome
  if ('neverHears' in expectation) {
    const heard = lines.find(({ kind, words }) => kind === 'hears' && words.includes(expectation.neverHears))
    return heard === undefined ? null : `it was heard after ${heard.atMs} ms`
  }
  if ('answeredAfterMs' in expectation) {
    const off = Math.abs((answeredAtMs ?? Infinity) - expectation.answeredAfterMs)
    return off <= (expectation.give ?? ANSWER_GIVE_MS) ? null : `it was answered after ${answeredAtMs ?? 'never'} ms`
  }
  if ('variable' in expectation) {
    const value = variables.get(expectation.variable) ?? ''
    return value === expectation.is ? null : `its value was ${value}`
  }
  if ('ends' in expectation) return reason === expectation.ends ? null : `it ended: ${reason ?? 'not at all'}`
  return endedAtMs <= expectation.endsWithinMs ? null : `it took ${endedAtMs} ms`
}
