/** The HTTP contract of the dialer seed to the letter: rounds of given contacts, one number, stop, status, contacts, callbacks. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { deskId, deskName } from '../../src/core/ids.ts'
import type { Contact } from '../../src/wire/api.ts'
import { deskWithLine } from './sitting.ts'
import { bindings, carrier, cookieOf, migrated, plainStage, request, signed, until } from './stage.ts'

const OURS = Array.from({ length: 4 }, (_, n) => `+141555590${n}0`)
const PEOPLE = [
  ['c1', '(415) 555-0101'],
  ['c2', 'nonsense'],
  ['c3', '+1 415 555 0103'],
  ['c4', '415.555.0104'],
].map(([id = '', phone = '']) => ({ id, phone }))

const agents: Record<string, { userId: string; desk: string; cookie: string }> = {}
beforeAll(async () => {
  await migrated()
  for (const key of ['ada', 'bo', 'sam']) {
    const cookie = await cookieOf(key)
    const { userId } = await (await request('/api/me', { headers: { Cookie: cookie } })).json<{ userId: string }>()
    agents[key] = { userId, cookie, desk: deskId('w_test', deskName(userId)) }
  }
  for (const number of OURS)
    await stubFor(bindings, 'trunk', 'w_test').saveNumber({
      number,
      name: '',
      deskId: null,
      inFlightCap: 9,
      cooldownMs: 0,
    })
})
beforeEach(async () => {
  await carrier.reset()
})

async function send<T>(who: string, method: string, path: string, body?: object): Promise<{ status: number; body: T }> {
  const answer = await request(path, {
    method,
    headers: { Cookie: agents[who]?.cookie ?? '', 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json<T>() }
}

interface Placed {
  contactId: string
  callSid?: string
  callId?: string
  phoneNumber?: string
  timestamp?: number
  error?: string
}
interface Active {
  activeCalls: {
    callId: string
    callSid: string | null
    phoneNumber: string
    contactId: string | null
    state: string
  }[]
}
const status = async (who: string) => (await send<Active>(who, 'GET', '/api/campaign/campaign-status')).body.activeCalls
const sit = (who: string) => deskWithLine(plainStage, agents[who]?.desk ?? '')
const form = (callSid: string, more: Record<string, string>) => ({
  CallSid: callSid,
  AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
  ...more,
})

/** The seed's callback: the agent and the call are found by the query and the carrier's id. */
async function report(who: string, callSid: string, word: string): Promise<void> {
  const answer = await signed(
    `/api/twilio/status-callback?userId=${agents[who]?.userId}`,
    form(callSid, { CallStatus: word }),
  )
  expect(answer.status).toBe(204)
}

/** Everything of this agent is over, so that the next test begins with a free seat. */
async function clear(who: string): Promise<void> {
  await send(who, 'POST', '/api/campaign/stop-campaign', {})
  for (const { callSid } of await status(who)) if (callSid !== null) await report(who, callSid, 'canceled')
  await until(async () => expect(await status(who)).toEqual([]))
}

test('call-campaign dials the contacts and answers each with its call or its error [S3-10] [S3-13] [S3-14] [S3-15] [S3-17]', async () => {
  await sit('ada')
  const { status: code, body } = await send<Placed[]>('ada', 'POST', '/api/campaign/call-campaign', {
    contacts: PEOPLE,
    mode: 'ADVANCED_PARALLEL_CALL',
  })
  expect(code).toBe(202)
  expect(body.map(one => one.contactId)).toEqual(['c1', 'c2', 'c3', 'c4'])
  expect(body[1]).toEqual({ contactId: 'c2', error: 'That is not a phone number that can be dialled.' })
  for (const [index, number] of [
    [0, '+14155550101'],
    [2, '+14155550103'],
    [3, '+14155550104'],
  ] as const) {
    expect(body[index]).toMatchObject({ phoneNumber: number, callSid: expect.stringMatching(/^CA[0-9a-f]{32}$/) })
    expect(Math.abs((body[index]?.timestamp ?? 0) - Date.now())).toBeLessThan(30_000)
    expect(await carrier.creates(number)).toHaveLength(1)
  }
  // The page holds `{...contact, callSid}`: status and lanes have the same pairs.
  const pairs = body.filter(one => one.callSid).map(({ contactId, callSid }) => ({ contactId, callSid }))
  await until(async () => {
    const active = await status('ada')
    expect(active.map(({ contactId, callSid }) => ({ contactId, callSid }))).toEqual(pairs)
  })
  const view = await stubFor(bindings, 'desk', agents.ada?.desk ?? '').view()
  expect(view?.lanes.map(lane => lane.providerId)).toEqual(pairs.map(one => one.callSid))
  await clear('ada')
})

