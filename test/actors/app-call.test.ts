/** A call that a browser phone places by the TwiML App, as Twilio's webhooks tell of it. */
import { beforeEach, expect, test } from 'vitest'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { deskId } from '../../src/core/ids.ts'
import { ask, person } from './security/people.ts'
import { deskWithLine } from './sitting.ts'
import { bindings, carrier, cookieOf, migrated, plainStage, request, signed, until } from './stage.ts'

const account = { AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '' }
let calls = 0
/** of the browser phone of somebody who is signed in */
let identity = ''

beforeEach(async () => {
  await migrated()
  await carrier.reset()
  const view = await request('/api/desk/view', { headers: { Cookie: await cookieOf('ada') } })
  identity = ((await view.json()) as { agent: { identity: string } }).agent.identity
  await stubFor(bindings, 'trunk', 'w_test').saveNumber({
    number: '+14155550190',
    name: '',
    deskId: null,
    inFlightCap: 50,
    cooldownMs: 0,
  })
})

/** An agent's page dials `To`; the answer connects the number. */
async function dialled(): Promise<{ callSid: string; callId: string; to: string }> {
  calls += 1
  const callSid = `CA${String(calls).padStart(32, 'e')}`
  const to = `+1415557${String(calls).padStart(4, '0')}`
  const form = { ...account, CallSid: callSid, From: `client:${identity}`, To: to, CallStatus: 'ringing' }
  const answer = await signed('/twilio/w_test/voice', form)
  expect(await answer.text()).toContain(`<Number>${to}</Number>`)
  const callId = await stubFor(bindings, 'trunk', 'w_test').callOf(callSid)
  return { callSid, callId: callId ?? '', to }
}

async function ended(call: { callSid: string; callId: string }, dial: Record<string, string>): Promise<string> {
  const form = { ...account, CallSid: call.callSid, CallStatus: 'in-progress', ...dial }
  return (await signed(`/twilio/w_test/calls/${call.callId}/dial-action`, form)).text()
}

const row = async (to: string) => (await logOf(bindings, 'w_test').list({ cursor: null, limit: 1, q: to })).items[0]

test.each([
  ['busy', 'busy', 'That number is busy.'],
  ['no-answer', 'noanswer', 'Nobody answered.'],
  ['failed', 'failed', 'That number could not be reached.'],
  ['canceled', 'cancel', 'The call was canceled.'],
])('%s stays itself in the log, and the agent hears what happened [C12]', async (DialCallStatus, reason, words) => {
  const call = await dialled()
  const twiml = await ended(call, { DialCallStatus })
  expect(twiml).toContain(`<Say>${words}</Say><Hangup/>`)
  // A repeated webhook gets the same answer.
  expect(await ended(call, { DialCallStatus })).toBe(twiml)
  // The page's own leg was connected to us all the time; that is no talk with the person.
  expect((await signed('/twilio/status', { ...account, CallSid: call.callSid, CallStatus: 'completed' })).status).toBe(
    204,
  )
  await until(async () =>
    expect(await row(call.to)).toMatchObject({
      status: 'hangup',
      providerStatus: DialCallStatus,
      hangupReason: reason,
      talkedMs: 0,
    }),
  )
})

test('the talked seconds are those of the leg, not of the page’s own call [C12]', async () => {
  const call = await dialled()
  expect(
    (await signed('/twilio/status', { ...account, CallSid: call.callSid, CallStatus: 'in-progress' })).status,
  ).toBe(204)
  const twiml = await ended(call, { DialCallStatus: 'completed', DialCallDuration: '42' })
  expect(twiml).toBe('<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>')
  await until(async () =>
    expect(await row(call.to)).toMatchObject({
      status: 'hangup',
      providerStatus: 'completed',
      hangupReason: 'normal',
      talkedMs: 42_000,
    }),
  )
})

test('a word that we do not know reached nobody, and a missing one is named [C12]', async () => {
  const call = await dialled()
  const answer = await signed(`/twilio/w_test/calls/${call.callId}/dial-action`, { ...account, CallSid: call.callSid })
  expect([answer.status, await answer.json()]).toMatchObject([400, { fields: [{ field: 'DialCallStatus' }] }])
  expect(await ended(call, { DialCallStatus: 'vanished' })).toContain('could not be reached')
})

