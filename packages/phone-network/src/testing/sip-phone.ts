import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { FrameClock } from '../media/clock.ts'
import { decode, encode, FRAME_BYTES, silence } from '../media/mulaw.ts'
import { tone } from '../media/tones.ts'
import { answerChallenge, type Credentials } from '../sip/digest.ts'
import {
  header,
  readAddress,
  readMessage,
  readSequence,
  requestOf,
  respond,
  type SipMessage,
  tagOf,
  valuesOf,
  writeMessage,
} from '../sip/message.ts'
import { RtpSession } from '../sip/rtp.ts'
import { readMedia, writeMedia } from '../sip/sdp.ts'
import { SipStream } from '../sip/stream.ts'
import { Waiters } from './waiters.ts'

/** A SIP phone for tests. It does what a test says, message by message, and answers nothing by itself but OPTIONS and what is repeated. */

const HOST = '127.0.0.1'

export interface PhoneCall {
  callId: string
  from: string
  to: string
  uri: string
  sequence: number
}

export class SipPhone {
  readonly user: string
  readonly domain: string
  readonly credentials: Credentials
  readonly got: SipMessage[] = []
  readonly sound: RtpSession
  /** µ-law that was heard, and keys */
  heard = Buffer.alloc(0)
  keys = ''
  /** of a phone that would still be rung after it is switched off */
  isRegistered = false
  readonly #waiters = new Waiters()
  readonly #send: (bytes: Buffer) => void
  readonly #close: () => void
  readonly port: number
  readonly transport: 'UDP' | 'TCP'
  #branches = 0
  readonly #talking: FrameClock[] = []

  private constructor(parts: {
    user: string
    domain: string
    password: string
    sound: RtpSession
    transport: 'UDP' | 'TCP'
    port: number
    send: (bytes: Buffer) => void
    close: () => void
  }) {
    this.user = parts.user
    this.domain = parts.domain
    this.credentials = { username: parts.user, password: parts.password }
    this.sound = parts.sound
    this.transport = parts.transport
    this.port = parts.port
    this.#send = parts.send
    this.#close = parts.close
  }

  static async open(
    networkPort: number,
    options: { user: string; domain: string; password?: string; transport?: 'UDP' | 'TCP' },
  ): Promise<SipPhone> {
    const { user, domain, password = '', transport = 'UDP' } = options
    let phone: SipPhone | null = null
    const sound = await RtpSession.open(HOST, {
      onSound: mulaw => phone?.hear(mulaw),
      onDigit: digit => phone?.key(digit),
    })
    const parts =
      transport === 'UDP'
        ? await overUdp(networkPort, bytes => phone?.take(bytes))
        : await overTcp(networkPort, bytes => phone?.take(bytes))
    phone = new SipPhone({ user, domain, password, sound, transport, ...parts })
    return phone
  }

  take(bytes: Buffer): void {
    const message = readMessage(bytes)
    if (message === null) return
    this.got.push(message)
    this.#waiters.look()
  }

  hear(mulaw: Uint8Array): void {
    this.heard = Buffer.concat([this.heard, mulaw])
    this.#waiters.look()
  }

  key(digit: string): void {
    this.keys += digit
    this.#waiters.look()
  }

  until(test: () => boolean, limitMs = 8_000): Promise<void> {
    return this.#waiters.until(test, limitMs, () => `got: ${this.got.map(one => one.method || one.status).join(' ')}`)
  }

  /** The newest request of that method, or response with that status, after `since` messages. */
  async next(what: string | number, since = 0): Promise<SipMessage> {
    const find = (): SipMessage | undefined => this.got.slice(since).find(one => (one.method || one.status) === what)
    await this.until(() => find() !== undefined)
    return find() as SipMessage
  }

  send(message: SipMessage): void {
    this.#send(writeMessage(message))
  }

  raw(text: string): void {
    this.#send(Buffer.from(text))
  }

