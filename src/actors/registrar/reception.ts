/**
 * What phones send, one message after the other of each socket: keep-alives, REGISTER with its proof, and everything else to the proxy.
 * Only a proof waits for something (the platform hashes), so the other sockets go on meanwhile.
 */
import type { SipMessage, SipRequest } from '../../core/sip/message.ts'
import { parse } from '../../core/sip/parse.ts'
import { answerRegister } from '../../core/sip/registrar.ts'
import type { Send } from '../../core/sip/state.ts'
import { answerText } from '../../core/sip/writing.ts'
import { unique } from '../unique.ts'
import type { Exchange } from './exchange.ts'
import type { Extensions } from './extensions.ts'
import {
  JUNK_MAX,
  type PhoneSocket,
  type PhoneSockets,
  POLICY,
  PROOF_COST,
  SILENT_MS,
  WRONG_OF_SOCKET_MAX,
} from './phone-sockets.ts'
import { judge, type Proof } from './proof.ts'

export interface Parts {
  domain: string
  sockets: PhoneSockets
  extensions: Extensions
  exchange: Exchange
  proof: Proof
}

export class Reception {
  readonly #parts: Parts
  readonly #queues = new WeakMap<WebSocket, Promise<void>>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Resolves when the message is worked off. False: it was not looked at. */
  async hear(socket: WebSocket, data: string | ArrayBuffer): Promise<boolean> {
    const { sockets } = this.#parts
    const one = sockets.of(socket)
    if (one === null || one.closing) return false
    const cost = isDear(data) ? PROOF_COST : 1
    if (!sockets.admits(one, cost, Date.now())) {
      this.#cutOff(socket, 'too many messages')
      return true
    }
    const before = this.#queues.get(socket) ?? Promise.resolve()
    const taken = before.then(() => this.#take(socket, data)).catch(() => this.#failed(socket))
    this.#queues.set(socket, taken)
    await taken
    return true
  }

  /** The connection is gone, and with it the phones that have registered on it. */
  gone(socketId: string): void {
    this.#send(this.#parts.exchange.socketGone(socketId, Date.now(), unique()))
  }

  timePassed(now: number): void {
    this.#send(this.#parts.exchange.timePassed(now, unique()))
  }

  /** A release or a crash ends sockets without a word. True: some are gone. */
  missLost(): boolean {
    const { exchange, sockets } = this.#parts
    const open = new Set(sockets.all().map(({ one }) => one.id))
    const lost = [...exchange.sockets()].filter(id => !open.has(id))
    for (const id of lost) this.gone(id)
    return lost.length > 0
  }

  /** Ends sockets on which nobody has registered in time. When to look again; null: there is no other. */
  endSilent(now: number): number | null {
    const { exchange, sockets } = this.#parts
    const known = exchange.sockets()
    let next: number | null = null
    for (const { socket, one } of sockets.all()) {
      if (known.has(one.id)) continue
      const at = one.openedMs + SILENT_MS
      if (at <= now) sockets.close(socket, POLICY, 'nobody has registered')
      else next = Math.min(next ?? at, at)
    }
    return next
  }

  /** The phones of an extension that has another secret now, or none. */
  cutOffPhones(extension: string): void {
    const { exchange, sockets } = this.#parts
    for (const id of exchange.socketsOf(extension)) {
      const socket = sockets.byId(id)
      if (socket !== null) sockets.close(socket, POLICY, 'the secret is good no more')
      this.gone(id)
    }
  }

  async #take(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const { sockets } = this.#parts
    const one = sockets.of(socket)
    if (one === null || one.closing) return
    const parsed = parse(typeof data === 'string' ? data : new Uint8Array(data))
    if (parsed.kind === 'message') return this.#message(socket, one, parsed.message)
    if (parsed.kind === 'keep-alive') return sockets.send(one.id, '\r\n')
    if (parsed.answer !== null) sockets.send(one.id, parsed.answer)
    if (one.junk + 1 >= JUNK_MAX) return this.#cutOff(socket, 'too many messages that are none')
    sockets.write(socket, { ...one, junk: one.junk + 1 })
  }

  async #message(socket: WebSocket, one: PhoneSocket, message: SipMessage): Promise<void> {
    if (message.kind === 'request' && message.method === 'REGISTER') return this.#register(socket, one, message)
    const { exchange } = this.#parts
    this.#send(exchange.take({ type: 'message', atMs: Date.now(), socket: one.id, message, unique: unique() }))
  }

  async #register(socket: WebSocket, one: PhoneSocket, request: SipRequest): Promise<void> {
    const { sockets, extensions, exchange, proof, domain } = this.#parts
    const hashed = await proof.hash(request, extension => extensions.hashOf(extension))
    // Whose secret is tried is said by the proof, and whose phone it is by the request; both count.
    const tried = hashed.kind === 'hashed' ? [...new Set([hashed.credentials.user, request.to.uri.user])] : []
    if (tried.some(user => extensions.isShutOut(user, one.address, Date.now())))
      return sockets.send(one.id, refusal(request))
    const nonce = await proof.nonce(Date.now())
    const now = sockets.of(socket)
    // While it was hashed the phone may have gone; a binding without a socket would never end.
    if (now === null || now.closing || socket.readyState !== WebSocket.OPEN) return
    const stands = hashed.kind === 'hashed' && extensions.hashOf(hashed.credentials.user) === hashed.secretHash
    const atMs = Date.now()
    const judged = judge(request, hashed, { uses: exchange.uses, stands, nonce, atMs })
    const asked = { request, socket: one.id, domain, atMs, unique: unique(), proof: judged.proof }
    const { bindings, text, extension } = answerRegister(exchange.bindings, asked)
    exchange.register(bindings, judged.uses)
    if (extension !== null) extensions.seen(extension, atMs)
    sockets.send(one.id, text)
    if (!judged.wrong) return
    for (const user of tried) extensions.wrong(user, one.address, atMs)
    if (now.wrong + 1 >= WRONG_OF_SOCKET_MAX) return this.#cutOff(socket, 'too many wrong secrets')
    sockets.write(socket, { ...now, wrong: now.wrong + 1 })
  }

  /** The phone connects again and says everything once more; the messages behind this one would be out of their order. */
  #failed(socket: WebSocket): void {
    const { domain, sockets } = this.#parts
    console.error(JSON.stringify({ message: 'a message of a phone could not be worked off', domain }))
    sockets.close(socket, 1011, 'try again')
  }

  #cutOff(socket: WebSocket, reason: string): void {
    const id = this.#parts.sockets.of(socket)?.id
    this.#parts.sockets.close(socket, POLICY, reason)
    if (id !== undefined) this.gone(id)
  }

  #send(sends: readonly Send[]): void {
    for (const { socket, text } of sends) this.#parts.sockets.send(socket, text)
  }
}

/** May it be a REGISTER, which is hashed, or an INVITE, which makes rows and facts? The parser takes line ends before a message, and bytes as well. */
function isDear(data: string | ArrayBuffer): boolean {
  return typeof data !== 'string' || /^[\r\n]*(?:REGISTER|INVITE) /i.test(data.slice(0, 100))
}

function refusal(request: SipRequest): string {
  const words = 'There were too many wrong secrets. Try again in ten minutes.'
  return answerText(request, 403, words, { tag: unique(), headers: [{ name: 'retry-after', value: '600' }] })
}
