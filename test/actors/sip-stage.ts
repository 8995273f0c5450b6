/** Phones of a SIP domain against the whole Worker, and the calls that the log has of them. */
import { evictDurableObject } from 'cloudflare:test'
import { expect } from 'vitest'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { sipDomainOf } from '../../src/core/ids.ts'
import type { CallRow } from '../../src/wire/api.ts'
import { header, SipPhone } from './sip-phone.ts'
import { bindings, request, until } from './stage.ts'

export async function makeWorkspace(workspaceId: string): Promise<void> {
  const make = 'INSERT OR IGNORE INTO workspace (id, name, createdAt) VALUES (?1, ?1, 0)'
  await bindings.DB.prepare(make).bind(workspaceId).run()
}

export const registrarOf = (workspaceId: string) => stubFor(bindings, 'registrar', workspaceId)
export const trunkOf = (workspaceId: string) => stubFor(bindings, 'trunk', workspaceId)
/** The object loses its memory; its sockets stay. */
export const sleep = (workspaceId: string) =>
  evictDurableObject(registrarOf(workspaceId) as unknown as DurableObjectStub)

/** The secret of a new extension. */
export async function extension(workspaceId: string, name: string): Promise<string> {
  await makeWorkspace(workspaceId)
  const made = await registrarOf(workspaceId).create(`ex_${name}`, name, { name, detail: '' })
  if (typeof made === 'string') throw new Error(made)
  return made.secret
}

export function upgrade(domain: string, headers: Record<string, string> = {}): Promise<Response> {
  return request(`/sip/${domain}`, { headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': 'sip', ...headers } })
}

export class Phone extends SipPhone {
  closed: { code: number; reason: string } | null = null
  readonly socket: WebSocket

  constructor(socket: WebSocket, workspaceId: string, user: string, secret: string) {
    super({ domain: sipDomainOf(workspaceId), user, secret }, socket)
    this.socket = socket
    socket.addEventListener('message', ({ data }) => this.receive(String(data)))
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
    })
    socket.accept()
  }

  /** The next message with this word, of those that come from now on. */
  async after<T>(act: () => T, word: string | RegExp): Promise<string> {
    const before = this.heard.length
    act()
    return until(async () => {
      const found = this.heard
        .slice(before)
        .find(one => (typeof word === 'string' ? one.word === word : word.test(one.word)))
      if (found === undefined) throw new Error(`not heard ${word}, but ${this.words()}`)
      return found.text
    })
  }
  async hears(word: string): Promise<string> {
    return until(async () => this.last(word))
  }
  ask(text: string): Promise<string> {
    return this.after(() => this.send(text), /^\d/)
  }

  /** The answer to a REGISTER with the secret. */
  async register({ secret = this.settings.secret, lines = [] as string[] } = {}): Promise<string> {
    const { user } = this.settings
    const challenge = await this.ask(this.request('REGISTER', user, { lines }))
    const proof = this.credentials(challenge, 'REGISTER', { secret })
    return this.ask(this.request('REGISTER', user, { lines: [...lines, proof] }))
  }
}

export async function open(workspaceId: string, user: string, secret: string, from = '203.0.113.1'): Promise<Phone> {
  const answer = (await upgrade(sipDomainOf(workspaceId), { 'CF-Connecting-IP': from })) as Response & {
    webSocket: WebSocket | null
  }
  if (answer.webSocket === null) throw new Error(`no socket: ${answer.status}`)
  return new Phone(answer.webSocket, workspaceId, user, secret)
}

/** Two registered phones. */
export async function pair(workspaceId: string): Promise<[Phone, Phone]> {
  const phones = await Promise.all(
    ['101', '102'].map(async user => open(workspaceId, user, await extension(workspaceId, user))),
  )
  for (const phone of phones) expect(await phone.register()).toContain('SIP/2.0 200')
  return phones as [Phone, Phone]
}

/** An answered call; what both need to go on. */
export async function talk(a: Phone, b: Phone, between: () => Promise<unknown> = async () => undefined) {
  const callId = `call${Math.random().toString(36).slice(2)}`
  const invite = await b.after(() => a.send(a.request('INVITE', b.settings.user, { callId, body: 'v=0' })), 'INVITE')
  await between()
  b.send(b.answer(invite, 180))
  await a.hears('180')
  const ok = await a.after(() => b.send(b.answer(invite, 200, { body: 'v=0' })), '200')
  const inCall = {
    ...{ callId, toTag: `t${b.settings.user}`, target: b.contact },
    lines: [`Route: ${header(ok, 'record-route')}`],
  }
  await b.after(
    () => a.send(a.request('ACK', b.settings.user, { ...inCall, cseq: Number.parseInt(header(ok, 'cseq'), 10) })),
    'ACK',
  )
  return { inCall, invite, ok }
}

/** Calls of extensions in the log, the newest first. `over`: as soon as all are. */
export async function logged(workspaceId: string, count: number, over = true): Promise<CallRow[]> {
  return until(async () => {
    const { items } = await logOf(bindings, workspaceId).list({ cursor: null, limit: 50 })
    if (items.length < count || (over && items.some(one => one.endedMs === null)))
      throw new Error(`${items.length} calls`)
    return items
  })
}
