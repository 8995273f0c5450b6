import twilio from 'twilio'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { decode, encode } from '../media/mulaw.ts'
import { createSound } from '../media/start-sound.ts'
import { tone } from '../media/tones.ts'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { StreamServer } from '../testing/stream-server.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** Media Streams in real time, with sound: what a program on the other side of the WebSocket sees. */

const OURS = '+14155550000'
/** answers at once and says hello */
const HUMAN = '+15002000001'
const PUBLIC = 'wss://media.example.test/stream'

let app: SmallApp
let server: StreamServer
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>

beforeAll(async () => {
  app = await new SmallApp().start()
  server = await new StreamServer().start()
  network = await startPhoneNetwork({
    port: 0,
    cps: 50,
    sound: createSound({ seed: 7 }),
    numbers: [{ number: OURS, voiceUrl: `${app.url}/inbound` }],
    tunnels: { 'https://media.example.test': `http://127.0.0.1:${server.port}` },
  })
  client = twilioClient(network.url, network.account)
})

afterAll(async () => {
  await network.close()
  await server.stop()
  await app.stop()
})

beforeEach(() => {
  server.forget()
  server.refuseWith = null
  server.answer = () => undefined
  app.heard.length = 0
})

const call = (twiml: string, to = HUMAN) =>
  client.calls.create({ to, from: OURS, twiml: `<Response>${twiml}</Response>`, timeLimit: 30 })
const rms = (payload: string): number => {
  const pcm = decode(new Uint8Array(Buffer.from(payload, 'base64')))
  return Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, pcm.length))
}
const alerts = (callSid: string): number[] =>
  network.control.log().flatMap(entry => (entry.kind === 'alert' && entry.callSid === callSid ? [entry.code] : []))
/** How many frames of the call the program had received before this. */
const framesBefore = (told: object): number =>
  server.told.slice(0, server.told.indexOf(told as never)).filter(one => one.event === 'media').length
const until = (kind: string, callSid: string) =>
  network.control.until(entry => entry.kind === kind && 'callSid' in entry && entry.callSid === callSid, 15_000)
const TONE = Buffer.from(encode(tone([440], 1_000, 0.4))).toString('base64')

test('connected, start and media in order, every 20 ms, signed; all numbers are texts', async () => {
  const made = await call(
    `<Connect><Stream url="${PUBLIC}" name="bot" statusCallback="${app.url}/stream"><Parameter name="a" value="1"/></Stream></Connect>`,
  )
  // The person has said hello, whenever its voice was ready.
  const loud = () => server.of('media').some(told => rms(told.media.payload) > 500)
  await server.until(() => server.of('media').length >= 60 && loud())
  const [connected, start] = server.told
  expect(connected).toMatchObject({ event: 'connected', protocol: 'Call', version: '1.0.0' })
  expect(connected?.sequenceNumber).toBeUndefined()
  expect(start).toMatchObject({
    event: 'start',
    sequenceNumber: '1',
    start: {
      accountSid: network.account.accountSid,
      callSid: made.sid,
      tracks: ['inbound'],
      customParameters: { a: '1' },
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
    },
  })
  const media = server.of('media')
  expect(media.map(told => told.sequenceNumber).slice(0, 3)).toEqual(['2', '3', '4'])
  expect(media.map(told => told.media.chunk).slice(0, 3)).toEqual(['1', '2', '3'])
  expect(media.map(told => told.media.timestamp).slice(0, 3)).toEqual(['0', '20', '40'])
  expect(new Set(media.map(told => Buffer.from(told.media.payload, 'base64').length))).toEqual(new Set([160]))
  // Never faster than real time: late frames are made up for, at most ten at once.
  expect((media[50]?.at ?? 0) - (media[0]?.at ?? 0)).toBeGreaterThan(800)
  const { headers, url } = server.upgrades[0] ?? { headers: {}, url: '' }
  expect([url, headers.host, headers['x-forwarded-proto']]).toEqual(['/stream', 'media.example.test', 'https'])
  const signature = String(headers['x-twilio-signature'])
  expect(twilio.validateRequest(network.account.authToken, signature, PUBLIC, {})).toBe(true)
  await client.calls(made.sid).update({ status: 'completed' })
  await server.until(() => server.closedWith !== null)
  expect(server.told.at(-1)).toMatchObject({ event: 'stop', stop: { callSid: made.sid } })
  await app.until(() => app.at('/stream').length === 2)
  expect(app.at('/stream').map(heard => heard.fields.StreamEvent)).toEqual(['stream-started', 'stream-stopped'])
  expect(app.at('/stream')[0]?.fields).toMatchObject({ CallSid: made.sid, StreamName: 'bot' })
})

