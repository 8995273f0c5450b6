/**
 * Runs one scenario: the agent is as on a call (its data, its providers, the same conversation), and a simulated caller takes the
 * place of the carrier. Nothing outside is changed. The run ends with a hang-up, a hand-over, or its time limit.
 */
import { costMicros, NO_USAGE, sumOf } from '../../core/agent/cost.ts'
import { judge } from '../../core/agent/judge.ts'
import type { TalkFact } from '../../core/call/talk/talk.ts'
import type { ConversationEvent } from '../../media/conversation/conversation-events.ts'
import type { ConversationParts } from '../../media/conversation/conversation-parts.ts'
import type { ConversationLoop } from '../../media/conversation/loop.ts'
import {
  type CallerStep,
  type PreparedAct,
  SimulatedCaller,
} from '../../media/conversation/rehearsal/simulated-caller.ts'
import { detectorOfIsolate } from '../../media/vad/isolate.ts'
import { missingForVoice, turnSilenceOf } from '../../providers/voice-registry.ts'
import { base64FromBytes } from '../../sound/base64.ts'
import { type AiAgentBody, talkOrderOf } from '../../wire/ai-agent.ts'
import type { ConversationEntry } from '../../wire/conversation.ts'
import { agentOf, offersOf, rememberedLine, speakerOf } from '../call/voice/agent-of-call.ts'
import { conversationWith, discard, type ReadyVoice, readyVoice } from '../call/voice/ready-voice.ts'
import { toldOf } from '../call/voice/session-facts.ts'
import { Tools } from '../call/voice/tool-executor.ts'
import { Waker } from '../call/voice/waker.ts'
import type { Env } from '../env.ts'
import { neighboursOf } from '../neighbours.ts'
import { preparedActs, spokenCharacters } from './caller-sounds.ts'
import { RehearsedTools } from './rehearsed-tools.ts'
import type { Outcome, RehearsalOrder } from './run-record.ts'

/** The caller's sentences are spoken and the agent's voice is opened within this time. */
const OPEN_MS = 40_000
/** The agent's words to a hand-over are over by then. */
const HAND_OVER_MS = 6_000

export interface RehearsalSide {
  env: Env
  order: RehearsalOrder
  /** an entry of the conversation, to be kept and shown */
  told(fact: TalkFact): void
  interim(text: string): void
  entries(): ConversationEntry[]
  /** once */
  over(outcome: Outcome): void
}

/** A reason why a rehearsal cannot run, in words for people. */
class Obstacle extends Error {}

export class Rehearsal {
  readonly #side: RehearsalSide
  readonly #opening = new AbortController()
  #loop: ConversationLoop | null = null
  #waker: Waker | null = null
  #timers: ReturnType<typeof setTimeout>[] = []
  #handingOver = false
  #ending = false
  #over = false

  constructor(side: RehearsalSide) {
    this.#side = side
  }

  /** Resolves when the conversation has begun. Never throws: a failure ends the run. */
  async begin(): Promise<void> {
    this.#after(OPEN_MS, () => this.#opening.abort())
    try {
      const { body, acts, ready } = await this.#opened()
      if (this.#over) return discard(ready)
      this.#converse(body, acts, ready)
    } catch (error) {
      this.#break(this.#opening.signal.aborted ? 'The providers did not answer in time.' : wordsOf(error))
    }
  }

  /** From outside. */
  stop(why: string): void {
    this.#break(why)
  }

  async #opened(): Promise<{ body: AiAgentBody; acts: PreparedAct[]; ready: ReadyVoice }> {
    const { env, order } = this.#side
    const agent = await agentOf(neighboursOf(env), order.runId, order.agentId, order.version)
    if (agent === null) throw new Obstacle('There is no such agent any more.')
    const talk = talkOrderOf(agent)
    if (talk.driver === 'relay')
      throw new Obstacle('The carrier hears and speaks for this agent: without a carrier there is nothing to rehearse.')
    const missing = missingForVoice(env)
    if (missing.length > 0) throw new Obstacle(`Calls have no voice here: ${missing.join(', ')} is not set.`)
    const { signal } = this.#opening
    const acts = await preparedActs(env, agent.body, order.scenario.caller, signal)
    signal.throwIfAborted()
    const ready = await readyVoice(env, order.runId, talk, ({ ability, provider, after }) => {
      for (const { provider: failed, kind } of after)
        this.#tell({ type: 'failed', ability, provider: failed, kind: `${kind}, then ${provider}` })
    })
    if (ready === null) throw new Obstacle('The model of this agent is not set up here.')
    return { body: agent.body, acts, ready }
  }

  #converse(body: AiAgentBody, acts: PreparedAct[], ready: ReadyVoice): void {
    const { scenario } = this.#side.order
    this.#clearTimers()
    const caller = new SimulatedCaller(acts, Date.now())
    this.#after(scenario.atMostSeconds * 1000, () => this.#finish(true))
    this.#side.told({ type: 'talk-stream-opened', at: Date.now(), stream: 1, record: false })
    const waker = new Waker(() => this.#guarded(() => this.#loop?.tick()))
    this.#waker = waker
    waker.limit(body.limits.durationSeconds * 1000, () => this.#loop?.end('limit'))
    const loop = conversationWith(ready.voice, this.#parts(body, caller, waker, ready.abort))
    this.#loop = loop
    loop.start(true)
    this.#pump(caller, loop)
  }

  /** Nobody would catch an error in a timer, and the run would never end. */
  #guarded(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#break(wordsOf(error))
    }
  }

