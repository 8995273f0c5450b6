/** Tests the gateway on raw sockets. Calls with sound are tested in test/browser. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { MixingPlane } from '../media/audio-plane.ts'
import type { Gateway } from './contract.ts'
import { parseFrame, readParams, writeParams } from './frames.ts'
import { createBrowserGateway } from './gateway.ts'
import { onlyCandidatesOf } from './peer.ts'
import { TelephoneEvents } from './telephone-event.ts'

let server: Server
let gateway: Gateway
let port: number
const events = {
  authorize: (token: string) =>
    token === 'bad'
      ? { code: 31204, message: 'Invalid JWT token' }
      : {
          identity: token,
          accountSid: 'AC1',
          applicationSid: null,
          incoming: true,
          ttl: token === 'brief' ? 0.05 : 3600,
        },
  onInvite: vi.fn(() => 'CA1'),
  onClientAnswered: vi.fn(),
  onClientRejected: vi.fn(),
  onClientHangup: vi.fn(),
  onDtmf: vi.fn(),
}

beforeEach(async () => {
  vi.clearAllMocks()
  gateway = createBrowserGateway({ plane: new MixingPlane(), events, edge: 'roaming' })
  server = createServer((request, response) => {
    if (!gateway.handleRequest(request, response)) response.writeHead(404).end()
  })
  server.on('upgrade', (request, socket, head) => {
    if (!gateway.upgrade(request, socket, head)) socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(async () => {
  gateway.close()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

/** A browser of a few lines: it keeps every message. */
async function connect() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/signal`)
  const received: string[] = []
  socket.on('message', data => received.push(String(data)))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const say = (type: string, payload: object = {}) => socket.send(JSON.stringify({ type, version: '1.6', payload }))
  const types = () => received.map(text => parseFrame(text)?.type)
  const next = async (type: string) => {
    await vi.waitFor(() => expect(types()).toContain(type))
    return parseFrame(received[types().indexOf(type)] ?? '')?.payload ?? {}
  }
  return { socket, say, types, next, received }
}

test('listen is answered with the concrete edge and the identity; register makes the device reachable', async () => {
  const browser = await connect()
  browser.say('listen', { token: 'ada' })
  expect(await browser.next('connected')).toMatchObject({
    edge: 'ashburn',
    token: { identity: 'ada', ttl: 3600 },
  })
  expect(gateway.devices('ada')).toHaveLength(0)
  browser.say('register', { media: { audio: true } })
  await browser.next('ready')
  expect(gateway.devices('ada')).toHaveLength(1)
  browser.say('register', { media: { audio: false } })
  await browser.next('offline')
  expect(gateway.devices('ada')).toHaveLength(0)
})

test('nothing works before a good token', async () => {
  const browser = await connect()
  browser.say('register', { media: { audio: true } })
  expect(await browser.next('error')).toMatchObject({ error: { code: 31204 } })
  browser.say('listen', { token: 'bad' })
  await vi.waitFor(() => expect(browser.types()).toEqual(['error', 'error']))
})

test('a token that runs out takes the registration with it', async () => {
  const browser = await connect()
  browser.say('listen', { token: 'brief' })
  browser.say('register', { media: { audio: true } })
  await browser.next('ready')
  expect(await browser.next('error')).toMatchObject({ error: { code: 31205 } })
  expect(gateway.devices('brief')).toHaveLength(0)
})

test('nonsense gets an error and does not end the connection', async () => {
  const browser = await connect()
  for (const text of ['{', '[]', '"x"', '{"type":1}']) browser.socket.send(text)
  await vi.waitFor(() => expect(browser.types()).toEqual(['error', 'error', 'error', 'error']))
  browser.say('listen', { token: 'ada' })
  await browser.next('connected')
  browser.say('dance', {})
  browser.say('answer', { callsid: 'CA_unknown', sdp: 'x' })
  expect(await browser.next('hangup')).toEqual({ callsid: 'CA_unknown' })
  browser.say('hangup', {})
  browser.say('invite', { callsid: 'CA_gone', reconnect: 'token', sdp: '' })
  await vi.waitFor(() => expect(browser.types().filter(type => type === 'hangup')).toHaveLength(2))
})

test('a token without a TwiML App cannot place calls', async () => {
  const browser = await connect()
  browser.say('listen', { token: 'ada' })
  browser.say('invite', { callsid: 'TJS1', sdp: 'v=0', twilio: { params: '' } })
  expect(await browser.next('hangup')).toMatchObject({ callsid: 'TJS1', error: { code: 31002 } })
  expect(events.onInvite).not.toHaveBeenCalled()
})

test('ringing an identity without devices is refused at once; a lost device refuses for itself', async () => {
  gateway.ring('nobody', { callSid: 'CA2', from: 'x', to: 'y', parameters: {} })
  await vi.waitFor(() => expect(events.onClientRejected).toHaveBeenCalledWith('CA2', 'gone'))
  const browser = await connect()
  browser.say('listen', { token: 'ada' })
  browser.say('register', { media: { audio: true } })
  await browser.next('ready')
  gateway.ring('ada', { callSid: 'CA3', from: 'x', to: 'y', parameters: { 'a b': 'c&d' } })
  const invite = await browser.next('invite')
  expect(invite).toMatchObject({ callsid: 'CA3', parameters: { CallSid: 'CA3', Params: 'a b=c%26d' } })
  expect(String(invite.sdp)).toMatch(/a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 /)
  browser.socket.terminate()
  await vi.waitFor(() => expect(events.onClientRejected).toHaveBeenCalledWith('CA3', 'gone'))
})

test('the SDK finds its sounds as WAV, and its insights are swallowed', async () => {
  const base = `http://127.0.0.1:${port}`
  for (const name of ['incoming', 'outgoing', 'disconnect', 'dtmf-5', 'dtmf-star', 'dtmf-hash']) {
    const answer = await fetch(`${base}/js/client/sounds/releases/1.0.0/${name}.mp3?cache=2.18.5`)
    const body = Buffer.from(await answer.arrayBuffer())
    expect([answer.status, body.subarray(0, 4).toString(), body.readUInt32LE(4) + 8]).toEqual([
      200,
      'RIFF',
      body.length,
    ])
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  }
  expect((await fetch(`${base}/js/client/sounds/releases/1.0.0/nothing.mp3`)).status).toBe(404)
  const insights = await fetch(`${base}/v4/EndpointEvents`, { method: 'POST', body: '{}' })
  expect(insights.status).toBe(200)
  expect((await fetch(`${base}/elsewhere`)).status).toBe(404)
})

