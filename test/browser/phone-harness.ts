/// <reference types="node" />
/**
 * A small phone network for browser tests: the real audio plane and gateway, a page with the unmodified
 * @twilio/voice-sdk, and an engine of a few lines whose every event is recorded.
 */
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSound, type Sound } from '../../packages/phone-network/src/media/start-sound.ts'
import type { Gateway } from '../../packages/phone-network/src/signalling/contract.ts'
import { createBrowserGateway } from '../../packages/phone-network/src/signalling/gateway.ts'

export interface RecordedEvent {
  kind: 'invite' | 'answered' | 'rejected' | 'hangup' | 'dtmf' | 'message'
  callSid: string
  detail?: unknown
  atMs: number
}

export interface Harness {
  url: string
  port: number
  sound: Sound
  gateway: Gateway
  recorded: RecordedEvent[]
  /** Runs for each call that a browser places, after the call is recorded. */
  onPlaced: (callSid: string) => void
  close(): Promise<void>
}

/** Tokens of the harness: "good:IDENTITY", "expired:…", "mute:IDENTITY" (no incoming grant); all else is invalid. */
function authorize(token: string) {
  const [kind, identity] = token.split(':')
  if (kind === 'expired') return { code: 31205, message: 'JWT token expired' }
  if ((kind !== 'good' && kind !== 'mute') || !identity) return { code: 31204, message: 'Invalid JWT token' }
  return { identity, accountSid: `AC${'0'.repeat(32)}`, applicationSid: 'AP1', incoming: kind === 'good', ttl: 3600 }
}

/** The three lines that turn the SDK's forced wss:// host into ours; they must run before the SDK is loaded. */
const shim = (host: string) => `window.WebSocket = class extends window.WebSocket {
  constructor(url, protocols) { super(String(url).replace(/^wss:\\/\\/voice-js[^/]*/, 'ws://${host}'), protocols) }
}`

const page = (host: string, first: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>phone</title><script>${first}</script><script src="/sdk.js"></script>
<script type="module" src="/phone-page.js" data-network="http://${host}"></script></head></html>`

const FILES: Record<string, string> = {
  '/sdk.js': '../../node_modules/@twilio/voice-sdk/dist/twilio.min.js',
  '/phone-page.js': './phone-page.js',
}

/**
 * Serves the page with the SDK at every path that is not one of its files. `host` is the phone network's. At `/plain`
 * nothing turns the SDK away from Twilio's names: the browser's own resolver must.
 */
export function answerPhonePage(request: IncomingMessage, response: ServerResponse, host: string): void {
  const file = FILES[request.url ?? '']
  response.setHeader('content-type', file ? 'text/javascript' : 'text/html')
  if (file) createReadStream(new URL(file, import.meta.url)).pipe(response)
  else response.end(page(host, request.url === '/plain' ? '' : shim(host)))
}

/** Starts on a free port of 127.0.0.1. */
export async function startHarness(): Promise<Harness> {
  const sound = createSound({ seed: 1 })
  const recorded: RecordedEvent[] = []
  const record = (kind: RecordedEvent['kind'], callSid: string, detail?: unknown) =>
    recorded.push({ kind, callSid, detail, atMs: performance.now() })
  let nextSid = 1
  const gateway = createBrowserGateway({
    plane: sound.plane,
    events: {
      authorize,
      onInvite(device, parameters) {
        const callSid = newCallSid(nextSid++)
        record('invite', callSid, { identity: device.identity, parameters })
        // As the engine does before it answers: sound may begin at once.
        sound.plane.addLeg(callSid)
        harness.onPlaced(callSid)
        return callSid
      },
      onClientAnswered: callSid => record('answered', callSid),
      onClientRejected: callSid => record('rejected', callSid),
      onClientHangup: callSid => record('hangup', callSid),
      onDtmf: (callSid, digits) => record('dtmf', callSid, digits),
      onMessage: (callSid, message) => record('message', callSid, message),
    },
  })
  const server = createServer((request, response) => {
    if (gateway.handleRequest(request, response)) return
    answerPhonePage(request, response, request.headers.host ?? '')
  })
  server.on('upgrade', (request, socket, head) => {
    if (!gateway.upgrade(request, socket, head)) socket.destroy()
  })
  const port = await listen(server)
  sound.start()
  const harness: Harness = {
    url: `http://127.0.0.1:${port}/`,
    port,
    sound,
    gateway,
    recorded,
    onPlaced: () => {},
    async close() {
      gateway.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await sound.stop()
    },
  }
  return harness
}

export function newCallSid(number: number): string {
  return `CA${number.toString(16).padStart(32, '0')}`
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