test('the modes dial one, two and four; who is too many is told so [S3-10]', async () => {
  await sit('ada')
  const contacts = [5, 6, 7].map(n => ({ id: `m${n}`, phone: `+1415555020${n}` }))
  const { body } = await send<Placed[]>('ada', 'POST', '/api/campaign/call-campaign', {
    contacts,
    mode: 'PARALLEL_CALL',
  })
  expect(body.map(one => one.error ?? 'called')).toEqual(['called', 'called', 'This mode calls 2 at once.'])
  await clear('ada')
  const solo = await send<Placed[]>('ada', 'POST', '/api/campaign/call-campaign', {
    contacts: contacts.slice(2),
    mode: 'SOFT_CALL',
  })
  expect(solo.body).toMatchObject([{ contactId: 'm7', phoneNumber: '+14155550207' }])
  await clear('ada')
})

test('calls of a round are recorded, with detection and the four events [S3-16]', async () => {
  await sit('ada')
  await send('ada', 'POST', '/api/campaign/call-campaign', { contacts: [{ id: 'r1', phone: '+14155550211' }] })
  const [create] = await carrier.creates('+14155550211')
  expect(create?.form).toMatchObject({
    Record: 'true',
    MachineDetection: 'Enable',
    AsyncAmd: 'true',
    StatusCallbackEvent: 'initiated ringing answered completed',
  })
  await clear('ada')
})

test('a campaign records its calls unless it says otherwise [S3-16] [S3-47]', async () => {
  await sit('ada')
  for (const [index, choice, recorded] of [
    [1, {}, 'true'],
    [2, { record: false }, undefined],
  ] as const) {
    const phone = `+1415555021${index + 4}`
    const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
    const callingHours = { fromHour: 0, toHour: 24 }
    const created = await send<{ campaignId: string }>('sam', 'POST', '/api/campaigns', {
      name: `Recorded ${index}`,
      outcomes,
      callingHours,
      ...choice,
    })
    const { campaignId } = created.body
    await send('sam', 'POST', `/api/campaigns/${campaignId}/contacts`, {
      contacts: [{ contactId: `q${index}`, phone }],
    })
    const started = await send('ada', 'POST', '/api/campaign/call-campaign', { campaignId })
    expect(started.body).toEqual({ campaignId, lines: 1 })
    await until(async () => {
      const [create] = await carrier.creates(phone)
      expect(create?.form.To).toBe(phone)
      expect(create?.form.Record).toBe(recorded)
    })
    await until(async () => expect((await status('ada'))[0]?.callSid).toMatch(/^CA/))
    await clear('ada')
  }
})

test('the carrier refuses one of two: the answer says so of that one, the other is called, and the stop leaves nothing ringing [S3-27]', async () => {
  await sit('ada')
  await carrier.fail({ to: '+14155550282' })
  const contacts = [1, 2].map(n => ({ id: `half${n}`, phone: `+1415555028${n}` }))
  const order = { contacts, mode: 'PARALLEL_CALL' }
  const { body } = await send<Placed[]>('ada', 'POST', '/api/campaign/call-campaign', order)
  expect(body).toMatchObject([
    { contactId: 'half1', callSid: expect.stringMatching(/^CA/) },
    { contactId: 'half2', error: expect.stringContaining('21211') },
  ])
  expect(body[1]?.callSid).toBeUndefined()
  expect((await status('ada')).map(one => one.contactId)).toEqual(['half1'])
  expect((await send('ada', 'POST', '/api/campaign/stop-campaign', {})).status).toBe(200)
  await until(async () => {
    const ended = (await carrier.requests()).filter(one => one.form.Status === 'canceled')
    expect(ended.map(one => one.path.split('/').at(-1))).toEqual([`${body[0]?.callSid}.json`])
    expect(await status('ada')).toEqual([])
  })
  await clear('ada')
})