test('custom parameters survive the trip in both directions', () => {
  expect(writeParams({ note: 'a & b=ü', id: '1' })).toBe('note=a%20%26%20b%3D%C3%BC&id=1')
  expect(readParams({ twilio: { params: 'To=%2B1&note=a%20%26&note=last' } })).toEqual({ To: '+1', note: 'last' })
  expect(readParams({})).toEqual({})
})

test('a keypad event is reported once, however many packets it has', () => {
  const reader = new TelephoneEvents()
  const packet = (event: number, end: boolean) => Uint8Array.from([event, end ? 0x8a : 0x0a, 0, 160])
  expect([
    reader.read(packet(5, false), 100),
    reader.read(packet(5, false), 100),
    reader.read(packet(5, true), 100),
  ]).toEqual(['5', null, null])
  expect(reader.read(packet(5, false), 900)).toBe('5')
  expect(reader.read(packet(11, false), 1700)).toBe('#')
  expect(reader.read(packet(99, false), 2500)).toBe(null)
  expect(reader.read(new Uint8Array(2), 3300)).toBe(null)
})

test('only our own address is offered', () => {
  const line = (host: string) => `a=candidate:1 1 udp 1 ${host} 5000 typ host`
  const sdp = ['v=0', line('127.0.0.1'), line('192.0.2.2'), 'a=end-of-candidates'].join('\r\n')
  expect(onlyCandidatesOf(sdp, '127.0.0.1')).toBe(['v=0', line('127.0.0.1'), 'a=end-of-candidates'].join('\r\n'))
})
