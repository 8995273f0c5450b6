/** A supervisor listens to an AI agent's call: the sound of both sides, who may, and what it costs the call. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { signIn } from '../../scripts/local/demo.ts'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'
import type { CallSound } from '../../src/wire/conversation.ts'
import type { Live } from '../../src/wire/supervision.ts'
import { AiStage } from './ai-stage.ts'

let stage: AiStage
let sam = ''
let ada = ''
beforeAll(async () => {
  stage = await AiStage.set(7250)
  sam = await signIn(stage.url, 'sam')
  ada = await signIn(stage.url, 'ada')
})
afterAll(() => stage.close())

const LISTEN = { listen: true }
const SPEECH = 0.02

interface Heard {
  messages: CallSound[]
  closed: number | null
  /** loudest message of each side, 0…1 */
  loudest: Record<'caller' | 'agent', number>
  close(): void
}

function listen(callId: string, confirms: boolean): Promise<Heard> {
  const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/api/calls/${callId}/listen`, {
    headers: { Cookie: sam, Origin: stage.url },
  })
  const loudest = { caller: 0, agent: 0 }
  const heard: Heard = { messages: [], closed: null, loudest, close: () => socket.close() }
  socket.on('message', data => {
    const sound = JSON.parse(String(data)) as CallSound
    heard.messages.push(sound)
    if (sound.type === 'sound') loudest[sound.from] = Math.max(loudest[sound.from], loudness(sound.mulaw))
    if (confirms) socket.send('ok')
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

const until = <T>(what: () => T | Promise<T>) => vi.waitFor(what, { timeout: 40_000, interval: 50 })
/** What an upgrade that is refused is answered with. */
function refused(cookie: string, callId: string): Promise<number | undefined> {
  const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/api/calls/${callId}/listen`, {
    headers: { Cookie: cookie, Origin: stage.url },
  })
  return new Promise((resolve, reject) => {
    socket.on('error', () => undefined)
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
    socket.once('open', () => reject(new Error('it was opened')))
  })
}

test('both sides are heard while they speak, the timeline says who listened, and the end of the call ends it', async () => {
  const call = await stage.dial([LISTEN, { say: 'what are your opening hours' }, LISTEN, { pauseMs: 60_000 }])
  await until(async () => {
    const { talks } = await stage.api<Live>('root', 'GET', '/api/live')
    expect(talks).toMatchObject([{ callId: call.callId, direction: 'inbound', asked: false }])
  })
  expect(await refused(ada, call.callId)).toBe(403)
  expect(await refused(sam, 'w_demo.call_nobody')).toBe(404)
  const heard = await listen(call.callId, true)
  await until(() => expect(heard.loudest.agent).toBeGreaterThan(SPEECH))
  await until(() => expect(heard.loudest.caller).toBeGreaterThan(SPEECH))
  await call.until(() => call.said('agent').some(text => text.includes('We are open')))
  stage.stage.network.control.hangUpCall(call.callSid)
  await call.over()
  await until(() => expect(heard.closed).toBe(1000))
  expect(heard.messages.at(-1)).toEqual({ type: 'ended' })
  const { timeline } = await until(async () => {
    const found = await stage.api<{ timeline: { words: string }[] }>('root', 'GET', `/api/calls/${call.callId}`)
    expect(found.timeline.map(one => one.words)).toContain('Sam no longer listens')
    return found
  })
  expect(timeline.map(one => one.words)).toContain('Sam listens')
  expect(await refused(sam, call.callId)).toBe(409)
  await until(async () => expect((await stage.api<Live>('root', 'GET', '/api/live')).talks).toEqual([]))
}, 120_000)

test('a page that does not keep up misses sound and is let go, and the call does not notice', async () => {
  const call = await stage.dial([
    LISTEN,
    { pauseMs: 14_000 },
    { say: 'what are your opening hours' },
    LISTEN,
    { hangUp: true },
  ])
  await until(async () => expect((await stage.api<Live>('root', 'GET', '/api/live')).talks).toHaveLength(1))
  const slow = await listen(call.callId, false)
  await until(() => expect(slow.closed).toBe(1013))
  expect(slow.messages.length).toBeLessThanOrEqual(250)
  await call.over()
  expect(call.said('caller')).toContain('What are your opening hours?')
  expect(call.said('agent').some(text => text.includes('We are open'))).toBe(true)
}, 120_000)