test('a carrier that is down: the same form with errors, and a refused contact has the carrier’s words [S3-27]', async () => {
  await sit('ada')
  const contacts = [1, 2].map(n => ({ id: `d${n}`, phone: `+1415555022${n}` }))
  const order = { contacts, mode: 'PARALLEL_CALL' }
  await carrier.fail({ creates: '400' })
  const refused = await send<Placed[]>('ada', 'POST', '/api/campaign/call-campaign', order)
  expect(refused.body.map(({ contactId, callSid }) => [contactId, callSid])).toEqual([
    ['d1', undefined],
    ['d2', undefined],
  ])
  for (const one of refused.body) expect(one.error).toContain('21211')
  expect(await status('ada')).toEqual([])
  await carrier.fail({ creates: '500' })
  const down = await send<Placed[]>('ada', 'POST', '/api/campaign/call-campaign', {
    contacts: contacts.map(({ id, phone }) => ({ id: `${id}x`, phone: phone.replace('022', '023') })),
    mode: 'PARALLEL_CALL',
  })
  expect(down.status).toBe(202)
  for (const one of down.body) expect(one).toMatchObject({ error: expect.stringContaining('not answered') })
  await carrier.fail({ creates: 'none' })
  await clear('ada')
})

test('call-notknown answers with the call, and a second one while the first runs is refused in words [S3-25] [S3-26]', async () => {
  await sit('ada')
  const { status: code, body } = await send<Placed & { status: string; calls: unknown[] }>(
    'ada',
    'POST',
    '/api/campaign/call-notknown',
    { phone: '+1 415 555 0241' },
  )
  expect(code).toBe(202)
  expect(body).toMatchObject({ callSid: expect.stringMatching(/^CA/), status: 'dialing', calls: [{ contactId: null }] })
  expect(body.callId).toMatch(/^w_test\.d_/)
  const again = await send<{ detail: string }>('ada', 'POST', '/api/campaign/call-notknown', { phone: '+14155550242' })
  expect(again.status).toBe(422)
  await clear('ada')
})

test('stop-campaign ends what the caller dials and touches nobody else’s calls [S3-21] [S3-28]', async () => {
  await sit('ada')
  await sit('bo')
  for (const [who, phone] of [
    ['ada', '+14155550251'],
    ['bo', '+14155550252'],
  ] as const)
    await send(who, 'POST', '/api/campaign/call-campaign', { contacts: [{ id: `s${who}`, phone }] })
  const [mine] = await status('ada')
  expect((await send('bo', 'POST', '/api/campaign/stop-campaign', {})).status).toBe(200)
  await until(async () => expect(await status('bo')).toEqual([]))
  expect(await status('ada')).toMatchObject([{ callId: mine?.callId, callSid: mine?.callSid }])
  const ended = (await carrier.requests()).filter(one => one.form.Status !== undefined)
  expect(ended.map(one => one.path).join()).not.toContain(mine?.callSid ?? '-')
  await clear('ada')
})