  get contact(): string {
    return `<sip:${this.user}@${HOST}:${this.port};transport=${this.transport.toLowerCase()}>`
  }

  via(): [string, string] {
    this.#branches += 1
    return [
      'Via',
      `SIP/2.0/${this.transport} ${HOST}:${this.port};branch=z9hG4bK${this.user}${this.port}x${this.#branches}`,
    ]
  }

  /** Sends a request and resolves with its final response. A challenge is answered once. */
  async ask(method: string, uri: string, headers: [string, string][], body = '', prove = true): Promise<SipMessage> {
    const call = headers.find(([name]) => name === 'Call-ID')?.[1] ?? `${method}-${this.user}-${Math.random()}`
    const since = this.got.length
    const kept = headers.filter(([name]) => name !== 'Call-ID' && name !== 'CSeq')
    const number = Number(headers.find(([name]) => name === 'CSeq')?.[1] ?? 1)
    const request = requestOf(
      method,
      uri,
      [this.via(), ['Max-Forwards', '70'], ...kept, ['Call-ID', call], ['CSeq', `${number} ${method}`]],
      body,
    )
    this.send(request)
    const final = (): SipMessage | undefined =>
      this.got
        .slice(since)
        .find(
          one =>
            one.status >= 200 &&
            readSequence(one)?.method === method &&
            readSequence(one)?.number === number &&
            header(one, 'Call-ID') === call,
        )
    await this.until(() => final() !== undefined)
    const response = final() as SipMessage
    if (method === 'INVITE' && response.status >= 300) this.#acknowledge(request, response)
    if (!prove || (response.status !== 401 && response.status !== 407)) return response
    const [asks, answers] =
      response.status === 401 ? ['WWW-Authenticate', 'Authorization'] : ['Proxy-Authenticate', 'Proxy-Authorization']
    const answer = answerChallenge(header(response, asks as string) ?? '', this.credentials, {
      method,
      uri,
      cnonce: 'abc',
    })
    return this.ask(
      method,
      uri,
      [...kept, ['Call-ID', call], ['CSeq', String(number + 1)], [answers as string, answer ?? '']],
      body,
      false,
    )
  }

  async register(expires = 600, contact = this.contact): Promise<SipMessage> {
    const uri = `sip:${this.domain}`
    const own = `<sip:${this.user}@${this.domain}>`
    const answer = await this.ask('REGISTER', uri, [
      ['From', `${own};tag=r${this.port}`],
      ['To', own],
      ['Contact', contact],
      ['Expires', String(expires)],
    ])
    if (answer.status === 200) this.isRegistered = expires > 0 && this.transport === 'UDP'
    return answer
  }

  describe(direction = 'sendrecv'): string {
    const media = { address: HOST, port: this.sound.port, id: 1, version: 1 }
    return writeMedia(media, null).replace('a=sendrecv', `a=${direction}`)
  }

  /** Calls and waits for the final response; a 200 is acknowledged. */
  async dial(to: string, more: [string, string][] = []): Promise<{ response: SipMessage; call: PhoneCall }> {
    const uri = `sip:${to}@${this.domain}`
    const callId = `call-${this.user}-${this.port}-${this.got.length}`
    const from = `<sip:${this.user}@${this.domain}>;tag=c${this.port}`
    const response = await this.ask(
      'INVITE',
      uri,
      [
        ['From', from],
        ['To', `<${uri}>`],
        ['Contact', this.contact],
        ['Call-ID', callId],
        ...more,
        ['Content-Type', 'application/sdp'],
      ],
      this.describe(),
    )
    const target = readAddress(header(response, 'Contact') ?? '')?.uri ?? uri
    const sequence = readSequence(response)?.number ?? 1
    const call = { callId, from, to: header(response, 'To') ?? '', uri: target, sequence }
    if (response.status === 200) {
      this.sound.aim(readMedia(response.body))
      this.send(this.within(call, 'ACK'))
    }
    return { response, call }
  }

