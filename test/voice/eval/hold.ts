/** Holds the conversation of a scenario on a stage, with an agent of its own. */
import { judge } from '../../../src/core/agent/judge.ts'
import type { ConversationEntry } from '../../../src/wire/conversation.ts'
import type { AiStage, Held, OwnAgent } from '../ai-stage.ts'
import { readScenarios, runsAlone, type Scenario } from './scenario.ts'

export interface Verdict {
  name: string
  differences: string[]
  entries: ConversationEntry[]
  seconds: number
}

/** Conversations that two cores can hold at one time, with callers, agents and speech in real time. */
const AT_ONE_TIME = 4

/** Holds all scenarios, several at a time; those that affect every call come last, one by one. */
export async function holdAll(
  stage: AiStage,
  scenarios: Scenario[],
  tell: (verdict: Verdict) => void,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  const together = scenarios.filter(one => !runsAlone(one))
  const alone = scenarios.filter(runsAlone)
  const agents = await Promise.all(
    Array.from({ length: Math.min(AT_ONE_TIME, scenarios.length) }, () => stage.ownAgent()),
  )
  const work = async (agent: OwnAgent, queue: Scenario[]) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const verdict = await holdOne(stage, agent, next)
      tell(verdict)
      verdicts.push(verdict)
    }
  }
  await Promise.all(agents.map(agent => work(agent, together)))
  for (const agent of agents.slice(0, 1)) await work(agent, alone)
  return verdicts
}

/** The first calls load the recogniser, which a real service never has to; so they belong to no scenario. */
export async function warm(stage: AiStage): Promise<void> {
  const acts = [{ listen: true }, { say: 'what are your opening hours' }, { listen: true }, { hangUp: true }]
  const calls = await Promise.all(Array.from({ length: AT_ONE_TIME }, () => stage.dial(acts)))
  await Promise.all(calls.map(call => call.over()))
}

export async function holdOne(stage: AiStage, agent: OwnAgent, scenario: Scenario): Promise<Verdict> {
  const { name, services, happens, atMostSeconds } = scenario
  const { speech } = stage.stage.network.control
  const startedMs = performance.now()
  const differences: string[] = []
  let held: Held | null = null
  try {
    await agent.change(scenario.agent)
    for (const knob of services) speech.change(knob)
    const caller = { kind: 'human', voice: 'man', ...scenario.caller }
    held = await (scenario.outbound ? agent.calls(caller) : agent.isCalled(caller))
    const done = Promise.all(happens.map(one => befall(stage, held as Held, one, atMostSeconds * 1_000)))
    done.catch(() => {})
    await held.over(atMostSeconds * 1_000)
    await done
  } catch (error) {
    differences.push(error instanceof Error ? (error.message.split(';', 1)[0] ?? '') : String(error))
    if (held !== null && !held.ended) await hangUp(stage, held)
  } finally {
    if (services.length > 0) speech.reset()
  }
  const entries = held?.entries ?? []
  differences.push(...judge(scenario, entries))
  return { name, differences, entries, seconds: Math.round((performance.now() - startedMs) / 100) / 10 }
}

async function befall(
  stage: AiStage,
  held: Held,
  { after, lose }: Scenario['happens'][number],
  limitMs: number,
): Promise<void> {
  const [who, words] = 'agent' in after ? (['agent', after.agent] as const) : (['caller', after.caller] as const)
  const said = () => held.said(who).some(text => text.toLowerCase().includes(words.toLowerCase()))
  await held.until(() => said() || held.ended, limitMs)
  if (!said()) throw new Error(`"${words}" never came, so nothing happened to the ${lose}`)
  const { control } = stage.stage.network
  if (lose === 'stream') control.loseStreams(held.callSid)
  else control.speech.change({ ability: lose, dropNow: true })
}

/** Ends a conversation that did not end by itself, so that it does not disturb the next one. */
async function hangUp(stage: AiStage, held: Held): Promise<void> {
  try {
    stage.stage.network.control.hangUpCall(held.callSid)
    await held.over(10_000)
  } catch {
    // It has ended meanwhile, and the failure was reported.
  }
}

export function chosen(names: string[]): Scenario[] {
  const scenarios = readScenarios(names)
  if (scenarios.length === 0) throw new Error(`no scenario is called ${names.join(' or ')}`)
  return scenarios
}