test('what the program sends is heard in order; a mark comes back when all before it has been heard', async () => {
  server.answer = (told, say) => {
    if (told.event !== 'start') return
    const { streamSid } = told
    say({ event: 'mark', streamSid, mark: { name: 'nothing before' } })
    say({ event: 'media', streamSid, media: { payload: TONE } })
    say({ event: 'mark', streamSid, mark: { name: 'one' } })
    say({ event: 'media', streamSid, media: { payload: TONE } })
    say({ event: 'mark', streamSid, mark: { name: 'two' } })
  }
  // The silent human: only the tone is heard.
  const made = await call(`<Connect><Stream url="${PUBLIC}"/></Connect>`, '+15002300001')
  await server.until(() => server.of('mark').length === 1)
  await server.until(() => server.of('mark').length === 2)
  expect(network.control.world().calls.find(one => one.sid === made.sid)?.levels?.hears).toBeGreaterThan(0.1)
  await server.until(() => server.of('mark').length === 3)
  expect(server.of('mark').map(told => told.mark.name)).toEqual(['nothing before', 'one', 'two'])
  // By the call's own clock a second is fifty frames, whatever else the machine does.
  const [zero, one, two] = server.of('mark').map(mark => framesBefore(mark))
  expect(zero).toBeLessThan(40)
  expect((two ?? 0) - (one ?? 0)).toBe(50)
  expect((one ?? 0) - 50).toBeLessThan(40)
  await client.calls(made.sid).update({ status: 'completed' })
})

test('clear: the line is silent within 60 ms and all marks come at once', async () => {
  server.answer = (told, say) => {
    if (told.event !== 'start') return
    const { streamSid } = told
    for (let index = 0; index < 5; index += 1) {
      say({ event: 'media', streamSid, media: { payload: TONE } })
      say({ event: 'mark', streamSid, mark: { name: `m${index}` } })
    }
  }
  const made = await call(
    `<Start><Stream name="ear" track="outbound_track" url="${PUBLIC}"/></Start><Connect><Stream url="${PUBLIC}"/></Connect>`,
    '+15002300001',
  )
  const heard = () =>
    server.of('media').filter(told => told.media.track === 'outbound' && rms(told.media.payload) > 1_000)
  await server.until(() => heard().length > 20)
  const connected = server.of('start').find(told => told.start.tracks[0] === 'inbound')
  const before = heard().length
  for (const socket of server.sockets) socket.send(JSON.stringify({ event: 'clear', streamSid: connected?.streamSid }))
  await server.until(() => server.of('mark').length === 5)
  // Five seconds of sound were waiting. Almost none of it is heard any more, and the marks come back before the silence.
  const count = server.of('media').length
  await server.until(() => server.of('media').length > count + 80)
  expect(heard().length - before).toBeLessThan(20)
  expect(
    server
      .of('media')
      .slice(-40)
      .some(told => rms(told.media.payload) > 1_000),
  ).toBe(false)
  expect(alerts(made.sid)).toContain(31924)
  await client.calls(made.sid).update({ status: 'completed' })
})

test('the program closes: the next verb runs, 31921 is logged, the action is asked', async () => {
  server.answer = told => {
    if (told.event === 'start') server.close()
  }
  app.pages.set('/after', '<Response><Pause length="5"/></Response>')
  const made = await call(`<Connect action="${app.url}/after"><Stream url="${PUBLIC}"/></Connect><Say>never</Say>`)
  await app.until(() => app.at('/after').length === 1)
  expect(app.at('/after')[0]?.fields).toMatchObject({ CallSid: made.sid, CallStatus: 'in-progress' })
  expect(alerts(made.sid)).toEqual([31921])
  await client.calls(made.sid).update({ status: 'completed' })
  const next = await call(`<Connect><Stream url="${PUBLIC}"/></Connect><Say>Goodbye</Say>`, '+15002000002')
  await until('network-said', next.sid)
})