  /** A request in a call that we have placed. */
  within(call: PhoneCall, method: string, headers: [string, string][] = [], body = ''): SipMessage {
    if (method !== 'ACK') call.sequence += 1
    const number = `${call.sequence} ${method}`
    return requestOf(
      method,
      call.uri,
      [
        this.via(),
        ['Max-Forwards', '70'],
        ['From', call.from],
        ['To', call.to],
        ['Call-ID', call.callId],
        ['CSeq', number],
        ['Contact', this.contact],
        ...headers,
      ],
      body,
    )
  }

  /** Answers a request that has come. */
  reply(request: SipMessage, status: number, more: [string, string][] = []): void {
    const described = status === 200 && request.method === 'INVITE'
    if (described) this.sound.aim(readMedia(request.body))
    const headers: [string, string][] = [['Contact', this.contact], ...more]
    if (described) headers.push(['Content-Type', 'application/sdp'])
    const tag = tagOf(request, 'To') || `t${this.port}`
    const body = described ? this.describe() : ''
    this.send(respond(request, status, { tag, headers, body }))
  }

  /** What a phone that was called sends within the call, e.g. BYE. */
  back(invite: SipMessage, method: string, headers: [string, string][] = [], body = ''): void {
    const contact = readAddress(valuesOf(invite, 'Contact')[0] ?? '')?.uri ?? ''
    const from = `${header(invite, 'To')};tag=t${this.port}`
    const call = {
      callId: header(invite, 'Call-ID') ?? '',
      from,
      to: header(invite, 'From') ?? '',
      uri: contact,
      sequence: 100,
    }
    this.send(this.within(call, method, headers, body))
  }

  /** Speaks a tone until it is stopped; without a tone it sends silence, as a phone does. */
  talk(hz: number | null): () => void {
    const clip = hz === null ? silence(1_000) : encode(tone([hz], 1_000, 0.3))
    let frame = 0
    const clock = new FrameClock(() => {
      this.sound.send(clip.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES))
      frame = (frame + 1) % (clip.length / FRAME_BYTES)
    })
    clock.start()
    this.#talking.push(clock)
    return () => clock.stop()
  }

  /** How loud the last 200 ms were, 0…1. */
  get loudness(): number {
    const pcm = decode(this.heard.subarray(-10 * FRAME_BYTES))
    return Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, pcm.length)) / 32_768
  }

  close(): void {
    for (const clock of this.#talking) clock.stop()
    this.sound.close()
    this.#close()
  }

  #acknowledge(invite: SipMessage, response: SipMessage): void {
    const kept = invite.headers.filter(([name]) => ['via', 'from', 'call-id'].includes(name.toLowerCase()))
    const number = readSequence(invite)?.number
    const to = header(response, 'To') ?? ''
    this.send(requestOf('ACK', invite.uri, [...kept, ['To', to], ['CSeq', `${number} ACK`]]))
  }
}

interface Wire {
  port: number
  send: (bytes: Buffer) => void
  close: () => void
}

async function overUdp(to: number, take: (bytes: Buffer) => void): Promise<Wire> {
  const socket: Datagrams = createSocket('udp4')
  socket.bind(0, HOST)
  await once(socket, 'listening')
  socket.on('message', take)
  return { port: socket.address().port, send: bytes => socket.send(bytes, to, HOST), close: () => socket.close() }
}

async function overTcp(to: number, take: (bytes: Buffer) => void): Promise<Wire> {
  const socket: Socket = connect(to, HOST)
  await once(socket, 'connect')
  const stream = new SipStream()
  socket.on('error', () => undefined)
  socket.on('data', bytes => {
    for (const cut of stream.push(bytes)) if (cut.kind === 'message') take(cut.bytes)
  })
  return { port: socket.localPort ?? 0, send: bytes => socket.write(bytes), close: () => socket.destroy() }
}
