/** Random flows under random inputs, with a crash after every commit. The same seed gives the same run. */
import { Random } from '../simulation/random.ts'
import { FlowWatch } from './flow-laws.ts'
import { beginning, garbage, nextInput, savable, validFlow } from './flow-random.ts'

export interface Fuzzed {
  flows: number
  /** of the garbage: how much of it could be saved after all */
  garbageRun: number
  commits: number
  /** steps begun, in all */
  steps: number
  /** flows by the reason of their end */
  reasons: Record<string, number>
  verbs: Set<string>
  broken: { seed: number; law: string }[]
}

const INPUTS_MAX = 60

export function fuzzFlows(seeds: number, first = 1): Fuzzed {
  const found: Fuzzed = { flows: 0, garbageRun: 0, commits: 0, steps: 0, reasons: {}, verbs: new Set(), broken: [] }
  for (let seed = first; seed < first + seeds; seed += 1) {
    try {
      fuzzOne(seed, found)
    } catch (error) {
      found.broken.push({ seed, law: error instanceof Error ? error.message : String(error) })
      if (found.broken.length >= 5) return found
    }
  }
  return found
}

function fuzzOne(seed: number, found: Fuzzed): void {
  const random = new Random(seed)
  const wild = random.chance(0.3)
  const given = wild ? garbage(random) : validFlow(random)
  const actions = savable(given)
  found.flows += 1
  if (actions === null) {
    if (!wild) throw new Error(`a valid flow is refused: ${JSON.stringify(given)}`)
    return
  }
  if (wild) found.garbageRun += 1
  const watch = new FlowWatch()
  const variables: Record<string, string> = random.chance(0.5)
    ? { a: '1', big: 'x'.repeat(random.chance(0.1) ? 30_000 : 30), url: 'nonsense' }
    : {}
  for (const input of beginning(actions, random.chance(0.7), variables)) watch.commit(input)
  let at = watch.facts[0]?.at ?? 0
  const most = random.chance(0.05) ? INPUTS_MAX * 20 : INPUTS_MAX
  for (let turn = 0; turn < most && watch.state.call.phase === 'live'; turn += 1) {
    at += random.pick([0, 10, 1_000, 6_000])
    const input = nextInput(random, watch.state, at)
    at = input.at
    watch.commit(input)
    found.commits += 1
    if (watch.state.flow?.phase === 'over' && random.chance(0.5)) break
  }
  count(watch, found)
}

function count({ facts, state }: FlowWatch, found: Fuzzed): void {
  for (const fact of facts)
    if (fact.type === 'flow-step-entered') {
      found.steps += 1
      found.verbs.add(fact.verb)
    }
  const { flow } = state
  const reason = flow?.phase === 'over' ? flow.reason : 'still running'
  found.reasons[reason] = (found.reasons[reason] ?? 0) + 1
}
