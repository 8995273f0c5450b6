/** Phones for tests: what they send, and a domain in which they are registered. */
import { type Bindings, NO_BINDINGS, register, socketGone } from './bindings.ts'
import { type Header, type SipMessage, type SipRequest, type SipResponse, valuesOf, writeText } from './message.ts'
import { parse } from './parse.ts'
import { step, wakeAt } from './proxy.ts'
import { type Fact, newProxy, type ProxyState, type Send } from './state.ts'

export const DOMAIN = 'acme.example'
const DEADLINES_MAX = 50

export function messageOf(text: string): SipMessage {
  const parsed = parse(text)
  if (parsed.kind !== 'message') throw new Error(`${JSON.stringify(parsed)} is no message: ${text}`)
  return parsed.message
}

interface Written {
  method?: string
  /** the first line; sip:102@… */
  target?: string
  from?: string
  to?: string
  callId?: string
  cseq?: number
  branch?: string
  /** tag of From */
  tag?: string
  toTag?: string
  route?: string
  forwards?: number
  headers?: readonly Header[]
  body?: string
}

/** A request as the phone of extension 101 writes it, unless it says otherwise. */
export function requestText(more: Written = {}): string {
  const { method = 'INVITE', from = '101', to = '102', tag = 'a1', cseq = 1, branch = `${method}${cseq}` } = more
  const lines: Header[] = [
    { name: 'via', value: `SIP/2.0/WS ${from}.invalid;branch=z9hG4bK${branch}` },
    { name: 'max-forwards', value: String(more.forwards ?? 70) },
    { name: 'from', value: `<sip:${from}@${DOMAIN}>;tag=${tag}` },
    { name: 'to', value: `<sip:${to}@${DOMAIN}>${more.toTag === undefined ? '' : `;tag=${more.toTag}`}` },
    { name: 'call-id', value: more.callId ?? 'call1' },
    { name: 'cseq', value: `${cseq} ${method}` },
    { name: 'contact', value: `<sip:${from}@${from}.invalid;transport=ws>` },
  ]
  if (more.route !== undefined) lines.push({ name: 'route', value: more.route })
  const target = more.target ?? `sip:${to}@${DOMAIN}`
  return writeText(`${method} ${target} SIP/2.0`, [...lines, ...(more.headers ?? [])], more.body ?? '')
}

/** What a phone answers to this text. `contact`: of the phone; null: it names none. */
export function replyText(
  request: string,
  status: number,
  { tag = 'b1', contact = 'sip:b@b.invalid' }: { tag?: string; contact?: string | null } = {},
): string {
  const { headers } = messageOf(request)
  const copied = headers.filter(one => ['via', 'record-route', 'from', 'call-id', 'cseq'].includes(one.name))
  const to = valuesOf(headers, 'to')[0] ?? ''
  const tagged = to.includes(';tag=') || status === 100 ? to : `${to};tag=${tag}`
  const own = contact === null ? [] : [{ name: 'contact', value: `<${contact}>` }]
  return writeText(`SIP/2.0 ${status} Words`, [...copied, { name: 'to', value: tagged }, ...own], '')
}

/** One domain with its proxy, its bindings and everything that was sent. */
export class World {
  proxy: ProxyState = newProxy(DOMAIN)
  bindings: Bindings = NO_BINDINGS
  atMs = 1_000_000
  facts: Fact[] = []
  sent: Send[] = []
  #steps = 0
  readonly #works: typeof step

  /** Phones by extension and socket: `{ 's1': '101' }`. */
  constructor(phones: Readonly<Record<string, string>> = { s1: '101', s2: '102' }, works: typeof step = step) {
    this.#works = works
    for (const [socket, extension] of Object.entries(phones)) this.registers(socket, extension)
  }

  registers(socket: string, extension: string, contact = `<sip:${socket}@${socket}.invalid>`): void {
    const asked = { extension, socket, callId: `r-${socket}`, cseq: 1, contacts: [contact], expires: null }
    this.bindings = register(this.bindings, { ...asked, atMs: this.atMs }).bindings
  }

