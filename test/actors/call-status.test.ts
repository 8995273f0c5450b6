/** The status of a call by the carrier's id: what its callbacks say, and what it says itself when they are lost. */
import { beforeEach, expect, test, vi } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { BASE, bindings, carrier, cookieOf, migrated, request, signed, until } from './stage.ts'

const CALLER = { name: null, deskId: null, agentName: null, message: null, trialContactId: null }
const account = { AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '' }

beforeEach(async () => {
  await migrated()
  await carrier.reset()
})

/** A call that the carrier brought, which began this long ago. */
async function callOf(callSid: string, ageMs: number): Promise<string> {
  const began = Date.now() - ageMs
  vi.setSystemTime(began)
  try {
    const callId = (await stubFor(bindings, 'trunk', 'w_test').callFor(callSid)) ?? ''
    const incoming = {
      ...CALLER,
      providerId: callSid,
      kind: 'inbound',
      from: '+15005550001',
      to: '+14155550001',
    } as const
    await stubFor(bindings, 'call', callId).ring(incoming, { to: 'nobody' })
    return callId
  } finally {
    vi.useRealTimers()
  }
}

async function statusOf(callSid: string): Promise<Record<string, unknown>> {
  const answer = await request(`/twilio/call/${callSid}/status`, { headers: { Cookie: await cookieOf('root') } })
  expect(answer.status).toBe(200)
  return answer.json()
}
const fetches = async (callSid: string) =>
  (await carrier.requests()).filter(one => one.method === 'GET' && one.path.endsWith(`/Calls/${callSid}.json`)).length

test('a call that we have not heard of for a while is asked about, and the call hears the answer [S2-44]', async () => {
  const callSid = `CA${'1'.repeat(31)}a`
  const callId = await callOf(callSid, 30_000)
  await carrier.over(callSid)
  expect(await statusOf(callSid)).toEqual({ callSid, callId, status: 'hangup', providerStatus: 'completed' })
  expect(await fetches(callSid)).toBe(1)
  expect((await stubFor(bindings, 'call', callId).read()).call).toMatchObject({ phase: 'over', reason: 'noanswer' })
  // What is over stays over: nobody is asked again.
  expect(await statusOf(callSid)).toMatchObject({ status: 'hangup' })
  expect(await fetches(callSid)).toBe(1)
})

test('a call that we heard of a moment ago is told from our own word, and a stale one is asked about once [S2-44]', async () => {
  const young = `CA${'1'.repeat(31)}b`
  await callOf(young, 0)
  expect(await statusOf(young)).toMatchObject({ status: 'ringing' })
  expect(await fetches(young)).toBe(0)
  const old = `CA${'1'.repeat(31)}c`
  await callOf(old, 30_000)
  expect(await statusOf(old)).toMatchObject({ providerStatus: 'in-progress' })
  expect(await statusOf(old)).toMatchObject({ providerStatus: 'in-progress' })
  expect(await fetches(old)).toBe(1)
})

test('/twilio/status takes every status change of a call, by the carrier’s id [S2-41]', async () => {
  const callSid = `CA${'1'.repeat(31)}d`
  const callId = await callOf(callSid, 0)
  for (const CallStatus of ['in-progress', 'completed']) {
    const answer = await signed('/twilio/status', { ...account, CallSid: callSid, CallStatus })
    expect(answer.status).toBe(204)
    const { call } = await stubFor(bindings, 'call', callId).read()
    expect(call.phase).toBe(CallStatus === 'completed' ? 'over' : 'live')
  }
  expect(await statusOf(callSid)).toMatchObject({ status: 'hangup' })
})

test.each(['completed', 'no-answer', 'busy', 'failed', 'canceled', 'completed-remote'])(
  'the final word %s ends the call [S2-2]',
  async CallStatus => {
    const callSid = `CA${CallStatus.length.toString(16)}${CallStatus.charCodeAt(1).toString(16)}${'2'.repeat(28)}`
    const callId = await callOf(callSid, 0)
    expect((await signed('/twilio/status', { ...account, CallSid: callSid, CallStatus })).status).toBe(204)
    expect((await stubFor(bindings, 'call', callId).read()).call.phase).toBe('over')
  },
)

test('an unknown status leaves a line with ids and nothing of the word, and changes nothing [S2-2]', async () => {
  const callSid = `CA${'1'.repeat(31)}e`
  const callId = await callOf(callSid, 0)
  const lines: string[] = []
  const spy = vi.spyOn(console, 'warn').mockImplementation(line => void lines.push(String(line)))
  const word = '+14155550123 is away'
  try {
    const answer = await signed('/twilio/status', { ...account, CallSid: callSid, CallStatus: word })
    expect(answer.status).toBe(204)
  } finally {
    spy.mockRestore()
  }
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { message: 'unknown call status', trace: callId, providerId: callSid },
  ])
  expect((await stubFor(bindings, 'call', callId).read()).call).toMatchObject({ phase: 'live', status: 'ringing' })
})

test('where streams connect follows the public address of the installation [S2-42]', async () => {
  const answer = await request('/twilio/media-stream-url', { headers: { Cookie: await cookieOf('root') } })
  expect(await answer.json()).toEqual({ url: `${BASE.replace('http:', 'wss:')}/twilio/media-stream` })
})

test('a time zone of the workspace is one that there is, and stays when it is not named [C11]', async () => {
  const headers = { Cookie: await cookieOf('root'), 'Content-Type': 'application/json' }
  const put = (body: object) =>
    request('/api/workspace', {
      method: 'PUT',
      headers,
      body: JSON.stringify({ name: 'Test', sellerName: 'Test', sellerNumber: '+14155550001', ...body }),
    })
  const read = async () => (await request('/api/workspace', { headers })).json()
  expect(await read()).toMatchObject({ timeZone: 'UTC' })
  for (const timeZone of ['Americas/Los_Angeles', 'Pacific Time (US & Canada)', '', '+02:00', 3]) {
    const answer = await put({ timeZone })
    expect([answer.status, await answer.json()]).toMatchObject([400, { fields: [{ field: 'timeZone' }] }])
  }
  expect((await put({ timeZone: 'America/Los_Angeles' })).status).toBe(200)
  expect((await put({})).status).toBe(200)
  expect(await read()).toMatchObject({ timeZone: 'America/Los_Angeles' })
  expect((await put({ timeZone: 'UTC' })).status).toBe(200)
})

test('an agent that names no language speaks that of the installation, and keeps its own when it is saved again [S2-34]', async () => {
  const headers = { Cookie: await cookieOf('root'), 'Content-Type': 'application/json' }
  const send = async (method: string, path: string, body: object) =>
    (await (await request(path, { method, headers, body: JSON.stringify(body) })).json()) as {
      agentId: string
      body: { language: string }
    }
  const made = await send('POST', '/api/ai/agents', { name: 'Robin', prompt: 'Help.' })
  expect(made.body.language).toBe('en-US')
  const path = `/api/ai/agents/${made.agentId}`
  const german = await send('PUT', path, { name: 'Robin', prompt: 'Help.', language: 'de-DE' })
  expect(german.body.language).toBe('de-DE')
  expect((await send('PUT', path, { name: 'Robin', prompt: 'Help more.' })).body.language).toBe('de-DE')
  await until(async () =>
    expect((await (await request(path, { headers })).json()) as object).toMatchObject({ version: 3 }),
  )
})
