/// <reference types="node" />
/** Serves the built dialer as the Worker does (same headers), a `FakeDesk` behind it, and the real browser gateway. */
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import { createSound, type Sound } from '../../packages/phone-network/src/media/start-sound.ts'
import type { Gateway } from '../../packages/phone-network/src/signalling/contract.ts'
import { createBrowserGateway } from '../../packages/phone-network/src/signalling/gateway.ts'
import { buildDialer, ROOT } from '../../scripts/local/build.ts'
import type { CallRow, Campaign, Config, Me } from '../../src/wire/api.ts'
import { aiAnswer, answerOf } from './fake-ai.ts'
import { FakeDesk, OUTCOMES, personAt, SCRIPT } from './fake-desk.ts'

export const IDENTITY = 'agent_ada'
const DIST = join(ROOT, 'dist/dialer')
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wav': 'audio/wav',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

export class FakeServer {
  readonly desk = new FakeDesk(message => {
    for (const socket of this.sockets) socket.send(JSON.stringify(message))
  })
  readonly sockets = new Set<WebSocket>()
  readonly sound: Sound = createSound({ seed: 1 })
  readonly gateway: Gateway
  /** live calls that the page has placed (the line) */
  readonly lines = new Set<string>()
  readonly rejected: string[] = []
  /** what the team page has asked to change */
  readonly asked: string[] = []
  readonly digits: string[] = []
  signedIn = false
  /** false: the desk socket is refused */
  up = true
  /** false: the carrier refuses the token */
  tokenGood = true
  url = ''
  #csp = ''
  #calls = 0
  readonly #server = createServer(
    (request, response) => void this.#serve(new URL(request.url ?? '/', 'http://x'), response),
  )
  readonly #upgrades = new WebSocketServer({ noServer: true })

  constructor() {
    this.gateway = createBrowserGateway({
      plane: this.sound.plane,
      events: {
        authorize: () =>
          this.tokenGood
            ? {
                identity: IDENTITY,
                accountSid: `AC${'0'.repeat(32)}`,
                applicationSid: 'AP1',
                incoming: true,
                ttl: 3600,
              }
            : { code: 31204, message: 'Invalid JWT token' },
        onInvite: () => this.#lineOpened(),
        onClientAnswered: () => undefined,
        onClientRejected: callSid => this.rejected.push(callSid),
        onClientHangup: callSid => this.#lineClosed(callSid),
        onDtmf: (_, digits) => this.digits.push(digits),
      },
    })
  }

  async start(): Promise<void> {
    await buildDialer()
    const headers = await readFile(join(DIST, '_headers'), 'utf8')
    this.#csp = /Content-Security-Policy: (.*)/.exec(headers)?.[1] ?? ''
    this.#server.on('upgrade', (request, socket, head) => {
      if (request.url !== '/api/desk') {
        if (!this.gateway.upgrade(request, socket, head)) socket.destroy()
      } else if (this.up && this.signedIn) {
        this.#upgrades.handleUpgrade(request, socket, head, open => this.#deskSocket(open))
      } else socket.destroy()
    })
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    this.sound.start()
  }

  async close(): Promise<void> {
    this.gateway.close()
    for (const socket of this.sockets) socket.terminate()
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
    await this.sound.stop()
  }

  /** The carrier offers a call of ours to the browser, with a long tone on it. Returns its sid. */
  offer(callId: string): string {
    const callSid = this.#newSid()
    this.sound.plane.addLeg(callSid)
    this.gateway.ring(IDENTITY, { callSid, from: '+14155550177', to: `client:${IDENTITY}`, parameters: { callId } })
    this.sound.plane.play(callSid, this.sound.voices.sound('beep', 60_000))
    return callSid
  }

  dropDesk(): void {
    for (const socket of this.sockets) socket.terminate()
  }

  dropLine(): void {
    for (const callSid of [...this.lines]) {
      this.gateway.hangup(callSid)
      this.#lineClosed(callSid)
    }
  }

  #deskSocket(socket: WebSocket): void {
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('message', data => {
      const command = JSON.parse(String(data))
      socket.send(JSON.stringify(command.type === 'hello' ? this.desk.whole() : this.desk.take(command)))
    })
  }

  #lineOpened(): string {
    const callSid = this.#newSid()
    this.lines.add(callSid)
    // the gateway adds the leg when this returns
    queueMicrotask(() => {
      this.gateway.answered(callSid)
      this.sound.plane.play(callSid, this.sound.voices.sound('beep', 60_000))
      this.#showLine('open')
    })
    return callSid
  }

  #lineClosed(callSid: string): void {
    if (this.lines.delete(callSid)) this.#showLine(this.lines.size === 0 ? 'away' : 'open')
  }

  #showLine(state: 'open' | 'away'): void {
    const { generation } = this.desk.view.line
    const graceUntilMs = state === 'open' ? null : Date.now() + 30_000
    this.desk.set({ line: { state, generation: generation + 1, sinceMs: Date.now(), graceUntilMs } }, 'line-changed')
  }

  #newSid(): string {
    this.#calls += 1
    return `CA${this.#calls.toString(16).padStart(32, '0')}`
  }

  async #serve(url: URL, response: ServerResponse): Promise<void> {
    const [status, body] = this.#api(url)
    if (status !== 0) {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      return
    }
    const file = extname(url.pathname) === '' ? 'index.html' : url.pathname
    const bytes = await readFile(join(DIST, file)).catch(() => null)
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(bytes === null ? 404 : 200, { 'content-type': type, 'content-security-policy': this.#csp })
    response.end(bytes)
  }

  /** Null: not an address of the team page. */
  #team(pathname: string): unknown {
    const other = { ...SIGN_IN, sessionId: 's2', current: false }
    if (pathname === '/api/me/sessions')
      return answerOf('GET /api/me/sessions', { items: [SIGN_IN, other], next: null })
    if (pathname === '/api/members/u1/sessions')
      return answerOf('GET /api/members/:userId/sessions', { items: [SIGN_IN], next: null })
    if (pathname === '/api/members/u1') {
      this.asked.push(pathname)
      return { message: 'removed' }
    }
    if (pathname.startsWith('/api/numbers/')) {
      this.asked.push(decodeURIComponent(pathname))
      return { message: 'removed' }
    }
    return null
  }

  /** Status 0: not an address of the API. */
  #api({ pathname }: URL): [number, unknown] {
    const problem = (status: number, title: string) =>
      [status, { type: 'about:blank', title, status }] as [number, unknown]
    if (pathname === '/api/me') return this.signedIn ? [200, answerOf('GET /api/me', ME)] : problem(401, 'Signed out')
    if (pathname === '/api/config') return [200, answerOf('GET /api/config', CONFIG)]
    if (pathname === '/api/demo/sign-in') this.signedIn = true
    if (pathname === '/api/auth/sign-out') this.signedIn = false
    if (pathname === '/api/auth/sign-in/email') return problem(401, 'Invalid')
    if (pathname === '/api/campaigns') return [200, answerOf('GET /api/campaigns', { items: [CAMPAIGN], next: null })]
    if (pathname === '/api/calls') return [200, answerOf('GET /api/calls', { items: CALLS, next: null })]
    const [call] = CALLS
    if (call && pathname === `/api/calls/${call.callId}`)
      return [200, answerOf('GET /api/calls/:callId', { call, timeline: TIMELINE })]
    const team = this.#team(pathname)
    if (team !== null) return [200, team]
    const ai = aiAnswer(pathname)
    if (ai !== null) return [200, ai]
    if (pathname === '/api/voice-profile') return [200, answerOf('GET /api/voice-profile', PROFILE)]
    if (pathname === '/api/twilio/token') {
      const signallingUrl = this.url.replace('http', 'ws')
      const token = { token: 'a.b.c', identity: IDENTITY, outgoing: true, expiresIn: 3600, signallingUrl }
      return [200, answerOf('GET /api/twilio/token', token)]
    }
    return pathname.startsWith('/api/') ? [200, {}] : [0, null]
  }
}

