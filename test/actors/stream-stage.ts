/** Sockets of events as programs and people open them, and facts of calls as the log hears them. */
import type { LoggedFact } from '../../src/actors/log/events.ts'
import { logOf } from '../../src/actors/stubs.ts'
import type { StreamMessage } from '../../src/wire/stream.ts'
import { makeKey } from '../../src/worker/api-keys.ts'
import { bindings, request, until } from './stage.ts'

type Event = Extract<StreamMessage, { type: 'event' }>

/** A client of `GET /v1.0/ws`. It acknowledges nothing by itself. */
export class Client {
  readonly messages: StreamMessage[] = []
  closed: { code: number; reason: string } | null = null
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => void this.messages.push(JSON.parse(String(data)) as StreamMessage))
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
    })
    socket.accept()
  }

  get events(): Event[] {
    return this.messages.filter(one => one.type === 'event')
  }
  get types(): unknown[] {
    return this.events.map(({ event }) => event.type)
  }
  get cursor(): string {
    return this.events.at(-1)?.cursor ?? ''
  }
  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }
  close(): void {
    this.#socket.close(1000)
  }
  /** The answer to this message: whatever comes next that is no event and no `caught_up`. */
  async ask(message: object | string): Promise<StreamMessage> {
    const others = () => this.messages.filter(({ type }) => type !== 'event' && type !== 'caught_up')
    const before = others().length
    this.send(message)
    return until(async () => {
      const answer = others()[before]
      if (answer === undefined) throw new Error('no answer')
      return answer
    })
  }
  async subscribe(topics: string[], more: object = {}): Promise<StreamMessage> {
    return this.ask({ type: 'subscribe', topics, ...more })
  }
}

/** What the server answers to this upgrade. */
export function upgrade(headers: Record<string, string>, path = '/v1.0/ws'): Promise<Response> {
  return request(path, { headers: { ...headers, Upgrade: 'websocket' } })
}

export async function open(headers: Record<string, string>): Promise<Client> {
  const answer = (await upgrade(headers)) as Response & { webSocket: WebSocket | null }
  if (answer.webSocket === null) throw new Error(`no socket: ${answer.status}`)
  return new Client(answer.webSocket)
}

/** A key of this workspace, and what a program sends with it. */
export async function program(workspaceId: string, endsMs: number | null = null) {
  await bindings.DB.prepare('INSERT OR IGNORE INTO workspace (id, name, createdAt) VALUES (?1, ?1, 0)')
    .bind(workspaceId)
    .run()
  const wanted = { workspaceId, name: 'CRM', scopes: ['events:read' as const], addresses: [], madeBy: 'Root', endsMs }
  const made = await makeKey(bindings, { ...wanted, requestsPerMinute: 3_000 }, Date.now())
  if (made === null) throw new Error('no key was made')
  return { keyId: made.keyId, headers: { Authorization: `Bearer ${made.key}` } }
}

const LINKS = { kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }

/** The life of a call as its object tells it: five public events, in this order. */
export const LIFE = ['call_created', 'call_dialing', 'call_ringing', 'call_answered', 'call_hungup']
export function life(callId: string, links: object = {}): Omit<LoggedFact, 'source'>[] {
  const personal = { to: '+15005550001', from: '+14155550001', name: 'Ann' }
  const facts = [
    { type: 'call-created', at: 1_000, links: { ...LINKS, ...links }, options: {}, talk: null, personal },
    { type: 'call-attempted', at: 1_001 },
    { type: 'call-ringing', at: 1_002 },
    { type: 'call-answered', at: 1_003 },
    { type: 'call-hungup', at: 1_009, reason: 'normal', providerStatus: 'completed', talkedMs: 6, code: null },
  ]
  return facts.map((fact, index) => ({ seq: index + 1, about: { call: callId }, fact }))
}

/** The log hears facts of this actor. */
export function tell(source: string, facts = life(source)) {
  return logOf(bindings, source.split('.')[0] ?? '').hear(source, JSON.stringify(facts))
}

/** A call that rings `count` times; the log hears 25 of them at a time. */
export async function ring(callId: string, count: number): Promise<void> {
  const facts = Array.from({ length: count }, (_, index) => ({
    ...{ seq: index + 1, about: { call: callId }, fact: { type: 'call-ringing', at: 1_000 + index } },
  }))
  for (let from = 0; from < count; from += 25) await tell(callId, facts.slice(from, from + 25))
}
