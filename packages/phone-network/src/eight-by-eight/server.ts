/**
 * 8x8's voice platform on 127.0.0.1 for a program that answers its webhooks: registration by REST, calls of pretend people, and every webhook
 * with the program's answer. Nothing is sent twice by itself, because 8x8 documents no retries; duplicates are sent on demand.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../listening.ts'
import { CallflowError, readCallflow } from './callflow.ts'
import { type Input, newSession, type Posted, type Session, step, wakesAt } from './session.ts'

const CONNECTIONS_MAX = 500
const BODY_BYTES_MAX = 64 * 1024
/** The documents name no limit; a caller waits no longer. */
const REPLY_MS = 10_000
/** Half the time that the demo voices of the phone network need. */
const MS_PER_CHARACTER = 30
const ANSWER_MS = 100

/** How a person behaves when their phone rings. `manual`: the test answers it */
export type EightPerson = { does: 'answer' | 'busy' | 'no-answer' | 'manual'; afterMs?: number }

export interface EightOptions {
  /** 0: any free port */
  port?: number
  subAccountId?: string
  apiKey?: string
  /** the virtual numbers of the sub-account, E.164 */
  numbers: readonly string[]
  msPerCharacter?: number
}

/** Behaviour of 8x8 that is hard on a program. The documents name each of these, or a sample in them shows it. */
export interface EightFaults {
  /** every webhook comes twice */
  duplicates: boolean
  /** the summary comes before the statuses that led to it */
  summaryFirst: boolean
  /** the summary writes `CallA` and `SourceRefId` */
  capitals: boolean
}

/** One webhook as it was sent. */
export interface EightSent {
  type: Posted['type']
  body: Posted['body']
  /** 0: nobody answered */
  status: number
  answer: string
}

type Hook = { url: string; httpAuthHeader: string | null; enabled: boolean }
const TYPES = ['VCA', 'VCS', 'VSS', 'VRU', 'VNU']

export class EightByEight {
  readonly subAccountId: string
  readonly apiKey: string
  readonly faults: EightFaults = { duplicates: false, summaryFirst: false, capitals: false }
  readonly sent: EightSent[] = []
  readonly people = new Map<string, EightPerson>()
  readonly #numbers: ReadonlySet<string>
  readonly #hooks = new Map<string, Hook>()
  readonly #sessions = new Map<string, Session>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  /** the deliveries of each session go one after the other */
  readonly #queues = new Map<string, Promise<void>>()
  readonly #speech: { msPerCharacter: number }
  #calls = 0
  #closed = false

  constructor({ subAccountId = 'demo_sg', apiKey = 'eight-demo-key', numbers, msPerCharacter }: EightOptions) {
    this.subAccountId = subAccountId
    this.apiKey = apiKey
    this.#numbers = new Set(numbers)
    this.#speech = { msPerCharacter: msPerCharacter ?? MS_PER_CHARACTER }
  }

