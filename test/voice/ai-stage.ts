/** A running product with people who call an AI agent; their conversations are followed as a screen follows them. */
import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'
import { Waiters } from '../../packages/phone-network/src/testing/waiters.ts'
import { AI_NUMBER, call as ask, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage, WORKSPACE } from '../../scripts/local/stage.ts'
import type { AiAgent } from '../../src/wire/ai-agent.ts'
import type { Conversation, ConversationEntry, LiveWords, RunningUsage } from '../../src/wire/conversation.ts'
import { WorkerLogs } from './worker-logs.ts'

const LIMIT_MS = 45_000

export { AI_NUMBER }

export class AiStage {
  readonly stage: Stage
  readonly #cookies: Record<string, string>
  readonly #logs: WorkerLogs
  #callers = 0
  #agents = 0

  private constructor(stage: Stage, cookies: Record<string, string>, logs: WorkerLogs) {
    this.stage = stage
    this.#cookies = cookies
    this.#logs = logs
  }

  /** `state`: a folder for what the Worker stores, so that a test can look at all of it; null: in memory */
  static async set(port: number, vars: Record<string, string> = {}, state: string | null = null): Promise<AiStage> {
    const logs = new WorkerLogs()
    const stage = await setStage({ state, dialer: false, port, networkPort: port + 20, vars, log: logs.add })
    const cookies = { ada: await signIn(stage.url, 'ada'), root: await signIn(stage.url, 'root') }
    return new AiStage(stage, cookies, logs)
  }

  get url(): string {
    return this.stage.url
  }