  /** What came of it. */
  send(socket: string, text: string): Send[] {
    return this.receive(socket, messageOf(text))
  }

  receive(socket: string, message: SipMessage): Send[] {
    return this.#step({ type: 'message', socket, message })
  }

  gone(socket: string): Send[] {
    this.bindings = socketGone(this.bindings, socket)
    return this.#step({ type: 'socket-gone', socket })
  }

  /** Time passes, with every deadline on the way. A deadline that is not worked off is tried a few times more. */
  pass(ms: number): Send[] {
    const until = this.atMs + ms
    const sends: Send[] = []
    for (let times = 0; times < DEADLINES_MAX; times += 1) {
      const next = wakeAt(this.proxy)
      if (next === null || next > until) break
      this.atMs = Math.max(next, this.atMs)
      sends.push(...this.#step({ type: 'time' }))
    }
    this.atMs = until
    return sends
  }

  /** The same world, which goes its own way from here. */
  copy(): World {
    const copy = new World({}, this.#works)
    Object.assign(copy, { proxy: this.proxy, bindings: this.bindings, atMs: this.atMs })
    Object.assign(copy, { facts: [...this.facts], sent: [...this.sent] })
    copy.#steps = this.#steps
    return copy
  }

  /** The messages that this socket has been sent, as `INVITE` or `180`. */
  heardBy(socket: string): string[] {
    return this.sent.filter(one => one.socket === socket).map(one => brief(one.text))
  }

  /** The text of the last request of this method that the socket was sent. */
  lastAt(socket: string, word: string): string {
    const found = this.sent.findLast(one => one.socket === socket && brief(one.text) === word)
    if (found === undefined) throw new Error(`${socket} was not sent ${word}, but ${this.heardBy(socket)}`)
    return found.text
  }

  factTypes(): string[] {
    return this.facts.map(one => (one.type === 'ended' ? `ended ${one.reason}` : one.type))
  }

  get isIdle(): boolean {
    return this.proxy.forks.size + this.proxy.keys.size + this.proxy.dialogs.size === 0
  }

  #step(
    input:
      | { type: 'message'; socket: string; message: SipRequest | SipResponse }
      | { type: 'socket-gone'; socket: string }
      | { type: 'time' },
  ): Send[] {
    this.#steps += 1
    const directory = { bindings: this.bindings, isExtension: (user: string) => /^10[1-4]$/.test(user) }
    const result = this.#works(this.proxy, directory, { ...input, atMs: this.atMs, unique: `u${this.#steps}` })
    this.proxy = result.proxy
    this.facts.push(...result.facts)
    this.sent.push(...result.sends)
    return result.sends
  }
}

/** An answered call between s1 (101) and s2 (102), and what both need to go on. */
export function inCall(world: World = new World()) {
  world.send('s1', requestText())
  const invite = world.lastAt('s2', 'INVITE')
  world.send('s2', replyText(invite, 180))
  world.send('s2', replyText(invite, 200))
  const route = valuesOf(messageOf(world.lastAt('s1', '200')).headers, 'record-route')[0] ?? ''
  const byCaller = { route, toTag: 'b1', target: 'sip:b@b.invalid' }
  const byCallee = { route, from: '102', to: '101', tag: 'b1', toTag: 'a1', target: 'sip:101@101.invalid' }
  world.send('s1', requestText({ ...byCaller, method: 'ACK' }))
  return { world, byCaller, byCallee }
}

/** What was sent, as `s1 INVITE`. */
export function all(sends: readonly Send[]): string[] {
  return sends.map(one => `${one.socket} ${brief(one.text)}`)
}

/** The method or the status of a message. */
export function brief(text: string): string {
  const [first = '', second = ''] = text.split(' ', 2)
  return first === 'SIP/2.0' ? second : first
}