  /** Somebody dials a virtual number. Returns the session. @throws when the number is none of this sub-account */
  call(from: string, to: string): string {
    if (!this.#numbers.has(to)) throw new Error('no virtual number of this sub-account')
    this.#calls += 1
    const sessionId = `session-${this.#calls}`
    this.#sessions.set(sessionId, newSession(sessionId, this.subAccountId, from, to, Date.now()))
    this.#take(sessionId, { is: 'begun' })
    return sessionId
  }
  press(sessionId: string, keys: string): void {
    this.#take(sessionId, { is: 'keyed', keys })
  }
  answer(sessionId: string): void {
    this.#take(sessionId, { is: 'answered' })
  }
  hangUp(sessionId: string, side: 'a' | 'b'): void {
    this.#take(sessionId, { is: 'hung-up', side })
  }
  /** @throws when there is none */
  session(sessionId: string): Readonly<Session> {
    const found = this.#sessions.get(sessionId)
    if (found === undefined) throw new Error('no such session')
    return found
  }
  /** Sends a webhook again that was sent already; its answer changes nothing. */
  async repeat(one: EightSent): Promise<number> {
    return (await this.#post(one)).status
  }
  /** When everything that is due has been sent. */
  async settled(sessionId: string): Promise<void> {
    await this.#queues.get(sessionId)
  }

  #take(sessionId: string, input: Input): void {
    const session = this.#sessions.get(sessionId)
    if (session === undefined || this.#closed) return
    const ringing = session.doing.is === 'ringing'
    const due = step(session, input, Date.now(), this.#speech)
    const ordered = this.faults.summaryFirst ? [...due].sort((one, other) => rank(one) - rank(other)) : due
    for (const one of ordered) this.#send(sessionId, one)
    if (!ringing && session.doing.is === 'ringing') this.#rings(sessionId, session)
    this.#wake(sessionId, session)
  }

  #rings(sessionId: string, { b }: Session): void {
    const { does, afterMs = ANSWER_MS } = this.people.get(b?.destination ?? '') ?? { does: 'answer' }
    if (does === 'manual') return
    const input: Input =
      does === 'answer' ? { is: 'answered' } : { is: 'refused', because: does === 'busy' ? 'BUSY' : 'NO_ANSWER' }
    setTimeout(() => this.#take(sessionId, input), afterMs).unref()
  }

  #wake(sessionId: string, session: Session): void {
    clearTimeout(this.#timers.get(sessionId))
    const at = wakesAt(session)
    if (at === null) return
    const timer = setTimeout(() => this.#take(sessionId, { is: 'time' }), Math.max(0, at - Date.now()))
    timer.unref()
    this.#timers.set(sessionId, timer)
  }

  #send(sessionId: string, one: Posted): void {
    const before = this.#queues.get(sessionId) ?? Promise.resolve()
    const { duplicates } = this.faults
    const sending = before.then(async () => {
      const { status, answer } = await this.#post(one)
      if (duplicates) await this.#post(one)
      if (one.type !== 'VCA') return
      const flow = status === 200 ? this.#flowOf(answer) : new CallflowError(-9999, `answered ${status}`)
      this.#take(sessionId, { is: 'replied', flow })
    })
    this.#queues.set(sessionId, sending)
  }

  #flowOf(answer: string) {
    try {
      return readCallflow(answer, this.#numbers)
    } catch (error) {
      if (error instanceof CallflowError) return error
      throw error
    }
  }

  async #post({ type, body }: Posted): Promise<{ status: number; answer: string }> {
    const hook = this.#hooks.get(type)
    if (hook === undefined || !hook.enabled || this.#closed) return { status: 0, answer: '' }
    const written = this.faults.capitals && type === 'VSS' ? capitals(body) : body
    const headers: Record<string, string> = { 'Content-Type': 'application/json' }
    if (hook.httpAuthHeader !== null) headers.Authorization = hook.httpAuthHeader
    const told = { type, body: written as Posted['body'], status: 0, answer: '' }
    this.sent.push(told)
    try {
      const signal = AbortSignal.timeout(REPLY_MS)
      const answer = await fetch(hook.url, { method: 'POST', headers, body: JSON.stringify(written), signal })
      Object.assign(told, { status: answer.status, answer: await answer.text() })
    } catch {
      // Nobody answered.
    }
    return told
  }

  /** REST, below `/api/v1/subaccounts/{id}`. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    }
    const refuse = (status: number, statusMessage: string) =>
      reply(status, { errorId: randomUUID(), statusCode: '1001', statusMessage, timestamp: new Date().toISOString() })
    if (request.headers.authorization !== `Bearer ${this.apiKey}`) return refuse(401, 'the key is wrong')
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const [, of, rest = ''] = /^\/api\/v1\/subaccounts\/([A-Za-z0-9\-._&]{3,50})\/(.*)$/.exec(path) ?? []
    if (of === undefined) return refuse(404, 'there is no such path')
    if (of !== this.subAccountId) return refuse(403, 'not your sub-account')
    const [, type] = /^webhooks\/(\w+)$/.exec(rest) ?? []
    if (request.method === 'DELETE' && type !== undefined)
      return this.#hooks.delete(type) ? reply(200, OK) : refuse(404, 'there is no such webhook')
    if (rest !== 'webhooks') return refuse(404, 'there is no such path')
    if (request.method === 'GET') return reply(200, this.#listed())
    if (request.method !== 'POST') return refuse(405, 'not here')
    const hook = hookIn(await bodyOf(request))
    if (hook === null) return refuse(422, 'type, url or httpAuthHeader is wrong')
    this.#hooks.set(hook.type, hook)
    return reply(200, OK)
  }

  #listed(): object {
    const webhooks = [...this.#hooks].map(([type, { url, enabled, httpAuthHeader }]) => ({
      ...{ type, url, enabled, httpAuthHeaderAvailable: httpAuthHeader !== null },
    }))
    return { subAccountId: this.subAccountId, count: webhooks.length, webhooks, ...OK }
  }

  /** Nothing is sent any more. */
  stop(): void {
    this.#closed = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }
}

export interface EightServer {
  url: string
  platform: EightByEight
  close(): Promise<void>
}

/** Starts the platform. */
export async function startEightByEight(options: EightOptions): Promise<EightServer> {
  const platform = new EightByEight(options)
  const server = createServer((request, response) => void platform.serve(request, response))
  server.maxConnections = CONNECTIONS_MAX
  const port = await listen(server, options.port ?? 0)
  return {
    ...{ url: `http://127.0.0.1:${port}`, platform },
    async close() {
      platform.stop()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const OK = { statusCode: 0, statusMessage: 'ok' }

function rank({ type }: Posted): number {
  return type === 'VSS' ? 0 : 1
}

/** Null: it is no registration. */
function hookIn(text: string): (Hook & { type: string }) | null {
  try {
    const { type, url, httpAuthHeader = null, active = true } = JSON.parse(text) as Record<string, unknown>
    if (typeof type !== 'string' || !TYPES.includes(type)) return null
    if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)) return null
    if (httpAuthHeader !== null && typeof httpAuthHeader !== 'string') return null
    return { type, url, httpAuthHeader, enabled: active === true }
  } catch {
    return null
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request) {
    bytes += (piece as Buffer).length
    if (bytes > BODY_BYTES_MAX) return ''
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** As one sample of the documents writes it. */
function capitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitals)
  if (typeof value !== 'object' || value === null) return value
  const renamed = (name: string) => (/^call[AB]$|RefId$/.test(name) ? name[0]?.toUpperCase() + name.slice(1) : name)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [renamed(name), capitals(one)]))
}
