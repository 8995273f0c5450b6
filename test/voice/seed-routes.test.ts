/** The routes of the AI voice seed, as an app that was written for them uses them (S2-38 to S2-42). */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { AiStage } from './ai-stage.ts'

let stage: AiStage
beforeAll(async () => {
  stage = await AiStage.set(6250)
})
afterAll(() => stage.close())

const LISTEN = { listen: true }

function signed(url: string, form: Record<string, string> = {}): string {
  const sorted = Object.entries(form).sort(([one], [other]) => (one < other ? -1 : 1))
  const text = url + sorted.map(([key, value]) => key + value).join('')
  return createHmac('sha1', stage.stage.network.account.authToken).update(text).digest('base64')
}

function post(path: string, form: Record<string, string>): Promise<Response> {
  const url = `${stage.url}${path}`
  const headers = { 'X-Twilio-Signature': signed(url, form) }
  return fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })
}

const ask = (path: string, body: Record<string, unknown>) =>
  stage.fetch('ada', path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

test('a call is placed, and its status is told by the carrier’s id [S2-1 S2-4]', async () => {
  const { control } = stage.stage.network
  const toNumber = stage.nextPerson()
  control.definePeople([{ number: toNumber, name: 'Ida', company: '', timeZone: null, script: { kind: 'manual' } }])
  const answer = await ask('/twilio/outbound/call', { toNumber })
  const placed = (await answer.json()) as { callId: string; callSid: string; status: string }
  expect(placed).toMatchObject({ callSid: expect.stringMatching(/^CA[0-9a-f]{32}$/), status: 'dialing' })
  const status = () => stage.api<Record<string, unknown>>('ada', 'GET', `/twilio/call/${placed.callSid}/status`)
  await expect
    .poll(status, { timeout: 5_000 })
    .toMatchObject({ callSid: placed.callSid, callId: placed.callId, status: 'ringing' })
  control.refuse(toNumber, 'busy')
  await expect.poll(status, { timeout: 5_000 }).toMatchObject({ status: 'hangup', providerStatus: 'busy' })
  expect((await stage.fetch('ada', `/twilio/call/CA${'0'.repeat(32)}/status`)).status).toBe(404)
})

test('a call that cannot be placed: the answer says which field, and what is wrong with it [S2-32]', async () => {
  const { control } = stage.stage.network
  const invalid = stage.nextPerson()
  control.definePeople([{ number: invalid, name: 'x', company: '', timeZone: null, script: { kind: 'invalid' } }])
  const problem = async (body: Record<string, unknown>) => {
    const answer = await ask('/twilio/outbound/call', body)
    const { detail, fields } = (await answer.json()) as { detail: string; fields: { field: string; message: string }[] }
    return [answer.status, detail, fields?.map(one => one.field)]
  }
  expect(await problem({ toNumber: '12' })).toEqual([400, 'This number cannot be called.', ['toNumber']])
  expect(await problem({ toNumber: invalid, fromNumber: '+14150000000' })).toEqual([
    400,
    'This is not one of our numbers.',
    ['fromNumber'],
  ])
  expect(await problem({ toNumber: invalid })).toEqual([
    422,
    'The carrier did not take the call (its error 21211).',
    ['toNumber'],
  ])
})

test('a number whose voice URL is the seed’s, with words of its own: the first agent answers with them [S2-40]', async () => {
  const number = '+14155550077'
  stage.stage.network.control.setNumber({
    number,
    voiceUrl: `${stage.url}/twilio/voice?message=${encodeURIComponent('Good evening.')}`,
    statusCallback: `${stage.url}/twilio/status`,
  })
  const held = await stage.dial(
    [LISTEN, { say: 'what are your opening hours' }, LISTEN, { say: 'goodbye' }, LISTEN],
    {},
    number,
  )
  await held.over()
  expect(held.said('agent').slice(0, 2)).toEqual([
    'Good evening.',
    'We are open Monday to Friday, nine to five. Anything else?',
  ])
})

test('the bare stream path finds the call by what its start says, and carries it both ways [S2-6 S2-40]', async () => {
  const { url: streamUrl } = await stage.api<{ url: string }>('ada', 'GET', '/twilio/media-stream-url')
  expect(streamUrl).toBe(`${stage.url.replace('http:', 'wss:')}/twilio/media-stream`)
  const callSid = `CA${'7'.repeat(32)}`
  const answer = await post('/twilio/voice', { CallSid: callSid, From: stage.nextPerson(), To: '+14155550010' })
  const twiml = await answer.text()
  expect(answer.headers.get('Content-Type')).toContain('text/xml')
  const [, callId = '', token = ''] = /<Stream[^>]* url="[^"]*\/media\/([^/"]+)\/([^/"]+)"/.exec(twiml) ?? []
  expect(token).not.toBe('')

  const path = streamUrl.slice('wss://'.length)
  expect(await refusal(new WebSocket(`ws://${path}`))).toBe(403)
  const socket = open()
  const sounds: unknown[] = []
  socket.on('message', data => {
    const message = JSON.parse(String(data)) as { event: string; media?: { payload: string } }
    if (message.event === 'media') sounds.push(message.media?.payload)
  })
  await new Promise(resolve => socket.once('open', resolve))
  socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}')
  socket.send(start(callId, token))
  // The opening is heard on this stream.
  await expect.poll(() => sounds.length, { timeout: 15_000 }).toBeGreaterThan(20)
  socket.close()

  const stranger = open()
  const code = new Promise(resolve => stranger.once('close', resolve))
  await new Promise(resolve => stranger.once('open', resolve))
  stranger.send(start('w_other.i_1', token))
  expect(await code).toBe(1008)

  function open(): WebSocket {
    return new WebSocket(`ws://${path}`, { headers: { 'X-Twilio-Signature': signed(streamUrl) } })
  }
  function start(of: string, by: string): string {
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 }
    const customParameters = { callId: of, token: by }
    const told = { accountSid: 'AC1', streamSid: 'MZ1', callSid, tracks: ['inbound'], customParameters, mediaFormat }
    return JSON.stringify({ event: 'start', sequenceNumber: '1', streamSid: 'MZ1', start: told })
  }
})

function refusal(socket: WebSocket): Promise<number | undefined> {
  return new Promise(resolve => {
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
    socket.once('open', () => resolve(101))
    socket.once('error', () => {})
  })
}
