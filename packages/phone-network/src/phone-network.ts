import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { type AccountCredentials, credentialsOf } from './account.ts'
import { browserEvents } from './browser-events.ts'
import { Control, type NumberSettings } from './control/control.ts'
import { answerControl } from './control/control-api.ts'
import type { CrmServer } from './crm/crm-server.ts'
import { answerDemoHost } from './demo-hosts/serve-demo.ts'
import { Driver } from './driver.ts'
import { seededRandom } from './engine/random.ts'
import { createWorld } from './engine/world.ts'
import { createFaults } from './faults.ts'
import { listen } from './listening.ts'
import type { AudioPlane, BrowserGateway, Voices } from './media/plane.ts'
import { createLog, type NetworkLog } from './network-log.ts'
import { demoPeople } from './people/load.ts'
import type { Person } from './people/script.ts'
import { answerRecordingMedia } from './rest/recording-media.ts'
import { RestApi } from './rest/rest-api.ts'
import type { GatewayEvents } from './signalling/contract.ts'
import type { SipSide } from './sip/contract.ts'
import { startSip } from './sip/gateway.ts'
import { sipEvents } from './sip-events.ts'
import type { Speech } from './speech/speech-server.ts'
import { realTime, type Time, VirtualTime } from './time.ts'
import { makeCertificate } from './tls/certificate.ts'
import { Courier } from './webhooks/courier.ts'

/** The phone network as one object, for the command, dev servers and tests. */

export const PORT = 5_070
/** where phones look first */
export const SIP_PORT = 5_060
export const SEED = 7
export const CPS = 4

/** The parts of the network that the browser gateway needs: events, the server for `/signal`, the sound. */
export interface GatewayWiring {
  events: GatewayEvents
  server: Server
  plane: AudioPlane | null
  control: Control
}

/** The browser gateway, with the requests of the server that it may take. */
export type Gateway = BrowserGateway & {
  /** Takes a WebSocket upgrade. False when the path belongs to somebody else. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Answers a request of the browser SDK. False when the path belongs to somebody else. */
  handleRequest?(request: IncomingMessage, response: ServerResponse): boolean
  close?(): void | Promise<void>
}

export interface PhoneNetworkOptions {
  /** 0: any free port */
  port?: number
  /** port for SIP over UDP and TCP, where phones register and call; 0: any free port; absent: none */
  sipPort?: number
  /** port for https and wss, for programs that connect to Twilio's hosts; 0: any free port; absent: none */
  tlsPort?: number
  seed?: number
  cps?: number
  /** default: the machine's time */
  time?: Time
  /** absent: the network is silent, and sentences only take their time */
  sound?: { plane: AudioPlane; voices: Voices; start?(): void; stop?(): void | Promise<void> }
  gatewayFactory?: (wiring: GatewayWiring) => Gateway
  /** the speech services that run beside it */
  speech?: Pick<Speech, 'url' | 'knobs' | 'answer' | 'upgrade'>
  /** the CRM that runs beside it */
  crm?: Omit<CrmServer, 'close'>
  account?: Partial<AccountCredentials> & { voiceUrl?: string; statusUrl?: string }
  numbers?: NumberSettings[]
  /** default: the 40 people of the demo campaign */
  people?: Person[]
  /** public origin → local origin, e.g. https://demo.example.test → http://127.0.0.1:5050 */
  tunnels?: Record<string, string>
  /** Further pages of the same server. Returns true when it has answered the request. */
  pages?: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean
  /** Further WebSockets of the same server. Returns true when it has taken the socket. */
  upgrades?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
}

export interface PhoneNetwork {
  port: number
  /** the port of https and wss, if they are served */
  tlsPort: number | null
  /** the port of SIP, if it is spoken */
  sipPort: number | null
  /** http://127.0.0.1:PORT, the base of the REST API */
  url: string
  /** base URL of Deepgram's and OpenAI's look-alikes; null: this network has none */
  speechUrl: string | null
  /** a Salesforce look-alike, and what a program needs to sign in there; null: this network has none */
  crm: Omit<CrmServer, 'close'> | null
  account: AccountCredentials
  control: Control
  server: Server
  /** Lets virtual time pass. Throws when the network runs in real time. */
  pass(ms: number): Promise<void>
  /** Resolves when all webhooks that are due have been sent. */
  idle(): Promise<void>
  close(): Promise<void>
}

interface Parts {
  rest: RestApi
  control: Control
  driver: Driver
  pages: PhoneNetworkOptions['pages']
  gateway: Gateway | null
  speech: PhoneNetworkOptions['speech']
}

/** A program that was turned to this network asks for OpenAI: the speech services answer. */
function isOpenAis(host = ''): boolean {
  return /^api\.openai\.com(:\d+)?$/i.test(host)
}

/** Paths of api.twilio.com, lookups.twilio.com and monitor.twilio.com. */
function isRest(path: string): boolean {
  return /^\/(2010-04-01\/|v2\/PhoneNumbers\/|v1\/Alerts(\/|$))/.test(path)
}

function isTwilios(host = ''): boolean {
  return /(^|\.)(twilio\.com|twiliocdn\.com)(:\d+)?$/i.test(host)
}

