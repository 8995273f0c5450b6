/** Tokens, edges, messages and nonsense on raw sockets: what the SDK's own code would never send, too. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { seededRandom } from '../engine/random.ts'
import { silentPlane } from '../testing/silent-plane.ts'
import { MESSAGES_PER_SECOND_MAX, MessageRate, readMessage } from './call-messages.ts'
import type { Gateway, GatewayEvents } from './contract.ts'
import { edgeOf } from './edges.ts'
import { MAX_FRAME_BYTES, MAX_PARAMS_CHARS, parseFrame } from './frames.ts'
import { createBrowserGateway } from './gateway.ts'
import { MAX_DEVICES } from './roster.ts'

let server: Server
let gateway: Gateway
let port: number
const trouble = vi.fn()
const rejected = vi.fn()
const events: GatewayEvents = {
  authorize(token) {
    if (token === '' || token.startsWith('bad')) return { code: 31204, message: 'Invalid JWT token' }
    return { identity: token, accountSid: 'AC1', applicationSid: 'AP1', incoming: true, ttl: 3600, home: 'au1' }
  },
  onInvite: () => 'CA1',
  onClientAnswered: () => undefined,
  onClientRejected: rejected,
  onClientHangup: () => undefined,
  onDtmf: () => undefined,
  onTrouble: trouble,
}

beforeAll(async () => {
  gateway = createBrowserGateway({ plane: silentPlane(), events })
  server = createServer()
  server.on('upgrade', (request, socket, head) => {
    if (!gateway.upgrade(request, socket, head)) socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  gateway.close()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})
beforeEach(() => void trouble.mockClear())

async function connect(host = '127.0.0.1') {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/signal`, { headers: { host } })
  const received: { type: string; payload: Record<string, unknown> }[] = []
  socket.on('message', data => {
    const frame = parseFrame(String(data))
    if (frame) received.push(frame)
  })
  const closed = new Promise<number>(resolve => socket.once('close', resolve))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const say = (type: string, payload: object = {}) => socket.send(JSON.stringify({ type, version: '1.6', payload }))
  const next = async (type: string) => {
    const found = () => received.findIndex(frame => frame.type === type)
    await vi.waitFor(() => expect(received.map(frame => frame.type)).toContain(type), { interval: 5 })
    return received.splice(found(), 1)[0]?.payload ?? {}
  }
  return { socket, say, next, closed, received }
}

test('the edge is the one under whose name the browser came, its region as the real gateway names it', async () => {
  const browser = await connect('voice-js.tokyo.twilio.com')
  browser.say('listen', { token: 'ada' })
  expect(await browser.next('connected')).toMatchObject({ edge: 'tokyo', region: 'ASIAPAC_TOKYO', home: 'au1' })
  browser.socket.terminate()
  await expect(connect('voice-js.nowhere.twilio.com')).rejects.toThrow('404')
  expect(edgeOf('voice-js.roaming.twilio.com:443')).toEqual({ edge: 'ashburn', region: 'US_EAST_VIRGINIA' })
  expect(edgeOf('chunderw-vpc-gll.twilio.com')).toMatchObject({ edge: 'ashburn' })
  expect(edgeOf('127.0.0.1:5070', 'dublin')).toMatchObject({ edge: 'dublin' })
})

test('a bad new token leaves the good one in force', async () => {
  const browser = await connect()
  browser.say('listen', { token: 'ada', reconnectTimeout: 1e9 })
  browser.say('register', { media: { audio: true } })
  await browser.next('ready')
  browser.say('listen', { token: 'bad' })
  expect(await browser.next('error')).toMatchObject({ error: { code: 31204 } })
  expect(gateway.devices('ada')).toHaveLength(1)
  browser.say('listen', { token: 'grace' })
  await browser.next('connected')
  await browser.next('connected')
  expect([gateway.devices('ada').length, gateway.devices('grace').length]).toEqual([0, 0])
  browser.socket.terminate()
})

test('what is disturbed hears of it', async () => {
  const browser = await connect()
  browser.say('listen', { token: 'dora' })
  await browser.next('connected')
  expect(gateway.disturb('nobody', { what: 'close' })).toBe(0)
  expect(gateway.disturb('dora', { what: 'close' })).toBe(1)
  await browser.next('close')
  gateway.disturb('dora', { what: 'error', error: { code: 31005, message: 'later', retryAfter: 3 } })
  expect(await browser.next('error')).toEqual({ error: { code: 31005, message: 'later', retryAfter: 3 } })
  expect(await browser.closed).toBe(1013)
})

test('one socket too many is told to come back later', async () => {
  const sockets = []
  while (sockets.length < MAX_DEVICES) sockets.push(await connect())
  const late = await connect()
  expect(await late.next('error')).toMatchObject({ error: { retryAfter: 5 } })
  expect(await late.closed).toBe(1013)
  for (const { socket } of sockets) socket.terminate()
  await Promise.all(sockets.map(({ closed }) => closed))
})

test('a message is checked for its type, its size, how often, and its call', async () => {
  const rate = new MessageRate()
  const good = { messagetype: 'user-defined-message', content: { a: 1 }, voiceeventsid: 'KX1' }
  expect(readMessage(good, rate, 0)).toMatchObject({ message: { sid: 'KX1', contentType: 'application/json' } })
  expect(readMessage({ ...good, messagetype: 1 }, rate, 0)).toMatchObject({ error: { code: 31210 } })
  expect(readMessage({ ...good, contenttype: 'text/plain' }, rate, 0)).toMatchObject({ error: { code: 31210 } })
  expect(readMessage({ ...good, content: 'x'.repeat(10_240) }, rate, 0)).toMatchObject({ error: { code: 31212 } })
  for (let sent = 4; sent < MESSAGES_PER_SECOND_MAX; sent += 1) readMessage(good, rate, 1)
  expect(readMessage(good, rate, 999)).toMatchObject({ error: { code: 31206 } })
  expect(readMessage(good, rate, 1000)).toHaveProperty('message')
  const browser = await connect()
  browser.say('listen', { token: 'ada' })
  browser.say('message', { ...good, callsid: 'CA_unknown' })
  expect(await browser.next('error')).toMatchObject({ voiceeventsid: 'KX1', error: { code: 31211 } })
  browser.socket.terminate()
})

test('an offer that is none, and parameters without end, end that call only', async () => {
  const browser = await connect()
  browser.say('listen', { token: 'ada' })
  browser.say('invite', { callsid: 'TJS1', sdp: 'nonsense', twilio: { params: '' } })
  expect(await browser.next('hangup')).toMatchObject({ callsid: 'TJS1', error: { code: 31005 } })
  browser.say('invite', { callsid: 'TJS2', sdp: '', twilio: { params: 'x'.repeat(MAX_PARAMS_CHARS + 1) } })
  expect(await browser.next('hangup')).toMatchObject({ callsid: 'TJS2', error: { code: 31103 } })
  expect(trouble.mock.calls.map(([, code]) => code)).toEqual([31005])
  browser.socket.terminate()
})

test('who gets no microphone hangs up a call that rings: it is declined; a stranger cannot do that', async () => {
  const [browser, stranger] = [await connect(), await connect()]
  stranger.say('listen', { token: 'mallory' })
  browser.say('listen', { token: 'ada' })
  browser.say('register', { media: { audio: true } })
  await browser.next('ready')
  gateway.ring('ada', { callSid: 'CA7', from: 'x', to: 'y', parameters: {}, stirStatus: 'TN-Validation-Passed-A' })
  expect(await browser.next('invite')).toMatchObject({ parameters: { StirStatus: 'TN-Validation-Passed-A' } })
  stranger.say('hangup', { callsid: 'CA7' })
  stranger.say('listen', { token: 'mallory' })
  await stranger.next('connected')
  await stranger.next('connected')
  expect(rejected).not.toHaveBeenCalled()
  browser.say('hangup', { callsid: 'CA7', message: 'no microphone' })
  await vi.waitFor(() => expect(rejected).toHaveBeenCalledWith('CA7', 'declined'))
  for (const { socket } of [browser, stranger]) socket.terminate()
})

test('a frame that is too long closes its own socket only', async () => {
  const [long, other] = [await connect(), await connect()]
  long.socket.send('x'.repeat(MAX_FRAME_BYTES + 1))
  expect(await long.closed).toBe(1009)
  expect(trouble).toHaveBeenCalledTimes(1)
  other.say('listen', { token: 'ada' })
  await other.next('connected')
  other.socket.terminate()
})

const SEED = 4711
const FRAMES = 3000
const TYPES = ['listen', 'register', 'invite', 'answer', 'reject', 'hangup', 'reinvite', 'dtmf', 'message', 'dance', '']
const FIELDS = ['token', 'callsid', 'sdp', 'twilio', 'media', 'reconnect', 'dtmf', 'content', 'messagetype', 'message']

test(`${FRAMES} frames of nonsense (seed ${SEED}) crash nothing and are a few lines in the log`, async () => {
  const random = seededRandom(`frames ${SEED}`)
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T
  const value = (depth: number): unknown =>
    pick([
      () => null,
      () => random.int(9) - 4,
      () => '',
      () => 'ada',
      () => 'CA1',
      () => 'TJS1',
      () => '\u0000\ud800'.repeat(random.int(20)),
      () => 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n',
      () => (depth > 3 ? [] : Array.from({ length: random.int(4) }, () => value(depth + 1))),
      () => (depth > 3 ? {} : { [pick(FIELDS)]: value(depth + 1), audio: true, params: value(depth + 1) }),
    ])()
  const payload = () => Object.fromEntries(Array.from({ length: random.int(5) }, () => [pick(FIELDS), value(0)]))
  const text = () =>
    pick([
      () => JSON.stringify({ type: pick(TYPES), version: '1.6', payload: payload() }),
      () => JSON.stringify({ type: pick(TYPES), payload: value(0) }),
      () => JSON.stringify(value(0)),
      () => JSON.stringify({ type: pick(TYPES), payload: payload() }).slice(0, random.int(40)),
      () => '['.repeat(random.int(50_000)),
    ])()
  let browser = await connect()
  browser.say('listen', { token: 'ada' })
  for (let sent = 0; sent < FRAMES; sent += 1) {
    if (sent % 500 === 499) {
      browser.socket.terminate()
      browser = await connect()
      browser.say('listen', { token: 'ada' })
    }
    browser.socket.send(random.int(10) === 0 ? Buffer.from(text()) : text())
  }
  browser.say('listen', { token: 'last' })
  const told = () =>
    browser.received.some(({ payload: { token } }) => (token as { identity: string })?.identity === 'last')
  await vi.waitFor(() => expect(told()).toBe(true), { timeout: 20_000 })
  browser.socket.terminate()
  // Twenty of each socket, and the calls that could not be set up.
  expect(trouble.mock.calls.filter(([callSid]) => callSid === null).length).toBeGreaterThan(20)
  expect(trouble.mock.calls.length).toBeLessThan(FRAMES / 4)
})