test('keys of the far end; messages that do not exist are 31924', async () => {
  const made = await call(`<Connect><Stream url="${PUBLIC}"/></Connect>`)
  await server.until(() => server.of('start').length === 1)
  network.control.press(made.sid, '4#')
  await server.until(() => server.of('dtmf').length === 2)
  expect(server.of('dtmf').map(told => told.dtmf)).toEqual([
    { track: 'inbound_track', digit: '4' },
    { track: 'inbound_track', digit: '#' },
  ])
  const { streamSid } = server.of('start')[0] ?? { streamSid: '' }
  server.say('no json')
  server.say({ event: 'dance', streamSid })
  server.say({ event: 'media', streamSid: 'MZ1', media: { payload: 'AAAA' } })
  server.say({ event: 'media', streamSid, media: { payload: '%%' } })
  server.say({ event: 'media', streamSid })
  server.say({ event: 'mark', streamSid, mark: { name: 'still here' } })
  await server.until(() => server.of('mark').length === 1)
  expect(alerts(made.sid)).toEqual([31924, 31924, 31924, 31924, 31924])
  await client.calls(made.sid).update({ status: 'completed' })
})

test('REST starts a fork of both tracks and stops it by its name; a fifth is refused', async () => {
  const made = await call('<Pause length="20"/>')
  await until('call-answered', made.sid)
  const streams = client.calls(made.sid).streams
  const first = await streams.create({
    url: PUBLIC,
    name: 'both',
    track: 'both_tracks',
    statusCallback: `${app.url}/fork`,
    'parameter1.name': 'k',
    'parameter1.value': 'v',
  })
  expect(first).toMatchObject({ callSid: made.sid, name: 'both', status: 'in-progress' })
  await server.until(() => server.of('media').length > 10)
  expect(server.of('start')[0]?.start).toMatchObject({ tracks: ['inbound', 'outbound'], customParameters: { k: 'v' } })
  const media = server.of('media')
  expect(media.slice(0, 4).map(told => [told.media.track, told.media.chunk])).toEqual([
    ['inbound', '1'],
    ['outbound', '2'],
    ['inbound', '3'],
    ['outbound', '4'],
  ])
  for (let index = 0; index < 3; index += 1) await streams.create({ url: PUBLIC })
  await expect(streams.create({ url: PUBLIC })).rejects.toMatchObject({ status: 400 })
  await expect(streams.create({ url: 'https://media.example.test/' })).rejects.toMatchObject({ status: 400 })
  expect((await streams('both').update({ status: 'stopped' })).status).toBe('stopped')
  await app.until(() => app.at('/fork').length === 2)
  expect(app.at('/fork').map(heard => heard.fields.StreamEvent)).toEqual(['stream-started', 'stream-stopped'])
  await client.calls(made.sid).update({ status: 'completed' })
})

test.each([
  ['a refused upgrade', PUBLIC, 31920, ['stream-error']],
  ['a port where nobody listens', 'wss://127.0.0.1:9/', 31902, ['stream-error']],
  // No stream was begun, so nobody is told that it failed.
  ['a query string', `${PUBLIC}?a=1`, 31923, []],
  ['another scheme', 'ws://media.example.test/', 31922, []],
])('%s: the alert, stream-error, and on with the next verb', async (_what, url, code, told) => {
  server.refuseWith = 403
  const made = await call(`<Connect><Stream statusCallback="${app.url}/error" url="${url}"/></Connect><Say>Next</Say>`)
  await until('network-said', made.sid)
  expect(alerts(made.sid)).toEqual([code])
  await app.until(() => app.at('/error').length === told.length)
  expect(app.at('/error').map(heard => heard.fields.StreamEvent)).toEqual(told)
  await client.calls(made.sid).update({ status: 'completed' })
})

test('a program of this machine without TLS is spoken to plainly', async () => {
  const made = await call(`<Connect><Stream url="wss://127.0.0.1:${server.port}/plain"/></Connect>`)
  await server.until(() => server.of('media').length > 3)
  expect(server.upgrades.at(-1)?.url).toBe('/plain')
  await client.calls(made.sid).update({ status: 'completed' })
})

test('a stream that is lost on purpose: the program’s socket breaks, the call goes on with its next verb', async () => {
  const { sid } = await call(`<Connect><Stream url="${PUBLIC}"/></Connect><Say>After the loss</Say>`)
  await until('stream-started', sid)
  expect(network.control.loseStreams(sid)).toBe(1)
  await until('network-said', sid)
  expect(alerts(sid)).toContain(31921)
  expect(() => network.control.loseStreams(sid)).toThrow('has no stream')
})