test('a signed status-callback with userId and contactId is 204 and moves the row; an unsigned one is refused [S3-63] [S3-65]', async () => {
  await sit('ada')
  const { body } = await send<Placed[]>('ada', 'POST', '/api/campaign/call-campaign', {
    contacts: [{ id: 'k1', phone: '+14155550261' }],
  })
  const [{ callSid = '', callId = '' } = {}] = body
  const row = async () => (await send<{ call: { status: string } }>('sam', 'GET', `/api/calls/${callId}`)).body.call
  const path = `/api/twilio/status-callback?userId=${agents.ada?.userId}&contactId=k1`
  const bare = { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
  const unsigned = await request(path, { ...bare, body: `CallSid=${callSid}&CallStatus=ringing` })
  expect(unsigned.status).toBe(403)
  for (const [word, shown] of [
    ['ringing', 'ringing'],
    ['busy', 'hangup'],
  ] as const) {
    expect((await signed(path, form(callSid, { CallStatus: word }))).status).toBe(204)
    await until(async () => expect(await row()).toMatchObject({ status: shown }))
  }
  // Whether somebody is to be called again is a fact of the round, which the log receives after the call's own.
  await until(async () =>
    expect(await row()).toMatchObject({ providerStatus: 'busy', hangupReason: 'busy', needsFollowUp: true }),
  )
  await until(async () => expect(await status('ada')).toEqual([]))
})

test('contacts by batch, by number, and a result with notes [S3-12] [S3-61]', async () => {
  const contacts = [1, 2].map(n => ({ contactId: `b${n}`, firstName: `B${n}`, phone: `+1415555027${n}` }))
  expect((await send('sam', 'POST', '/api/contacts', { contacts })).status).toBe(201)
  const batch = await send<Contact[]>('ada', 'POST', '/api/contacts/batch', { ids: ['b2', 'unknown', 'b1'] })
  expect(batch.body.map(one => [one.contactId, one.phone])).toEqual([
    ['b2', '+14155550272'],
    ['b1', '+14155550271'],
  ])
  const found = await send<Contact>('ada', 'GET', '/api/contacts/lookup-by-phone?phone=(415)%20555-0272')
  expect(found.body).toMatchObject({ contactId: 'b2', status: 'active' })
  expect((await send('ada', 'GET', '/api/contacts/lookup-by-phone?phone=%2B14155550279')).status).toBe(404)
  const timestamp = Date.now() - 1_000
  const patched = await send<Contact>('ada', 'PATCH', '/api/contacts/b1', {
    result: 'interested',
    notes: 'Call on Friday',
    timestamp,
    callSid: 'CA1',
  })
  expect(patched.body).toMatchObject({
    status: 'done',
    result: 'interested',
    note: 'Call on Friday',
    lastAttemptMs: timestamp,
  })
  const read = await send<Contact[]>('ada', 'POST', '/api/contacts/batch', { ids: ['b1'] })
  expect(read.body).toEqual([patched.body])
  expect((await send('ada', 'PATCH', '/api/contacts/nobody', { result: 'x' })).status).toBe(404)
})

test('a race of given contacts: the losers stand as dropped in the book [S3-18] [S3-19]', async () => {
  const { desk } = await sit('ada')
  const contacts = [1, 2].map(n => ({ contactId: `w${n}`, firstName: `W${n}`, phone: `+1415555028${n}` }))
  await send('sam', 'POST', '/api/contacts', { contacts })
  const ids = contacts.map(one => one.contactId)
  // Without a number the book's own is dialled.
  const { body } = await send<Placed[]>('ada', 'POST', '/api/campaign/call-campaign', {
    contacts: ids.map(id => ({ id })),
    mode: 'PARALLEL_CALL',
  })
  const [winner, loser] = body
  const batchId = (winner?.callId ?? '').replace(/\.\d+$/, '')
  const answer = await signed(
    `/twilio/w_test/batches/${batchId}/legs/${winner?.callId}/answer`,
    form(winner?.callSid ?? '', { CallStatus: 'in-progress' }),
  )
  expect(await answer.text()).toContain('<Conference')
  await report('ada', loser?.callSid ?? '', 'canceled')
  await until(async () => {
    const book = await send<Contact[]>('ada', 'POST', '/api/contacts/batch', { ids })
    expect(book.body.map(one => [one.status, one.attempts])).toEqual([
      ['in-progress', 1],
      ['dropped', 1],
    ])
  })
  await report('ada', winner?.callSid ?? '', 'completed')
  await until(async () => {
    const book = await send<Contact[]>('ada', 'POST', '/api/contacts/batch', { ids })
    expect(book.body[0]?.status).not.toBe('in-progress')
    expect((await desk.view())?.lanes.every(lane => lane.state === 'ended')).toBe(true)
  })
})