test('a person who called us and was not answered hears who we are, also when the agent’s phone was busy [C12]', async () => {
  const callSid = `CA${'f'.repeat(32)}`
  const callId = 'w_test.call_declined'
  const incoming = { providerId: callSid, kind: 'inbound', from: '+15005550001', to: '+14155550190' } as const
  const more = { name: null, deskId: 'w_test.d_busy', agentName: null, message: null, trialContactId: null }
  await stubFor(bindings, 'call', callId).ring({ ...incoming, ...more }, { to: 'desk', deskId: 'w_test.d_busy' })
  const twiml = await ended({ callSid, callId }, { DialCallStatus: 'busy' })
  expect(twiml).toMatch(/<Say>Hello, this is /)
})

test('an agent who hangs up while it rings frees the number at once: the app’s status callback says so [C12]', async () => {
  const call = await dialled()
  const form = { ...account, CallSid: call.callSid, From: `client:${identity}`, To: call.to, CallStatus: 'completed' }
  expect((await signed('/twilio/w_test/inbound-status', form)).status).toBe(204)
  await until(async () => expect(await row(call.to)).toMatchObject({ status: 'hangup', talkedMs: 0 }))
  await until(async () => {
    const ask = { callId: null, purpose: 'single' as const, agent: null, campaignId: null }
    const nowhere = { timeZone: null, postcode: null, hours: null }
    const [verdict] = await stubFor(bindings, 'trunk', 'w_test').judge([{ ...ask, ...nowhere, to: call.to }])
    expect(verdict).toMatchObject({ cleared: true })
  })
})

test('the carrier’s word that the leg of an open line is over closes the line, without the room’s', async () => {
  const { desk } = await deskWithLine(plainStage, deskId('w_test', identity.replace('agent_', '')), 'CA-line-ada')
  const state = async () => (await desk.view())?.line.state
  expect(await state()).toBe('open')
  const form = { ...account, From: `client:${identity}`, To: '' }
  const reported = (CallSid: string, CallStatus: string) =>
    signed('/twilio/w_test/inbound-status', { ...form, CallSid, CallStatus })
  expect((await reported('CA-line-ada', 'in-progress')).status).toBe(204)
  expect((await reported('CA-another', 'completed')).status).toBe(204)
  expect(await state()).toBe('open')
  expect((await reported('CA-line-ada', 'completed')).status).toBe(204)
  expect(await state()).toBe('closed')
})

test('a browser phone calls a colleague’s: their desk rings with the caller’s name, and nothing is recorded [S1-20]', async () => {
  const bo = await person('Bo', 'agent')
  const { desk } = await deskWithLine(plainStage, deskId('w_test', bo.userId), 'CA-line-bo')
  const phone = `agent_${bo.userId.replaceAll('-', '_')}`
  const callSid = `CA${'9'.repeat(32)}`
  const form = {
    ...account,
    CallSid: callSid,
    From: `client:${identity}`,
    To: `client:${phone}`,
    CallStatus: 'ringing',
  }
  const twiml = await (await signed('/twilio/w_test/voice', form)).text()
  expect(twiml).toContain(`<Identity>${phone}</Identity>`)
  expect(twiml).not.toContain('record=')
  const ring = await until(async () => {
    const found = (await desk.view())?.inbound
    expect(found?.fromShown).toBe('Ada')
    return found
  })
  expect(ring?.contact).toBeNull()
  // Nobody takes it: Ada may leave a message, which stands in Bo's inbox under her name and without a number.
  const callId = (await stubFor(bindings, 'trunk', 'w_test').callOf(callSid)) ?? ''
  expect(await ended({ callSid, callId }, { DialCallStatus: 'no-answer' })).toContain('<Record')
  expect((await signed('/twilio/status', { ...account, CallSid: callSid, CallStatus: 'completed' })).status).toBe(204)
  await until(async () => {
    const answer = await ask(bo, 'GET /v1.0/inbox')
    expect((await answer.json<{ items: object[] }>()).items).toMatchObject([
      { kind: 'missed', name: 'Ada', number: '' },
    ])
  })
})

test.each([
  ['agent_nobody_of_us', 'There is no such colleague.'],
  ['own', 'That is your own phone.'],
])('a phone that is not a colleague’s is not called: %s', async (phone, words) => {
  const To = `client:${phone === 'own' ? identity : phone}`
  const form = { ...account, CallSid: `CA${'8'.repeat(32)}`, From: `client:${identity}`, To, CallStatus: 'ringing' }
  expect(await (await signed('/twilio/w_test/voice', form)).text()).toContain(words)
})
