/** A program gets the sound of a call: both sides, counted messages, by a key with the scope for it. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { call, signIn } from '../../scripts/local/demo.ts'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'
import type { MediaMessage } from '../../src/wire/conversation.ts'
import { AiStage } from './ai-stage.ts'

let stage: AiStage
let key = ''
let keyId = ''
let reader = ''
beforeAll(async () => {
  stage = await AiStage.set(7260)
  const cookie = await signIn(stage.url, 'root')
  const made = (name: string, scopes: string[]) =>
    call<{ key: string; keyId: string }>(stage.url, cookie, 'POST', '/api/keys', { name, scopes })
  ;({ key, keyId } = await made('Analytics', ['calls:listen', 'calls:read']))
  reader = (await made('Reader', ['calls:read'])).key
})
afterAll(() => stage.close())

const LISTEN = { listen: true }
const SPEECH = 0.02
const until = <T>(what: () => T | Promise<T>) => vi.waitFor(what, { timeout: 40_000, interval: 50 })

function open(callId: string, bearer: string): WebSocket {
  return new WebSocket(`${stage.url.replace('http', 'ws')}/v1.0/calls/${callId}/media_stream`, {
    headers: { Authorization: `Bearer ${bearer}` },
  })
}

interface Heard {
  messages: MediaMessage[]
  closed: number | null
  /** loudest message of each side, 0…1 */
  loudest: Record<'caller' | 'agent', number>
}

function listen(callId: string): Promise<Heard> {
  const socket = open(callId, key)
  const heard: Heard = { messages: [], closed: null, loudest: { caller: 0, agent: 0 } }
  socket.on('message', data => {
    const message = JSON.parse(String(data)) as MediaMessage
    heard.messages.push(message)
    socket.send('ok')
    if (message.event !== 'media') return
    const { track, payload } = message
    heard.loudest[track] = Math.max(heard.loudest[track], loudness(payload))
  })
  socket.on('close', code => {
    heard.closed = code
  })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(heard))
    socket.once('error', reject)
  })
}

function loudness(mulaw: string): number {
  const bytes = Buffer.from(mulaw, 'base64')
  let sum = 0
  for (const byte of bytes) sum += ((LINEAR_OF[byte] ?? 0) / 32_768) ** 2
  return Math.sqrt(sum / Math.max(1, bytes.length))
}

/** What an upgrade that is refused is answered with. */
function refused(callId: string, bearer: string): Promise<{ status: number; detail: string }> {
  const socket = open(callId, bearer)
  return new Promise((resolve, reject) => {
    socket.on('error', () => undefined)
    socket.once('unexpected-response', (_request, response) => {
      let text = ''
      response.on('data', part => {
        text += String(part)
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, detail: (JSON.parse(text) as { detail: string }).detail }),
      )
    })
    socket.once('open', () => reject(new Error('it was opened')))
  })
}

test('a program hears both sides speak, message by message, until the call ends [S1-12]', async () => {
  const dialled = await stage.dial([LISTEN, { say: 'what are your opening hours' }, LISTEN, { pauseMs: 60_000 }])
  const { callId } = dialled
  const heard = await until(() => listen(callId))
  expect((await refused(callId, reader)).status).toBe(403)
  expect((await refused(callId, 'tk_nobody')).status).toBe(401)
  expect((await refused('w_demo.call_nobody', key)).status).toBe(404)
  await until(() => expect(heard.loudest.agent).toBeGreaterThan(SPEECH))
  await until(() => expect(heard.loudest.caller).toBeGreaterThan(SPEECH))
  await dialled.until(() => dialled.said('agent').some(text => text.includes('We are open')))
  stage.stage.network.control.hangUpCall(dialled.callSid)
  await dialled.over()
  await until(() => expect(heard.closed).toBe(1000))
  const [first] = heard.messages
  const media_format = { encoding: 'audio/x-mulaw', sample_rate: 8000, channels: 1 }
  expect(first).toEqual({ event: 'start', call_id: callId, media_format, sequence: 1 })
  expect(heard.messages.at(-1)?.event).toBe('stop')
  expect(heard.messages.map(one => one.sequence)).toEqual(heard.messages.map((_, index) => index + 1))
  await until(async () => {
    const { timeline } = await stage.api<{ timeline: { words: string }[] }>('root', 'GET', `/api/calls/${callId}`)
    expect(timeline.map(one => one.words)).toEqual(
      expect.arrayContaining(['Analytics listens', 'Analytics no longer listens']),
    )
  })
  expect(await refused(callId, key)).toEqual({ status: 409, detail: 'This call is over.' })
}, 120_000)

test('a key that is revoked hears nothing any more, and the call does not notice', async () => {
  const dialled = await stage.dial([LISTEN, { pauseMs: 20_000 }, { hangUp: true }])
  const heard = await until(() => listen(dialled.callId))
  await until(() => expect(heard.loudest.agent).toBeGreaterThan(SPEECH))
  await stage.api('root', 'DELETE', `/api/keys/${keyId}`)
  await until(() => expect(heard.closed).toBe(4401))
  await dialled.over()
  expect(dialled.said('agent').length).toBeGreaterThan(0)
}, 120_000)
