/** The sound of calls that no AI agent has: the carrier sends a copy while a program listens, and the call does not notice. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'
import type { MediaMessage } from '../../src/wire/conversation.ts'
import { answers, caller, ended, listenTo, log, program, setProgramStage, stage, until } from './program-stage.ts'

const SPEECH = 0.02
const SPEAKS = [
  { pauseMs: 1_500 },
  ...Array.from({ length: 8 }, () => ({ say: 'is anybody there, I have a question' })),
]

beforeAll(() => setProgramStage(7290, '77'))
afterAll(() => stage.close())

class Heard {
  readonly messages: MediaMessage[] = []
  closed: { code: number; why: string } | null = null
  /** loudest message of each side, 0…1 */
  readonly loudest = { caller: 0, agent: 0 }
  readonly leave: () => void

  constructor(callId: string) {
    const socket = listenTo(callId)
    this.leave = () => socket.close()
    socket.on('message', data => {
      const message = JSON.parse(String(data)) as MediaMessage
      this.messages.push(message)
      socket.send('ok')
      if (message.event === 'media')
        this.loudest[message.track] = Math.max(this.loudest[message.track], loudness(message.payload))
    })
    socket.on('error', () => undefined)
    socket.on('unexpected-response', (_request, response) => {
      this.closed = { code: response.statusCode ?? 0, why: '' }
    })
    socket.on('close', (code, why) => {
      this.closed ??= { code, why: String(why) }
    })
  }
}

function loudness(mulaw: string): number {
  const bytes = Buffer.from(mulaw, 'base64')
  let sum = 0
  for (const byte of bytes) sum += ((LINEAR_OF[byte] ?? 0) / 32_768) ** 2
  return Math.sqrt(sum / Math.max(1, bytes.length))
}

/** Our id of the call that the network knows by this one; its carrier has been told to answer it. */
async function callOf(callSid: string): Promise<string> {
  await until(() => expect(log().some(one => one.kind === 'call-answered' && one.callSid === callSid)).toBe(true))
  const { from } = stage.network.control.world().calls.find(one => one.sid === callSid) ?? { from: '' }
  return until(async () => {
    const { items } = await program<{ items: { callId: string; number: string }[] }>('GET', '/api/calls')
    const found = items.find(one => one.number === from)
    if (found === undefined) throw new Error('the call is not in the log yet')
    return found.callId
  })
}
const streams = (kind: string, callSid: string) => log().filter(one => one.kind === kind && one.callSid === callSid)

test('a program hears a caller in a flow, and what they hear; with the last listener the copy ends, and the call goes on [S1-12]', async () => {
  await answers([
    { type: 'answer' },
    { type: 'talk', option: { text: 'Please wait, we are looking for somebody who can help you with that.' } },
    { type: 'sleep', option: { duration: 60_000 } },
  ])
  const callSid = caller(SPEAKS)
  const callId = await callOf(callSid)
  expect(streams('stream-created', callSid)).toEqual([])
  const first = new Heard(callId)
  await until(() => expect(first.loudest.agent).toBeGreaterThan(SPEECH))
  await until(() => expect(first.loudest.caller).toBeGreaterThan(SPEECH))
  first.leave()
  await until(() => expect(streams('stream-stopped', callSid)).toHaveLength(1))
  expect(streams('call-ended', callSid)).toEqual([])

  const second = new Heard(callId)
  await until(() => expect(second.loudest.caller).toBeGreaterThan(SPEECH))
  expect(second.messages.map(one => one.sequence)).toEqual(second.messages.map((_, index) => index + 1))
  stage.network.control.hangUpCall(callSid)
  await ended(callSid)
  await until(() => expect(second.closed?.code).toBe(1000))
  expect(second.messages.at(-1)?.event).toBe('stop')
  await until(async () => {
    const { timeline } = await program<{ timeline: { words: string }[] }>('GET', `/api/calls/${callId}`)
    expect(timeline.map(one => one.words)).toEqual(
      expect.arrayContaining(['Program listens', 'Program no longer listens']),
    )
  })
}, 120_000)

test('a request that the carrier loses is made again; when it never does it, whoever listens is told, and the call goes on', async () => {
  await answers([{ type: 'answer' }, { type: 'sleep', option: { duration: 60_000 } }])
  const callSid = caller(SPEAKS)
  const callId = await callOf(callSid)
  const fails = (next: number) =>
    stage.network.control.addFault({ on: 'rest', what: '5xx', next, match: { operation: 'stream-create' } })
  fails(1)
  const heard = new Heard(callId)
  await until(() => expect(heard.loudest.caller).toBeGreaterThan(SPEECH))
  heard.leave()
  await until(() => expect(streams('stream-stopped', callSid)).toHaveLength(1))
  fails(3)
  const deaf = new Heard(callId)
  await until(() =>
    expect(deaf.closed).toEqual({ code: 1011, why: 'the carrier does not give the sound of this call' }),
  )
  expect(streams('call-ended', callSid)).toEqual([])
  stage.network.control.hangUpCall(callSid)
}, 120_000)

test('the sound of one of two who talk in a conference has both, and a call that is not answered has none', async () => {
  await answers([{ type: 'answer' }, { type: 'conference_join', option: { conference_id: 'copied' } }])
  const [callSid] = [caller(SPEAKS), caller(SPEAKS)]
  const callId = await callOf(callSid)
  const heard = new Heard(callId)
  await until(() => expect(Math.min(heard.loudest.caller, heard.loudest.agent)).toBeGreaterThan(SPEECH))
  stage.network.control.hangUpCall(callSid)
  await until(() => expect(heard.closed?.code).toBe(1000))

  await answers([{ type: 'sleep', option: { duration: 30_000 } }])
  const ringing = caller([{ pauseMs: 60_000 }])
  const { items } = await until(async () => {
    const page = await program<{ items: { callId: string; status: string }[] }>('GET', '/api/calls?limit=1')
    expect(page.items[0]?.status).toBe('ringing')
    return page
  })
  const early = new Heard(items[0]?.callId ?? '')
  await until(() => expect(early.closed?.code).toBe(409))
  stage.network.control.hangUpCall(ringing)
}, 120_000)
