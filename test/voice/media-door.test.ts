/** Connections to a call's media socket that do not come from Twilio, or are malformed. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { streamToken } from '../../src/providers/telephony/twilio/callback-urls.ts'
import { AiStage, type Held } from './ai-stage.ts'

let stage: AiStage
beforeAll(async () => {
  stage = await AiStage.set(6150)
})
afterAll(() => stage.close())

const signatureOf = (url: string) =>
  createHmac('sha1', stage.stage.network.account.authToken).update(url).digest('base64')

function pathOf(held: Held, token: string): string {
  return `/twilio/w_demo/media/${held.callId}/${token}`
}

function open(path: string, signed = true): WebSocket {
  const url = `${stage.url.replace('http', 'wss')}${path}`
  const headers = signed ? { 'X-Twilio-Signature': signatureOf(url) } : {}
  return new WebSocket(`${stage.url.replace('http', 'ws')}${path}`, { headers })
}

function refused(socket: WebSocket): Promise<number | undefined> {
  return new Promise(resolve => {
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
    socket.once('open', () => resolve(101))
    socket.once('error', () => {})
  })
}

function closed(socket: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise(resolve => socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })))
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
}

let phones = 0
/** A call that nobody answers, so that its first stream can still be connected. */
async function callWithFreeLine(): Promise<{ held: Held; token: string }> {
  phones += 1
  const toNumber = `+1415559${String(phones).padStart(4, '0')}`
  const { control, account } = stage.stage.network
  control.definePeople([{ number: toNumber, name: 'Nobody', company: '', timeZone: null, script: { kind: 'manual' } }])
  const { items } = await stage.api<{ items: { agentId: string }[] }>('ada', 'GET', '/api/ai/agents')
  const path = `/api/ai/agents/${items[0]?.agentId}/calls`
  const placed = await stage.api<{ callId: string; callSid: string }>('ada', 'POST', path, { toNumber })
  const held = await stage.follow(placed.callId, placed.callSid)
  return { held, token: await streamToken(account, held.callId, 1) }
}

const start = (held: Held, format: Record<string, unknown> = {}, callSid = held.callSid) =>
  JSON.stringify({
    event: 'start',
    sequenceNumber: '1',
    streamSid: 'MZ1',
    start: {
      accountSid: 'AC1',
      streamSid: 'MZ1',
      callSid,
      tracks: ['inbound'],
      customParameters: {},
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1, ...format },
    },
  })
const media = (payload: string) =>
  `{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"5","payload":"${payload}"},"streamSid":"MZ1"}`

test('nobody comes in without a signature, with a wrong token, or with one that is spent', async () => {
  const { held, token } = await callWithFreeLine()
  expect(await refused(open(pathOf(held, token), false))).toBe(403)
  expect(await refused(open(pathOf(held, 'f'.repeat(32))))).toBe(403)
  const first = open(pathOf(held, token))
  await opened(first)
  expect(await refused(open(pathOf(held, token)))).toBe(403)
  await held.until(() => held.notes('stream-refused').length >= 2)
  first.close()
  const nobody = await streamToken(stage.stage.network.account, 'w_demo.i_nobody', 1)
  expect(await refused(open(`/twilio/w_demo/media/w_demo.i_nobody/${nobody}`))).toBe(403)
})

const wrong: [string, (socket: WebSocket, held: Held) => void, number, string | unknown][] = [
  ['nothing at all', () => {}, 1008, 'no start within 5 s'],
  ['sound before the start', socket => socket.send(media('////')), 1008, 'media before start'],
  [
    'another encoding',
    (socket, held) => socket.send(start(held, { encoding: 'audio/l16' })),
    1003,
    'the sound is not µ-law',
  ],
  [
    'another rate',
    (socket, held) => socket.send(start(held, { sampleRate: 16000 })),
    1003,
    'not 8,000 samples a second',
  ],
  ['another call', (socket, held) => socket.send(start(held, {}, 'CA0')), 1008, 'another call'],
  ['binary messages', socket => socket.send(Buffer.from([1, 2, 3])), 1003, 'text only'],
  [
    'a message that is too large',
    socket => socket.send(`{"event":"${'x'.repeat(70_000)}"}`),
    1009,
    'a message is too large',
  ],
  [
    'a second start',
    (socket, held) => {
      socket.send(start(held))
      socket.send(start(held))
    },
    1008,
    'a second start',
  ],
  [
    'garbage for ever',
    (socket, held) => {
      socket.send(start(held))
      for (let count = 0; count < 60; count += 1) socket.send(count % 2 === 0 ? media('%%%%') : '{"event":')
    },
    1007,
    expect.any(String),
  ],
]

test.each(wrong)('%s: the socket is closed with its reason, and the call goes on', async (_name, act, code, reason) => {
  const { held, token } = await callWithFreeLine()
  const socket = open(pathOf(held, token))
  const end = closed(socket)
  await opened(socket)
  act(socket, held)
  const done = await end
  expect(done.code).toBe(code)
  expect(done.reason).toEqual(reason)
  await held.until(() => held.said('system').some(text => text.startsWith('The line to the agent closed')))
  expect(held.ended).toBe(false)
  stage.stage.network.control.hangUpCall(held.callSid)
  await held.over()
})

test('odd frames are forgiven: wrong base64, nothing, a second of sound at once, unknown events', async () => {
  const { held, token } = await callWithFreeLine()
  const socket = open(pathOf(held, token))
  await opened(socket)
  socket.send(start(held))
  for (const payload of ['%%%%', '', '/', Buffer.alloc(8_000, 0xff).toString('base64')]) socket.send(media(payload))
  socket.send('{"event":"strange"}')
  socket.send(JSON.stringify({ event: 'dtmf', dtmf: { digit: '1' } }))
  socket.send(JSON.stringify({ event: 'dtmf', dtmf: { digit: '#' } }))
  await held.until(() => held.said('caller').includes('[pressed 1]'))
  expect(held.said('caller').filter(text => text === '[pressed 1]')).toHaveLength(1)
  expect(socket.readyState).toBe(WebSocket.OPEN)
  socket.close()
  stage.stage.network.control.hangUpCall(held.callSid)
})