  api<T>(who: 'ada' | 'root', method: string, path: string, body?: unknown): Promise<T> {
    return ask<T>(this.url, this.#cookies[who] ?? '', method, path, body)
  }

  fetch(who: 'ada' | 'root', path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { ...init, headers: { Cookie: this.#cookies[who] ?? '', ...init.headers } })
  }

  /** Changes the demo's agent for later calls. */
  async change(change: Partial<AiAgent['body']>): Promise<AiAgent> {
    const { items } = await this.api<{ items: AiAgent[] }>('root', 'GET', '/api/ai/agents')
    const [agent] = items
    if (agent === undefined) throw new Error('the demo has no agent')
    return this.api<AiAgent>('root', 'PUT', `/api/ai/agents/${agent.agentId}`, { ...agent.body, ...change })
  }

  /** Somebody calls the agent's number and acts by this script. */
  async dial(
    acts: unknown[],
    script: Record<string, unknown> = {},
    to = AI_NUMBER,
    from = this.nextPerson(),
  ): Promise<Held> {
    const callSid = this.stage.network.control.dial(from, to, { kind: 'human', voice: 'man', acts, ...script })
    return Held.follow(this, await this.callIdOf(callSid), callSid, this.#cookies.root ?? '', from)
  }

  /** Our id of an incoming call, once its webhook has arrived. */
  async callIdOf(callSid: string): Promise<string> {
    const path = `/twilio/call/${callSid}/status`
    for (const untilMs = Date.now() + LIMIT_MS; Date.now() < untilMs; await pause(20)) {
      const answer = await this.fetch('root', path)
      if (answer.ok) return ((await answer.json()) as { callId: string }).callId
    }
    throw new Error('the call never reached the Worker')
  }

  /** The number of a person who has not called before. */
  nextPerson(): string {
    this.#callers += 1
    return `+1415556${String(this.#callers).padStart(4, '0')}`
  }

  /** A further agent with a number of its own, so that several kinds can speak at one time. */
  async ownAgent(): Promise<OwnAgent> {
    this.#agents += 1
    const number = `+1415555${String(100 + this.#agents).padStart(4, '0')}`
    const { control } = this.stage.network
    control.setNumber({
      number,
      voiceUrl: `${this.url}/twilio/${WORKSPACE}/inbound`,
      statusCallback: `${this.url}/twilio/${WORKSPACE}/inbound-status`,
    })
    const { items } = await this.api<{ items: AiAgent[] }>('root', 'GET', '/api/ai/agents')
    const [first] = items
    if (first === undefined) throw new Error('the demo has no agent')
    const body = { ...first.body, name: `Robin ${this.#agents}` }
    await this.api('root', 'POST', '/api/numbers', { number, name: body.name, inFlightCap: 20, cooldownSeconds: 0 })
    const { agentId } = await this.api<{ agentId: string }>('root', 'POST', '/api/ai/agents', body)
    await this.api('root', 'PUT', `/api/ai/agents/${agentId}/numbers`, { numbers: [number] })
    return {
      agentId,
      number,
      change: async change => {
        await this.api('root', 'PUT', `/api/ai/agents/${agentId}`, { ...body, ...change })
      },
      isCalled: script => this.dial([], script, number),
      calls: async script => {
        const toNumber = this.nextPerson()
        control.definePeople([{ number: toNumber, name: 'Somebody', company: '', timeZone: null, script }])
        const path = `/api/ai/agents/${agentId}/calls`
        const placed = await this.api<{ callId: string; callSid: string }>('ada', 'POST', path, { toNumber })
        return this.follow(placed.callId, placed.callSid)
      },
    }
  }

  follow(callId: string, callSid: string): Promise<Held> {
    return Held.follow(this, callId, callSid, this.#cookies.root ?? '')
  }

  knobs(settings: Record<string, unknown>): Promise<Response> {
    return fetch(`${this.stage.network.url}/_/speech`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(settings),
    })
  }

  /** The Worker logs this, now or soon; a line that no test asked for is printed when the stage is closed. */
  logged(words: RegExp): Promise<void> {
    return this.#logs.expect(words)
  }

  async close(): Promise<void> {
    await this.stage.close()
    this.#logs.printRest()
  }
}

/** An agent with a number of its own. */
export interface OwnAgent {
  readonly agentId: string
  readonly number: string
  /** fields that are not named keep the values of the demo's agent */
  change(change: Record<string, unknown>): Promise<void>
  /** Somebody with this script calls the agent. */
  isCalled(script: Record<string, unknown>): Promise<Held>
  /** The agent calls somebody with this script. */
  calls(script: Record<string, unknown>): Promise<Held>
}

/** One conversation, followed over its socket. */
export class Held {
  readonly callId: string
  readonly callSid: string
  /** the caller's number; empty: we called */
  readonly from: string
  readonly entries: ConversationEntry[] = []
  interim = ''
  /** the last report of the cost while the conversation runs */
  usage: RunningUsage | null = null
  ended = false
  readonly #stage: AiStage
  readonly #waiters = new Waiters()

  private constructor(stage: AiStage, callId: string, callSid: string, from: string) {
    this.from = from
    this.#stage = stage
    this.callId = callId
    this.callSid = callSid
  }

  static async follow(stage: AiStage, callId: string, callSid: string, cookie: string, from = ''): Promise<Held> {
    const held = new Held(stage, callId, callSid, from)
    const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/api/calls/${callId}/live`, {
      headers: { Cookie: cookie, Origin: stage.url },
    })
    socket.on('message', data => {
      held.#receive(JSON.parse(String(data)) as LiveWords)
      socket.send('ok')
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    return held
  }

  #receive(words: LiveWords): void {
    if (words.type === 'conversation') this.entries.push(...words.conversation.entries)
    else if (words.type === 'entry') this.entries.push(words.entry)
    else if (words.type === 'interim') this.interim = words.text
    else if (words.type === 'usage') this.usage = words.usage
    else if (words.type === 'ended') this.ended = true
    this.#waiters.look()
  }

  until(test: () => boolean, limitMs = LIMIT_MS): Promise<void> {
    return this.#waiters.until(test, limitMs, () => JSON.stringify(this.told()))
  }

  /** Resolves when the call is over. */
  async over(limitMs = LIMIT_MS): Promise<Held> {
    await this.until(() => this.ended, limitMs)
    return this
  }

  said(who: ConversationEntry['who']): string[] {
    return this.entries.filter(entry => entry.who === who).map(entry => entry.text)
  }
  notes(word: string): ConversationEntry[] {
    return this.entries.filter(entry => entry.data.word === word)
  }
  told(): string[] {
    return this.entries.map(entry => `${entry.who}: ${entry.text}`)
  }

  read(): Promise<Conversation> {
    return this.#stage.api('root', 'GET', `/api/calls/${this.callId}/conversation`)
  }
}