  #parts(body: AiAgentBody, caller: SimulatedCaller, waker: Waker, abort: AbortController): ConversationParts {
    const variables: Record<string, string> = {}
    const said: ConversationParts['said'] = []
    const executor = new RehearsedTools(body, this.#side.order.scenario.answers, {
      leaveAfterReply: () => this.#loop?.leaveAfterReply(),
      stayAfterReply: () => this.#loop?.stayAfterReply(),
      say: sentence => this.#loop?.add(sentence),
      remember: (name, value) => {
        variables[name] = value
        said.push({ role: 'supervisor', text: rememberedLine(name, value) })
      },
      handOver: (to, summary) => this.#handOver(to, summary),
    })
    const tools = new Tools(body, executor)
    return {
      now: () => Date.now(),
      wakeAt: atMs => waker.at(atMs),
      detector: detectorOfIsolate().open(),
      agent: {
        ...speakerOf(body, undefined, false, variables),
        turnSilenceMs: body.turnSilenceMs ?? turnSilenceOf(this.#side.env),
      },
      tools: offersOf(body),
      said,
      costMicrosMax: body.limits.costCents * 10_000,
      signal: abort.signal,
      send: message => caller.receive(message),
      tell: event => this.#tell(event),
      runTool: call => tools.run(call),
      hangUp: () => this.#end(),
      lastWords: () => {
        this.#side.told({ type: 'talk-last-words', at: Date.now() })
        this.#end()
      },
      closed: () => {
        waker.stop()
        abort.abort()
      },
    }
  }

  /** Passes the caller's sound on, 20 ms at a time. */
  #pump(caller: SimulatedCaller, loop: ConversationLoop): void {
    if (this.#over) return
    this.#guarded(() => {
      for (const step of caller.tick(Date.now())) this.#step(step, loop)
    })
    setTimeout(() => this.#pump(caller, loop), Math.max(0, caller.nextMs - Date.now()))
  }

  #step(step: CallerStep, loop: ConversationLoop): void {
    switch (step.type) {
      case 'frame':
        return loop.receive(base64FromBytes(step.mulaw))
      case 'mark':
        return loop.marked(step.name)
      case 'digit':
        return loop.digit(step.digit)
      case 'hung-up':
        return this.#end()
    }
  }

  #handOver(to: 'desk' | 'number', summary: string): void {
    const at = Date.now()
    this.#handingOver = true
    if (to === 'number') this.#side.told({ type: 'talk-dialed-on', at, personal: { number: '' } })
    else this.#side.told({ type: 'talk-transfer-asked', at, transferId: '', deskId: '', personal: { summary } })
    this.#after(HAND_OVER_MS, () => this.#end())
  }

  #tell(event: ConversationEvent): void {
    if (this.#over) return
    if (event.type === 'interim') return this.#side.interim(event.text)
    const { type, ...told } = toldOf(event, Date.now())
    if (type === 'talk.said' && 'who' in told) {
      const { text, ...rest } = told
      this.#side.told({ type: 'talk-said', ...rest, personal: { text } })
    } else if ('word' in told) this.#side.told({ type: 'talk-noted', ...told })
    // The agent's words while it hands over are heard to their end.
    if (this.#handingOver && event.type === 'agent-said') this.#end()
  }

  /** Ends the run after the current call stack, in which the conversation may still have work to do. */
  #end(): void {
    if (this.#ending) return
    this.#ending = true
    this.#after(0, () => this.#finish(false))
  }

  #finish(late: boolean): void {
    if (this.#over) return
    const loop = this.#loop
    loop?.close()
    const { scenario } = this.#side.order
    const spoken = { ...NO_USAGE, spokenCharacters: spokenCharacters(scenario.caller) }
    const usage = sumOf(loop?.usage ?? NO_USAGE, spoken)
    const cost = costMicros(usage)
    const at = Date.now()
    this.#side.told({ type: 'talk-noted', at, word: 'usage', data: { ...usage, costMicros: cost } })
    const differences = judge(scenario, this.#side.entries())
    if (late) differences.unshift(`it was not over after ${scenario.atMostSeconds} seconds`)
    const state = differences.length === 0 ? 'passed' : 'failed'
    this.#close({ state, why: '', differences, costMicros: cost })
  }

  #break(why: string): void {
    if (this.#over) return
    const loop = this.#loop
    this.#loop = null
    this.#close({ state: 'broken', why, differences: [], costMicros: null })
    loop?.close()
  }

  #close(outcome: Outcome): void {
    this.#over = true
    this.#clearTimers()
    this.#opening.abort()
    this.#waker?.stop()
    this.#side.over(outcome)
  }

  #after(ms: number, then: () => void): void {
    this.#timers.push(setTimeout(() => this.#guarded(then), ms))
  }

  #clearTimers(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer)
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Obstacle) return error.message
  return `It could not be held: ${error instanceof Error ? error.message : String(error)}`
}
