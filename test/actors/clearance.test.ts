/** A listed number is called by nobody: each way to place a call is tried against the real objects and the carrier of these tests. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { type CallActions, CallControl } from '../../src/actors/call/voice/call-control.ts'
import { neighboursOf } from '../../src/actors/neighbours.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { rulesOf } from '../../src/core/clearance/rules.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import { agentOfAi, book, dialled, json, listed, openWorkspace, post, stranger, trunk } from './gate-stage.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, carrier, cookieOf, request, type Stage, signed, twice, until } from './stage.ts'

beforeAll(openWorkspace)
beforeEach(async () => {
  await carrier.reset()
})

twice('a campaign does not dial somebody who opted out on the phone, and says why [C1] [D2]', async (stage, tag) => {
  const [gone, there] = [await listed(), stranger()]
  const { campaignId } = await dialled(stage, `dnc${tag}`, [gone, there])
  await until(async () => expect(await carrier.creates(there)).toHaveLength(1))
  expect(await carrier.creates(gone)).toEqual([])
  const { state, left, held } = await stage.peek('campaign', campaignId).read()
  expect(state.sessions[0]?.legs).toHaveLength(1)
  expect([left, held]).toEqual([0, 1])
})

test('an AI campaign does not dial a listed number, although its list says that the person agreed [C1]', async () => {
  const [gone, there] = [await listed(), stranger()]
  const agentId = await agentOfAi()
  const campaignId = 'w_test.c_gateai'
  await stubFor(bindings, 'campaign', campaignId).configure(SETTINGS)
  await book().saveCampaign(campaignId, 'Gate', 1)
  const contacts = [gone, there].map((phone, index) => ({ contactId: `gai${index}`, phone, aiConsent: true }))
  expect((await post('sam', `/api/campaigns/${campaignId}/contacts`, { contacts })).body).toMatchObject({ added: 2 })
  expect((await post('sam', `/api/campaigns/${campaignId}/ai`, { agentId, word: 'start', lines: 1 })).status).toBe(200)
  await until(async () => expect(await carrier.creates(there)).toHaveLength(1))
  expect(await carrier.creates(gone)).toEqual([])
})

test('the dial pad refuses a listed number in words [C1] [D2]', async () => {
  const number = await listed()
  const { desk } = await deskWithLine(
    { stub: (k, id) => stubFor(bindings, k, id), peek: (k, id) => stubFor(bindings, k, id) },
    'w_test.d_gatepad',
  )
  expect(await desk.command(say({ type: 'single.dial', phone: number }))).toMatchObject({
    type: 'refused',
    reason: 'not-cleared',
    message: 'This number is on the do-not-call list.',
  })
  expect(await carrier.creates(number)).toEqual([])
})

test('a browser phone that dials a listed number hears why, and the call is in the log as not cleared [C1] [D2]', async () => {
  const number = await listed()
  const view = await request('/api/desk/view', { headers: { Cookie: await cookieOf('ada') } })
  const { agent } = (await view.json()) as { agent: { identity: string } }
  const answer = await signed('/twilio/w_test/voice', {
    CallSid: 'CAgatebrowser',
    AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
    From: `client:${agent.identity}`,
    To: number,
    CallStatus: 'ringing',
    ApiVersion: '2010-04-01',
    Direction: 'inbound',
  })
  const twiml = await answer.text()
  expect(twiml).toContain('do-not-call list')
  expect(twiml).not.toContain('<Dial')
  const callId = (await trunk().callOf('CAgatebrowser')) ?? ''
  const { call } = await stubFor(bindings, 'call', callId).read()
  expect(call).toMatchObject({ phase: 'over', reason: 'not-cleared', held: { rule: 'do-not-call', untilMs: null } })
})

test('an AI agent does not call a listed number by API or by the seed’s route, and the answer names the rule [C1]', async () => {
  const number = await listed()
  const agentId = await agentOfAi()
  const refused = { status: 422, body: { fields: [{ field: 'toNumber', message: 'do-not-call' }] } }
  const consent = 'signed up on our page'
  expect(await post('ada', `/api/ai/agents/${agentId}/calls`, { toNumber: number, consent })).toMatchObject(refused)
  expect(await post('ada', '/twilio/outbound/call', { toNumber: number, agentId, consent })).toMatchObject(refused)
  expect(await carrier.creates(number)).toEqual([])
})

test('an AI agent cannot connect a caller to a listed number [C1]', async () => {
  const number = await listed()
  const body = aiAgentBody.parse({
    name: 'Robin',
    prompt: 'Speak.',
    tools: ['transfer_call'],
    directory: [{ name: 'Office', kind: 'number', target: number }],
  })
  const dialled: string[] = []
  const judged: object[] = []
  const actions = {
    party: { to: '+14155550001', from: '+14155550002', name: '' },
    otherNumber: '+14155550002',
    stayAfterReply: () => undefined,
    dialOn: (to: string) => dialled.push(to),
    judged: (verdict: object) => judged.push(verdict),
  } as unknown as CallActions
  const control = new CallControl(neighboursOf(bindings), 'w_test.call_gate', body, actions)
  const input = { dest: 'Office', mode: 'blind' as const, summary: '' }
  expect(await control.perform({ name: 'transfer_call', input } as never)).toMatchObject({
    error: 'This number is on the do-not-call list.',
  })
  expect(dialled).toEqual([])
  expect(judged).toMatchObject([{ cleared: false, rule: 'do-not-call' }])
})

twice('a call that is asked for in any other way is stopped at the moment of dialing', async (stage, tag) => {
  const number = await listed()
  const callId = `w_test.call_gate${tag}`
  const links = {
    kind: 'single' as const,
    batchId: null,
    campaignId: null,
    contactId: null,
    deskId: null,
    agentName: null,
  }
  const party = { to: number, from: '+14155550001', name: '' }
  await stage.stub('call', callId).request(links, party, { ringLimitMs: 20_000, amd: 'off', record: false })
  await until(async () =>
    expect((await stage.peek('call', callId).read()).call).toMatchObject({ phase: 'over', reason: 'not-cleared' }),
  )
  expect(await carrier.creates(number)).toEqual([])
})

test('a number that is listed while its call waits for a slot is not dialled', async () => {
  const links = {
    kind: 'single' as const,
    batchId: null,
    campaignId: null,
    contactId: null,
    deskId: null,
    agentName: null,
  }
  // Four calls a second: the later ones of these wait.
  const numbers = Array.from({ length: 9 }, stranger)
  const ids = numbers.map((_, index) => `w_test.call_wait${index}`)
  for (const [index, to] of numbers.entries())
    await stubFor(bindings, 'call', ids[index] ?? '').request(
      links,
      { to, from: '+14155550001', name: '' },
      { ringLimitMs: 20_000, amd: 'off', record: false },
    )
  const last = numbers.at(-1) ?? ''
  await until(async () => {
    const { call } = await stubFor(bindings, 'call', ids.at(-1) ?? '').read()
    expect(call).toMatchObject({ attempt: { state: 'waiting-slot', untilMs: expect.any(Number) } })
  })
  await book().optOut({ number: last, because: 'said so on another call' })
  await until(async () =>
    expect((await stubFor(bindings, 'call', ids.at(-1) ?? '').read()).call).toMatchObject({ reason: 'not-cleared' }),
  )
  expect(await carrier.creates(last)).toEqual([])
  await until(async () => expect(await carrier.creates(numbers[0] ?? '')).toHaveLength(1))
})

test('two campaigns never have two calls to one number at once, and one campaign has one row for it [C2]', async () => {
  const number = stranger()
  const stage = { stub: (k, id) => stubFor(bindings, k, id), peek: (k, id) => stubFor(bindings, k, id) } as Stage
  await Promise.all([dialled(stage, 'twina', [number]), dialled(stage, 'twinb', [number])])
  await until(async () => expect(await carrier.creates(number)).toHaveLength(1))
  const again = [stranger(), stranger()]
  const spelled = [`${again[0]?.slice(2)}`, again[0] ?? '', again[1] ?? '']
  const campaignId = 'w_test.c_twinc'
  await stubFor(bindings, 'campaign', campaignId).configure(SETTINGS)
  await book().saveCampaign(campaignId, 'Twin', 1)
  const contacts = spelled.map((phone, index) => ({ contactId: `twin${index}`, phone }))
  const { body } = await post('sam', `/api/campaigns/${campaignId}/contacts`, { contacts })
  expect(body).toMatchObject({
    added: 2,
    dropped: [{ contactId: 'twin1', field: expect.stringMatching(/^contacts\.\d\.phone$/) }],
  })
})

test('an import of the same id with a corrected number dials the corrected one [C2]', async () => {
  const [wrong, right] = [stranger(), stranger()]
  const campaignId = 'w_test.c_fix'
  await stubFor(bindings, 'campaign', campaignId).configure(SETTINGS)
  await book().saveCampaign(campaignId, 'Fix', 1)
  const add = (phone: string) =>
    post('sam', `/api/campaigns/${campaignId}/contacts`, { contacts: [{ contactId: 'fix1', phone }] })
  await add(wrong)
  await add(right)
  const stage = { stub: (k, id) => stubFor(bindings, k, id), peek: (k, id) => stubFor(bindings, k, id) } as Stage
  const { desk } = await deskWithLine(stage, 'w_test.d_fix')
  await desk.command(say({ type: 'session.start', campaignId, lines: 1 }))
  await until(async () => expect(await carrier.creates(right)).toHaveLength(1))
  expect(await carrier.creates(wrong)).toEqual([])
})

test('a person who hears the message presses 9 and is never called again; another key changes nothing [C1]', async () => {
  const number = stranger()
  const press = async (digits: string) =>
    (
      await signed('/twilio/w_test/batches/w_test.c_key.b1/legs/w_test.c_key.b1.1/answer?step=opt-out', {
        CallSid: 'CAkey',
        AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
        Direction: 'outbound-api',
        From: '+14155550001',
        To: number,
        Digits: digits,
      })
    ).text()
  const rule = async () => (await post('ada', '/api/clearance/checks', { number })).body.rule
  expect(await press('1')).toContain('<Hangup/>')
  expect(await press('')).toContain('<Hangup/>')
  expect(await rule()).toBeNull()
  expect(await press('9')).toContain('You are off our list.')
  expect(await rule()).toBe('do-not-call')
})

test('only a supervisor takes a number off the list, with a reason that stays on record [C1] [D2]', async () => {
  const number = await listed()
  const removal = { number, reason: 'asked by letter to be called again' }
  expect((await post('ada', '/api/do-not-call/removals', removal)).status).toBe(403)
  expect((await post('sam', '/api/do-not-call/removals', { number })).status).toBe(400)
  // An outcome does not take the mark away.
  await post('sam', '/api/contacts', { contacts: [{ contactId: 'marked', phone: number }] })
  await book().optOut({ number, because: 'again' })
  const patched = await request('/api/contacts/marked', {
    method: 'PATCH',
    headers: { ...json, Cookie: await cookieOf('ada') },
    body: JSON.stringify({ result: 'interested' }),
  })
  expect(await patched.json()).toMatchObject({ status: 'dnc' })
  const check = async () => (await post('ada', '/api/clearance/checks', { number })).body
  expect(await check()).toMatchObject({ cleared: false, rule: 'do-not-call' })
  expect(await post('sam', '/api/do-not-call/removals', removal)).toMatchObject({ status: 200, body: { removed: 1 } })
  expect(await check()).toMatchObject({ cleared: true })
  const record = await request('/api/do-not-call/removals', { headers: { Cookie: await cookieOf('sam') } })
  expect(((await record.json()) as { items: unknown[] }).items[0]).toMatchObject({
    number,
    by: 'Sam',
    reason: removal.reason,
  })
})

test('an outcome of the API lists the number, and the same number under another id is not dialled [C1]', async () => {
  const number = stranger()
  await post('sam', '/api/contacts', { contacts: [{ contactId: 'out1', phone: number }] })
  await request('/api/contacts/out1', {
    method: 'PATCH',
    headers: { ...json, Cookie: await cookieOf('ada') },
    body: JSON.stringify({ result: 'do-not-call' }),
  })
  const stage = { stub: (k, id) => stubFor(bindings, k, id), peek: (k, id) => stubFor(bindings, k, id) } as Stage
  const there = stranger()
  await dialled(stage, 'reimport', [number, there])
  await until(async () => expect(await carrier.creates(there)).toHaveLength(1))
  expect(await carrier.creates(number)).toEqual([])
})

test('a list keeps every row that can be kept, and names the others with their field [C5]', async () => {
  const contacts = [
    { phone: stranger() },
    { phone: '' },
    { firstName: null, phone: stranger() },
    { phone: Number(stranger().slice(1)) },
    { phone: '4'.repeat(65) },
    { contactId: 'a.b', phone: stranger() },
    { phone: stranger(), timeZone: 'Mars/Olympus' },
    { phone: stranger(), timeZone: 'Pacific Time (US & Canada)' },
    { phone: '1.4155553999E+10' },
    'not a row',
  ]
  const { status, body } = await post('sam', '/api/contacts', { contacts })
  expect(status).toBe(201)
  expect((body.items as unknown[]).length).toBe(5)
  expect((body.refused as { field: string }[]).map(one => one.field)).toEqual([
    'contacts.1.phone',
    'contacts.4.phone',
    'contacts.5.contactId',
    'contacts.6.timeZone',
    'contacts.9',
  ])
  expect(body.warnings).toMatchObject([{ field: 'contacts.8.phone' }])
})

test('hours, attempts, countries and premium numbers are kept under chosen rules, each refused in words [C3] [D3]', async () => {
  const register = stubFor(bindings, 'trunk', 'w_gaterules')
  await register.clearanceRules({
    ...rulesOf('custom', 'US'),
    caps: { gapMs: 3_600_000, day: null, week: null, month: null },
    hours: [{ days: [(new Date().getUTCDay() + 3) % 7], fromMinute: 0, toMinute: 1 }],
  })
  const base = {
    callId: null,
    purpose: 'single' as const,
    agent: null,
    campaignId: null,
    timeZone: null,
    postcode: null,
    hours: null,
  }
  const rule = async (more: object) => {
    const [verdict] = await register.judge([{ ...base, to: '+14155553001', ...more }])
    return verdict?.cleared ? 'cleared' : verdict?.rule
  }
  expect(await rule({})).toBe('calling-hours')
  expect(await rule({ to: '+442079460018' })).toBe('country')
  expect(await rule({ to: '+19005550123' })).toBe('premium')
  await register.clearanceRules({
    ...rulesOf('custom', 'US'),
    caps: { gapMs: 3_600_000, day: null, week: null, month: null },
  })
  expect(await rule({})).toBe('cleared')
  await register.clear({ ...base, callId: 'w_gaterules.call_1', to: '+14155553001' })
  expect(await rule({})).toBe('attempts-gap')
  await register.freeNumber('', 'w_gaterules.call_1', false)
  // The call never reached the carrier, so it is no attempt.
  expect(await rule({})).toBe('cleared')
})
