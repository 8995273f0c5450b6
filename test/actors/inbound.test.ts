/** A call that comes in: decided and stored by the call's own actor, in at most two calls between objects. */

import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { beforeEach, expect, test } from 'vitest'
import type { Env } from '../../src/actors/env.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import { app } from '../../src/worker/app.ts'
import { BASE, bindings, carrier, migrated, signed, until } from './stage.ts'

const CALLER = '+14155551234'
const ROBIN = aiAgentBody.parse({ name: 'Robin', prompt: 'Help.', opening: 'Hello.', language: 'en-US' })

beforeEach(async () => {
  await migrated()
  await carrier.reset()
})

/** The Worker alone, with bindings that count what it asks of objects before it answers. */
async function counted(path: string, form: Record<string, string>): Promise<{ twiml: string; asked: string[] }> {
  const asked: string[] = []
  const spied = (name: string, space: DurableObjectNamespace) => ({
    getByName: (id: string) =>
      new Proxy(space.getByName(id), {
        get(stub, method) {
          asked.push(`${name}.${String(method)}`)
          return (...args: unknown[]) =>
            (stub as unknown as Record<string | symbol, (...all: unknown[]) => unknown>)[method]?.(...args)
        },
      }),
  })
  const spaces = ['BATCH', 'CALL', 'CAMPAIGN', 'DESK', 'ROOM', 'TRUNK', 'WORKSPACE', 'LOG'] as const
  const env = { ...bindings }
  // itty-durable finds its object by an id and asks it by requests.
  const profiles = {
    idFromName: (name: string) => bindings.PROFILE.idFromName(name),
    get: (id: DurableObjectId) => ({
      fetch: (request: Request) => {
        asked.push('profile.fetch')
        return bindings.PROFILE.get(id).fetch(request as never)
      },
    }),
  }
  Object.assign(env, { PROFILE: profiles })
  for (const space of spaces)
    Object.assign(env, { [space]: spied(space.toLowerCase(), bindings[space] as unknown as DurableObjectNamespace) })
  const signature = getExpectedTwilioSignature(bindings.TWILIO_AUTH_TOKEN ?? '', `${BASE}${path}`, form)
  const request = new Request(`${BASE}${path}`, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': signature, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  const answer = await app.fetch(request, env as Env)
  expect(answer.status).toBe(200)
  return { twiml: await answer.text(), asked }
}

async function deskReady(name: string): Promise<string> {
  const deskId = `w_test.d_${name}`
  const desk = stubFor(bindings, 'desk', deskId)
  await desk.open({ userId: name, deskId, name: 'Ada', role: 'agent', identity: `agent_${name}` })
  await desk.command(JSON.stringify({ id: '1', type: 'phone.claim', tabId: 'tab' }))
  await desk.command(JSON.stringify({ id: '2', type: 'phone.registered', tabId: 'tab' }))
  return deskId
}

async function numberOf(number: string, deskId: string | null): Promise<void> {
  const trunk = stubFor(bindings, 'trunk', 'w_test')
  await trunk.saveNumber({ number, name: '', deskId, inFlightCap: 9, cooldownMs: 0 })
  // After this question the trunk knows that no agent of the workspace answers this number.
  await trunk.routeOf(number, 'CA-before')
}

const form = (callSid: string, to: string) => ({
  CallSid: callSid,
  AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
  From: CALLER,
  To: to,
  CallStatus: 'ringing',
})

test('a call to an agent’s number: the route, the profile and the call are asked, and the desk rings after the answer [S1-52 S3-35 S3-36 S3-38]', async () => {
  const deskId = await deskReady('inbound')
  await numberOf('+14155550101', deskId)
  const { twiml, asked } = await counted('/twilio/w_test/inbound', form('CA-in-1', '+14155550101'))
  expect(asked).toEqual(['trunk.routeOf', 'profile.fetch', 'call.ring'])
  expect(twiml).toContain('<Identity>agent_inbound</Identity>')
  expect(twiml).toContain('<Parameter name="outbound" value="false"/>')
  expect(twiml).toMatch(/<Dial [^>]*record="record-from-answer"/)
  await until(async () =>
    expect((await stubFor(bindings, 'desk', deskId).view())?.inbound).toMatchObject({ from: CALLER, accepted: false }),
  )
  await until(async () => {
    const { items } = await logOf(bindings, 'w_test').list({ cursor: null, limit: 50, q: CALLER })
    expect(items.find(row => row.from === '+14155550101')).toMatchObject({ direction: 'inbound', agentId: 'inbound' })
  })
})

test('a repeated webhook gets the stored answer, whatever the desk has become since', async () => {
  const deskId = await deskReady('changing')
  await numberOf('+14155550102', deskId)
  const first = await counted('/twilio/w_test/inbound', form('CA-in-2', '+14155550102'))
  const desk = stubFor(bindings, 'desk', deskId)
  await desk.command(JSON.stringify({ id: '3', type: 'phone.lost', tabId: 'tab' }))
  await stubFor(bindings, 'trunk', 'w_test').saveNumber({
    number: '+14155550102',
    name: '',
    deskId: null,
    inFlightCap: 9,
    cooldownMs: 0,
  })
  const again = await counted('/twilio/w_test/inbound', form('CA-in-2', '+14155550102'))
  expect(again.twiml).toBe(first.twiml)
})

test('an AI agent’s number: two calls between objects, and the sound is connected at once', async () => {
  const book = stubFor(bindings, 'workspace', 'w_test')
  await book.saveAiAgent('ai_in', ROBIN, 'Root')
  const order = await book.aiOrder('ai_in')
  if (order === null) throw new Error('the agent was not saved')
  await stubFor(bindings, 'trunk', 'w_test').assignAgent(order, ['+14155550103'])
  const { twiml, asked } = await counted('/twilio/w_test/inbound', form('CA-in-3', '+14155550103'))
  expect(asked).toEqual(['trunk.routeOf', 'call.ring'])
  expect(twiml).toContain('<Stream url="ws')
})

test('a number that an older release gave to an agent is learned from the book, once', async () => {
  const book = stubFor(bindings, 'workspace', 'w_test')
  await book.saveAiAgent('ai_old', ROBIN, 'Root')
  await book.assignAiNumbers('ai_old', ['+14155550104'])
  const first = await counted('/twilio/w_test/inbound', form('CA-in-4', '+14155550104'))
  expect(first.twiml).toContain('<Stream url="ws')
})

test('a number that nobody has: the caller hears who we are, may leave a message, and the call is in the log', async () => {
  await numberOf('+14155550105', null)
  const { twiml, asked } = await counted('/twilio/w_test/inbound', form('CA-in-5', '+14155550105'))
  expect(asked).toEqual(['trunk.routeOf', 'call.ring'])
  expect(twiml).toMatch(/<Gather .*numDigits="1".*><Say>Hello, this is .* press 9 now.*<\/Say><\/Gather><Record /)
  await until(async () => {
    const { items } = await logOf(bindings, 'w_test').list({ cursor: null, limit: 50, q: CALLER })
    expect(items.some(row => row.direction === 'inbound' && row.from === '+14155550105')).toBe(true)
  })
})

test('an AI agent that wins a leg: the race and the call are asked, nobody else', async () => {
  const order = { agentId: 'ai_in', version: 1, record: false, driver: 'stream' as const, language: 'en-US' }
  const batchId = 'w_test.c_won.b1'
  const callId = `${batchId}.1`
  await stubFor(bindings, 'batch', batchId).open({
    policy: {
      release: 'cut',
      amd: 'off',
      ringLimitMs: 25_000,
      ringOutMs: 15_000,
      verdictMs: 4_000,
      closed: true,
    },
    legs: [{ callId, contactId: null, name: 'Ann', to: '+15005550001', from: '+14155550001' }],
    seats: [{ seatId: 's', deskId: 'w_test.ai_in.s1', place: { kind: 'agent', order } }],
    campaignId: null,
    agentName: null,
    record: false,
    clearance: { purpose: 'single', agent: null, hours: null },
  })
  await until(async () => expect(await carrier.creates('+15005550001')).toHaveLength(1))
  const { twiml, asked } = await counted(`/twilio/w_test/batches/${batchId}/legs/${callId}/answer`, {
    ...form('CA00000000000000000000000000000001', '+15005550001'),
    CallStatus: 'in-progress',
  })
  expect(asked).toEqual(['batch.claim', 'call.converse'])
  expect(twiml).toContain('<Stream url="ws')
})

test('the status callback of a number finds the call by the carrier’s id [S4-13]', async () => {
  await numberOf('+14155550106', null)
  await counted('/twilio/w_test/inbound', form('CA-in-6', '+14155550106'))
  const callId = await stubFor(bindings, 'trunk', 'w_test').callOf('CA-in-6')
  const done = { ...form('CA-in-6', '+14155550106'), CallStatus: 'completed' }
  expect((await signed('/twilio/w_test/inbound-status', done)).status).toBe(204)
  const state = await stubFor(bindings, 'call', callId ?? '').read()
  expect(state.call.phase).toBe('over')
})

/** The address that a document names for its next step, with its query, and without the host. */
function stepOf(twiml: string): string {
  const [, url = ''] = /action="([^"]+)"/.exec(twiml) ?? []
  return url.replaceAll('&amp;', '&').replace(BASE, '')
}