const SIGN_IN = {
  sessionId: 's1',
  createdMs: Date.now() - 3_600_000,
  usedMs: Date.now(),
  endsMs: Date.now() + 3_600_000,
  address: '192.0.2.7',
  browser: 'Mozilla/5.0 Chrome/153.0',
  current: true,
}

const ME: Me = {
  userId: 'u1',
  name: 'Ada',
  email: 'ada@demo.invalid',
  role: 'agent',
  workspaceId: 'w_demo',
  workspaceName: 'Demo workspace',
}

const PROFILE = {
  userId: 'u1',
  identity: IDENTITY,
  allowOutbound: true,
  allowInbound: true,
  recordCalls: false,
  callerId: null,
  identityAlias: '',
}

const CONFIG: Config = { local: true, demoUsers: [{ key: 'ada', name: 'Ada', role: 'agent' }], phoneNetworkUrl: null }

const CAMPAIGN: Campaign = {
  campaignId: 'c1',
  name: 'Q4 renewals',
  state: 'running',
  lines: 1,
  script: SCRIPT,
  outcomes: OUTCOMES,
  contactsTotal: 180,
  contactsLeft: 138,
  contactsHeld: 0,
  wrapUpSeconds: 30,
}

const CALLS: CallRow[] = [0, 1, 2, 3].map(index => ({
  callId: `w.c.b1.${index}`,
  direction: index === 3 ? 'inbound' : 'outbound',
  kind: 'campaign',
  status: 'hangup',
  providerStatus: 'completed',
  hangupReason: 'agent-hung-up',
  contactId: `p${index}`,
  name: personAt(index).name,
  number: personAt(index).number,
  from: '+14155550100',
  agentId: 'u1',
  agentName: 'Ada',
  campaignId: 'c1',
  answeredBy: 'human',
  result: index === 0 ? 'won' : 'released',
  outcome: index === 0 ? 'interested' : null,
  note: 'Wants a quote.',
  quality: null,
  needsFollowUp: index === 1,
  createdMs: Date.now() - index * 60_000,
  answeredMs: null,
  endedMs: null,
  talkedMs: 42_000,
}))

const TIMELINE = [
  { at: 0, actor: 'w.c.b1', type: 'dialled', words: 'Dialled', data: { legId: 'w.c.b1.0' } },
  { at: 4000, actor: 'w.c.b1.0', type: 'answered', words: 'Answered', data: {} },
]
