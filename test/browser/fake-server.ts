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
import { rulesOf } from '../../src/core/clearance/rules.ts'
import type { CallRow, Campaign, Config, Me } from '../../src/wire/api.ts'
import type { KeyRow } from '../../src/wire/api-key.ts'
import type { ActorInspection } from '../../src/wire/inspection.ts'
import type { ListedNumber } from '../../src/wire/routes/clearance.ts'
import { routes } from '../../src/wire/routes/table.ts'
import { openApi } from '../../src/worker/open-api.ts'
import { aiAnswer, answerOf } from './fake-ai.ts'
import { billingAnswer } from './fake-billing.ts'
import { conferenceAnswer } from './fake-conference.ts'
import { FakeDesk, OUTCOMES, personAt, SCRIPT } from './fake-desk.ts'
import { inboxAnswer } from './fake-inbox.ts'
import { liveAnswer } from './fake-live.ts'
import { recordingAnswer } from './fake-recordings.ts'
import { reportAnswer } from './fake-reports.ts'
import { switchboardAnswer } from './fake-switchboard.ts'
import { webhookAnswer } from './fake-webhooks.ts'

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
  readonly desk = new FakeDesk(message => this.tell(message))
  readonly sockets = new Set<WebSocket>()
  /** The desk says this over its sockets. */
  tell(message: object): void {
    for (const socket of this.sockets) socket.send(JSON.stringify(message))
  }
  readonly sound: Sound = createSound({ seed: 1 })
  readonly gateway: Gateway
  /** live calls that the page has placed (the line) */
  readonly lines = new Set<string>()
  readonly rejected: string[] = []
  /** what the team page has asked to change */
  readonly asked: string[] = []
  readonly keys: KeyRow[] = []
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
    (request, response) => void this.#serve(new URL(request.url ?? '/', 'http://x'), request.method ?? 'GET', response),
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

  async #serve(url: URL, method: string, response: ServerResponse): Promise<void> {
    const [status, body] =
      this.#keys(url.pathname, method) ??
      webhookAnswer(url.pathname, method) ??
      billingAnswer(url.pathname, method) ??
      this.#api(url)
    if (status !== 0) {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      return
    }
    const page = url.pathname === '/docs' ? 'docs.html' : 'index.html'
    // An id in the address of a page may have a dot.
    const file = TYPES[extname(url.pathname)] === undefined ? page : url.pathname
    const bytes = await readFile(join(DIST, file)).catch(() => null)
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(bytes === null ? 404 : 200, { 'content-type': type, 'content-security-policy': this.#csp })
    response.end(bytes)
  }

  /** Null: not an address of the keys. */
  #keys(pathname: string, method: string): [number, unknown] | null {
    if (pathname === '/api/keys' && method === 'GET')
      return [200, answerOf('GET /api/keys', { items: this.keys, next: null })]
    if (pathname === '/api/keys') {
      this.keys.push(KEY)
      return [201, answerOf('POST /api/keys', { ...KEY, key: `tk_${'k'.repeat(42)}` })]
    }
    if (!pathname.startsWith('/api/keys/')) return null
    this.asked.push(pathname)
    this.keys.length = 0
    return [200, { message: 'revoked' }]
  }

  /** Null: not an address of the team page. */
  #team(pathname: string): unknown {
    const other = { ...SIGN_IN, sessionId: 's2', current: false }
    if (pathname === '/api/me/second-factor')
      return answerOf('GET /api/me/second-factor', { on: false, required: false })
    if (pathname === '/api/me/workspaces')
      return answerOf('GET /api/me/workspaces', { items: [OWN], next: null, mayMake: false })
    if (pathname === '/api/invitations') return answerOf('GET /api/invitations', { items: [], next: null })
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
  #api(url: URL): [number, unknown] {
    const { pathname } = url
    const problem = (status: number, title: string) =>
      [status, { type: 'about:blank', title, status }] as [number, unknown]
    if (pathname === '/api/openapi.json') return [200, openApi(routes, '0.1.0')]
    if (pathname === '/api/me') return this.signedIn ? [200, answerOf('GET /api/me', ME)] : problem(401, 'Signed out')
    if (pathname === '/api/config') return [200, answerOf('GET /api/config', CONFIG)]
    if (pathname === '/api/demo/sign-in') this.signedIn = true
    if (pathname === '/api/auth/sign-out') this.signedIn = false
    if (pathname === '/api/auth/sign-in/email') return problem(401, 'Invalid')
    if (pathname === '/api/outcomes') return [200, answerOf('GET /api/outcomes', { outcomes: OUTCOMES })]
    if (pathname === '/api/campaigns') return [200, answerOf('GET /api/campaigns', { items: [CAMPAIGN], next: null })]
    if (pathname === '/api/calls') return [200, answerOf('GET /api/calls', { items: CALLS, next: null })]
    const [call] = CALLS
    if (call && pathname === `/api/calls/${call.callId}`)
      return [200, answerOf('GET /api/calls/:callId', { call, timeline: TIMELINE })]
    if (call && pathname === `/api/calls/${call.callId}/actors`)
      return [200, answerOf('GET /api/calls/:callId/actors', { items: actorsOf(call.callId), next: null })]
    if (pathname === '/api/do-not-call') return [200, answerOf('GET /api/do-not-call', { items: LISTED, next: null })]
    if (pathname === '/api/clearance/rules') return [200, answerOf('GET /api/clearance/rules', RULES)]
    const team = this.#team(pathname)
    if (team !== null) return [200, team]
    const ai = aiAnswer(pathname)
    if (ai !== null) return [200, ai]
    const live = liveAnswer(pathname)
    if (live !== null) return [200, live]
    const inbox = inboxAnswer(pathname)
    if (inbox !== null) return [200, inbox]
    const recordings = recordingAnswer(url)
    if (recordings !== null) return [200, recordings]
    const reports = reportAnswer(pathname)
    if (reports !== null) return [200, reports]
    const conference = conferenceAnswer(url)
    if (conference !== null) return [200, conference]
    const switchboard = switchboardAnswer(pathname)
    if (switchboard !== null) return [200, switchboard]
    if (pathname === '/api/voice-profile') return [200, answerOf('GET /api/voice-profile', PROFILE)]
    if (pathname === '/api/twilio/token') {
      const signallingUrl = this.url.replace('http', 'ws')
      const token = { token: 'a.b.c', identity: IDENTITY, outgoing: true, expiresIn: 3600, signallingUrl }
      return [200, answerOf('GET /api/twilio/token', token)]
    }
    return pathname.startsWith('/api/') ? [200, {}] : [0, null]
  }
}