test('a declined call goes to voicemail, and the message stands with the call [S4-4]', async () => {
  const deskId = await deskReady('declines')
  await numberOf('+14155550107', deskId)
  const callSid = 'CA-in-7'
  const brought = form(callSid, '+14155550107')
  await counted('/twilio/w_test/inbound', brought)
  const desk = stubFor(bindings, 'desk', deskId)
  const callId = (await stubFor(bindings, 'trunk', 'w_test').callOf(callSid)) ?? ''
  await until(async () => expect((await desk.view())?.inbound?.callId).toBe(callId))
  expect(await desk.command(JSON.stringify({ id: 'no', type: 'inbound.decline', callId }))).toMatchObject({
    type: 'accepted',
  })
  const missed = { ...brought, DialCallStatus: 'no-answer' }
  const dialEnded = `/twilio/w_test/calls/${callId}/dial-action`
  const greeting = await (await signed(dialEnded, missed)).text()
  expect(greeting).toContain('leave a message after the tone')
  expect(await (await signed(dialEnded, missed)).text()).toBe(greeting)
  await until(async () => expect((await desk.view())?.inbound).toBeNull())

  // No key within the time: the tone, and the caller speaks.
  const tone = await (await signed(stepOf(greeting), { ...brought, Digits: '' })).text()
  expect(tone).toMatch(/^<\?xml[^>]*><Response><Record [^>]*playBeep="true"/)
  const goodbye = await (await signed(stepOf(tone), { ...brought, RecordingSid: 'RE7', Digits: 'hangup' })).text()
  expect(goodbye).toContain('Thank you.')
  expect((await stubFor(bindings, 'call', callId).read()).call.phase).toBe('live')

  const [, recorded = ''] = /recordingStatusCallback="([^"]+)"/.exec(tone) ?? []
  const sound = { ...brought, RecordingSid: 'RE7', RecordingStatus: 'completed', RecordingDuration: '9' }
  expect((await signed(recorded.replace(BASE, ''), sound)).status).toBe(204)
  await signed('/twilio/w_test/inbound-status', { ...brought, CallStatus: 'completed' })
  const { call } = await stubFor(bindings, 'call', callId).read()
  expect(call).toMatchObject({ phase: 'over', reason: 'noanswer' })
  expect(await stubFor(bindings, 'call', callId).document('recording')).toBe('RE7')
  await until(async () => {
    const detail = JSON.parse((await logOf(bindings, 'w_test').detail(callId)) ?? 'null')
    expect(detail.call).toMatchObject({
      result: 'voicemail',
      hangupReason: 'noanswer',
      needsFollowUp: true,
      talkedMs: 0,
    })
    expect(detail.timeline.map((line: { type: string }) => line.type)).toContain('recording-reported')
  })
})

test('a caller who presses the key in the greeting is taken off the list, not recorded', async () => {
  await numberOf('+14155550108', null)
  const brought = { ...form('CA-in-8', '+14155550108'), From: '+14155551299' }
  const greeting = await (await signed('/twilio/w_test/inbound', brought)).text()
  const answer = await (await signed(stepOf(greeting), { ...brought, Direction: 'inbound', Digits: '9' })).text()
  expect(answer).toContain('You are off our list')
  const { items } = await stubFor(bindings, 'trunk', 'w_test').listed({
    after: null,
    limit: 9,
    q: '',
    campaignId: null,
  })
  expect(items.map(one => one.number)).toContain('+14155551299')
})
