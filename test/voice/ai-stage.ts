/** A stage with people who call an AI agent, and their conversations as a screen follows them. */
import WebSocket from 'ws'
import { AI_NUMBER, call as ask, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage, WORKSPACE } from '../../scripts/local/stage.ts'
import { Waiters } from '../../sim/testing/waiters.ts'
import type { AiAgent } from '../../src/wire/ai-agent.ts'
import type { Conversation, ConversationEntry, LiveWords } from '../../src/wire/conversation.ts'

const LIMIT_MS = 45_000

export { AI_NUMBER }

export class AiStage {
  readonly stage: Stage
  readonly #cookies: Record<string, string>
  #callers = 0

  private constructor(stage: Stage, cookies: Record<string, string>) {
    this.stage = stage
    this.#cookies = cookies
  }

  static async set(port: number): Promise<AiStage> {
    const stage = await setStage({ state: null, dialer: false, port, networkPort: port + 20 })
    const cookies = { ada: await signIn(stage.url, 'ada'), root: await signIn(stage.url, 'root') }
    return new AiStage(stage, cookies)
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

  /** Changes the demo's agent for the calls to come. */
  async change(change: Partial<AiAgent['body']>): Promise<AiAgent> {
    const { items } = await this.api<{ items: AiAgent[] }>('root', 'GET', '/api/ai/agents')
    const [agent] = items
    if (agent === undefined) throw new Error('the demo has no agent')
    return this.api<AiAgent>('root', 'PUT', `/api/ai/agents/${agent.agentId}`, { ...agent.body, ...change })
  }

  /** Someone calls the agent's number and does this. */
  async dial(acts: unknown[], script: Record<string, unknown> = {}): Promise<Held> {
    this.#callers += 1
    const from = `+1415556${String(this.#callers).padStart(4, '0')}`
    const callSid = this.stage.network.control.dial(from, AI_NUMBER, { kind: 'human', voice: 'man', acts, ...script })
    return Held.follow(this, `${WORKSPACE}.i_${callSid}`, callSid, this.#cookies.root ?? '', from)
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

  close(): Promise<void> {
    return this.stage.close()
  }
}

/** One conversation, followed over its socket. */
export class Held {
  readonly callId: string
  readonly callSid: string
  /** who called; empty: we called */
  readonly from: string
  readonly entries: ConversationEntry[] = []
  interim = ''
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
      held.#hear(JSON.parse(String(data)) as LiveWords)
      socket.send('ok')
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    return held
  }

  #hear(words: LiveWords): void {
    if (words.type === 'conversation') this.entries.push(...words.conversation.entries)
    else if (words.type === 'entry') this.entries.push(words.entry)
    else if (words.type === 'interim') this.interim = words.text
    else if (words.type === 'ended') this.ended = true
    this.#waiters.look()
  }

  until(test: () => boolean, limitMs = LIMIT_MS): Promise<void> {
    return this.#waiters.until(test, limitMs, () => JSON.stringify(this.told()))
  }

  /** Until the call is over; what was said. */
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