const KEY: KeyRow = {
  keyId: 'k1',
  name: 'CRM',
  begins: 'tk_kkkkkkkkkk',
  scopes: ['calls:read', 'calls:originate'],
  addresses: ['203.0.113.0/24'],
  requestsPerMinute: 1_000,
  madeBy: 'Ada',
  madeMs: Date.UTC(2026, 10, 2, 9),
  endsMs: null,
  usedMs: null,
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
  owesSecondFactor: false,
}

const OWN = { workspaceId: ME.workspaceId, name: ME.workspaceName, role: ME.role, current: true }

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
  abandonMaxPercent: null,
  answered30Days: 0,
  abandoned30Days: 0,
  wrapUpSeconds: 30,
  pooled: false,
  pool: null,
}

function actorsOf(callId: string): ActorInspection[] {
  const fact = { seq: 4, at: Date.now() - 60_000, type: 'call-ringing' }
  const quiet = { seq: 4, deadlineMs: null, alarmMs: null, facts: [fact], debts: [], readers: [], refused: 0 }
  const owed = { type: 'cancel-call', dueMs: Date.now() + 95_500, attempts: 2 }
  return [
    { ...quiet, id: callId, kind: 'call', debts: [owed] },
    { ...quiet, id: 'w_demo.d_ada', kind: 'desk' },
  ]
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

const SOURCES = [
  { source: 'import:state-list-2026', by: 'Sam', sinceMs: Date.UTC(2026, 9, 1), note: '' },
  { source: 'told an agent', by: 'Ada', sinceMs: Date.UTC(2026, 10, 3), note: 'asked twice' },
]
const LISTED: ListedNumber[] = [
  { number: '+1628', campaignId: null, area: true, ...SOURCES[0], sources: SOURCES.slice(0, 1) },
  { number: '+14155550177', campaignId: null, area: false, ...SOURCES[0], sources: SOURCES },
] as ListedNumber[]
const { hours, countries, consentFor, ...OTHER_RULES } = rulesOf('us-consumer', 'US')
const RULES = {
  ...OTHER_RULES,
  countries: [...countries],
  consentFor: [...consentFor],
  hours: hours.map(one => ({ ...one, days: [...one.days] })),
}

const TIMELINE = [
  { at: 0, actor: 'w.c.b1', type: 'dialled', words: 'Dialled', data: { legId: 'w.c.b1.0' } },
  { at: 4000, actor: 'w.c.b1.0', type: 'answered', words: 'Answered', data: {} },
]