function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): void {
  let url: URL
  try {
    url = new URL(request.url ?? '/', 'http://127.0.0.1')
  } catch {
    response.writeHead(400).end()
    return
  }
  if (answerDemoHost(request, response)) return
  if (parts.speech && isOpenAis(request.headers.host)) return parts.speech.answer(request, response)
  if (answerRecordingMedia(parts.driver, request, response, url)) return
  if (isRest(url.pathname)) void parts.rest.answer(request, response, url)
  // A program that connects to one of Twilio's hosts must not see the control API or the page.
  else if (isTwilios(request.headers.host)) {
    if (!parts.gateway?.handleRequest?.(request, response)) void parts.rest.answer(request, response, url)
  } else if (url.pathname.startsWith('/_/')) void answerControl(parts.control, request, response, url)
  else if (!parts.gateway?.handleRequest?.(request, response) && !parts.pages?.(request, response, url)) {
    response.writeHead(404, { 'content-type': 'text/plain' })
    response.end('This is the phone network. REST is under /2010-04-01/, the control API under /_/world.\n')
  }
}

/** Node leaves the socket of an upgrade open for ever when nobody takes it. */
function takeUpgrades(
  servers: readonly (Server | null)[],
  gateway: Gateway | null,
  { upgrades, speech }: PhoneNetworkOptions,
): void {
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (speech && isOpenAis(request.headers.host)) speech.upgrade(request, socket, head)
    else if (!gateway?.upgrade?.(request, socket, head) && !upgrades?.(request, socket, head)) socket.destroy()
  }
  for (const each of servers) each?.on('upgrade', upgrade)
}

async function closeServers(servers: readonly (Server | null)[]): Promise<void> {
  for (const each of servers) {
    each?.closeAllConnections()
    await new Promise(resolve => (each ? each.close(resolve) : resolve(null)))
  }
}

/** Resolves when nothing is in progress outside and every result has been taken as an input. */
async function settled(driver: Driver): Promise<void> {
  do await new Promise(resolve => setImmediate(resolve))
  while (driver.isBusy)
}

function accountOf(seed: number, options: PhoneNetworkOptions): AccountCredentials {
  const { voiceUrl: _voice, statusUrl: _status, ...given } = options.account ?? {}
  return { ...credentialsOf(seed), ...given }
}

/** The account's numbers and its application. */
function furnish(control: Control, { numbers = [], account = {} }: PhoneNetworkOptions): void {
  const { voiceUrl, statusUrl } = account
  for (const number of numbers) control.setNumber(number)
  if (voiceUrl !== undefined) control.setApp({ voiceUrl, ...(statusUrl === undefined ? {} : { statusUrl }) })
}

/** The SIP side, where the options have a port for it. */
async function openSip(
  { sipPort: port, sound }: PhoneNetworkOptions,
  driver: Driver,
  log: NetworkLog,
): Promise<SipSide | null> {
  if (port === undefined) return null
  const { world, time } = driver
  const plane = sound?.plane.hears ? sound.plane : null
  const sip = await startSip({
    world,
    time,
    events: sipEvents(driver, log),
    plane,
    port,
    secret: world.account.authToken,
  })
  driver.attachSip(sip)
  return sip
}

/** Starts the network on 127.0.0.1. A busy port gives the next free one. */
export async function startPhoneNetwork(options: PhoneNetworkOptions = {}): Promise<PhoneNetwork> {
  const seed = options.seed ?? SEED
  const account = accountOf(seed, options)
  const world = createWorld(seed, account, options.cps ?? CPS)
  const time = options.time ?? realTime()
  const log = createLog()
  const faults = createFaults(seededRandom(`faults ${seed}`))
  const tunnels = new Map(Object.entries(options.tunnels ?? {}))
  const courier = new Courier({
    authToken: account.authToken,
    tunnels,
    log,
    faults,
    random: seededRandom(`webhooks ${seed}`),
    now: () => time.now(),
    time,
  })
  const { sound } = options
  // A sound that has `start` ticks by its own clock; otherwise the driver ticks it.
  const driver = new Driver({
    world,
    log,
    courier,
    sound: sound ?? null,
    ticks: sound?.start === undefined,
    time,
    tunnels,
  })
  const control = new Control(driver, log, faults, { speech: options.speech?.knobs, crm: options.crm?.knobs })
  driver.take({ kind: 'people.defined', people: options.people ?? (await demoPeople()) })
  furnish(control, options)

  const rest = new RestApi({ driver, log, faults })
  const parts: Parts = { rest, control, driver, pages: options.pages, gateway: null, speech: options.speech }
  const answer = (request: IncomingMessage, response: ServerResponse): void => serve(parts, request, response)
  const server = createServer(answer)
  const secure = options.tlsPort === undefined ? null : createTlsServer(makeCertificate(Date.now()), answer)
  const events = browserEvents(driver, account, log)
  const gateway = options.gatewayFactory?.({ events, server, plane: sound?.plane ?? null, control }) ?? null
  parts.gateway = gateway
  if (gateway) driver.attach(gateway)
  takeUpgrades([server, secure], gateway, options)
  const sip = await openSip(options, driver, log)
  sound?.start?.()
  const port = await listen(server, options.port ?? PORT)
  const tlsPort = secure ? await listen(secure, options.tlsPort ?? 0) : null
  return {
    port,
    tlsPort,
    sipPort: sip?.port ?? null,
    url: `http://127.0.0.1:${port}`,
    speechUrl: options.speech?.url ?? null,
    crm: options.crm ?? null,
    account,
    control,
    server,
    idle: () => courier.idle(),
    pass(ms) {
      if (!(time instanceof VirtualTime)) throw new Error('real time passes by itself')
      return time.pass(ms, () => settled(driver))
    },
    async close() {
      sip?.close()
      driver.close()
      await gateway?.close?.()
      await sound?.stop?.()
      await closeServers([server, secure])
    },
  }
}
